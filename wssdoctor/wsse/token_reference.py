"""wsse:SecurityTokenReference: which token is meant, and the key that the token gives (WSS 1.1.1, section 7)."""

from __future__ import annotations

import base64

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import names, x509_data
from wssdoctor.wsse.certificate import Certificate, CertificateError, decode_base64, load_pkcs7, load_pki_path
from wssdoctor.wsse.certificate_reference import read_key_identifier
from wssdoctor.wsse.document import Element, local_name, text_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.scope import Scope

_WSSE = f"{{{names.WSSE}}}"
TAG = _WSSE + "SecurityTokenReference"
BINARY_SECURITY_TOKEN = _WSSE + "BinarySecurityToken"
USERNAME_TOKEN = _WSSE + "UsernameToken"
ENCRYPTED_KEY = f"{{{names.XENC}}}EncryptedKey"
ASSERTIONS = (f"{{{names.SAML1}}}Assertion", f"{{{names.SAML2}}}Assertion")
DERIVED_KEY_TOKENS = tuple(f"{{{namespace}}}DerivedKeyToken" for namespace in names.WSC)
CONTEXT_TOKENS = tuple(f"{{{namespace}}}SecurityContextToken" for namespace in names.WSC)
_WAYS = frozenset(
    (_WSSE + "Reference", _WSSE + "KeyIdentifier", _WSSE + "Embedded", x509_data.TAG, x509_data.ISSUER_SERIAL)
)
TOKEN_TAGS = frozenset(
    (BINARY_SECURITY_TOKEN, USERNAME_TOKEN, ENCRYPTED_KEY, *ASSERTIONS, *DERIVED_KEY_TOKENS, *CONTEXT_TOKENS)
)


def keys_of(reference: Element, scope: Scope) -> list[Key]:
    """Give the keys of the token that a SecurityTokenReference means, the likeliest first. Raises FaultFound."""
    with scope.entered(reference):
        children = [child for child in reference if type(child) is Element]
        if len(children) > 1 and sum(child.tag in _WAYS for child in children) > 1:
            says = "the SecurityTokenReference names more than one token"
            where: tuple[Evidence, ...] = (Located(says, scope.place(reference)),)
            raise FaultFound(Fault("token-malformed", "SecurityTokenReference", says, evidence=where))
        for child in children:
            if child.tag == x509_data.TAG:
                return x509_data.keys_of(child, scope, where="KeyInfo")
            if child.tag == x509_data.ISSUER_SERIAL:  # older stacks write it without the X509Data around
                return x509_data.keys_of(reference, scope, where="KeyInfo")
            if child.tag == _WSSE + "KeyIdentifier":
                return [_identified(child, scope)]
            if child.tag == f"{{{names.DS}}}KeyName":
                name = text_of(child).strip()
                shared = scope.context.shared_key(name)
                if shared is not None:
                    return [Key(where="KeyInfo", how=f"KeyName {name!r}", secret=shared, known=True)]
                raise FaultFound(_not_known("KeyName", name, child, scope))
            token = _token(child, scope)
            if token is not None:
                return [key_of_token(token, scope)]
            if child.tag == _WSSE + "Reference" and (known := _outside(child, scope)) is not None:
                return [known]
    raise FaultFound(_unresolved(reference, scope))


def token_of(reference: Element, scope: Scope) -> Element | Certificate | None:
    """Give what a SecurityTokenReference means: an element of the message, or a certificate known here.

    Used by the STR-Transform (WSS 1.1.1, section 8.3). None if nothing is found.
    """
    for child in reference.iterchildren("*"):
        token = _token(child, scope)
        if token is not None:
            return token
        try:
            if child.tag in (x509_data.TAG, x509_data.ISSUER_SERIAL):
                data = child if child.tag == x509_data.TAG else reference
                return x509_data.keys_of(data, scope, where="KeyInfo")[0].certificate
            if child.tag == _WSSE + "KeyIdentifier":
                return _identified(child, scope).certificate or _assertion(text_of(child).strip(), scope)
        except FaultFound:
            return None
    return None


