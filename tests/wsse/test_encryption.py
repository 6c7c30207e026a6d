from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from lxml import etree

from tests.wsse import encrypting, pki
from tests.wsse.encrypting import (
    PLAIN,
    b64,
    data_references,
    encrypted_data,
    key_identifier,
    message,
    private_key,
    reference,
    scope_of,
    thumbprint,
    transport,
)
from tests.wsse.pki import server
from tests.wsse.signing import by_id, sign, x509_data
from wssdoctor.wsse import algorithm as algorithms
from wssdoctor.wsse import encryption, names, verify
from wssdoctor.wsse.cipher import DATA_CIPHERS, KEY_SIZES, KEY_WRAPS
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.document import parse_document
from wssdoctor.wsse.encrypted_part import moved
from wssdoctor.wsse.encryption import Decryption, decrypt_message

EK = reference("#ek")
LISTS = data_references("ed")
SECRET = {size: bytes(range(size)) for size in (16, 24, 32)}


def context(**options: Any) -> Context:
    return Context(decryption_keys=(private_key(server()),), **options)


def run(source: str, receiver: Context | None = None, **options: Any) -> Decryption:
    return decrypt_message(scope_of(source, receiver or context(), **options))


def body(decryption: Decryption) -> str:
    """The content of Body after decryption, as it is written."""
    written = etree.tostring(decryption.plain.root, encoding="unicode")
    return written.partition('<s:Body wsu:Id="body">')[2].partition("</s:Body>")[0]


def found(decryption: Decryption) -> list[tuple[str, str, str | None]]:
    assert all(fault.evidence for fault in decryption.faults)
    return [(fault.fault, fault.where, fault.reason) for fault in decryption.faults]


def simple(algorithm: str = names.AES256_GCM, **options: Any) -> str:
    """A message whose body is encrypted for the server."""
    secret = SECRET[KEY_SIZES[algorithm]]
    key = transport(server(), secret, thumbprint(server().certificate), lists=LISTS, **options)
    return message(key, encrypted_data(PLAIN, algorithm, secret, EK))


@pytest.mark.parametrize("algorithm", sorted(DATA_CIPHERS))
def test_every_cipher(algorithm: str) -> None:
    decryption = run(simple(algorithm))
    assert not decryption.faults
    assert body(decryption) == PLAIN
    (part,) = decryption.parts
    assert (part.what, part.content, part.decrypted, part.algorithm) == ("Body", True, True, algorithm)
    assert part.key_algorithm == names.RSA_OAEP_MGF1P
    assert len(decryption.scopes) == 2
    assert "EncryptedData" in etree.tostring(decryption.scopes[0].root, encoding="unicode"), "kept as it was sent"


DIGESTS = (names.SHA1, names.SHA224, names.SHA256, names.SHA384, names.SHA512)
MASKS = (names.MGF1_SHA1, names.MGF1_SHA224, names.MGF1_SHA256, names.MGF1_SHA384, names.MGF1_SHA512)


@pytest.mark.parametrize("digest", DIGESTS)
@pytest.mark.parametrize("mask", MASKS)
def test_every_oaep(digest: str, mask: str) -> None:
    decryption = run(simple(method=names.RSA_OAEP, digest=digest, mask=mask, label=b"label"))
    assert not decryption.faults
    assert body(decryption) == PLAIN


@pytest.mark.parametrize("digest", [names.MD5, names.RIPEMD160, names.SHA3_256, names.SHA3_512])
def test_oaep_with_digests_that_cryptography_lacks(digest: str) -> None:
    """Encoded as RFC 8017, section 7.1.1 says, and encrypted by RSA itself."""
    label, secret = b"label", SECRET[32]
    name = algorithms.DIGESTS[digest]
    size = hashlib.new(name).digest_size
    data = hashlib.new(name, label).digest()
    data += bytes(256 - 2 * size - 2 - len(secret)) + b"\1" + secret

    def masked(octets: bytes, seed: bytes) -> bytes:
        stream = b"".join(hashlib.sha256(seed + count.to_bytes(4)).digest() for count in range(8))
        return bytes(one ^ other for one, other in zip(octets, stream, strict=False))

    seed = bytes(range(size))
    hidden = masked(data, seed)
    numbers = server().key.public_key().public_numbers()
    block = b"\0" + masked(seed, hidden) + hidden
    octets = pow(int.from_bytes(block), numbers.e, numbers.n).to_bytes(256)
    inner = f'<ds:DigestMethod Algorithm="{digest}"/><xenc11:MGF Algorithm="{names.MGF1_SHA256}"/>'
    inner += f"<xenc:OAEPparams>{b64(label)}</xenc:OAEPparams>"
    key = encrypting.encrypted_key(octets, names.RSA_OAEP, "", inner=inner, lists=LISTS)
    source = message(key, encrypted_data(PLAIN, names.AES256_GCM, secret, EK))
    assert body(run(source)) == PLAIN
    assert [fault for fault, *_ in found(run(altered_value(source, 1)))] == ["key-unwrap-failed"]


