"""Namespaces, value types and algorithm identifiers, as the specifications spell them.

Sources: OASIS WSS SOAP Message Security 1.0 and 1.1.1 with the UsernameToken, X.509 and SAML token profiles,
WS-SecureConversation 1.3/1.4, WS-Trust 1.3, XML Signature 1.1, XML Encryption 1.1, RFC 9231.
"""

from __future__ import annotations

# Namespaces -----------------------------------------------------------------------------------------------
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
_WSS = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
WSSE = _WSS + "wssecurity-secext-1.0.xsd"
WSU = _WSS + "wssecurity-utility-1.0.xsd"
WSSE11 = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd"
WSSE_DRAFTS = (
    "http://schemas.xmlsoap.org/ws/2002/04/secext",
    "http://schemas.xmlsoap.org/ws/2002/07/secext",
    "http://schemas.xmlsoap.org/ws/2002/12/secext",
    "http://schemas.xmlsoap.org/ws/2003/06/secext",
    "http://docs.oasis-open.org/wss/2003/06/oasis-200306-wss-wssecurity-secext-1.0.xsd",
    "http://www.docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
)
WSU_DRAFTS = (
    "http://schemas.xmlsoap.org/ws/2002/07/utility",
    "http://schemas.xmlsoap.org/ws/2003/06/utility",
    "http://docs.oasis-open.org/wss/2003/06/oasis-200306-wss-wssecurity-utility-1.0.xsd",
)
DS = "http://www.w3.org/2000/09/xmldsig#"
DS11 = "http://www.w3.org/2009/xmldsig11#"
DS_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
DS_MORE_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
XENC = "http://www.w3.org/2001/04/xmlenc#"
XENC11 = "http://www.w3.org/2009/xmlenc11#"
EXC_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
SAML1 = "urn:oasis:names:tc:SAML:1.0:assertion"
SAML1P = "urn:oasis:names:tc:SAML:1.0:protocol"
SAML2 = "urn:oasis:names:tc:SAML:2.0:assertion"
SAML2P = "urn:oasis:names:tc:SAML:2.0:protocol"
WSC_2005_02 = "http://schemas.xmlsoap.org/ws/2005/02/sc"
WSC_13 = "http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512"
WSC = (WSC_13, WSC_2005_02)
WST_2005_02 = "http://schemas.xmlsoap.org/ws/2005/02/trust"
WST_13 = "http://docs.oasis-open.org/ws-sx/ws-trust/200512"
WST = (WST_13, WST_2005_02)
WSA = "http://www.w3.org/2005/08/addressing"
WSA_2004 = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
ADDRESSING = (WSA, WSA_2004)
XOP = "http://www.w3.org/2004/08/xop/include"
XML = "http://www.w3.org/XML/1998/namespace"

PREFIXES = (
    {
        SOAP11: "soap",
        SOAP12: "soap",
        WSSE: "wsse",
        WSSE11: "wsse11",
        WSU: "wsu",
        DS: "ds",
        DS11: "ds11",
        XENC: "xenc",
        XENC11: "xenc11",
        EXC_C14N: "ec",
        SAML1: "saml",
        SAML2: "saml2",
        SAML1P: "samlp",
        SAML2P: "saml2p",
        WSC_13: "wsc",
        WSC_2005_02: "wsc",
        WST_13: "wst",
        WST_2005_02: "wst",
        WSA: "wsa",
        XOP: "xop",
        XML: "xml",
    }
    | dict.fromkeys(WSSE_DRAFTS, "wsse")
    | dict.fromkeys(WSU_DRAFTS, "wsu")
)
"""The usual prefix of each namespace: XPaths in evidence are written with these."""

# Attributes that carry an identifier ----------------------------------------------------------------------
WSU_ID = f"{{{WSU}}}Id"
XML_ID = f"{{{XML}}}id"
ID_ATTRIBUTES = (WSU_ID, "Id", "ID", "id", XML_ID, "AssertionID", "ResponseID", "RequestID")
"""Attributes by which a Reference may find an element, without a DTD to declare them."""

# Password types (UsernameToken Profile 1.1, section 3.1) --------------------------------------------------
_UTP = _WSS + "username-token-profile-1.0#"
PASSWORD_TEXT = _UTP + "PasswordText"
PASSWORD_DIGEST = _UTP + "PasswordDigest"

# Encodings and token types --------------------------------------------------------------------------------
_SMS = _WSS + "soap-message-security-1.0#"
_SMS11 = "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1#"
BASE64_BINARY = _SMS + "Base64Binary"
HEX_BINARY = _SMS + "HexBinary"
STR_TRANSFORM = _SMS + "STR-Transform"
THUMBPRINT_SHA1 = _SMS11 + "ThumbprintSHA1"
ENCRYPTED_KEY_SHA1 = _SMS11 + "EncryptedKeySHA1"
ENCRYPTED_KEY = _SMS11 + "EncryptedKey"
_X509P = _WSS + "x509-token-profile-1.0#"
X509_V3 = _X509P + "X509v3"
X509_V1 = _X509P + "X509v1"
X509_V1_BY_PROFILE_1_1 = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.1#X509v1"
X509_CERTIFICATE = (X509_V3, X509_V1, X509_V1_BY_PROFILE_1_1)
"""Types of a token that is one certificate (X.509 Token Profile 1.1.1, section 3.1); version 1 is written either way."""
X509_PKI_PATH = _X509P + "X509PKIPathv1"
X509_PKCS7 = _X509P + "PKCS7"
X509_SKI = _X509P + "X509SubjectKeyIdentifier"
_SAMLP10 = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.0#"
_SAMLP11 = "http://docs.oasis-open.org/wss/oasis-wss-saml-token-profile-1.1#"
SAML_ASSERTION_ID = _SAMLP10 + "SAMLAssertionID"
SAML_ID = _SAMLP11 + "SAMLID"