def _token(child: Element, scope: Scope) -> Element | None:
    """The token that stands in the message: embedded, referred to by Id, or an assertion by its identifier."""
    if child.tag == _WSSE + "Embedded":
        return next(child.iterchildren("*"), None)
    if child.tag == _WSSE + "Reference":
        uri = child.get("URI", "").strip()
        found = scope.identifiers.find(uri[1:]) if uri.startswith("#") else []
        if len(found) > 1:
            evidence: tuple[Evidence, ...] = tuple(
                Located(f"Id {uri[1:]!r}", scope.place(element)) for element in found[:4]
            )
            raise FaultFound(
                Fault(
                    "duplicate-id",
                    local_name(found[0]),
                    f"{len(found)} elements carry the Id {uri[1:]!r}",
                    evidence=evidence,
                )
            )
        if found:
            return found[0]
        return _context_token(uri, scope)
    if child.tag == _WSSE + "KeyIdentifier" and child.get("ValueType") in (names.SAML_ASSERTION_ID, names.SAML_ID):
        return _assertion(text_of(child).strip(), scope)
    return child if child.tag in TOKEN_TAGS else None


def _context_token(uri: str, scope: Scope) -> Element | None:
    """A security context token may be referred to by its identifier instead of an Id."""
    if not uri or scope.security is None:
        return None
    for token in scope.security.security_context_tokens:
        if token.identifier == uri:
            return token.element
    return None


def _assertion(identifier: str, scope: Scope) -> Element | None:
    found = [element for element in scope.identifiers.find(identifier) if element.tag in ASSERTIONS]
    return found[0] if found else None


def _outside(reference: Element, scope: Scope) -> Key | None:
    """A reference to something that is not in the message but known: a context by its identifier."""
    uri = reference.get("URI", "")
    shared = scope.context.shared_key(uri) if uri and not uri.startswith("#") else None
    return Key(where="KeyInfo", how=f"the key known as {uri!r}", secret=shared, known=True) if shared else None


def _unresolved(reference: Element, scope: Scope) -> Fault:
    child = next(reference.iterchildren(_WSSE + "Reference"), None)
    where = _named_kind(child.get("ValueType") or "") if child is not None else "SecurityTokenReference"
    if child is None:
        evidence: tuple[Evidence, ...] = (Located("no reference in it", scope.place(reference)),)
        return Fault(
            "token-reference-unresolved",
            where,
            "the SecurityTokenReference does not say which token",
            evidence=evidence,
        )
    uri = child.get("URI", "")
    reason = None
    if uri and not uri.startswith("#") and scope.identifiers.find(uri):
        reason = "reference-without-number-sign"
    elif uri.startswith("#") and scope.security is not None:
        same_kind = [item for item in scope.security.items if local_name(item.element) == where]
        reason = "id-changed" if same_kind else "token-removed"
    present = ", ".join(f"#{identifier}" for identifier in list(scope.identifiers.everything())[:12])
    evidence = (Compared("URI", f"an Id of this message ({present})" if present else "an Id", uri, scope.place(child)),)
    return Fault("token-reference-unresolved", where, f"no element of the message is {uri!r}", reason, evidence)


def _named_kind(value_type: str) -> str:
    kind = value_type.rpartition("#")[2] or value_type.rpartition("/")[2]
    return {
        "UsernameToken": "UsernameToken",
        "EncryptedKey": "EncryptedKey",
        "sct": "SecurityContextToken",
        "dk": "DerivedKeyToken",
        "SAMLV1.1": "Assertion",
        "SAMLV2.0": "Assertion",
    }.get(kind, "BinarySecurityToken")