def test_a_mask_is_read_under_the_older_identifier_too() -> None:
    assert body(run(simple(digest=names.SHA256, mask=names.MGF1_SHA512))) == PLAIN


@pytest.mark.parametrize("function", ["hmac-sha256", "hmac-sha512"])
def test_keys_derived_from_a_secret(function: str) -> None:
    prf = names.DS_MORE + function
    key = hashlib.pbkdf2_hmac(function[5:], b"password", b"saltsalt", 1000, 32)
    derivation = (
        f'<xenc11:DerivedKey><xenc11:KeyDerivationMethod Algorithm="{names.PBKDF2}"><xenc11:PBKDF2-params><xenc11:Salt>'
        f"<xenc11:Specified>{b64(b'saltsalt')}</xenc11:Specified></xenc11:Salt><xenc11:IterationCount>1000"
        f'</xenc11:IterationCount><xenc11:KeyLength>32</xenc11:KeyLength><xenc11:PRF Algorithm="{prf}"/>'
        "</xenc11:PBKDF2-params></xenc11:KeyDerivationMethod><xenc11:MasterKeyName>m</xenc11:MasterKeyName>"
        "</xenc11:DerivedKey>"
    )
    source = message(LISTS, encrypted_data(PLAIN, names.AES256_GCM, key, derivation))
    assert body(run(source, Context(shared_keys={"m": b"password"}))) == PLAIN
    assert [fault for fault, *_ in found(run(source))] == ["decryption-key-not-found"]
    for old, new in ((">1000<", ">999999999<"), (">32<", ">16<"), (b64(b"saltsalt"), "*")):
        assert [fault for fault, *_ in found(run(source.replace(old, new)))] == ["token-malformed"]


def test_one_of_several_recipients() -> None:
    def key(issued: pki.Issued, identifier: str) -> str:
        info = thumbprint(issued.certificate)
        return transport(issued, SECRET[16], info, lists=LISTS).replace('Id="ek"', f'Id="{identifier}"')

    data = encrypted_data(PLAIN, names.AES128_CBC, SECRET[16])
    source = message(key(pki.client(), "ek1") + key(server(), "ek2"), data)
    decryption = run(source)
    assert not decryption.faults
    assert body(decryption) == PLAIN
    carried = "<xenc:CarriedKeyName>k</xenc:CarriedKeyName></xenc:EncryptedKey>"
    named = source.replace("</xenc:EncryptedKey>", carried)
    data_named = encrypted_data(PLAIN, names.AES128_CBC, SECRET[16], "<ds:KeyName>k</ds:KeyName>")
    assert body(run(named.replace(data, data_named))) == PLAIN


def test_a_whole_document_that_is_encrypted() -> None:
    for plain, kind in ((PLAIN, names.ENCRYPTED_ELEMENT), ("just text", names.ENCRYPTED_CONTENT), ("text", "")):
        declared = encrypted_data(plain, names.AES128_CBC, SECRET[16], "<ds:KeyName>k</ds:KeyName>", kind=kind)
        declared = declared.replace("<xenc:EncryptedData", f"<xenc:EncryptedData {encrypting.NAMESPACES}", 1)
        decryption = run(declared, Context(shared_keys={"k": SECRET[16]}))
        assert not decryption.faults
        assert decryption.parts[0].decrypted


def test_rsa_1_5() -> None:
    assert body(run(simple(method=names.RSA_1_5))) == PLAIN


