"""Which octets were signed: the usual changes to a message, undone one by one until the digest fits.

Each hypothesis costs one pass over the octets and one hash. They are generated, cheap and likely ones first, from the
canonical form that the receiver has; none is made whose mark the octets do not show.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import chain

import msgspec
from lxml import etree

from wssdoctor.wsse.canonical import Canonicalization, canonicalize
from wssdoctor.wsse.document import local_name
from wssdoctor.wsse.fault import FaultFound
from wssdoctor.wsse.prefix_search import renamed_prefixes
from wssdoctor.wsse.search_subject import Found, Hypothesis, Matches, Subject, recanonicalized
from wssdoctor.wsse.soap_version_search import other_version

_DECLARATION = re.compile(rb' xmlns(?::([\w.-]+))?="([^"]*)"')
_ATTRIBUTE = re.compile(rb' ([\w.:-]+)="[^"]*"')
_BETWEEN = re.compile(rb">\s+<")
_BEFORE_TAG = re.compile(rb"(?<!\s)\s++<")
"""Possessive, and only from where white space begins: hostile runs of blanks cost no more than others."""
_BASE64_TEXT = re.compile(rb">([A-Za-z0-9+/=\s]{40,})<")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_LARGE = 256 * 1024


def search(subject: Subject, matches: Matches, *, thorough: bool) -> Found | None:
    """Give the first hypothesis whose octets match; None if none does."""
    octets = subject.octets
    for reason, words, candidate in _hypotheses(subject):
        if candidate != octets and matches(candidate):
            return Found(reason, words, candidate)
    if len(octets) > _LARGE:
        return None
    for reason, words, candidate in chain(renamed_prefixes(subject, subject.hints), other_version(subject)):
        if matches(candidate):
            return Found(reason, words, candidate)
    if thorough:
        from wssdoctor.wsse import thorough_search

        return thorough_search.search(subject, matches)
    return None


def _hypotheses(subject: Subject) -> Iterator[Hypothesis]:
    yield from _white_space(subject.octets)
    yield from _characters(subject.octets)
    yield from _canonical_forms(subject)
    if len(subject.octets) > _LARGE:
        return
    yield from _attributes(subject.octets)
    yield from _combined(subject)
    yield from _raw(subject)


def _white_space(octets: bytes) -> Iterator[Hypothesis]:
    if b"&#xD;" in octets:
        yield "line-endings-changed", "without carriage returns", octets.replace(b"&#xD;", b"")
        yield "line-endings-changed", "carriage returns as line feeds", octets.replace(b"&#xD;", b"\n")
        yield "line-endings-changed", "carriage returns as they are", octets.replace(b"&#xD;", b"\r")
    if b"\n" in octets:
        bare = octets.replace(b"&#xD;", b"")
        yield "line-endings-changed", "with carriage returns at line ends", bare.replace(b"\n", b"&#xD;\n")
        yield "line-endings-changed", "with raw carriage returns at line ends", bare.replace(b"\n", b"\r\n")
        yield "line-endings-changed", "carriage returns for line feeds", bare.replace(b"\n", b"&#xD;")
    spaced = octets.replace(b"&#xD;", b"\r") if b"&#xD;" in octets else octets
    if _BETWEEN.search(spaced):
        yield "pretty-printed", "without the white space between elements", _BETWEEN.sub(b"><", spaced)
        trimmed = re.sub(rb">\s+", b">", _BEFORE_TAG.sub(b"<", spaced))
        yield "pretty-printed", "without white space around texts and elements", trimmed
        yield "pretty-printed", "without line breaks", octets.replace(b"\n", b"")
        yield "pretty-printed", "without indentation", re.sub(rb"\n[ \t]+", b"\n", octets)
    elif re.search(rb">\s|\s<", octets):
        yield (
            "white-space-around-text",
            "without white space around texts",
            re.sub(rb">\s+", b">", _BEFORE_TAG.sub(b"<", octets)),
        )
    if b"  " in octets or b"\t" in octets:
        yield "white-space-changed", "with runs of blanks collapsed", re.sub(rb"[ \t]+", b" ", octets)
        yield "white-space-changed", "with tabs as blanks", octets.replace(b"\t", b" ")
    if match := _BASE64_TEXT.search(octets):
        if re.search(rb"\s", match[1]):
            yield (
                "base64-wrapped",
                "with base64 content on one line",
                _BASE64_TEXT.sub(lambda found: b">" + b"".join(found[1].split()) + b"<", octets),
            )
        else:
            for width, end in ((76, b"\n"), (64, b"\n"), (76, b"&#xD;\n"), (64, b"&#xD;\n")):
                yield "base64-wrapped", f"with base64 content in lines of {width}", _wrapped(octets, width, end)


def _wrapped(octets: bytes, width: int, end: bytes) -> bytes:
    def lines(found: re.Match[bytes]) -> bytes:
        text = found[1]
        return b">" + end.join(text[start : start + width] for start in range(0, len(text), width)) + b"<"

    return _BASE64_TEXT.sub(lines, octets)


def _characters(octets: bytes) -> Iterator[Hypothesis]:
    if b"&amp;" in octets:
        for entity in (b"lt;", b"gt;", b"amp;", b"quot;", b"apos;", b"#"):
            if b"&amp;" + entity in octets:
                unescaped = octets.replace(b"&amp;lt;", b"&lt;").replace(b"&amp;gt;", b"&gt;")
                yield "text-escaped-twice", "with one level of escaping less", unescaped
                yield "text-escaped-twice", "with one level of escaping less", octets.replace(b"&amp;", b"&")
                break
    if octets.isascii():
        return
    text = octets.decode()
    for encoding in ("latin-1", "cp1252", "cp850"):
        try:
            yield "character-encoding-mangled", f"UTF-8 that was read as {encoding}", text.encode(encoding)
        except UnicodeEncodeError:
            narrow = _NOT_ASCII.sub(_Narrowed(encoding), text)
            yield "character-encoding-mangled", f"UTF-8 that was read as {encoding}", narrow.encode()
        try:
            yield "character-encoding-mangled", f"{encoding} that was read as UTF-8", octets.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
        for errors in ("replace", "xmlcharrefreplace"):
            yield "character-encoding-mangled", f"written in {encoding}", text.encode(encoding, errors)
    for form in ("NFC", "NFD", "NFKC"):
        changed = unicodedata.normalize(form, text)
        if changed != text:
            yield "unicode-normalisation-changed", f"in Unicode form {form}", changed.encode()
    for encoding in ("utf-16-le", "utf-16-be", "utf-16", "latin-1"):
        try:
            yield "digested-in-another-encoding", f"octets in {encoding}", text.encode(encoding)
        except UnicodeEncodeError:
            continue
    for form in ("&#x{:x};", "&#x{:X};", "&#{};"):
        written = "".join(each if each.isascii() else form.format(ord(each)) for each in text)
        yield "character-references-digested", "characters written as references", written.encode()


class _Narrowed:
    """Turns single runs of mangled characters back."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding

    def __call__(self, found: re.Match[str]) -> str:
        try:
            return found[0].encode(self._encoding).decode()
        except UnicodeError:
            return found[0]


