"""Makes encrypted messages for tests, as XML Encryption 1.1 says."""

from __future__ import annotations

import base64
import hashlib
import os
from typing import Any

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, keywrap, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash

from tests.wsse.pki import Issued
from wssdoctor.wsse import names
from wssdoctor.wsse.certificate import Certificate
from wssdoctor.wsse.certificate_path import TrustStore
from wssdoctor.wsse.cipher import GCM, HASHES, KEY_SIZES, MASKS
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.document import parse_document
from wssdoctor.wsse.header import our_header
from wssdoctor.wsse.message import read_message
from wssdoctor.wsse.private_key import PrivateKey
from wssdoctor.wsse.scope import Scope

SOAP = names.SOAP11
NAMESPACES = (
    f'xmlns:s="{SOAP}" xmlns:wsse="{names.WSSE}" xmlns:wsu="{names.WSU}" xmlns:xenc="{names.XENC}" '
    f'xmlns:ds="{names.DS}" xmlns:wsse11="{names.WSSE11}" xmlns:xenc11="{names.XENC11}" xmlns:wsc="{names.WSC_13}"'
)
PLAIN = '<a:Order xmlns:a="urn:a" nr="1">Grüße<b/>  </a:Order>'


def b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def private_key(issued: Issued, *, named: bool = True) -> PrivateKey:
    octets = issued.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return PrivateKey(octets, issued.certificate if named else None)


def encrypt(algorithm: str, key: bytes, plain: bytes) -> bytes:
    if algorithm in GCM:
        nonce = os.urandom(12)
        return nonce + AESGCM(key).encrypt(nonce, plain, None)
    cipher = TripleDES(key) if algorithm == names.TRIPLEDES_CBC else algorithms.AES(key)
    block = cipher.block_size // 8
    pad = block - len(plain) % block
    vector = os.urandom(block)
    encryptor = Cipher(cipher, modes.CBC(vector)).encryptor()
    return vector + encryptor.update(plain + os.urandom(pad - 1) + bytes([pad])) + encryptor.finalize()


def wrap(algorithm: str, key: bytes, secret: bytes) -> bytes:
    if algorithm != names.KW_TRIPLEDES:
        return keywrap.aes_key_wrap(key, secret)

    def cbc(vector: bytes, octets: bytes) -> bytes:
        encryptor = Cipher(TripleDES(key), modes.CBC(vector)).encryptor()
        return encryptor.update(octets) + encryptor.finalize()

    vector = os.urandom(8)
    inner = vector + cbc(vector, secret + hashlib.sha1(secret).digest()[:8])
    return cbc(bytes.fromhex("4adda22c79e82105"), inner[::-1])


def reference(uri: str, kind: str = "") -> str:
    value_type = f' ValueType="{kind}"' if kind else ""
    return f'<wsse:SecurityTokenReference><wsse:Reference URI="{uri}"{value_type}/></wsse:SecurityTokenReference>'


def thumbprint(certificate: Certificate) -> str:
    return key_identifier(names.THUMBPRINT_SHA1, b64(certificate.thumbprint))


def key_identifier(kind: str, value: str) -> str:
    return (
        f'<wsse:SecurityTokenReference><wsse:KeyIdentifier ValueType="{kind}" EncodingType="{names.BASE64_BINARY}">'
        f"{value}</wsse:KeyIdentifier></wsse:SecurityTokenReference>"
    )


def data_references(*identifiers: str) -> str:
    inner = "".join(f'<xenc:DataReference URI="#{each}"/>' for each in identifiers)
    return f"<xenc:ReferenceList>{inner}</xenc:ReferenceList>"


def encrypted_key(
    octets: bytes, method: str, key_info: str, *, inner: str = "", lists: str = "", identifier: str = "ek"
) -> str:
    info = f"<ds:KeyInfo>{key_info}</ds:KeyInfo>" if key_info else ""
    return (
        f'<xenc:EncryptedKey Id="{identifier}"><xenc:EncryptionMethod Algorithm="{method}">{inner}</xenc:EncryptionMethod>'
        f"{info}<xenc:CipherData><xenc:CipherValue>{b64(octets)}</xenc:CipherValue></xenc:CipherData>{lists}"
        "</xenc:EncryptedKey>"
    )