def test_a_wrong_rsa_1_5_padding_is_told_however_long_the_key_seems() -> None:
    source = simple(method=names.RSA_1_5)
    assert found(run(altered_value(source, 1))) == [("key-unwrap-failed", "EncryptedKey", "encrypted-key-altered")]
    before, _, rest = source.partition("<xenc:CipherValue>")
    octets = base64.b64decode(rest.partition("<")[0])
    key = private_key(server()).key
    assert isinstance(key, rsa.RSAPrivateKey)
    for number in range(256):
        altered = octets[:-1] + bytes([number])
        if altered != octets and len(key.decrypt(altered, padding.PKCS1v15())) == 32:
            changed = f"{before}<xenc:CipherValue>{b64(altered)}<{rest.partition('<')[2]}"
            assert [fault for fault, *_ in found(run(changed))] == ["key-unwrap-failed"]
            break


@pytest.mark.parametrize("wrap", sorted(KEY_WRAPS))
def test_every_key_wrap(wrap: str) -> None:
    kek = bytes(reversed(range(KEY_SIZES[wrap])))
    secret = SECRET[24 if wrap == names.KW_TRIPLEDES else 16]
    algorithm = names.AES192_CBC if wrap == names.KW_TRIPLEDES else names.AES128_CBC
    octets = encrypting.wrap(wrap, kek, secret)
    key = encrypting.encrypted_key(octets, wrap, "<ds:KeyName>kek</ds:KeyName>", lists=LISTS)
    source = message(key, encrypted_data(PLAIN, algorithm, secret, EK))
    assert body(run(source, Context(shared_keys={"kek": kek}))) == PLAIN
    assert found(run(source, Context(shared_keys={"kek": bytes(len(kek))}))) == [
        ("key-unwrap-failed", "EncryptedKey", "receiver-has-another-shared-key")
    ]
    assert found(run(source, Context(shared_keys={"other": kek}))) == [
        ("decryption-key-not-found", "EncryptedKey", None)
    ]


def test_key_agreement() -> None:
    receiver = pki.root().issue("CN=ec", key=pki.ec_key())
    key = encrypting.agreement(receiver, SECRET[16], names.KW_AES128)
    source = message(key, encrypted_data(PLAIN, names.AES128_GCM, SECRET[16], EK))
    assert body(run(source, Context(decryption_keys=(private_key(receiver),)))) == PLAIN
    assert [fault for fault, *_ in found(run(source))] == ["decryption-key-not-found"]


def recipients() -> dict[str, str]:
    certificate = server().certificate
    serial = f"<ds:X509SerialNumber>{certificate.serial}</ds:X509SerialNumber>"
    issuer = f"<ds:X509IssuerSerial><ds:X509IssuerName>{certificate.issuer}</ds:X509IssuerName>{serial}</ds:X509IssuerSerial>"
    token = (
        f'<wsse:BinarySecurityToken wsu:Id="bst" EncodingType="{names.BASE64_BINARY}" ValueType="{names.X509_V3}">'
        f"{b64(server().der)}</wsse:BinarySecurityToken>"
    )
    wrapped = "<wsse:SecurityTokenReference>{}</wsse:SecurityTokenReference>"
    return {
        "thumbprint": thumbprint(certificate),
        "ski": key_identifier(names.X509_SKI, b64(certificate.key_identifier)),
        "issuer-serial": wrapped.format(f"<ds:X509Data>{issuer}</ds:X509Data>"),
        "plain-issuer-serial": f"<ds:X509Data>{issuer}</ds:X509Data>",
        "x509-certificate": f"<ds:X509Data><ds:X509Certificate>{b64(server().der)}</ds:X509Certificate></ds:X509Data>",
        "x509-ski": f"<ds:X509Data><ds:X509SKI>{b64(certificate.key_identifier)}</ds:X509SKI></ds:X509Data>",
        "subject": f"<ds:X509Data><ds:X509SubjectName>{certificate.subject}</ds:X509SubjectName></ds:X509Data>",
        "direct": token + "|" + reference("#bst", names.X509_V3),
        "embedded": wrapped.format(f"<wsse:Embedded>{token}</wsse:Embedded>"),
        "key-name": "<ds:KeyName>whatever</ds:KeyName>",
        "none": "",
    }


