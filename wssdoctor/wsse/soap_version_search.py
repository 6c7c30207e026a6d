"""Signed octets of a message that something on the way turned from SOAP 1.1 into SOAP 1.2, or back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wssdoctor.wsse import names
from wssdoctor.wsse.search_subject import Hypothesis, Subject, recanonicalized

_VERSIONS = (
    (names.SOAP11.encode(), names.SOAP12.encode(), "SOAP 1.2", ((b'mustUnderstand="1"', b'mustUnderstand="true"'),)),
    (names.SOAP12.encode(), names.SOAP11.encode(), "SOAP 1.1", ((b'mustUnderstand="true"', b'mustUnderstand="1"'),)),
)
_USUAL_PREFIXES = ("soap", "soapenv", "SOAP-ENV", "S", "s", "env", "e", "soap12", "soap12env", "S11", "S12")
"""What stacks call the envelope's namespace; a converter writes its own."""
_BETWEEN = re.compile(rb">\s+<")


def other_version(subject: Subject) -> Iterator[Hypothesis]:
    """Put the other version's namespace in, with the prefixes that stacks use for it, and without layout."""
    for here, there, version, spellings in _VERSIONS:
        declared = re.search(rb'xmlns(?::([\w.-]+))?="%b"' % re.escape(here), subject.octets)
        if declared is None:
            continue
        octets = subject.octets.replace(here, there)
        for written, instead in spellings:
            octets = octets.replace(written, instead)
        yield from _laid_out(octets, f"as {version}")
        own = (declared[1] or b"").decode()
        for prefix in dict.fromkeys((*subject.hints, *_USUAL_PREFIXES)):
            if own and prefix and prefix != own and f"xmlns:{prefix}=".encode() not in octets:
                renamed = recanonicalized(_renamed(octets, own, prefix), subject.method)
                if renamed is not None:
                    yield from _laid_out(renamed, f"as {version} with the prefix {prefix}")


def _laid_out(octets: bytes, words: str) -> Iterator[Hypothesis]:
    yield "soap-version-changed", words, octets
    if _BETWEEN.search(octets):
        yield "soap-version-changed", f"{words}, without the white space between elements", _BETWEEN.sub(b"><", octets)


def _renamed(octets: bytes, own: str, prefix: str) -> bytes:
    """Give a prefix another name: in tags, attributes and its declaration."""
    return re.sub(rb"(</?| |xmlns:)%b(?=[:=])" % re.escape(own.encode()), rb"\g<1>" + prefix.encode(), octets)
