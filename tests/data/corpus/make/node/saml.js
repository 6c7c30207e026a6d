// Assertions by the npm package saml. Reads the SAML context as JSON; prints one JSON document of assertions.
'use strict';
const fs = require('fs');
const path = require('path');
const { Saml11, Saml20 } = require('saml');

const [keys, text] = process.argv.slice(2);
const context = JSON.parse(text);
const pem = (name) => fs.readFileSync(path.join(keys, name));
const found = {};

function options(more = {}) {
  const signer = more.signer || 'sts';
  return {
    cert: pem(`${signer}.crt.pem`), key: pem(`${signer}.key.pem`), issuer: context.issuer, lifetimeInSeconds: 600,
    audiences: context.audience, recipient: context.recipient, nameIdentifier: 'alice',
    signatureAlgorithm: 'rsa-sha256', digestAlgorithm: 'sha256',
    attributes: { 'urn:role': ['buyer', 'approver'], 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': 'alice@example.com' },
    ...more,
  };
}

const variants = {
  bearer: {},
  'bearer-sha1': { signatureAlgorithm: 'rsa-sha1', digestAlgorithm: 'sha1' },
  'bearer-prefix': { signatureNamespacePrefix: 'dsig' },
  'bearer-nonascii': { nameIdentifier: 'Jürgen Groß', attributes: { 'urn:name': 'Łukasz 東京' } },
  'bearer-escaped': { nameIdentifier: 'a&b<c>@example.com' },
  'bearer-email': { nameIdentifier: 'alice@example.com', nameIdentifierFormat: 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress' },
  'bearer-two-audiences': { audiences: ['https://other.example.com/', context.audience] },
  'bearer-no-attributes': { attributes: undefined },
  'bearer-audience2': { audiences: 'https://other.example.com/' },
  'bearer-issuer2': { issuer: 'urn:another.example.com' },
  'bearer-recipient2': { recipient: 'https://other.example.com/acs' },
  'bearer-sts-stranger': { signer: 'sts-stranger' },
  'bearer-sts-expired': { signer: 'sts-expired' },
};

async function main() {
  for (const [name, more] of Object.entries(variants)) {
    found['saml20-' + name] = Saml20.create(options(more));
    if (name !== 'bearer-recipient2') {
      found['saml11-' + name] = Saml11.create(options({ subjectConfirmationMethod: 'urn:oasis:names:tc:SAML:1.0:cm:bearer', ...more }));
    }
  }
  found['saml20-unsigned'] = Saml20.createUnsignedAssertion(options());
  found['saml11-unsigned'] = Saml11.createUnsignedAssertion(options());
  const encryption = [
    ['aes256-cbc', 'http://www.w3.org/2001/04/xmlenc#aes256-cbc', 'rsa-oaep-mgf1p'], ['aes128-cbc', 'http://www.w3.org/2001/04/xmlenc#aes128-cbc', 'rsa-oaep-mgf1p'],
    ['aes256-gcm', 'http://www.w3.org/2009/xmlenc11#aes256-gcm', 'rsa-oaep-mgf1p'], ['aes128-gcm', 'http://www.w3.org/2009/xmlenc11#aes128-gcm', 'rsa-oaep-mgf1p'],
  ];
  for (const [name, algorithm, transport] of encryption) {
    const encrypted = { encryptionCert: pem('server.crt.pem'), encryptionPublicKey: pem('server.crt.pem').toString(), encryptionAlgorithm: algorithm, keyEncryptionAlgorithm: 'http://www.w3.org/2001/04/xmlenc#' + transport, disallowEncryptionWithInsecureAlgorithm: false, warnOnInsecureEncryptionAlgorithm: false };
    const { createPublicKey } = require('crypto');
    encrypted.encryptionPublicKey = createPublicKey(pem('server.crt.pem')).export({ type: 'spki', format: 'pem' });
    found['saml20-encrypted-' + name] = await new Promise((done) => Saml20.create(options(encrypted), (problem, xml) => done(problem ? null : xml.toString())));
  }
  process.stdout.write(JSON.stringify(found), () => process.exit(0));
}

main();