@pytest.mark.parametrize("kind", sorted(recipients()))
def test_every_way_to_name_the_recipient(kind: str) -> None:
    token, _, info = recipients()[kind].rpartition("|")
    key = transport(server(), SECRET[16], info, lists=LISTS)
    source = message(token + key, encrypted_data(PLAIN, names.AES128_CBC, SECRET[16], EK))
    decryption = run(source)
    assert not decryption.faults
    assert body(decryption) == PLAIN


@pytest.mark.parametrize("place", ["listed", "embedded", "retrieved", "carried", "sha1", "shared"])
def test_every_way_to_find_the_key(place: str) -> None:
    key = transport(server(), SECRET[16], thumbprint(server().certificate), lists=LISTS if place == "listed" else "")
    info, header, receiver = "", key, context()
    if place == "embedded":
        info, header = key, ""
    elif place == "retrieved":
        info = f'<ds:RetrievalMethod URI="#ek" Type="{names.XENC}EncryptedKey"/>'
    elif place == "carried":
        header = key.replace("</xenc:EncryptedKey>", "<xenc:CarriedKeyName>k</xenc:CarriedKeyName></xenc:EncryptedKey>")
        info = "<ds:KeyName>k</ds:KeyName>"
    elif place == "sha1":
        from base64 import b64decode
        from hashlib import sha1

        value = key.partition("<xenc:CipherValue>")[2].partition("<")[0]
        info = key_identifier(names.ENCRYPTED_KEY_SHA1, b64(sha1(b64decode(value)).digest()))
    elif place == "shared":
        info, header, receiver = "<ds:KeyName>k</ds:KeyName>", LISTS, Context(shared_keys={"k": SECRET[16]})
    decryption = run(message(header, encrypted_data(PLAIN, names.AES128_GCM, SECRET[16], info)), receiver)
    assert not decryption.faults
    assert body(decryption) == PLAIN


def test_without_a_key_it_says_what_is_encrypted_for_whom() -> None:
    source = simple()
    for receiver, reason in (
        (Context(), None),
        (Context(decryption_keys=(private_key(pki.client()),)), "encrypted-for-another-receiver"),
    ):
        decryption = run(source, receiver)
        assert found(decryption) == [("decryption-key-not-found", "EncryptedKey", reason)]
        (part,) = decryption.parts
        assert not part.decrypted
        assert (part.what, part.algorithm) == ("Body", names.AES256_GCM)
        assert server().certificate.thumbprint.hex(":") in part.recipient
        assert not encryption.clear_parts(("Body",), decryption), "hidden all the same"


def test_a_key_without_certificate_is_tried() -> None:
    assert body(run(simple(), Context(decryption_keys=(private_key(server(), named=False),)))) == PLAIN


def test_a_recipient_named_wrongly() -> None:
    key = transport(server(), SECRET[16], thumbprint(pki.client().certificate), lists=LISTS)
    source = message(key, encrypted_data(PLAIN, names.AES128_CBC, SECRET[16], EK))
    assert found(run(source)) == [("decryption-key-not-found", "EncryptedKey", "recipient-named-wrongly")]


def test_keys_without_certificate_that_do_not_decrypt_are_most_likely_anothers() -> None:
    receiver = Context(decryption_keys=(private_key(pki.client(), named=False),))
    assert found(run(simple(), receiver)) == [
        ("decryption-key-not-found", "EncryptedKey", "encrypted-for-another-receiver")
    ]


def altered_value(source: str, which: int) -> str:
    pieces = source.split("<xenc:CipherValue>")
    value = pieces[which]
    pieces[which] = value[:40] + ("A" if value[40] != "A" else "B") + value[41:]
    return "<xenc:CipherValue>".join(pieces)


def test_altered_octets() -> None:
    assert found(run(altered_value(simple(), 1))) == [("key-unwrap-failed", "EncryptedKey", "encrypted-key-altered")]
    assert found(run(altered_value(simple(), 2))) == [("decryption-failed", "EncryptedData", "encrypted-data-altered")]
    assert [fault for fault, *_ in found(run(altered_value(simple(names.AES128_CBC), 2)))] == [
        "decrypted-content-malformed"
    ]


