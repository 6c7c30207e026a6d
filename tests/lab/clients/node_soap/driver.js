// Calls the lab with node-soap: `node driver.js FOLDER`, one call a line, one line of JSON with what its user sees.
// The package is found as Node finds it; NODE_PATH names where it was installed.
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const soap = require("soap");

process.env.NODE_TLS_REJECT_UNAUTHORIZED = "0";
process.removeAllListeners("warning");
const folder = process.argv[2];
const read = (name) => fs.readFileSync(path.join(folder, name));
const USER = "WS_ORDER";
const PASSWORD = "sample-Passw0rd";
const PASSPHRASE = "sample";
const SHA = "http://www.w3.org/2001/04/xmlenc#";

function signed(options, more) {
  const who = options.who || "client";
  const own = { digestAlgorithm: SHA + (options.digest || "sha256"), ...more };
  return new soap.WSSecurityCert(read(`${who}.key`), read(`${who}.pem`), "", own);
}

function withToken(options, more) {
  return new soap.WSSecurityCertWithToken({
    publicKey: read("client.pem"),
    privateKey: read("client.key"),
    username: options.user || USER,
    password: options.password || PASSWORD,
    options: more,
  });
}

const SECURITIES = {
  BasicAuthSecurity: (o) => new soap.BasicAuthSecurity(USER, o.password || PASSWORD),
  BearerSecurity: () => new soap.BearerSecurity("sample-bearer-token"),
  ClientSSLSecurity: () => new soap.ClientSSLSecurity(read("client.key"), read("client.pem"), { rejectUnauthorized: false }),
  ClientSSLSecurityPFX: () => new soap.ClientSSLSecurityPFX(read("client.p12"), PASSPHRASE, { rejectUnauthorized: false }),
  NTLMSecurity: () => new soap.NTLMSecurity(USER, PASSWORD, "CORP", "host"),
  "WSSecurity-text": (o) => new soap.WSSecurity(o.user || USER, o.password || PASSWORD, { mustUnderstand: o.must === "1" }),
  "WSSecurity-nonce": (o) => new soap.WSSecurity(USER, o.password || PASSWORD, { hasNonce: true }),
  "WSSecurity-digest": (o) => new soap.WSSecurity(USER, o.password || PASSWORD, { passwordType: "PasswordDigest" }),
  "WSSecurity-soap12": (o) => new soap.WSSecurity(USER, o.password || PASSWORD),
  "WSSecurity-gzip": (o) => new soap.WSSecurity(USER, o.password || PASSWORD),
  "WSSecurity-mtom": (o) => new soap.WSSecurity(USER, o.password || PASSWORD),
  WSSecurityCert: (o) => signed(o, {}),
  "WSSecurityCert-addressing": (o) => signed(o, { additionalReferences: ["wsa:To", "wsa:Action"] }),
  WSSecurityPlusCert: (o) => new soap.WSSecurityPlusCert(new soap.WSSecurity(USER, o.password || PASSWORD, { hasTimeStamp: false }), signed(o, {})),
  WSSecurityCertWithToken: (o) => withToken(o, {}),
};

async function call(kind, url, options) {
  const settings = { endpoint: url, forceSoap12Headers: kind.endsWith("soap12") };
  const client = await soap.createClientAsync(path.join(folder, "sales.wsdl"), settings);
  const security = SECURITIES[kind];
  if (security) client.setSecurity(security(options));
  if (kind.endsWith("addressing")) {
    const ns = "http://www.w3.org/2005/08/addressing";
    client.addSoapHeader(`<wsa:Action>urn:example:sales:ReadOrder</wsa:Action><wsa:To>${url}</wsa:To>`, "", "wsa", ns);
    const declared = ` xmlns:wsa="${ns}"`;
    if (!client.wsdl.xmlnsInEnvelope.includes(declared)) client.wsdl.xmlnsInEnvelope += declared; // kept between clients
  }
  const how = { forceGzip: kind.endsWith("gzip"), forceMTOM: kind.endsWith("mtom") };
  try {
    const [answer] = await client.ReadOrderAsync({ OrderNumber: "1" }, how);
    return { accepted: true, shown: String(JSON.stringify(answer)), exit: 0 };
  } catch (error) {
    return { accepted: false, shown: `${error.name}: ${error.message}`, exit: 1 };
  }
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [kind, url, ...rest] = line.split("\t");
    const options = Object.fromEntries(rest.map((one) => [one.slice(0, one.indexOf("=")), one.slice(one.indexOf("=") + 1)]));
    let seen;
    try {
      seen = await call(kind, url, options);
    } catch (error) {
      seen = { accepted: false, shown: `${error.name}: ${error.message}`, exit: 1 };
    }
    process.stdout.write(JSON.stringify(seen) + "\n");
  }
})();
