from __future__ import annotations

import base64
import pickle
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.wsse import pki
from wssdoctor.wsse import der
from wssdoctor.wsse.certificate import (
    CertificateError,
    load_certificates,
    load_der,
    load_pkcs7,
    load_pki_path,
)
from wssdoctor.wsse.distinguished_name import Name, difference, parse


def sequence(*encoded: bytes) -> bytes:
    body = b"".join(encoded)
    size = len(body).to_bytes(4)
    return b"\x30\x84" + size + body


def test_a_certificate_says_what_cryptography_says_of_it() -> None:
    issued = pki.client()
    ours, theirs = issued.certificate, issued.x509
    assert ours.serial == theirs.serial_number
    assert str(ours.subject) == theirs.subject.rfc4514_string() == "CN=client,OU=Clients,O=Test,C=DE"
    assert str(ours.issuer) == theirs.issuer.rfc4514_string()
    assert (ours.not_before, ours.not_after) == (theirs.not_valid_before_utc, theirs.not_valid_after_utc)
    assert (ours.key_kind, ours.key_bits) == ("RSA", 2048)
    assert ours.public_key == issued.key.public_key()
    assert ours.extensions.is_ca is False
    assert ours.extensions.authority_key_identifier == pki.issuing().certificate.key_identifier
    assert ours.signed.verifies_with(pki.issuing().key.public_key())
    assert not ours.signed.verifies_with(pki.root().key.public_key())


def test_the_key_identifier_is_computed_when_there_is_none() -> None:
    issued = pki.issuing().issue("CN=none", identifiers=False)
    expected = x509.SubjectKeyIdentifier.from_public_key(issued.key.public_key()).digest
    assert issued.certificate.extensions.subject_key_identifier is None
    assert issued.certificate.key_identifier == expected


def test_pickled_as_its_octets() -> None:
    certificate = pki.client().certificate
    again = pickle.loads(pickle.dumps(certificate))
    assert again == certificate
    assert again.subject == certificate.subject


def test_serial_numbers_that_others_refuse() -> None:
    body = pki.client().der
    serial = pki.client().x509.serial_number
    octets = serial.to_bytes((serial.bit_length() + 8) // 8)
    negative = body.replace(octets, b"\xff" + octets[1:], 1)
    assert load_der(negative).serial < 0
    assert load_der(body.replace(octets, bytes(len(octets)), 1)).serial == 0


def test_bundles() -> None:
    chain = [pki.client(), pki.issuing(), pki.root()]
    expected = tuple(issued.certificate for issued in chain)
    path = sequence(*(issued.der for issued in reversed(chain)))
    assert load_pki_path(path) == expected
    bundle = pkcs7.serialize_certificates([issued.x509 for issued in reversed(chain)], Encoding.DER)
    assert set(load_pkcs7(bundle)) == set(expected)
    assert load_pkcs7(bundle)[0] == expected[0]
    pem = b"text before\n" + b"".join(issued.pem for issued in chain)
    assert load_certificates(pem) == expected
    assert load_certificates(pem.replace(b"\n", b"\r\n")) == expected
    for data in (pki.client().der, base64.encodebytes(pki.client().der), pki.client().pem):
        assert load_certificates(data) == expected[:1]
    for data in (path, bundle):
        assert load_certificates(data)[0] == expected[0]


@settings(deadline=None)
@given(data=st.data())
def test_damaged_octets_raise_nothing_else(data: st.DataObject) -> None:
    octets = bytearray(pki.client().der)
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(octets[: data.draw(st.integers(0, len(octets)))])
    for load in (load_der, load_pki_path, load_pkcs7, load_certificates):
        with suppress(CertificateError):
            load(damaged)


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (b"\x17\x0d260301120000Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        (b"\x17\x0b6003011200Z", datetime(1960, 3, 1, 12, tzinfo=UTC)),
        (b"\x18\x1320260301120000+0130", datetime(2026, 3, 1, 10, 30, tzinfo=UTC)),
        (b"\x18\x0f99991231235959Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_times(octets: bytes, expected: datetime) -> None:
    assert der.time(der.only(octets, octets[0])) == expected


# Names ----------------------------------------------------------------------------------------------------

ODD = Name(
    (
        (("2.5.4.6", "DE"),),
        (("2.5.4.8", "Baden-Württemberg"),),
        (("2.5.4.10", "Müller, Söhne + Co."),),
        (("2.5.4.11", 'IT "Security"'),),
        (("2.5.4.3", "Sub CA #2"),),
    )
)


@pytest.mark.parametrize(
    "text",
    [
        r"CN=Sub CA #2,OU=IT \"Security\",O=Müller\, Söhne \+ Co.,ST=Baden-Württemberg,C=DE",
        r"CN=Sub CA \#2, OU=IT \22Security\22, O=M\C3\BCller\2C S\C3\B6hne \2B Co., S=Baden-Württemberg, C=DE",
        'CN = "Sub CA #2"; OU = "IT \\"Security\\""; O = "Müller, Söhne + Co."; ST=Baden-Württemberg; C=de',
        'CN=sub ca #2, OU="IT ""Security""", O="Müller, Söhne + Co.", OID.2.5.4.8=Baden-Württemberg, C=DE',
        '2.5.4.3=#130953756220434120 2332,OU=IT \\"Security\\",O=Müller\\, Söhne \\+ Co.,'
        "ST=Baden-Württemberg,C=DE".replace(" 2332", "2332"),
        '/C=DE/ST=Baden-Württemberg/O=Müller, Söhne + Co./OU=IT "Security"/CN=Sub CA #2',
    ],
)
def test_a_name_in_many_spellings(text: str) -> None:
    assert parse(text).same(ODD)
    assert difference(parse(text), ODD) is None


_VALUES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
_KINDS = st.sampled_from(["2.5.4.3", "2.5.4.10", "2.5.4.11", "1.2.840.113549.1.9.1", "1.2.3.4"])


@settings(deadline=None)
@given(st.lists(st.lists(st.tuples(_KINDS, _VALUES), min_size=1, max_size=2).map(tuple), max_size=5))
def test_a_name_survives_being_written(rdns: list[tuple[tuple[str, str], ...]]) -> None:
    written = Name(tuple(rdns))
    assert parse(str(written)).same(written)


@pytest.mark.parametrize("value", [" ", "  ", " a ", "#", "#0", "#0500", "\\", "\\ab", "a\\ ", ",", "\0", '"', "+=<>;"])
def test_values_that_need_escapes(value: str) -> None:
    written = Name((((("2.5.4.3"), value),),))
    assert parse(str(written)).same(written)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_name_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        str(parse(text))


def test_differences_are_named() -> None:
    backwards = Name(tuple(reversed(ODD.rdns)))
    assert difference(backwards, ODD) == "only the order is reversed"
    other = parse(str(ODD).replace("Sub CA #2", "Sub CA #3"))
    assert difference(other, ODD) == "has CN=sub ca #3; lacks CN=sub ca #2"
