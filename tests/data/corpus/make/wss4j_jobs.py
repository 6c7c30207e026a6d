"""What WSS4J shall make: a table of jobs."""

from __future__ import annotations

from typing import Any, TypeAlias
from urllib.parse import quote

from kit import (
    ADDRESSING,
    C14N,
    EXC,
    HMAC_KEY,
    KEK,
    KNOWN,
    MORE,
    PASSWORD,
    SAML_CONTEXT,
    SAMLP,
    SHARED_KEY,
    SOAP11,
    SOAP12,
    USER,
    WSA,
    WSSE,
    XENC,
    b64,
    context,
    encrypted,
    envelope,
    signed,
)

UT = f"user={USER} password={PASSWORD}"
USERS = {USER: PASSWORD}
TS = "timestamp"
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
SCT_NAME = "uuid:4f1c1f6a-51a5-4d0e-9b7e-1f0ad31d7a11"


Job: TypeAlias = tuple[str, str, str, list[str], dict[str, Any]]
"""Name, envelope, steps, features, context."""


def jobs() -> list[Job]:
    """Return the table."""
    table: list[Job] = []

    def job(name: str, steps: str, features: str, ctx: dict[str, Any], source: str = "") -> None:
        table.append((name, source or envelope(), steps, features.split(), ctx))

    tokens = {"require_tokens": ["Timestamp"]}
    job("ts-only", TS, "timestamp", context(**tokens))
    job("ts-seconds", "timestamp precision=s", "timestamp second-precision", context(**tokens))
    job("ts-no-expires", "timestamp ttl=0", "timestamp no-expires", context(**tokens))
    job("ts-long", "timestamp ttl=3600", "timestamp long-lived", context(**tokens))

    ut = {"users": USERS, "require_tokens": ["UsernameToken"]}
    job("ut-text", f"username {UT} type=text", "username-token password-text", context(**ut))
    job(
        "ut-text-nonce",
        f"username {UT} type=text nonce=1 created=1",
        "username-token password-text nonce created",
        context(**ut),
    )
    job("ut-digest", f"username {UT} type=digest", "username-token password-digest nonce created", context(**ut))
    job(
        "ut-digest-ts",
        f"username {UT} type=digest | timestamp",
        "username-token password-digest nonce created timestamp",
        context(users=USERS, require_tokens=["UsernameToken", "Timestamp"]),
    )
    for name, user, password in (
        ("nonascii", "müller", "Pässwörd-€-東"),
        ("markup", "o'neil&co", "a<b>&\"c'd]]>"),
        ("spaces", "carol", " two  spaces "),
    ):
        for kind in ("text", "digest"):
            job(
                f"ut-{kind}-{name}",
                f"username user={quote(user)} password={quote(password)} type={kind}",
                f"username-token password-{kind} {name}",
                context(users={user: password}, require_tokens=["UsernameToken"]),
            )
    job(
        "ut-signed",
        f"username {UT} type=digest | timestamp | sign parts=Body,Timestamp,UsernameToken",
        "username-token password-digest timestamp signature bst-x509v3 token-signed",
        signed("Body", "Timestamp", "UsernameToken", **ut),
    )
    job(
        "ut-derived-key",
        f"timestamp | usernamekey {UT} sign=1",
        "username-token ut-derived-key signature hmac-sha1 timestamp",
        signed(**ut),
    )
    job(
        "ut-derived-key-iterations",
        f"timestamp | usernamekey {UT} sign=1 iterations=77 sig={MORE}hmac-sha256",
        "username-token ut-derived-key signature hmac-sha256 timestamp iterations-77",
        signed(**ut),
    )

    bst = "signature bst-x509v3 timestamp"
    job("sig-bst", f"{TS} | sign", bst, signed())
    job(
        "sig-bst-token",
        f"{TS} | sign parts=Body,Timestamp,Token",
        bst + " token-signed",
        signed("Body", "Timestamp", "BinarySecurityToken"),
    )
    job("sig-body-only", "sign parts=Body", "signature bst-x509v3", signed("Body"))
    job("sig-content", f"{TS} | sign parts=Body@Content,Timestamp", bst + " content-modifier", signed())
    job(
        "sig-pkipath",
        f"{TS} | sign path=inter-ca,root-ca",
        "signature bst-pkipath timestamp",
        signed(intermediates=None),
    )
    for identifier, label in (
        ("issuer", "issuer-serial"),
        ("ski", "ski"),
        ("thumbprint", "thumbprint-sha1"),
        ("x509", "x509-key-identifier"),
    ):
        known = None if identifier == "x509" else KNOWN
        job(
            f"sig-{identifier}",
            f"{TS} | sign id={identifier}",
            f"signature {label} timestamp",
            signed(known_certs=known),
        )
    job("sig-keyvalue", f"{TS} | sign id=keyvalue", "signature key-value timestamp", signed(accept_key_value=True))
    job(
        "sig-keyvalue-ec",
        f"{TS} | sign id=keyvalue key=client-ec256 sig={MORE}ecdsa-sha256",
        "signature key-value ecdsa-sha256 timestamp",
        signed(accept_key_value=True),
    )
    job(
        "sig-issuer-odd",
        f"{TS} | sign id=issuer key=client-odd",
        "signature issuer-serial odd-names timestamp",
        signed(known_certs=KNOWN),
    )
    job(
        "sig-thumbprint-root",
        f"{TS} | sign id=thumbprint key=client-root",
        "signature thumbprint-sha1 timestamp",
        signed(known_certs=KNOWN),
    )
    for identifier in ("bst", "issuer", "ski", "thumbprint"):
        job(
            f"sig-str-{identifier}",
            f"{TS} | sign id={identifier} parts=Body,Timestamp,STRTransform",
            f"signature {identifier} str-transform timestamp",
            signed(known_certs=None if identifier == "bst" else KNOWN),
        )
    for name in ("sha224", "sha384", "sha512"):
        job(
            f"sig-rsa-{name}",
            f"{TS} | sign sig={MORE}rsa-{name} dig={MORE}{name}"
            if name != "sha512"
            else f"{TS} | sign sig={MORE}rsa-sha512 dig={XENC}sha512",
            f"{bst} rsa-{name}",
            signed(),
        )
    job("sig-rsa-sha1", f"{TS} | sign sig={RSA_SHA1} dig={SHA1}", f"{bst} rsa-sha1", signed())
    job("sig-rsa-4096", f"{TS} | sign key=client-4096", f"{bst} rsa-4096", signed())
    job("sig-rsa-1024", f"{TS} | sign key=client-1024", f"{bst} rsa-1024", signed())
    for curve, digest in (("ec256", "sha256"), ("ec384", "sha384"), ("ec521", "sha512")):
        job(
            f"sig-{curve}",
            f"{TS} | sign key=client-{curve} sig={MORE}ecdsa-{digest}",
            f"{bst} ecdsa-{digest}",
            signed(),
        )
    job(
        "sig-dsa-sha256",
        f"{TS} | sign key=client-dsa sig=http://www.w3.org/2009/xmldsig11#dsa-sha256",
        f"{bst} dsa-sha256",
        signed(),
    )
    for name, uri in (
        ("c14n", C14N),
        ("c14n-comments", C14N + "#WithComments"),
        ("exc-comments", EXC + "WithComments"),
    ):
        job(f"sig-si-{name}", f"{TS} | sign c14n={uri}", f"{bst} signedinfo-{name}", signed(), envelope("mixed"))
    for payload in (
        "default-namespace",
        "non-ascii",
        "mixed",
        "whitespace",
        "binary",
        "prefixes",
        "idoc",
        "empty",
        "crlf",
        "rst",
        "redeclared",
        "twins",
        "iri-namespace",
        "xml-names",
        "laid-out",
    ):
        job(f"sig-payload-{payload}", f"{TS} | sign", f"{bst} payload-{payload}", signed(), envelope(payload))
    job("sig-payload-fault", f"{TS} | sign", f"{bst} payload-fault", signed(), envelope("fault"))
    job(
        "sig-addressing",
        f"{TS} | sign parts=Body,Timestamp,To,Action,MessageID",
        f"{bst} addressing",
        signed("Body", "Timestamp", "To", f"{{{WSA}}}Action", "MessageID"),
        envelope(headers=ADDRESSING),
    )
    job("sig-soap12", f"{TS} | sign", f"{bst} soap12", signed(), envelope(soap=SOAP12, prefix="env"))
    job(
        "sig-soap12-role",
        "header actor=http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver | timestamp | sign",
        f"{bst} soap12 role",
        signed(actor="http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver"),
        envelope("non-ascii", soap=SOAP12, prefix="env"),
    )
    job(
        "sig-actor",
        "header actor=urn:example:gateway | timestamp | sign",
        f"{bst} actor",
        signed(actor="urn:example:gateway"),
    )
    job("sig-not-must-understand", f"header mu=false | {TS} | sign", f"{bst} not-must-understand", signed())
    job(
        "sig-two",
        f"{TS} | sign parts=Body | sign key=client-ec256 sig={MORE}ecdsa-sha256 parts=Timestamp",
        f"{bst} two-signatures",
        signed(),
    )
    job("sig-countersigned", f"{TS} | sign | sign key=client-root parts=Signature", f"{bst} countersigned", signed())
    job(
        "sig-confirmation",
        f"confirm value={quote(b64(bytes(range(64))))} | {TS} | sign parts=Body,Timestamp,SignatureConfirmation",
        f"{bst} signature-confirmation",
        signed("Body", "Timestamp", "SignatureConfirmation"),
    )
    for cert in ("expired", "notyet", "revoked", "expiredca", "stranger", "self", "lookalike", "encipher"):
        job(f"sig-cert-{cert}", f"{TS} | sign key=client-{cert}", bst, signed())

    decrypt = {"decryption_keys": [{"key": "keys/server.key.pem", "cert": "keys/server.crt.pem"}]}
    job(
        "hmac-encryptedkey",
        f"{TS} | encryptedkey sign=1",
        "signature hmac-sha256 encrypted-key timestamp",
        signed(**decrypt),
    )
    job(
        "hmac-encryptedkey-sha512",
        f"{TS} | encryptedkey sign=1 sig={MORE}hmac-sha512 dig={XENC}sha512",
        "signature hmac-sha512 encrypted-key timestamp",
        signed(**decrypt),
    )
    job(
        "hmac-encryptedkey-enc",
        f"{TS} | encryptedkey sign=1 encryptparts=Body@Content sym={XENC}aes128-cbc",
        "signature hmac-sha256 encrypted-key encryption timestamp",
        signed(require_encrypted=["Body"], **decrypt),
    )
    job(
        "hmac-encryptedkeysha1",
        f"{TS} | hmac secret={quote(b64(HMAC_KEY))} id=encryptedkeysha1",
        "signature hmac-sha256 encryptedkeysha1 timestamp",
        signed(shared_keys_base64={"*": b64(HMAC_KEY)}),
    )
    for version in ("1", "2"):
        sct = f"context version={version} name={SCT_NAME} secret={quote(b64(HMAC_KEY))}"
        ctx = {"shared_keys_base64": {SCT_NAME: b64(HMAC_KEY)}}
        label = "security-context-token wsc-200502" if version == "1" else "security-context-token wsc-200512"
        job(f"sct-sign-v{version}", f"{TS} | {sct} sign=1", f"signature hmac-sha1 timestamp {label}", signed(**ctx))
        job(
            f"sct-dksign-v{version}",
            f"{TS} | {sct} dksign=1",
            f"signature hmac-sha1 derived-key timestamp {label}",
            signed(**ctx),
        )
        job(
            f"sct-dkencrypt-v{version}",
            f"{TS} | {sct} dkencrypt=1",
            f"encryption derived-key timestamp {label}",
            context(require_encrypted=["Body"], require_tokens=["SecurityContextToken"], **ctx),
        )
        job(
            f"sct-dkboth-v{version}",
            f"{TS} | {sct} dksign=1 dkencrypt=1 sym={XENC}aes256-cbc enclength=32 sig={MORE}hmac-sha256 length=32",
            f"signature encryption derived-key timestamp {label}",
            signed(require_encrypted=["Body"], **ctx),
        )
    job(
        "dk-sign-encryptedkey",
        f"{TS} | encryptedkey dksign=1",
        "signature hmac-sha1 derived-key encrypted-key timestamp",
        signed(**decrypt),
    )
    job(
        "dk-encrypt-encryptedkey",
        f"{TS} | encryptedkey dkencrypt=1",
        "encryption derived-key encrypted-key timestamp",
        context(require_encrypted=["Body"], **decrypt),
    )

    for size in (128, 192, 256):
        for transport in ("rsa-1_5", "rsa-oaep-mgf1p"):
            job(
                f"enc-aes{size}-{transport}",
                f"encrypt sym={XENC}aes{size}-cbc kenc={XENC}{transport}",
                f"encryption issuer-serial aes{size}-cbc {transport}",
                encrypted(),
            )
        gcm = f"http://www.w3.org/2009/xmlenc11#aes{size}-gcm"
        job(
            f"enc-aes{size}-gcm",
            f"encrypt sym={gcm}",
            f"encryption issuer-serial aes{size}-gcm rsa-oaep-mgf1p",
            encrypted(),
        )
    job(
        "enc-3des",
        f"encrypt sym={XENC}tripledes-cbc kenc={XENC}rsa-1_5",
        "encryption issuer-serial tripledes-cbc rsa-1_5",
        encrypted(),
    )
    for identifier in ("bst", "ski", "thumbprint", "x509"):
        job(
            f"enc-{identifier}",
            f"encrypt id={identifier} sym={XENC}aes128-cbc",
            f"encryption {identifier} aes128-cbc",
            encrypted(),
        )
    job(
        "enc-oaep-sha256",
        f"encrypt oaepdigest={XENC}sha256",
        "encryption issuer-serial rsa-oaep-mgf1p oaep-sha256",
        encrypted(),
    )
    job(
        "enc-body-element",
        "encrypt parts=Body@Element".replace(
            "Body@Element", "{urn:sap-com:document:sap:soap:functions:mc-style}ZSalesOrderCreate@Element"
        ),
        "encryption element issuer-serial",
        encrypted("{urn:sap-com:document:sap:soap:functions:mc-style}ZSalesOrderCreate"),
    )
    job(
        "enc-header",
        "encrypt parts=Body@Content,To@Header",
        "encryption encrypted-header issuer-serial",
        encrypted("Body", "To"),
        envelope(headers=ADDRESSING),
    )
    job(
        "enc-username",
        f"username {UT} type=text | encrypt parts=UsernameToken@Element,Body@Content",
        "encryption username-token encrypted-token",
        encrypted("Body", "UsernameToken", **ut),
    )
    job("enc-nonascii", "encrypt", "encryption payload-non-ascii", encrypted(), envelope("non-ascii"))
    job("enc-mixed", "encrypt", "encryption payload-mixed", encrypted(), envelope("mixed"))
    job(
        "enc-symmetric",
        f"encrypt secret={quote(b64(SHARED_KEY))} name=SharedKey1 sym={XENC}aes128-cbc",
        "encryption shared-key keyname aes128-cbc",
        context(shared_keys_base64={"SharedKey1": b64(SHARED_KEY)}, require_encrypted=["Body"]),
    )
    job(
        "enc-symmetric-256",
        f"encrypt secret={quote(b64(KEK[256]))} name=Kek256 sym={XENC}aes256-cbc",
        "encryption shared-key keyname aes256-cbc",
        context(shared_keys_base64={"Kek256": b64(KEK[256])}, require_encrypted=["Body"]),
    )
    both = encrypted("Body", require_signed=["Body", "Timestamp"])
    job("sign-then-encrypt", f"{TS} | sign | encrypt", f"{bst} encryption sign-then-encrypt", both)
    job("encrypt-then-sign", f"{TS} | encrypt | sign", f"{bst} encryption encrypt-then-sign", both)
    job(
        "sign-then-encrypt-signature",
        f"{TS} | sign | encrypt parts=Body@Content,Signature@Element",
        f"{bst} encryption encrypted-signature",
        both,
    )
    job(
        "sign-then-encrypt-gcm-element",
        f"{TS} | sign | encrypt sym=http://www.w3.org/2009/xmlenc11#aes256-gcm parts=Body@Content,Timestamp@Element",
        f"{bst} encryption encrypted-timestamp",
        both,
    )
    job(
        "two-receivers",
        "encrypt key=server parts=Body@Content | encrypt key=server2 parts=UsernameToken@Element".replace(
            "encrypt key=server ", f"username {UT} type=text | encrypt key=server "
        ),
        "encryption two-receivers username-token",
        encrypted(
            "Body",
            decryption_keys=[{"key": f"keys/{k}.key.pem", "cert": f"keys/{k}.crt.pem"} for k in ("server", "server2")],
            **ut,
        ),
    )
    return table


