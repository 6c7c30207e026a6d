"""Changes that must do no harm: canonicalization undoes them, or no signature covers them."""

from __future__ import annotations

import re

from edits import (
    ACCEPT,
    Edit,
    NotApplicableError,
    body,
    each,
    element,
    find,
    replace,
    rotate,
    substitute,
)
from kit import Message


def quotes(text: str) -> str:
    """Write attributes in single quotes."""
    return re.sub(r'([\w:-]+)="([^"\'<>]*)"', r"\1='\2'", text)


def reversed_attributes(text: str) -> str:
    """Write the attributes and declarations of every start tag in reverse order."""

    def turn(match: re.Match[str]) -> str:
        attributes = re.findall(r'\s+[\w:-]+="[^"]*"', match.group(2))
        if len(attributes) < 2:
            return match.group(0)
        return match.group(1) + "".join(reversed(attributes)) + match.group(3)

    return re.sub(r'(<[\w:-]+)((?:\s+[\w:-]+="[^"]*")+)(\s*/?>)', turn, text)


def first_letter_reference(text: str) -> str:
    """Write one letter of the first text of the Body as a character reference."""
    return substitute(text, r"(?<=>)(\w)([^<>&]*)(?=<)", lambda m: f"&#x{ord(m.group(1)):X};{m.group(2)}")


def references(text: str) -> str:
    """Write all characters beyond ASCII as hexadecimal references."""
    if text.isascii():
        raise NotApplicableError("ascii")
    return re.sub(r"[^\x00-\x7f]", lambda m: f"&#x{ord(m.group(0)):x};", text)


def no_declaration(text: str) -> str:
    """Drop an XML declaration."""
    return re.sub(r"^<\?xml.*?\?>\s*", "", text)


def harmless() -> list[tuple[str, Edit]]:
    """Return id and edit; after each the message must still be accepted."""
    envelope_end = r"(</(?:[\w-]+:)?Envelope>)"
    return [
        ("ok-declaration", lambda t: '<?xml version="1.0" encoding="UTF-8"?>\n' + no_declaration(t)),
        (
            "ok-declaration-standalone",
            lambda t: "<?xml version='1.0' encoding='utf-8' standalone='no'?>" + no_declaration(t),
        ),
        ("ok-no-declaration", lambda t: substitute(t, r"^<\?xml.*?\?>\s*", "")),
        ("ok-bom", lambda t: "\ufeff" + t),
        ("ok-single-quotes", quotes),
        ("ok-attribute-order", reversed_attributes),
        ("ok-space-in-tags", lambda t: re.sub(r"(?<=[\w\"])(/?>)", r" \1", t)),
        ("ok-newline-in-tags", lambda t: re.sub(r'" (?=[\w:-]+=)', '"\n   ', t)),
        ("ok-end-tag-space", lambda t: re.sub(r"(</[\w:-]+)>", r"\1\n>", t)),
        (
            "ok-long-empty-elements",
            lambda t: substitute(
                t, r"<([\w:-]+)([^<>]*[^<>/])?/>", lambda m: f"<{m.group(1)}{m.group(2) or ''}></{m.group(1)}>", 99
            ),
        ),
        ("ok-short-empty-elements", lambda t: substitute(t, r"<([\w:-]+)([^<>]*)></\1>", r"<\1\2/>", 99)),
        ("ok-character-reference", body(first_letter_reference)),
        ("ok-references", body(references)),
        ("ok-cdata", body(lambda t: substitute(t, r"(?<=>)([^<>&]*\w[^<>&]*)(?=<)", r"<![CDATA[\1]]>"))),
        (
            "ok-cdata-split",
            body(lambda t: substitute(t, r"(?<=>)(\w)([^<>&]*\w[^<>&]*)(?=<)", r"<![CDATA[\1]]>\2<![CDATA[]]>")),
        ),
        (
            "ok-cdata-unwrapped",
            body(
                lambda t: substitute(
                    t, r"<!\[CDATA\[(.*?)\]\]>", lambda m: m.group(1).replace("&", "&amp;").replace("<", "&lt;")
                )
            ),
        ),
        ("ok-comment-in-body", body(lambda t: t + "<!-- a comment -->")),
        (
            "ok-comment-in-text",
            body(lambda t: substitute(t, r"(?<=>)(\w)([^<>&]*\w[^<>&]*)(?=<)", r"\1<!-- split -->\2")),
        ),
        ("ok-comments-removed", body(lambda t: substitute(t, r"<!--.*?-->", ""))),
        (
            "ok-comment-before-root",
            lambda t: replace(
                t,
                "<" + find(t, r"<([\w-]+:)?Envelope").group(0)[1:],
                "<!-- gateway 7 -->" + find(t, r"<([\w-]+:)?Envelope").group(0),
            ),
        ),
        ("ok-comment-after-root", lambda t: t + "<!-- the end -->\n"),
        ("ok-pi-before-root", lambda t: substitute(t, r"(<(?:[\w-]+:)?Envelope)", r"<?gateway trace?>\1")),
        (
            "ok-space-in-header",
            lambda t: substitute(t, r"(<(?:[\w-]+:)?Header>)(<(?:[\w-]+:)?Security)", r"\1\n    \2"),
        ),
        (
            "ok-space-in-envelope",
            lambda t: substitute(substitute(t, envelope_end, r"\n\1"), r"(</(?:[\w-]+:)?Header>)", r"\1\n  "),
        ),
        ("ok-space-in-security", lambda t: substitute(t, r"(</(?:[\w-]+:)?Security>)", r"\n      \1")),
        (
            "ok-header-added",
            lambda t: substitute(t, r"(</(?:[\w-]+:)?Header>)", r'<x:Trace xmlns:x="urn:example:trace">1</x:Trace>\1'),
        ),
        (
            "ok-header-before",
            lambda t: substitute(t, r"(<(?:[\w-]+:)?Header>)", r'\1<x:Trace xmlns:x="urn:example:trace">1</x:Trace>'),
        ),
        (
            "ok-namespace-on-envelope",
            lambda t: substitute(t, r"(<(?:[\w-]+:)?Envelope)", r'\1 xmlns:unused="urn:example:unused"'),
        ),
        (
            "ok-namespace-on-body",
            lambda t: substitute(t, r"(<(?:[\w-]+:)?Body\b)", r'\1 xmlns:unused="urn:example:unused"'),
        ),
        (
            "ok-namespace-on-payload",
            body(lambda t: substitute(t, r"^(<[\w:-]+)", r'\1 xmlns:unused="urn:example:unused"')),
        ),
        ("ok-namespace-hoisted", lambda t: _hoisted(t)),
        (
            "ok-wrapped-signature-value",
            lambda t: substitute(
                t,
                r"(SignatureValue>)([^<]+)",
                lambda m: m.group(1) + "\n" + "\n".join(re.findall(".{1,64}", re.sub(r"\s", "", m.group(2)))) + "\n",
            ),
        ),
        (
            "ok-wrapped-crlf-signature-value",
            lambda t: substitute(
                t,
                r"(SignatureValue>)([^<]+)",
                lambda m: m.group(1) + "&#13;\n".join(re.findall(".{1,76}", re.sub(r"\s", "", m.group(2)))),
            ),
        ),
        (
            "ok-unwrapped-signature-value",
            lambda t: substitute(t, r"(SignatureValue>)([^<]+)", lambda m: m.group(1) + re.sub(r"\s", "", m.group(2))),
        ),
        (
            "ok-wrapped-token",
            lambda t: substitute(
                t,
                r"(BinarySecurityToken[^>]*>|X509Certificate>)([^<]{200,})",
                lambda m: m.group(1) + "\n" + "\n".join(re.findall(".{1,76}", re.sub(r"\s", "", m.group(2)))) + "\n",
            ),
        ),
        ("ok-comment-in-security", lambda t: substitute(t, r"(<(?:[\w-]+:)?Signature[ >])", r"<!-- signature -->\1")),
        ("ok-must-understand", lambda t: substitute(t, r' [\w-]+:mustUnderstand="1"', "")),
        ("ok-crlf-between-headers", lambda t: substitute(t, r"(</(?:[\w-]+:)?Header>)", "\r\n\\1\r\n")),
        (
            "ok-second-security-header",
            lambda t: substitute(t, r"(</(?:[\w-]+:)?Header>)", lambda m: _other_header(t) + m.group(1)),
        ),
        ("ok-signature-last", lambda t: _moved(t, "Signature")),
        ("ok-timestamp-last", lambda t: _moved(t, "Timestamp")),
        ("ok-tail", lambda t: t + "\n\n"),
    ]