def transport(
    issued: Issued, secret: bytes, key_info: str, *, lists: str = "", method: str = names.RSA_OAEP_MGF1P, **oaep: Any
) -> str:
    digest, mask = oaep.get("digest", names.SHA1), oaep.get("mask", names.MGF1_SHA1)
    label = oaep.get("label", b"")
    if method == names.RSA_1_5:
        scheme: padding.AsymmetricPadding = padding.PKCS1v15()
    else:
        scheme = padding.OAEP(padding.MGF1(MASKS[mask]()), HASHES[digest](), label or None)
    inner = f'<ds:DigestMethod Algorithm="{digest}"/>' if "digest" in oaep else ""
    inner += f'<xenc11:MGF Algorithm="{mask}"/>' if "mask" in oaep else ""
    inner += f"<xenc:OAEPparams>{b64(label)}</xenc:OAEPparams>" if label else ""
    octets = issued.key.public_key().encrypt(secret, scheme)
    return encrypted_key(octets, method, key_info, inner=inner, lists=lists)


def encrypted_data(
    plain: str | bytes,
    algorithm: str,
    key: bytes,
    key_info: str = "",
    *,
    kind: str = names.ENCRYPTED_CONTENT,
    identifier: str = "ed",
    cipher_data: str | None = None,
) -> str:
    octets = encrypt(algorithm, key, plain.encode() if isinstance(plain, str) else plain)
    info = f"<ds:KeyInfo>{key_info}</ds:KeyInfo>" if key_info else ""
    type_attribute = f' Type="{kind}"' if kind else ""
    return (
        f'<xenc:EncryptedData Id="{identifier}"{type_attribute}><xenc:EncryptionMethod Algorithm="{algorithm}"/>'
        f"{info}<xenc:CipherData>{cipher_data or f'<xenc:CipherValue>{b64(octets)}</xenc:CipherValue>'}</xenc:CipherData>"
        "</xenc:EncryptedData>"
    )


def message(security: str, body: str, *, headers: str = "") -> str:
    return (
        f"<s:Envelope {NAMESPACES}><s:Header>{headers}<wsse:Security>{security}</wsse:Security></s:Header>"
        f'<s:Body wsu:Id="body">{body}</s:Body></s:Envelope>'
    )


def scope_of(
    source: str, context: Context, *, attachments: dict[str, bytes] | None = None, store: TrustStore | None = None
) -> Scope:
    from tests.wsse.pki import NOW

    root = parse_document(source.encode())
    security = our_header(read_message(root), None)[0]
    store = store or TrustStore(context.trust_anchors, context.intermediates, context.known_certs)
    return Scope(context, store, NOW, root, source=source.encode(), security=security, attachments=attachments or {})


def agreement(recipient: Issued, secret: bytes, algorithm: str, *, digest: str = names.SHA256) -> str:
    """Make an EncryptedKey whose wrapping key is agreed by ECDH-ES with ConcatKDF."""
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    shared = ephemeral.exchange(ec.ECDH(), recipient.key.public_key())
    kek = ConcatKDFHash(hashes.SHA256(), KEY_SIZES[algorithm], b"\x01\x02\x03").derive(shared)
    point = ephemeral.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    info = (
        f'<xenc:AgreementMethod Algorithm="{names.ECDH_ES}"><xenc11:KeyDerivationMethod Algorithm="{names.CONCAT_KDF}">'
        f'<xenc11:ConcatKDFParams AlgorithmID="0001" PartyUInfo="0002" PartyVInfo="0003"><ds:DigestMethod Algorithm="{digest}"/>'
        "</xenc11:ConcatKDFParams></xenc11:KeyDerivationMethod><xenc:OriginatorKeyInfo><ds:KeyValue>"
        f'<dsig11:ECKeyValue xmlns:dsig11="{names.DS11}"><dsig11:NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/>'
        f"<dsig11:PublicKey>{b64(point)}</dsig11:PublicKey></dsig11:ECKeyValue></ds:KeyValue></xenc:OriginatorKeyInfo>"
        f"<xenc:RecipientKeyInfo><ds:X509Data><ds:X509Certificate>{b64(recipient.der)}</ds:X509Certificate></ds:X509Data>"
        "</xenc:RecipientKeyInfo></xenc:AgreementMethod>"
    )
    return encrypted_key(wrap(algorithm, kek, secret), algorithm, info)
