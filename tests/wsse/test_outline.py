"""Outlines say of a certificate what a cryptographic library says."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import ipaddress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from tests.landscape import FOLDER
from wssdoctor.wsse.outline import outline

KEY = ec.generate_private_key(ec.SECP256R1())
MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def certificate(subject: str, start: dt.datetime, end: dt.datetime) -> x509.Certificate:
    def name(text: str) -> x509.Name:
        return x509.Name(
            [x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"), x509.NameAttribute(NameOID.COMMON_NAME, text)]
        )

    builder = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name("CA")).public_key(KEY.public_key())
    return builder.serial_number(7).not_valid_before(start).not_valid_after(end).sign(KEY, hashes.SHA256())


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=15),
    st.integers(0, 450 * 365),
    st.integers(0, 3000),
)
def test_it_reads_what_a_library_reads(subject: str, begin: int, days: int) -> None:
    start = dt.datetime(1951, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=begin)
    made = certificate(subject, start, start + dt.timedelta(days=days))
    for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER):
        read = outline(made.public_bytes(encoding))
        # RFC 4514, section 2.4: a blank at an end may be written as "\\20" or as "\\ "; both mean the same name.
        assert x509.Name.from_rfc4514_string(str(read.subject)) == made.subject
        assert x509.Name.from_rfc4514_string(str(read.issuer)) == made.issuer
        assert (read.not_before, read.not_after) == (made.not_valid_before_utc, made.not_valid_after_utc)


@pytest.mark.parametrize("file", ["ca.pem", "partner.pem", "server.pem", "wsse.pem"])
def test_it_reads_certificates_of_the_sample(file: str) -> None:
    data = (FOLDER / file).read_bytes()
    made = x509.load_pem_x509_certificate(data)
    assert str(outline(data).subject) == made.subject.rfc4514_string()
    assert outline(b"text before\n" + data + b"text after").not_after == made.not_valid_after_utc


GOOD = certificate("x", MOMENT, MOMENT).public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nonsense",
        GOOD[:-1],
        GOOD + b"\0",
        b"\x30\x00",
        b"-----BEGIN CERTIFICATE-----\n" + base64.b64encode(GOOD[:40]) + b"\n-----END CERTIFICATE-----\n",
        b"-----BEGIN CERTIFICATE-----\n***\n-----END CERTIFICATE-----\n",
        b"-----BEGIN PRIVATE KEY-----\nMAo=\n-----END PRIVATE KEY-----\n",
    ],
    ids=["empty", "text", "cut", "longer", "hollow", "cut-pem", "no-base64", "key"],
)
def test_what_is_no_certificate_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        outline(data)


@given(st.binary(max_size=200), st.integers(0, len(GOOD) - 1))
def test_arbitrary_octets_raise_nothing_else(noise: bytes, position: int) -> None:
    for data in (noise, GOOD[:position] + noise + GOOD[position + len(noise) :]):
        with contextlib.suppress(ValueError):
            outline(data)


def test_it_reads_dns_names_and_addresses_and_gives_the_certificate_alone() -> None:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "host")])
    names = [
        x509.DNSName("*.example.com"),
        x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
        x509.RFC822Name("a@example.com"),
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(KEY.public_key())
        .serial_number(7)
        .not_valid_before(MOMENT)
        .not_valid_after(MOMENT)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(KEY, hashes.SHA256())
    )
    read = outline(b"subject: anything\n" + made.public_bytes(serialization.Encoding.PEM))
    assert read.names == ("*.example.com", "2001:db8::1")
    assert read.pem.encode() == made.public_bytes(serialization.Encoding.PEM)
    assert outline(certificate("no names", MOMENT, MOMENT).public_bytes(serialization.Encoding.DER)).names == ()