def _identified(child: Element, scope: Scope) -> Key:
    """Find the key of a KeyIdentifier. Raises FaultFound."""
    kind = child.get("ValueType") or names.X509_SKI
    text = text_of(child).strip()
    if kind in (names.SAML_ASSERTION_ID, names.SAML_ID):
        assertion = _assertion(text, scope)
        if assertion is None:
            evidence: tuple[Evidence, ...] = (Located(f"assertion {text!r}", scope.place(child)),)
            raise FaultFound(
                Fault(
                    "token-reference-unresolved",
                    "Assertion",
                    f"no assertion {text!r} in the message",
                    evidence=evidence,
                )
            )
        return key_of_token(assertion, scope)
    reference = read_key_identifier(child)
    if reference is not None:
        certificate = x509_data.known_certificate(reference, scope)
        if certificate is None:
            raise FaultFound(x509_data.not_known(reference, child, scope, "KeyInfo"))
        return x509_data.certificate_key(certificate, f"KeyIdentifier: {reference}", child, "KeyInfo")
    if kind == names.ENCRYPTED_KEY_SHA1:
        return _by_encrypted_key_sha1(text, child, scope)
    if kind == names.X509_V3:
        certificate = x509_data.certificate_of(text, child, scope, "KeyInfo")
        return x509_data.certificate_key(certificate, "KeyIdentifier with the certificate", child, "KeyInfo")
    raise FaultFound(_not_known(kind.rpartition("#")[2], text, child, scope))


def _by_encrypted_key_sha1(text: str, child: Element, scope: Scope) -> Key:
    """An encrypted key of this message, or a secret that the receiver remembers from an earlier one."""
    try:
        octets = decode_base64(text)
    except CertificateError as error:
        evidence: tuple[Evidence, ...] = (Located(str(error), scope.place(child)),)
        raise FaultFound(
            Fault("token-malformed", "KeyInfo", "the KeyIdentifier is not base64", evidence=evidence)
        ) from None
    if octets not in scope.by_sha1:
        for element in scope.root.iter(ENCRYPTED_KEY):
            try:
                key_of_token(element, scope)
            except FaultFound:
                continue
    if octets in scope.by_sha1:
        return scope.by_sha1[octets]
    shared = scope.context.shared_key(text)
    if shared is None:
        raise FaultFound(_not_known("EncryptedKeySHA1", text, child, scope))
    return Key(where="KeyInfo", how="a key of an earlier message (EncryptedKeySHA1)", secret=shared, known=True)


def _not_known(kind: str, text: str, element: Element, scope: Scope) -> Fault:
    held = "; ".join(str(each.subject) for each in scope.store.known[:5])
    place = scope.place(element)
    evidence: tuple[Evidence, ...] = (
        Compared(kind, f"one that is known here ({held})", text, place)
        if held
        else Located(f"{kind} {text}; no certificate is known here", place),
    )
    return Fault("key-not-found", "KeyInfo", f"no key or certificate is known with {kind} {text}", evidence=evidence)


def key_of_token(token: Element, scope: Scope) -> Key:
    """Give the key of a token element; what it yielded once is remembered. Raises FaultFound."""
    known = scope.keys.get(token)
    if known is not None:
        return known
    with scope.entered(token):
        key = _key_of_token(token, scope)
    scope.keys[token] = key
    return key