def _canonical_forms(subject: Subject) -> Iterator[Hypothesis]:
    if not subject.plain:
        return
    used = subject.method
    declared = "exclusive" if used.exclusive else "inclusive"
    forms: list[tuple[str, str, Canonicalization]] = []
    if used.exclusive:
        inclusive = Canonicalization(exclusive=False)
        forms.append(("declared-exclusive-signed-inclusive", "with inclusive canonicalisation", inclusive))
        reason = "inclusive-prefixes-ignored" if used.prefixes else "inclusive-prefixes-not-declared"
        lists = [(), subject.prefixes_in_scope()]
        forms += [
            (reason, f"with the inclusive prefixes {list(prefixes)}", _form(used, prefixes=prefixes))
            for prefixes in lists
            if prefixes != used.prefixes
        ]
    else:
        forms.append(
            ("declared-inclusive-signed-exclusive", "with exclusive canonicalisation", Canonicalization(exclusive=True))
        )
    if next(subject.element.iter(etree.Comment), None) is not None:
        other = "comments-dropped-before-signing" if used.comments else "comments-kept-when-signing"
        forms.append((other, "with comments treated otherwise", _form(used, comments=not used.comments)))
        forms += [
            (reason, f"{words} and comments", _form(form, comments=not used.comments))
            for reason, words, form in forms[:-1]
        ]
    for reason, words, form in forms:
        if (octets := _octets(subject, form)) is not None:
            yield reason, f"{words} ({declared} is declared)", octets
    if not used.exclusive and not subject.whole:
        yield from _contexts(subject)


def _form(method: Canonicalization, **changes: object) -> Canonicalization:
    return msgspec.structs.replace(method, **changes)


def _octets(subject: Subject, form: Canonicalization) -> bytes | None:
    try:
        return canonicalize(subject.element, form, whole=subject.whole)
    except FaultFound:
        return None


def _contexts(subject: Subject) -> Iterator[Hypothesis]:
    """Inclusive forms carry the namespaces around: another envelope, other declarations."""
    exclusive = _octets(subject, Canonicalization(exclusive=True, comments=subject.method.comments))
    octets = subject.octets
    end = octets.find(b">")
    head, rest = octets[:end], octets[end:]
    declared = _DECLARATION.findall(head)
    for prefix, uri in declared:
        name = b":" + prefix if prefix else b""
        declaration = b' xmlns%b="%b"' % (name, uri)
        yield (
            "namespace-context-changed",
            f"without {declaration.decode().strip()}",
            head.replace(declaration, b"") + rest,
        )
    if exclusive is not None:
        yield "canonicalized-out-of-context", "without the namespaces declared around it", exclusive
        form = Canonicalization(exclusive=False, comments=subject.method.comments)
        again = recanonicalized(exclusive, form)
        if again is not None:
            yield "canonicalized-out-of-context", "without the namespaces declared around it", again
    for prefix, uri in _USUAL_DECLARATIONS:
        if prefix not in (each for each, _ in declared):
            added = sorted([*declared, (prefix, uri)])
            bare = _DECLARATION.sub(b"", head)
            name_end = bare.find(b" ") if b" " in bare else len(bare)
            written = b"".join(b' xmlns%b="%b"' % (b":" + each if each else b"", value) for each, value in added)
            words = f"with xmlns:{prefix.decode()} declared around it"
            yield "namespace-context-changed", words, bare[:name_end] + written + bare[name_end:] + rest