# SAML subject confirmation methods ------------------------------------------------------------------------
BEARER = ("urn:oasis:names:tc:SAML:1.0:cm:bearer", "urn:oasis:names:tc:SAML:2.0:cm:bearer")
HOLDER_OF_KEY = (
    "urn:oasis:names:tc:SAML:1.0:cm:holder-of-key",
    "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key",
)
SENDER_VOUCHES = (
    "urn:oasis:names:tc:SAML:1.0:cm:sender-vouches",
    "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches",
)

# SOAP actors and roles ------------------------------------------------------------------------------------
ACTOR_NEXT = "http://schemas.xmlsoap.org/soap/actor/next"
ROLE_NEXT = SOAP12 + "/role/next"
ROLE_ULTIMATE_RECEIVER = SOAP12 + "/role/ultimateReceiver"

# Canonicalisation -----------------------------------------------------------------------------------------
C14N10 = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
C14N10_COMMENTS = C14N10 + "#WithComments"
C14N11 = "http://www.w3.org/2006/12/xml-c14n11"
C14N11_COMMENTS = C14N11 + "#WithComments"
EXCLUSIVE = EXC_C14N
EXCLUSIVE_COMMENTS = EXC_C14N + "WithComments"

# Transforms -----------------------------------------------------------------------------------------------
ENVELOPED = DS + "enveloped-signature"
BASE64 = DS + "base64"
XPATH = "http://www.w3.org/TR/1999/REC-xpath-19991116"
XPATH_FILTER2 = "http://www.w3.org/2002/06/xmldsig-filter2"
XSLT = "http://www.w3.org/TR/1999/REC-xslt-19991116"
DECRYPT = "http://www.w3.org/2002/07/decrypt#XML"
SWA_CONTENT = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Signature-Transform"
SWA_CIPHERTEXT = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Ciphertext-Transform"
SWA_CONTENT_ONLY = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Content-Only"
SWA_COMPLETE_TYPE = "http://docs.oasis-open.org/wss/oasis-wss-SwAProfile-1.1#Attachment-Complete"

# Digests --------------------------------------------------------------------------------------------------
MD5 = DS_MORE + "md5"
SHA1 = DS + "sha1"
SHA224 = DS_MORE + "sha224"
SHA256 = XENC + "sha256"
SHA384 = DS_MORE + "sha384"
SHA512 = XENC + "sha512"
RIPEMD160 = XENC + "ripemd160"
SHA3_224 = DS_MORE_2007 + "sha3-224"
SHA3_256 = DS_MORE_2007 + "sha3-256"
SHA3_384 = DS_MORE_2007 + "sha3-384"
SHA3_512 = DS_MORE_2007 + "sha3-512"

# Signatures (the families are spelled out in wsse/algorithm.py) -------------------------------------------
RSA_SHA1 = DS + "rsa-sha1"
DSA_SHA1 = DS + "dsa-sha1"
HMAC_SHA1 = DS + "hmac-sha1"

# Encryption -----------------------------------------------------------------------------------------------
ENCRYPTED_ELEMENT = XENC + "Element"
ENCRYPTED_CONTENT = XENC + "Content"
TRIPLEDES_CBC = XENC + "tripledes-cbc"
AES128_CBC = XENC + "aes128-cbc"
AES192_CBC = XENC + "aes192-cbc"
AES256_CBC = XENC + "aes256-cbc"
AES128_GCM = XENC11 + "aes128-gcm"
AES192_GCM = XENC11 + "aes192-gcm"
AES256_GCM = XENC11 + "aes256-gcm"
RSA_1_5 = XENC + "rsa-1_5"
RSA_OAEP_MGF1P = XENC + "rsa-oaep-mgf1p"
RSA_OAEP = XENC11 + "rsa-oaep"
MGF1_SHA1 = XENC11 + "mgf1sha1"
MGF1_SHA224 = XENC11 + "mgf1sha224"
MGF1_SHA256 = XENC11 + "mgf1sha256"
MGF1_SHA384 = XENC11 + "mgf1sha384"
MGF1_SHA512 = XENC11 + "mgf1sha512"
KW_TRIPLEDES = XENC + "kw-tripledes"
KW_AES128 = XENC + "kw-aes128"
KW_AES192 = XENC + "kw-aes192"
KW_AES256 = XENC + "kw-aes256"
ECDH_ES = XENC11 + "ECDH-ES"
CONCAT_KDF = XENC11 + "ConcatKDF"
PBKDF2 = XENC11 + "pbkdf2"

# Derived keys ---------------------------------------------------------------------------------------------
P_SHA1 = WSC_13 + "/dk/p_sha1"
P_SHA1_2005_02 = WSC_2005_02 + "/dk/p_sha1"

# Of this program ------------------------------------------------------------------------------------------
PROBE = "urn:wssdoctor:probe"
"""Namespace of a payload that no service knows."""