@pytest.mark.parametrize(
    ("sent", "declared", "expected"),
    [
        (names.AES256_GCM, names.AES256_CBC, ("decryption-failed", "EncryptedData", "cipher-mode-altered")),
        (names.AES256_CBC, names.AES256_GCM, ("decryption-failed", "EncryptedData", "cipher-mode-altered")),
        (names.AES256_CBC, names.AES128_CBC, ("decryption-failed", "EncryptedData", "encryption-method-altered")),
        (names.AES256_CBC, names.XENC + "other", ("algorithm-unknown", "EncryptedData", None)),
    ],
)
def test_another_cipher_than_declared(sent: str, declared: str, expected: tuple[str, str, str | None]) -> None:
    assert found(run(simple(sent).replace(f'Algorithm="{sent}"', f'Algorithm="{declared}"'))) == [expected]


@pytest.mark.parametrize(
    ("options", "old", "new", "expected"),
    [
        ({}, names.RSA_OAEP_MGF1P, names.RSA_1_5, "key-encryption-method-altered"),
        ({"method": names.RSA_1_5}, names.RSA_1_5, names.RSA_OAEP_MGF1P, "key-encryption-method-altered"),
        (
            {"method": names.RSA_OAEP, "digest": names.SHA256, "mask": names.MGF1_SHA256},
            names.MGF1_SHA256,
            names.MGF1_SHA1,
            "key-encryption-method-altered",
        ),
    ],
)
def test_another_key_transport_than_declared(options: dict[str, str], old: str, new: str, expected: str) -> None:
    source = simple(**options)
    assert old in source
    assert found(run(source.replace(f'"{old}"', f'"{new}"'))) == [("key-unwrap-failed", "EncryptedKey", expected)]


def test_references_that_lead_nowhere() -> None:
    source = simple()
    dangling = source.replace('URI="#ed"', 'URI="#gone"')
    assert [fault for fault, *_ in found(run(dangling))] == ["encrypted-reference-unresolved"]
    removed = source[: source.index("<xenc:EncryptedKey")] + source[source.index("</wsse:Security>") :]
    assert found(run(removed)) == [("encrypted-key-missing", "EncryptedData", "encrypted-key-removed")]
    twice = source.replace('wsu:Id="body"', 'wsu:Id="body" Id="ed"')
    assert "duplicate-id" in [fault for fault, *_ in found(run(twice))]
    empty = source.replace("<xenc:CipherValue>", "<x>").replace("</xenc:CipherValue>", "</x>")
    assert found(run(empty))


def test_what_is_decrypted_must_be_well_formed() -> None:
    for plain in ("<a>", "</s:Body><s:Body>", "<?x", "&undefined;", "<u:a/>"):
        source = message(
            transport(server(), SECRET[16], "", lists=LISTS), encrypted_data(plain, names.AES128_CBC, SECRET[16], EK)
        )
        assert [fault for fault, *_ in found(run(source))] == ["decrypted-content-malformed"]


def test_prefixes_and_white_space_survive() -> None:
    plain = '<b:x xmlns:b="urn:a" xmlns:q="http://q" t="q:n">\n <s:y xmlns="urn:d"><z/>&#13;</s:y></b:x>text<!--c-->'
    body_text = encrypted_data(plain, names.AES128_CBC, SECRET[16], EK)
    source = message(transport(server(), SECRET[16], "", lists=LISTS), body_text).replace(
        "<s:Envelope ", '<s:Envelope xmlns:a="urn:a" '
    )
    assert body(run(source)) == plain


def test_an_element_with_a_declaration_before_it() -> None:
    plain = "<?xml version='1.0' encoding='UTF-8'?>\n<x/>"
    inner = encrypted_data(plain, names.AES128_CBC, SECRET[16], EK, kind=names.ENCRYPTED_ELEMENT)
    source = message(transport(server(), SECRET[16], "", lists=LISTS), f"<y/>{inner}")
    assert body(run(source)) == "<y/><x/>"


def test_header_token_and_signature_are_put_in_place() -> None:
    def hidden(plain: str, identifier: str) -> str:
        kind = names.ENCRYPTED_ELEMENT
        return encrypted_data(plain, names.AES128_CBC, SECRET[16], EK, kind=kind, identifier=identifier)

    token = '<wsse:UsernameToken wsu:Id="ut"><wsse:Username>alice</wsse:Username></wsse:UsernameToken>'
    header = '<w:To xmlns:w="urn:w">there</w:To>'
    key = transport(server(), SECRET[16], "", lists=data_references("h", "t", "b"))
    source = message(
        key + hidden(token, "t"),
        hidden("<x/>", "b"),
        headers=f"<wsse11:EncryptedHeader>{hidden(header, 'h')}</wsse11:EncryptedHeader>",
    )
    decryption = run(source)
    assert not decryption.faults
    security = decryption.plain.security
    assert security is not None
    assert [token.username for token in security.username_tokens] == ["alice"]
    written = etree.tostring(decryption.plain.root, encoding="unicode")
    assert "EncryptedHeader" not in written
    assert header in written
    assert {part.what for part in decryption.parts} == {"UsernameToken", "To", "x"}
    assert not encryption.clear_parts(("UsernameToken", "To", "Body"), decryption)