def _key_of_token(token: Element, scope: Scope) -> Key:
    # The modules of the rarer tokens are imported when one occurs: most messages need none of them.
    tag = token.tag
    if tag == BINARY_SECURITY_TOKEN:
        return binary_token_key(token, scope)
    if tag == ENCRYPTED_KEY:
        from wssdoctor.wsse import encrypted_key

        return encrypted_key.unwrap(token, scope)
    if tag in DERIVED_KEY_TOKENS:
        from wssdoctor.wsse import secure_conversation

        return secure_conversation.derived_key(token, scope)
    if tag in CONTEXT_TOKENS:
        from wssdoctor.wsse import secure_conversation

        return secure_conversation.context_key(token, scope)
    if tag == USERNAME_TOKEN:
        from wssdoctor.wsse import secure_conversation

        return secure_conversation.username_token_key(token, scope)
    if tag in ASSERTIONS:
        from wssdoctor.wsse import saml

        return saml.holder_key(token, scope)
    if tag == TAG:
        return keys_of(token, scope)[0]
    evidence: tuple[Evidence, ...] = (Located(f"{local_name(token)} is no token", scope.place(token)),)
    raise FaultFound(
        Fault(
            "token-reference-unresolved",
            local_name(token),
            f"the reference points to {local_name(token)}, which is no security token",
            evidence=evidence,
        )
    )


def binary_token_key(token: Element, scope: Scope) -> Key:
    """Read an X.509 BinarySecurityToken (X.509 Token Profile 1.1.1, section 3). Raises FaultFound (token-malformed)."""
    value_type = token.get("ValueType")
    encoding = token.get("EncodingType")
    if encoding not in (None, "", names.BASE64_BINARY, "wsse:Base64Binary"):
        raise FaultFound(
            _malformed(token, scope, "encoding-type-unknown", "EncodingType", names.BASE64_BINARY, encoding)
        )
    text = text_of(token)
    try:
        if value_type == names.X509_PKI_PATH:
            chain = load_pki_path(decode_base64(text))
        elif value_type == names.X509_PKCS7:
            chain = load_pkcs7(decode_base64(text))
        elif value_type in (*names.X509_CERTIFICATE, "wsse:X509v3"):
            chain = (scope.store.certificate_in(text),)
        else:
            raise FaultFound(_malformed(token, scope, "token-value-type-wrong", "ValueType", names.X509_V3, value_type))
    except CertificateError as error:
        reason = _why_unreadable(text, value_type, scope)
        evidence: tuple[Evidence, ...] = (Located(str(error), scope.place(token)),)
        raise FaultFound(
            Fault("token-malformed", "BinarySecurityToken", f"the token cannot be read: {error}", reason, evidence)
        ) from None
    certificate = chain[0]
    return Key(
        where="BinarySecurityToken",
        how="BinarySecurityToken",
        public=certificate.public_key,
        certificate=certificate,
        sent=chain[1:],
        element=token,
    )


def _malformed(token: Element, scope: Scope, reason: str, what: str, expected: str, observed: str | None) -> Fault:
    return Fault(
        "token-malformed",
        "BinarySecurityToken",
        f"{what} {observed!r} is not one that can be read",
        reason,
        (Compared(what, expected, observed or "", scope.place(token)),),
    )


def _why_unreadable(text: str, value_type: str | None, scope: Scope) -> str | None:
    """Try to read it as the other kinds of token, or as PEM: the usual mistakes."""
    if "BEGIN CERTIFICATE" in text:
        return "token-is-pem"
    try:
        octets = decode_base64(text)
    except CertificateError:
        return "token-not-base64"
    for load, kind in (
        (load_pki_path, names.X509_PKI_PATH),
        (load_pkcs7, names.X509_PKCS7),
        (scope.store.certificate, names.X509_V3),
    ):
        if kind == value_type:
            continue
        try:
            load(octets)
        except CertificateError:
            continue
        return "token-value-type-wrong"
    return "token-content-altered"


def binary_security_token(certificate: Certificate, prefix: str) -> bytes:
    """Write the token that a reference by name stands for in an STR-Transform."""
    name = f"{prefix}:BinarySecurityToken" if prefix else "BinarySecurityToken"
    declared = f' xmlns="" xmlns:{prefix}="{names.WSSE}"' if prefix else f' xmlns="{names.WSSE}"'
    content = base64.b64encode(certificate.der).decode()
    return f'<{name}{declared} ValueType="{names.X509_V3}">{content}</{name}>'.encode()