_USUAL_DECLARATIONS = (
    (b"xsi", b"http://www.w3.org/2001/XMLSchema-instance"),
    (b"xsd", b"http://www.w3.org/2001/XMLSchema"),
    (b"xs", b"http://www.w3.org/2001/XMLSchema"),
    (b"soap", b"http://schemas.xmlsoap.org/soap/envelope/"),
    (b"soapenv", b"http://schemas.xmlsoap.org/soap/envelope/"),
    (b"wsa", b"http://www.w3.org/2005/08/addressing"),
)


def _attributes(octets: bytes) -> Iterator[Hypothesis]:
    """An attribute that was added after signing: at the apex, or everywhere."""
    end = octets.find(b">")
    for match in _ATTRIBUTE.finditer(octets[:end]):
        name = match[1].decode()
        reason = "id-added-after-signing" if name.rpartition(":")[2] in ("Id", "ID", "id") else "attribute-added"
        without = octets[: match.start()] + octets[match.end() :]
        yield reason, f"without the attribute {name}", without
        prefix = name.rpartition(":")[0]
        if prefix and without.count(f"{prefix}:".encode()) == 0:
            yield reason, f"without {name}", re.sub(rb' xmlns:%b="[^"]*"' % prefix.encode(), b"", without)
    names = {match[1] for match in _ATTRIBUTE.finditer(octets, end) if not match[1].startswith(b"xmlns")}
    for name in sorted(names)[:12]:
        without = re.sub(rb' %b="[^"]*"' % re.escape(name), b"", octets)
        yield "attribute-added", f"without the attributes {name.decode()}", without
    if b' xmlns=""' in octets:
        yield "empty-default-namespace-added", 'without xmlns=""', octets.replace(b' xmlns=""', b"")


def _combined(subject: Subject) -> Iterator[Hypothesis]:
    """Pretty-printed and, besides, canonicalised otherwise."""
    if not _BETWEEN.search(subject.octets):
        return
    for _, words, octets in _canonical_forms(subject):
        yield "pretty-printed", f"{words}, without white space between elements", _BETWEEN.sub(b"><", octets)


def _raw(subject: Subject) -> Iterator[Hypothesis]:
    """What a signer that does not canonicalise digests: the octets as written, the content only, nothing."""
    octets = subject.octets
    if b"></" in octets and (collapsed := re.sub(rb"<([\w.:-]+)((?: [^<>]*)?)></\1>", rb"<\1\2/>", octets)) != octets:
        yield "digested-without-canonicalization", "empty elements written short", collapsed
    written = as_received(subject)
    if written is not None:
        yield "digested-without-canonicalization", "the octets as received", written
        swapped = written.translate(_QUOTES)
        yield "digested-without-canonicalization", "the octets with other quotation marks", swapped
        yield "digested-without-canonicalization", "the octets, line ends as CR LF", written.replace(b"\n", b"\r\n")
    start, end = octets.find(b">") + 1, octets.rfind(b"</")
    if 0 < start <= end:
        yield "digested-content-only", "the content without the element around it", octets[start:end]
    yield "xml-declaration-digested", "with an XML declaration", b'<?xml version="1.0" encoding="UTF-8"?>' + octets
    yield "xml-declaration-digested", "with an XML declaration", b'<?xml version="1.0" encoding="UTF-8"?>\n' + octets
    yield "digested-with-line-end", "with a line feed at the end", octets + b"\n"
    yield "digested-nothing", "nothing at all", b""


_QUOTES = bytes.maketrans(b"\"'", b"'\"")


def as_received(subject: Subject) -> bytes | None:
    """Cut the element out of the document's octets, as they were received; None where it cannot be found."""
    source, element = subject.source, subject.element
    if source is None or b"\0" in source[:8]:
        return None
    name = f"{element.prefix}:{local_name(element)}" if element.prefix else local_name(element)
    before = 0
    for other in element.getroottree().getroot().iter(element.tag):
        if other is element:
            break
        before += other.prefix == element.prefix
    start, depth = -1, 0
    for match in re.finditer(
        rb"<(/?)%b(?=[\s/>])((?:[^\"'<>]|\"[^\"]*\"|'[^']*')*)>" % re.escape(name.encode()), source
    ):
        if start < 0:
            if match[1]:
                continue
            if before:
                before -= 1
                continue
            start = match.start()
        if match[1]:
            depth -= 1
        elif not match[2].endswith(b"/"):
            depth += 1
        if depth == 0:
            return source[start : match.end()]
    return None