def test_what_came_in_clear() -> None:
    decryption = run(message(transport(server(), SECRET[16], ""), "<x/>"))
    assert [fault.fault for fault in encryption.clear_parts(("Body",), decryption)] == ["required-part-not-encrypted"]
    partly = "<x/>" + encrypted_data(PLAIN, names.AES128_CBC, SECRET[16], EK)
    decryption = run(message(transport(server(), SECRET[16], "", lists=LISTS), partly))
    assert [fault.where for fault in encryption.clear_parts(("Body", "To"), decryption)] == ["Body"]


def test_an_encrypted_body_elsewhere_hides_nothing() -> None:
    secret = encrypted_data(PLAIN, names.AES128_CBC, SECRET[16], EK)
    elsewhere = f"<w:x xmlns:w='urn:w'><s:Body>{secret}</s:Body></w:x>"
    decryption = run(message(transport(server(), SECRET[16], "", lists=LISTS), "<clear/>", headers=elsewhere))
    assert [fault.fault for fault in encryption.clear_parts(("Body",), decryption)] == ["required-part-not-encrypted"]


def test_encrypted_twice() -> None:
    inner = encrypted_data(PLAIN, names.AES128_GCM, SECRET[16], EK, identifier="inner")
    outer = encrypted_data(inner, names.AES128_GCM, SECRET[16], EK, identifier="outer")
    key = transport(server(), SECRET[16], "", lists=data_references("outer"))
    decryption = run(message(key + data_references("inner"), outer))
    assert not decryption.faults
    assert body(decryption) == PLAIN
    assert len(decryption.scopes) == 3


def test_attachments() -> None:
    content = b"\x00binary\xff"
    octets = encrypting.encrypt(names.AES128_GCM, SECRET[16], content)
    reference_to = '<xenc:CipherReference URI="cid:part%201"/>'
    data = encrypted_data(b"", names.AES128_GCM, SECRET[16], EK, kind=names.SWA_CONTENT_ONLY, cipher_data=reference_to)
    source = message(transport(server(), SECRET[16], "", lists=LISTS) + data, "<x/>")
    decryption = run(source, attachments={"part 1": octets})
    assert not decryption.faults
    assert decryption.plain.attachment("cid:part%201") == content
    assert [fault for fault, *_ in found(run(source))] == ["mtom-part-missing"]
    included = f'<xenc:CipherValue><xop:Include xmlns:xop="{names.XOP}" href="cid:part"/></xenc:CipherValue>'
    octets = encrypting.encrypt(names.AES128_GCM, SECRET[16], PLAIN.encode())
    data = encrypted_data(b"", names.AES128_GCM, SECRET[16], EK, cipher_data=included)
    source = message(transport(server(), SECRET[16], "", lists=LISTS), data)
    assert body(run(source, attachments={"part": octets})) == PLAIN


def test_the_policy_forbids_a_cipher() -> None:
    for algorithm, where in ((names.AES256_GCM, "EncryptedData"), (names.RSA_OAEP_MGF1P, "EncryptedKey")):
        decryption = run(simple(), context(forbidden_algorithms=frozenset([algorithm])))
        assert found(decryption) == [("algorithm-forbidden", where, None)]
        assert body(decryption) == PLAIN


def test_more_encrypted_parts_than_are_allowed() -> None:
    data = encrypted_data("x", names.AES128_CBC, SECRET[16], EK)
    assert [fault for fault, *_ in found(run(message("", data * 1025)))] == ["xml-limit-exceeded"]
    key = transport(server(), SECRET[16], "")
    assert [fault for fault, *_ in found(run(message(key * 65, "")))] == ["xml-limit-exceeded"]