def _hoisted(text: str) -> str:
    """Declare the payload's prefix on the Envelope instead."""
    match = find(text, r"(<(?:[\w-]+:)?Body\b[^>]*><[\w:-]+)( xmlns:[\w-]+=\"[^\"]*\")")
    text = text[: match.start(2)] + text[match.end(2) :]
    return substitute(text, r"(<(?:[\w-]+:)?Envelope)", lambda m: m.group(1) + match.group(2))


def _other_header(text: str) -> str:
    prefix = find(text, r"<([\w-]+):Envelope").group(1)
    wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
    role = "role" if "2003/05/soap-envelope" in text else "actor"
    return f'<wsse:Security xmlns:wsse="{wsse}" {prefix}:{role}="urn:example:other"/>'


def _moved(text: str, local: str) -> str:
    whole = element(text, local)
    without = replace(text, whole, "")
    moved = substitute(without, r"(</(?:[\w-]+:)?Security>)", lambda m: whole + m.group(1))
    if moved == text:
        raise NotApplicableError(local)
    return moved


def harmless_changes(signed_bases: list[Message]) -> list[Message]:
    """Change what no signature covers, or what canonicalization undoes."""
    made = []
    for number, (name, edit) in enumerate(harmless()):
        made += each(rotate(signed_bases, number * 3), name, edit, ACCEPT, 2)

    def recode(encoding: str, declared: str) -> list[Message]:
        def edit(text: str) -> str:
            text = f'<?xml version="1.0" encoding="{declared}"?>' + no_declaration(text)
            return "".join(c if _fits(c, encoding) else f"&#{ord(c)};" for c in text)

        return each(
            rotate(signed_bases, len(declared)),
            f"ok-{declared.lower()}",
            edit,
            ACCEPT,
            2,
            encode=lambda t: t.encode(encoding),
        )

    made += (
        recode("utf-16", "UTF-16")
        + recode("iso-8859-1", "ISO-8859-1")
        + recode("ascii", "US-ASCII")
        + recode("cp1252", "windows-1252")
    )
    return made


def _fits(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