def saml_jobs(assertions: dict[str, str]) -> list[Job]:
    """Return jobs around assertions that another producer made (holder-of-key: the client signs the message)."""
    table = []
    for name, key, good in (
        ("saml20-hok", "client", True),
        ("saml11-hok", "client", True),
        ("saml20-hok", "client-other", False),
        ("saml11-hok", "client-other", False),
    ):
        assertion = assertions[name]
        version = name[4:6]
        value = (
            f"{SAMLP}#SAMLID"
            if version == "20"
            else "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#SAMLAssertionID"
        )
        attribute = ' ID="' if version == "20" else ' AssertionID="'
        identifier = assertion.split(attribute, 1)[1].split('"', 1)[0]
        header = f'<wsse:Security xmlns:wsse="{WSSE}" soapenv:mustUnderstand="1" xmlns:soapenv="{SOAP11}">{assertion}</wsse:Security>'
        steps = f"{TS} | sign key={key} id=custom token={identifier} tokentype={value}"
        suffix = "" if good else "-wrongholder"
        features = (
            f"saml{version} holder-of-key assertion-signature signature saml-key-identifier timestamp hok-x509".split()
        )
        table.append(
            (
                name + suffix,
                envelope(headers=header),
                steps,
                features,
                signed(require_tokens=["Assertion"], saml=SAML_CONTEXT),
            )
        )
    return table