def test_many_encrypted_parts() -> None:
    data = "".join(
        encrypted_data(f"{index},", names.AES128_CBC, SECRET[16], EK, identifier=f"ed{index}") for index in range(200)
    )
    decryption = run(message(transport(server(), SECRET[16], ""), data))
    assert not decryption.faults
    assert body(decryption) == "".join(f"{index}," for index in range(200))


def test_a_wrapper_gives_way_to_one_element_only() -> None:
    """Nothing that is decrypted may take the place of the document."""

    def hidden(plain: str, identifier: str) -> str:
        kind = names.ENCRYPTED_ELEMENT
        return encrypted_data(plain, names.AES128_CBC, SECRET[16], EK, kind=kind, identifier=identifier)

    both = hidden("<one/>", "a") + hidden("<two/>", "b")
    wrapped = f"<wsse11:EncryptedHeader>{both}</wsse11:EncryptedHeader>"
    decryption = run(
        message(transport(server(), SECRET[16], "", lists=data_references("a", "b")), "<x/>", headers=wrapped)
    )
    written = etree.tostring(decryption.plain.root, encoding="unicode")
    assert body(decryption) == "<x/>"
    assert "<one/>" in written
    assert "<two/>" not in written


@pytest.mark.parametrize("method", [names.RSA_1_5, names.RSA_OAEP_MGF1P])
def test_a_cipher_value_beyond_the_modulus(method: str) -> None:
    before, _, rest = simple(method=method).partition("<xenc:CipherValue>")
    source = f"{before}<xenc:CipherValue>{b64(bytes([255]) * 256)}<{rest.partition('<')[2]}"
    assert [fault for fault, *_ in found(run(source))] == ["key-unwrap-failed"]


def test_faults_of_data_and_key_at_once() -> None:
    source = simple(method=names.RSA_1_5).replace("<xenc:CipherValue>", "<xenc:CipherValue>*")
    assert [fault for fault, *_ in found(run(source))] == ["decryption-failed"]


@pytest.mark.parametrize("uri", ["urn:a b", "http://www.müller.de/x", "http://a/{guid}", "{odd}\u00a0"])
def test_odd_namespace_names_in_scope(uri: str) -> None:
    source = simple().replace("<s:Envelope ", f'<s:Envelope xmlns:odd="{uri}" ')
    assert body(run(source)) == PLAIN


def test_a_type_that_nobody_knows() -> None:
    source = simple().replace(names.ENCRYPTED_CONTENT, "urn:other")
    assert found(run(source)) == [("decrypted-content-malformed", "EncryptedData", "encrypted-type-unknown")]


def test_the_list_counts_when_the_reference_leads_nowhere() -> None:
    for info in ("<wsse:SecurityTokenReference/>", reference("#gone")):
        assert body(run(simple().replace(EK, info))) == PLAIN
    assert body(run(simple().replace('URI="#ed"', 'URI=" #ed "'))) == PLAIN


def test_no_body_at_all() -> None:
    decryption = run(simple().replace("s:Body", "s:Bod"))
    assert [fault.fault for fault in encryption.clear_parts(("Body",), decryption)] == ["required-part-not-encrypted"]


def signed_then_sent(covered: str, tree: etree._Element) -> str:
    """Sign an element by its Id, as it stands, and write the message."""
    security = next(tree.iter(f"{{{names.WSSE}}}Security"))
    sign(tree, {covered: by_id(tree, covered)}, security, pki.client().key, x509_data(pki.client().der), index=0)
    return etree.tostring(tree, encoding="unicode")


def receiver() -> Context:
    return context(
        time=pki.NOW,
        trust_anchors=(pki.root().certificate,),
        intermediates=(pki.issuing().certificate,),
        require_signed=("Body",),
        require_encrypted=("Body",),
    )


def test_sign_then_encrypt_and_the_reverse() -> None:
    sent = signed_then_sent("body", parse_document(simple().encode()))
    assert verify(sent.encode(), receiver()).faults == ()
    plain = signed_then_sent("body", parse_document(message("", PLAIN).encode()))
    key = transport(server(), SECRET[16], "", lists=LISTS)
    hidden = plain.replace(PLAIN, encrypted_data(PLAIN, names.AES128_GCM, SECRET[16], EK))
    hidden = hidden.replace("<wsse:Security>", f"<wsse:Security>{key}")
    assert verify(hidden.encode(), receiver()).faults == ()
    altered = verify(altered_value(sent, 2).encode(), receiver())
    assert altered.verdict == "reject"


