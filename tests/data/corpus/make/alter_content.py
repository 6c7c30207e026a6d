"""Messages whose content was changed after signing, and changes that must do no harm."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import cycle, islice

from edits import ACCEPT, Edit, NotApplicableError, body, each, element, find, inside, refused, replace, substitute
from kit import Message


def rotate(bases: list[Message], start: int) -> Iterable[Message]:
    """Begin at another base each time, so that every producer is met."""
    return islice(cycle(bases), start % len(bases), start % len(bases) + len(bases))


def pretty(text: str) -> str:
    """Lay elements out on lines of their own."""
    depth, lines = 1, []
    for piece in re.split(r"(?<=>)(?=<)", text):
        depth -= piece.startswith("</")
        lines.append("\n" + "  " * depth + piece)
        depth += bool(re.match(r"<[^/!?]", piece)) and not re.search(r"/>$|</[^<]*>$", piece)
    return "".join(lines) + "\n"


def crlf_pretty(text: str) -> str:
    """Lay out with carriage returns that survive parsing (as references)."""
    return pretty(text).replace("\n", "&#13;\n")


def rename_prefix(text: str) -> str:
    """Give the first prefix that the text declares and uses another name."""
    prefix = find(text, r"xmlns:([\w-]+)=").group(1)
    return re.sub(rf"(?<=[<\s/]){prefix}:|xmlns:{prefix}(?==)", lambda m: m.group(0).replace(prefix, "renamed"), text)


def default_to_prefix(text: str) -> str:
    """Write elements of the default namespace with a prefix."""
    root = find(text, r'<(\w+) xmlns="([^"]*)"')
    text = replace(text, root.group(0), f'<{root.group(1)} xmlns:q="{root.group(2)}"')
    return re.sub(r"<(/?)(\w+)(?=[\s>/])", r"<\1q:\2", text)


def prefix_to_default(text: str) -> str:
    """Write elements of the outermost prefix in the default namespace."""
    root = find(text, r'^<([\w-]+):\w+ xmlns:\1="([^"]*)"')
    prefix = root.group(1)
    if re.search(r"<\w+[\s>/]", text) or f" {prefix}:" in text:
        raise NotApplicableError("unqualified elements would change their name")
    return re.sub(rf"<(/?){prefix}:", r"<\1", text).replace(f"xmlns:{prefix}=", "xmlns=", 1)


def first_text(change: Edit) -> Edit:
    """Edit the first text between tags that has a word character."""
    return lambda text: substitute(text, r"(?<=>)([^<>&]*\w[^<>&]*)(?=<)", lambda m: change(m.group(1)))


def double_encoded(text: str) -> str:
    """Read UTF-8 as Windows-1252 and write it as UTF-8 again."""
    if text.isascii():
        raise NotApplicableError("ascii")
    return text.encode().decode("cp1252", errors="replace")


def unaccented(text: str) -> str:
    """Lose what does not fit ASCII."""
    if text.isascii():
        raise NotApplicableError("ascii")
    return text.encode("ascii", errors="replace").decode()


def content_changes() -> list[tuple[str, str, Edit, str | None]]:
    """Return id, cause, edit of the Body's content, and the reason that can be established."""
    last = r"<(?!/)(?!.*<(?!/)).*?</[^>]*>"
    return [
        ("body-char", "body-text-changed", first_text(lambda t: t[:-1] + ("X" if t[-1] != "X" else "Y")), None),
        ("body-pretty", "body-pretty-printed", pretty, "body-pretty-printed"),
        ("body-pretty-crlf", "body-pretty-printed-with-carriage-returns", crlf_pretty, "body-pretty-printed"),
        ("body-tab-pretty", "body-pretty-printed-with-tabs", lambda t: pretty(t).replace("  ", "\t"), "body-pretty-printed"),
        ("body-newline-end", "line-break-added-at-the-end", lambda t: t + "\n", "whitespace-added"),
        ("body-newline-start", "line-break-added-at-the-start", lambda t: "\n" + t, "whitespace-added"),
        ("body-stripped", "white-space-between-elements-removed", lambda t: re.sub(r">\s+<", "><", t), "whitespace-removed"),
        ("body-text-trimmed", "white-space-around-text-trimmed", lambda t: substitute(t, r">[ \t]+([^<\s][^<]*?)[ \t]+<", r">\1<"), "whitespace-removed"),
        ("body-prefix", "namespace-prefix-renamed", rename_prefix, "namespace-prefix-renamed"),
        ("body-default-to-prefix", "default-namespace-written-with-a-prefix", default_to_prefix, "namespace-prefix-renamed"),
        ("body-prefix-to-default", "prefix-written-as-default-namespace", prefix_to_default, "namespace-prefix-renamed"),
        ("body-mojibake", "utf-8-read-as-windows-1252", double_encoded, "character-encoding-mangled"),
        ("body-question-marks", "characters-lost-in-ascii", unaccented, "character-encoding-mangled"),
        ("body-nfd", "unicode-normalized", lambda t: unicodedata.normalize("NFD", t), "unicode-normalization-changed"),
        ("body-cr-lost", "carriage-return-references-lost", lambda t: replace(t, "&#13;\n", "\n", 99), "line-endings-changed"),
        ("body-tab-to-space", "tabs-replaced-by-spaces", lambda t: replace(t, "\t", " ", 99), None),
        ("body-attribute-newline", "attribute-white-space-normalized", lambda t: replace(t, "&#10;", " "), None),
        ("body-double-escape", "escaped-twice", lambda t: replace(t, "&amp;", "&amp;amp;"), "escaped-twice"),
        ("body-unescape", "cdata-markup-parsed", lambda t: substitute(t, r"<!\[CDATA\[ <raw> & \]\]>|&lt;raw&gt;", "<raw/>"), None),
        ("body-element-removed", "element-removed", lambda t: substitute(t, last, ""), None),
        ("body-element-added", "element-added", lambda t: substitute(t, r"(</[^>]*>)$", r"<Added>1</Added>\1"), None),
        ("body-element-renamed", "element-renamed", lambda t: re.sub(r"(</?(?:[\w-]+:)?)(Customer|OrderHeader|Line)\b", r"\1\2X", t), None),
        ("body-elements-swapped", "elements-reordered", lambda t: substitute(t, r"(<((?:\w+:)?(?:Material|DocType|Line)\b)[^>]*>[^<]*</[^>]*>)(<(\w+:)?\w+[^>]*>[^<]*</[^>]*>)", r"\3\1"), None),
        ("body-attribute", "attribute-changed", lambda t: substitute(t, r' (id|no|name|x|a|SEGMENT)="([^"]*)"', r' \1="\g<2>9"'), None),
        ("body-attribute-removed", "attribute-removed", lambda t: substitute(t, r' (id|no|name|x|a|SEGMENT|BEGIN)="[^"]*"', ""), None),
        ("body-namespace", "namespace-changed", lambda t: substitute(t, r'="urn:(example|sap-com)', r'="urn:changed:\1'), None),
        ("body-pi", "processing-instruction-added", lambda t: t + "<?added pi?>", None),
        ("body-quantity", "value-changed", lambda t: substitute(t, r">(25|1\.000|100|200)<", ">99<"), None),
        ("body-number-format", "number-written-otherwise", lambda t: substitute(t, r">25<", ">25.0<"), None),
        ("body-empty", "body-emptied", lambda _t: "", None),
        ("body-nbsp", "space-replaced-by-no-break-space", lambda t: substitute(t, r"(?<=>)([^<>]*\w) (?=\w[^<>]*<)", "\\1\u00a0"), None),
    ]


