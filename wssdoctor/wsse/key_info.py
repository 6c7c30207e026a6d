"""ds:KeyInfo: which key is meant (XML Signature 1.1 section 4.5, SOAP Message Security 1.1.1 section 7)."""

from __future__ import annotations

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa

from wssdoctor.evidence import Compared, Evidence, Located
from wssdoctor.wsse import names, token_reference, x509_data
from wssdoctor.wsse.certificate import CertificateError, decode_base64
from wssdoctor.wsse.document import Element, local_name, namespace_of, text_of
from wssdoctor.wsse.fault import Fault, FaultFound
from wssdoctor.wsse.key import Key
from wssdoctor.wsse.scope import Scope
from wssdoctor.wsse.x509_signature import PublicKey

_DS = f"{{{names.DS}}}"
_DS11 = f"{{{names.DS11}}}"
_CURVES: dict[str, ec.EllipticCurve] = {
    "1.2.840.10045.3.1.1": ec.SECP192R1(),
    "1.3.132.0.33": ec.SECP224R1(),
    "1.2.840.10045.3.1.7": ec.SECP256R1(),
    "1.3.132.0.34": ec.SECP384R1(),
    "1.3.132.0.35": ec.SECP521R1(),
    "1.3.132.0.10": ec.SECP256K1(),
    "1.3.36.3.3.2.8.1.1.7": ec.BrainpoolP256R1(),
    "1.3.36.3.3.2.8.1.1.11": ec.BrainpoolP384R1(),
    "1.3.36.3.3.2.8.1.1.13": ec.BrainpoolP512R1(),
}


def keys_of(key_info: Element | None, scope: Scope, *, secret: bool) -> list[Key]:
    """Give the keys that a KeyInfo means, the likeliest first; at least one. Raises FaultFound.

    ``secret`` says that the algorithm needs a shared key. Without KeyInfo all that the receiver holds is tried.
    """
    if key_info is None:
        found = held_keys(scope, secret=secret)
        if not found:
            raise FaultFound(
                Fault("key-info-missing", "KeyInfo", "the signature has no KeyInfo, and no key was given for it")
            )
        return found
    with scope.entered(key_info):
        return _keys(key_info, scope, secret=secret)


def _keys(key_info: Element, scope: Scope, *, secret: bool) -> list[Key]:
    faults: list[Fault] = []
    value_keys: list[Key] = []
    names_given: list[str] = []
    for child in key_info:  # names decide, so comments need no filter, which costs more than all else here
        try:
            match child.tag:
                case token_reference.TAG:
                    return token_reference.keys_of(child, scope)
                case x509_data.TAG:
                    return x509_data.keys_of(child, scope, where="KeyInfo")
                case _ if child.tag == _DS + "KeyName":
                    names_given.append(text_of(child).strip())
                case _ if child.tag in (_DS + "KeyValue", _DS11 + "DEREncodedKeyValue"):
                    value_keys.append(_value_key(child, scope))
                case _ if child.tag in (_DS + "RetrievalMethod", _DS11 + "KeyInfoReference"):
                    return _retrieved(child, scope, secret=secret)
                case _ if child.tag in token_reference.TOKEN_TAGS:
                    return [token_reference.key_of_token(child, scope)]
                case _:
                    continue
        except FaultFound as found:
            faults.append(found.fault)
    if value_keys:
        return value_keys
    for name in names_given:
        if by_name := _named(name, scope, secret=secret):
            return by_name
    if faults:
        raise FaultFound(faults[0])
    if names_given:
        evidence: tuple[Evidence, ...] = (Compared("KeyName", _one_of(scope), names_given[0], scope.place(key_info)),)
        raise FaultFound(
            Fault("key-not-found", "KeyInfo", f"no key is known under the name {names_given[0]!r}", evidence=evidence)
        )
    where = scope.place(key_info)
    kinds = ", ".join(local_name(child) for child in key_info.iterchildren("*")) or "nothing"
    if len(key_info) == 0:
        raise FaultFound(
            Fault("key-info-missing", "KeyInfo", "KeyInfo is empty", evidence=(Located("an empty KeyInfo", where),))
        )
    raise FaultFound(
        Fault(
            "key-not-found",
            "KeyInfo",
            f"KeyInfo holds {kinds}, from which no key can be had",
            evidence=(Located(f"KeyInfo with {kinds}", where),),
        )
    )


def _one_of(scope: Scope) -> str:
    return ", ".join(sorted(scope.context.shared_keys)) or "none is known"


def _named(name: str, scope: Scope, *, secret: bool) -> list[Key]:
    if secret:
        shared = scope.context.shared_key(name)
        return [Key(where="KeyInfo", how=f"KeyName {name!r}", secret=shared, known=True)] if shared is not None else []
    for certificate in scope.store.certificates:
        if name in (str(certificate.subject), _common_name(str(certificate.subject))):
            return [
                Key(where="KeyInfo", how=f"KeyName {name!r}", public=certificate.public_key, certificate=certificate)
            ]
    # A name may mean any key that the receiver holds; the signature tells which.
    return held_keys(scope, secret=False)


