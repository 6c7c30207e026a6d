// Messages by node-soap and strong-soap, as their clients would post them. Prints one JSON document.
'use strict';
const fs = require('fs');
const path = require('path');
const soap = require('soap');

const [keys] = process.argv.slice(2);
const pem = (name) => fs.readFileSync(path.join(keys, name), 'utf8');
const order = { Customer: 'Käufer & Söhne', Item: [{ Material: 'M-17', Quantity: 25 }, { Material: 'M-18', Quantity: 1 }] };
const RSA = 'http://www.w3.org/2001/04/xmldsig-more#rsa-';
const EXC = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const ENVELOPED = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';
const WSU = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';
const found = {};

async function send(name, security, options = {}, headers = []) {
  let posted;
  const httpClient = { request(url, data, callback) { posted = data; callback(new Error('not sent')); return {}; } };
  const client = await soap.createClientAsync(path.join(__dirname, 'orders.wsdl'), { httpClient, ...options });
  headers.forEach((header) => client.addSoapHeader(header));
  client.setSecurity(security);
  await client.CreateOrderAsync(order).catch(() => undefined);
  found[name] = posted;
}

const cert = (name = 'client', options = {}) => new soap.WSSecurityCert(pem(`${name}.key.pem`), pem(`${name}.crt.pem`), '', options);
const wsuId = { signerOptions: { idMode: 'wssecurity' } };
const prefix = { signerOptions: { prefix: 'ds', attrs: { Id: 'Signature-1' }, existingPrefixes: { wsu: WSU } } };
const user = (options, password = 'secret', name = 'alice') => new soap.WSSecurity(name, password, options);

async function main() {
  await send('ut-text', user({ passwordType: 'PasswordText' }));
  await send('ut-text-nonce', user({ passwordType: 'PasswordText', hasNonce: true }));
  await send('ut-text-no-timestamp', user({ passwordType: 'PasswordText', hasTimeStamp: false }));
  await send('ut-text-no-created', user({ passwordType: 'PasswordText', hasTimeStamp: false, hasTokenCreated: false }));
  await send('ut-digest', user({ passwordType: 'PasswordDigest' }));
  await send('ut-digest-no-timestamp', user({ passwordType: 'PasswordDigest', hasTimeStamp: false }));
  await send('ut-digest-no-created', user({ passwordType: 'PasswordDigest', hasTokenCreated: false }));
  await send('ut-digest-markup', user({ passwordType: 'PasswordDigest' }, 'a<b>&"c\'d', "o'neil&co"));
  await send('ut-text-markup', user({ passwordType: 'PasswordText' }, 'a<b>&"c\'d', "o'neil&co"));
  await send('ut-digest-nonascii', user({ passwordType: 'PasswordDigest' }, 'Pässwörd-€', 'müller'));
  await send('ut-actor', user({ passwordType: 'PasswordText', actor: 'urn:example:gateway', mustUnderstand: true }));
  await send('cert', cert());
  await send('cert-wsu-id', cert('client', wsuId));
  await send('cert-prefix', cert('client', prefix));
  await send('cert-sha256-option', cert('client', { signatureAlgorithm: RSA + 'sha256' }));
  await send('cert-sha512', cert('client', { signatureAlgorithm: RSA + 'sha512', digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha512' }));
  await send('cert-sha1', cert('client', { signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1', digestAlgorithm: 'http://www.w3.org/2000/09/xmldsig#sha1' }));
  await send('cert-no-timestamp', cert('client', { hasTimeStamp: false }));
  await send('cert-exc-only', cert('client', { signatureTransformations: [EXC] }));
  await send('cert-enveloped-only', cert('client', { signatureTransformations: [ENVELOPED] }));
  await send('cert-timestamp-unsigned', cert('client', { excludeReferencesFromSigning: ['Timestamp'] }));
  await send('cert-token-signed', cert('client', { additionalReferences: ['wsse:BinarySecurityToken'], ...wsuId }));
  await send('cert-to', cert('client', { additionalReferences: ['wsa:To'] }), {}, ['<wsa:To xmlns:wsa="http://www.w3.org/2005/08/addressing">https://erp.example.com/orders</wsa:To>']);
  await send('cert-soap12', cert(), { forceSoap12Headers: true });
  await send('cert-expired', cert('client-expired'));
  await send('cert-stranger', cert('client-stranger'));
  await send('plus-cert', new soap.WSSecurityPlusCert(user({ passwordType: 'PasswordDigest', hasTimeStamp: false }), cert()));
  await send('plus-cert-text', new soap.WSSecurityPlusCert(user({ passwordType: 'PasswordText', hasTimeStamp: false }), cert()));
  await send('cert-with-token', new soap.WSSecurityCertWithToken({ privateKey: pem('client.key.pem'), publicKey: pem('client.crt.pem'), keyPassword: '', username: 'alice', password: 'secret' }));
  const strong = require('strong-soap').soap;
  for (const [name, options] of [['text', { passwordType: 'PasswordText', hasTimeStamp: true }], ['digest', { passwordType: 'PasswordDigest', hasTimeStamp: true, hasNonce: true }]]) {
    await new Promise((done) => {
      strong.createClient(path.join(__dirname, 'orders.wsdl'), {}, (problem, client) => {
        if (problem) { found['strong-' + name] = null; done(); return; }
        client.setSecurity(new strong.WSSecurity('alice', 'secret', options));
        client.httpClient.request = (url, data, callback) => { found['strong-' + name] = data; callback(new Error('not sent')); return {}; };
        client.CreateOrder({ CreateOrder: order }, () => done());
      });
    });
  }
  process.stdout.write(JSON.stringify(found), () => process.exit(0));
}

main();