def altered_content(signed_bases: list[Message]) -> list[Message]:
    """Change the Body after signing, in every way of the table, two producers each."""
    made = []
    for number, (name, cause, edit, reason) in enumerate(content_changes()):
        bases = rotate(signed_bases, number)
        made += each(bases, name, body(edit), refused("digest-mismatch", cause, "Body", reason=reason))
    stamps: list[tuple[str, str, Edit, str | None]] = [
        ("ts-expires-later", "time-stamp-prolonged", lambda t: substitute(t, r"(Expires>\d{4}-\d\d-\d\dT)\d\d(:\d\d)", r"\g<1>23\2"), None),
        ("ts-pretty", "time-stamp-pretty-printed", lambda t: pretty(t).strip().replace("\n  <", "\n    <"), "whitespace-added"),
        ("ts-milliseconds-lost", "fractions-of-seconds-lost", lambda t: substitute(t, r"(\d\d:\d\d:\d\d)\.\d+Z", r"\1Z", 2), None),
        ("ts-fraction-added", "fractions-of-seconds-added", lambda t: substitute(t, r"(\d\d:\d\d:\d\d)Z", r"\1.000Z", 2), None),
        ("ts-offset", "utc-written-as-offset", lambda t: substitute(t, r"(\d\d:\d\d:\d\d(\.\d+)?)Z", r"\1+00:00", 2), None),
    ]
    for number, (name, cause, edit, reason) in enumerate(stamps):
        stamped = [b for b in rotate(signed_bases, number) if "Timestamp" in b.context.get("require_signed", [])]
        made += each(stamped, name, inside("Timestamp", edit), refused("digest-mismatch", cause, "Timestamp", reason=reason))
    return made


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
        ("ok-declaration-standalone", lambda t: "<?xml version='1.0' encoding='utf-8' standalone='no'?>" + no_declaration(t)),
        ("ok-no-declaration", lambda t: substitute(t, r"^<\?xml.*?\?>\s*", "")),
        ("ok-bom", lambda t: "\ufeff" + t),
        ("ok-single-quotes", quotes),
        ("ok-attribute-order", reversed_attributes),
        ("ok-space-in-tags", lambda t: re.sub(r"(?<=[\w\"])(/?>)", r" \1", t)),
        ("ok-newline-in-tags", lambda t: re.sub(r'" (?=[\w:-]+=)', '"\n   ', t)),
        ("ok-end-tag-space", lambda t: re.sub(r"(</[\w:-]+)>", r"\1\n>", t)),
        ("ok-long-empty-elements", lambda t: substitute(t, r"<([\w:-]+)([^<>]*[^<>/])?/>", lambda m: f"<{m.group(1)}{m.group(2) or ''}></{m.group(1)}>", 99)),
        ("ok-short-empty-elements", lambda t: substitute(t, r"<([\w:-]+)([^<>]*)></\1>", r"<\1\2/>", 99)),
        ("ok-character-reference", body(first_letter_reference)),
        ("ok-references", body(references)),
        ("ok-cdata", body(lambda t: substitute(t, r"(?<=>)([^<>&]*\w[^<>&]*)(?=<)", r"<![CDATA[\1]]>"))),
        ("ok-cdata-split", body(lambda t: substitute(t, r"(?<=>)(\w)([^<>&]*\w[^<>&]*)(?=<)", r"<![CDATA[\1]]>\2<![CDATA[]]>"))),
        ("ok-cdata-unwrapped", body(lambda t: substitute(t, r"<!\[CDATA\[(.*?)\]\]>", lambda m: m.group(1).replace("&", "&amp;").replace("<", "&lt;")))),
        ("ok-comment-in-body", body(lambda t: t + "<!-- a comment -->")),
        ("ok-comment-in-text", body(lambda t: substitute(t, r"(?<=>)(\w)([^<>&]*\w[^<>&]*)(?=<)", r"\1<!-- split -->\2"))),
        ("ok-comments-removed", body(lambda t: substitute(t, r"<!--.*?-->", ""))),
        ("ok-comment-before-root", lambda t: replace(t, "<" + find(t, r"<([\w-]+:)?Envelope").group(0)[1:], "<!-- gateway 7 -->" + find(t, r"<([\w-]+:)?Envelope").group(0))),
        ("ok-comment-after-root", lambda t: t + "<!-- the end -->\n"),
        ("ok-pi-before-root", lambda t: substitute(t, r"(<(?:[\w-]+:)?Envelope)", r"<?gateway trace?>\1")),
        ("ok-space-in-header", lambda t: substitute(t, r"(<(?:[\w-]+:)?Header>)(<(?:[\w-]+:)?Security)", r"\1\n    \2")),
        ("ok-space-in-envelope", lambda t: substitute(substitute(t, envelope_end, r"\n\1"), r"(</(?:[\w-]+:)?Header>)", r"\1\n  ")),
        ("ok-space-in-security", lambda t: substitute(t, r"(</(?:[\w-]+:)?Security>)", r"\n      \1")),
        ("ok-header-added", lambda t: substitute(t, r"(</(?:[\w-]+:)?Header>)", r'<x:Trace xmlns:x="urn:example:trace">1</x:Trace>\1')),
        ("ok-header-before", lambda t: substitute(t, r"(<(?:[\w-]+:)?Header>)", r'\1<x:Trace xmlns:x="urn:example:trace">1</x:Trace>')),
        ("ok-namespace-on-envelope", lambda t: substitute(t, r"(<(?:[\w-]+:)?Envelope)", r'\1 xmlns:unused="urn:example:unused"')),
        ("ok-namespace-on-body", lambda t: substitute(t, r"(<(?:[\w-]+:)?Body\b)", r'\1 xmlns:unused="urn:example:unused"')),
        ("ok-namespace-on-payload", body(lambda t: substitute(t, r"^(<[\w:-]+)", r'\1 xmlns:unused="urn:example:unused"'))),
        ("ok-namespace-hoisted", lambda t: _hoisted(t)),
        ("ok-wrapped-signature-value", lambda t: substitute(t, r"(SignatureValue>)([^<]+)", lambda m: m.group(1) + "\n" + "\n".join(re.findall(".{1,64}", re.sub(r"\s", "", m.group(2)))) + "\n")),
        ("ok-wrapped-crlf-signature-value", lambda t: substitute(t, r"(SignatureValue>)([^<]+)", lambda m: m.group(1) + "&#13;\n".join(re.findall(".{1,76}", re.sub(r"\s", "", m.group(2)))))),
        ("ok-unwrapped-signature-value", lambda t: substitute(t, r"(SignatureValue>)([^<]+)", lambda m: m.group(1) + re.sub(r"\s", "", m.group(2)))),
        ("ok-wrapped-token", lambda t: substitute(t, r"(BinarySecurityToken[^>]*>|X509Certificate>)([^<]{200,})", lambda m: m.group(1) + "\n" + "\n".join(re.findall(".{1,76}", re.sub(r"\s", "", m.group(2)))) + "\n")),
        ("ok-comment-in-security", lambda t: substitute(t, r"(<(?:[\w-]+:)?Signature[ >])", r"<!-- signature -->\1")),
        ("ok-must-understand", lambda t: substitute(t, r' [\w-]+:mustUnderstand="1"', "")),
        ("ok-crlf-between-headers", lambda t: substitute(t, r"(</(?:[\w-]+:)?Header>)", "\r\n\\1\r\n")),
        ("ok-second-security-header", lambda t: substitute(t, r"(</(?:[\w-]+:)?Header>)", lambda m: _other_header(t) + m.group(1))),
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
            rotate(signed_bases, len(declared)), f"ok-{declared.lower()}", edit, ACCEPT, 2, encode=lambda t: t.encode(encoding)
        )

    made += recode("utf-16", "UTF-16") + recode("iso-8859-1", "ISO-8859-1") + recode("ascii", "US-ASCII") + recode("cp1252", "windows-1252")
    return made


def _fits(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