def test_decrypted_siblings_do_not_stand_in_for_the_signed_body() -> None:
    """Content that becomes several elements moves what follows; a signature follows its element, not its place."""
    tree = parse_document(simple().encode())
    signed = signed_then_sent("body", tree)
    forged = '<x/><s:Body wsu:Id="forged"><evil/></s:Body>'
    lure = encrypted_data(forged, names.AES128_GCM, bytes(16), reference("#lure"), identifier="ed2")
    key = transport(server(), bytes(16), "").replace('Id="ek"', 'Id="lure"')
    source = signed.replace("</s:Header>", f"</s:Header>{lure}").replace("</wsse:Security>", f"{key}</wsse:Security>")
    result = verify(source.encode(), receiver())
    assert result.verdict == "reject"
    assert {"signature-wrapped", "required-part-not-signed"} & {fault.fault for fault in result.faults}


@pytest.mark.parametrize(
    ("position", "expected"),
    [((0,), (0,)), ((1,), None), ((2,), (4,)), ((2, 0), (4, 0)), ((0, 5), (0, 4)), ((0, 3), (0, 3)), ((0, 3, 1), None)],
)
def test_positions_follow(position: tuple[int, ...], expected: tuple[int, ...] | None) -> None:
    replaced: dict[tuple[int, ...], int] = {(1,): 3, (0, 2): 0, (0, 3): 1} if position[:2] != (0, 3) else {(0, 3): 1}
    assert moved(position, replaced) == expected


def test_no_secret_is_shown() -> None:
    decryption = run(simple())
    shown = repr((decryption.faults, decryption.parts, context()))
    for secret in SECRET.values():
        assert secret.hex() not in shown
        assert b64(secret) not in shown


def test_a_body_that_is_encrypted_as_a_whole_is_named() -> None:
    secret = SECRET[16]
    key = transport(server(), secret, thumbprint(server().certificate), lists=LISTS)
    data = encrypted_data("<s:Body/>", names.AES128_GCM, secret, EK, kind=names.ENCRYPTED_ELEMENT)
    source = message(key, "").replace('<s:Body wsu:Id="body"></s:Body>', data)
    fault = verify(source.encode(), Context(time=pki.NOW)).faults[0]
    assert (fault.fault, fault.where, fault.reason) == ("envelope-malformed", "Body", "body-encrypted-whole")


def test_what_is_still_encrypted_is_not_judged() -> None:
    """Neither the digests of what is hidden, nor an Id that may stand there; no part of it is marked as good."""
    signer = pki.issue(None, "CN=Signer", ca=True)
    source = parse_plain(message("", PLAIN))
    security = next(source.iter(f"{{{names.WSSE}}}Security"))
    order = source[1][0]
    order.set("Id", "inside")
    sign(source, {"body": source[1], "inside": order}, security, signer.key, x509_data(signer.der))
    plain = etree.tostring(order, encoding="unicode")
    secret = SECRET[16]
    key = transport(server(), secret, thumbprint(server().certificate), lists=LISTS)
    holder = parse_plain(message(key, encrypted_data(plain, names.AES128_GCM, secret, EK)))
    security.insert(0, next(holder.iter(f"{{{names.XENC}}}EncryptedKey")))
    source[1][:] = [next(holder.iter(f"{{{names.XENC}}}EncryptedData"))]
    octets = etree.tostring(source)
    known: Any = {"time": pki.NOW, "trust_anchors": (signer.certificate,)}
    assert verify(octets, context(**known)).verdict == "accept"
    assert [fault.fault for fault in verify(octets, Context(decryption_keys=(), **known)).faults] == [
        "decryption-key-not-found"
    ]
    closed = verify(octets, Context(**known))
    assert (closed.verdict, closed.faults) == ("undecided", ())
    assert server().certificate.thumbprint.hex(":") in closed.missing[0]
    assert {part.part: part.mark for part in closed.parts} == {
        "EncryptedKey": "unknown",
        "Signature": "unknown",
        "Body": "unknown",
    }
    assert [reference.ok for reference in closed.signatures[0].references] == [None, None]


def parse_plain(text: str) -> etree._Element:
    return etree.fromstring(text.encode())