EXPECTED = {
    "sig-cert-expired": ("cert-expired", [], "sender-certificate-expired", "BinarySecurityToken"),
    "sig-cert-notyet": ("cert-not-yet-valid", [], "sender-certificate-not-yet-valid", "BinarySecurityToken"),
    "sig-cert-expiredca": ("issuer-cert-expired", [], "issuing-certificate-expired", "BinarySecurityToken"),
    "sig-cert-stranger": (
        "cert-untrusted",
        ["cert-chain-incomplete"],
        "sender-certificate-issued-by-another-ca",
        "BinarySecurityToken",
    ),
    "sig-cert-self": ("cert-untrusted", [], "self-signed-certificate", "BinarySecurityToken"),
    "sig-cert-lookalike": ("cert-untrusted", [], "issuer-of-the-same-name-with-another-key", "BinarySecurityToken"),
    "sig-cert-revoked": ("cert-revoked", [], "sender-certificate-revoked", "BinarySecurityToken"),
    "saml20-hok-wrongholder": (
        "saml-confirmation-failed",
        ["signature-value-mismatch"],
        "signed-with-a-key-that-is-not-the-holders",
        "Signature",
    ),
    "saml11-hok-wrongholder": (
        "saml-confirmation-failed",
        ["signature-value-mismatch"],
        "signed-with-a-key-that-is-not-the-holders",
        "Signature",
    ),
}
MORE_CONTEXT = {
    "sig-cert-revoked": {"crls": ["keys/inter-ca.crl.pem", "keys/root-ca.crl.pem"]},
    "sig-cert-expiredca": {"intermediates": ["keys/inter-ca.crt.pem", "keys/expired-ca.crt.pem"]},
}