def _common_name(subject: str) -> str:
    return next((part[3:] for part in subject.split(",") if part.startswith("CN=")), subject)


def held_keys(scope: Scope, *, secret: bool) -> list[Key]:
    """Give all keys that the receiver holds and that could have signed."""
    context = scope.context
    if secret:
        return [
            Key(where="KeyInfo", how=f"the shared key {name!r}", secret=shared, known=True)
            for name, shared in context.shared_keys.items()
        ]
    return [
        *(
            Key(where="KeyInfo", how="a known public key", public=held.key, known=True)
            for held in context.known_public_keys
        ),
        *(
            Key(
                where="KeyInfo",
                how=f"the known certificate {found.subject}",
                public=found.public_key,
                certificate=found,
            )
            for found in context.known_certs
        ),
    ]


def _retrieved(element: Element, scope: Scope, *, secret: bool) -> list[Key]:
    """Follow a RetrievalMethod or KeyInfoReference within the document."""
    uri = element.get("URI", "")
    targets = scope.identifiers.find(uri[1:]) if uri.startswith("#") else []
    if len(targets) != 1:
        evidence: tuple[Evidence, ...] = (Compared("URI", "an element of this document", uri, scope.place(element)),)
        raise FaultFound(
            Fault(
                "key-not-found",
                "KeyInfo",
                f"{local_name(element)} points to {uri!r}, not found here",
                evidence=evidence,
            )
        )
    target = targets[0]
    kind = element.get("Type", "")
    if kind == names.DS + "rawX509Certificate":
        certificate = x509_data.certificate_of(text_of(target), target, scope, "KeyInfo")
        return [x509_data.certificate_key(certificate, "RetrievalMethod", target, "KeyInfo")]
    if target.tag == x509_data.TAG:
        with scope.entered(target):
            return x509_data.keys_of(target, scope, where="KeyInfo")
    if target.tag == _DS + "KeyInfo":
        return keys_of(target, scope, secret=secret)
    if target.tag == _DS + "KeyValue" or (namespace_of(target) == names.DS and target.tag.endswith("KeyValue")):
        return [_value_key(target, scope)]
    return [token_reference.key_of_token(target, scope)]


def _value_key(element: Element, scope: Scope) -> Key:
    """Read KeyValue (RSA, DSA, EC) or DEREncodedKeyValue."""
    try:
        public = _public_key(element)
    except (CertificateError, ValueError, UnsupportedAlgorithm) as error:
        evidence: tuple[Evidence, ...] = (Located(f"unreadable: {error}", scope.place(element)),)
        raise FaultFound(
            Fault("token-malformed", "KeyInfo", "the KeyValue cannot be read", evidence=evidence)
        ) from None
    for certificate in scope.store.certificates:
        if certificate.public_key == public:
            return Key(where="KeyInfo", how="KeyValue of a known certificate", public=public, certificate=certificate)
    known = any(held.key == public for held in scope.context.known_public_keys)
    return Key(where="KeyInfo", how="KeyValue", public=public, known=known, place=scope.place(element))


def _public_key(element: Element) -> PublicKey:
    if element.tag == _DS11 + "DEREncodedKeyValue":
        return serialization.load_der_public_key(decode_base64(text_of(element)))
    inner = next(element.iterchildren("*"), None) if element.tag == _DS + "KeyValue" else element
    if inner is None:
        raise ValueError("it is empty")
    parts = {local_name(child): child for child in inner.iterchildren("*")}
    kind = local_name(inner)
    if kind == "RSAKeyValue":
        return rsa.RSAPublicNumbers(_number(parts, "Exponent"), _number(parts, "Modulus")).public_key()
    if kind == "DSAKeyValue":
        numbers = dsa.DSAParameterNumbers(_number(parts, "P"), _number(parts, "Q"), _number(parts, "G"))
        return dsa.DSAPublicNumbers(_number(parts, "Y"), numbers).public_key()
    if kind in ("ECKeyValue", "ECDSAKeyValue"):
        return _ec_key(inner, parts)
    raise ValueError(f"{kind} is not known")


def _ec_key(element: Element, parts: dict[str, Element]) -> ec.EllipticCurvePublicKey:
    curve_name = next((node.get("URI") or node.get("URN") or "" for node in element.iter("{*}NamedCurve")), "")
    curve = _CURVES.get(curve_name.removeprefix("urn:oid:"))
    if curve is None:
        raise ValueError(f"the curve {curve_name!r} is not known")
    public = parts.get("PublicKey")
    if public is None:
        raise ValueError("PublicKey is missing")
    if len(public):  # RFC 4050 writes the coordinates as decimal attributes
        x, y = (int(child.get("Value", "")) for child in public.iterchildren("*"))
        return ec.EllipticCurvePublicNumbers(x, y, curve).public_key()
    return ec.EllipticCurvePublicKey.from_encoded_point(curve, decode_base64(text_of(public)))


def _number(parts: dict[str, Element], name: str) -> int:
    if name not in parts:
        raise ValueError(f"{name} is missing")
    octets = decode_base64(text_of(parts[name]))
    if not octets or len(octets) > 2048:
        raise ValueError(f"{name} is out of range")
    return int.from_bytes(octets)
