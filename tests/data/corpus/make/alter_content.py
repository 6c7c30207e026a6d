"""Messages whose content was changed after signing, and changes that must do no harm."""

from __future__ import annotations

import re
import unicodedata

from edits import (
    Edit,
    NotApplicableError,
    body,
    each,
    find,
    inside,
    refused,
    replace,
    rotate,
    substitute,
)
from kit import Message


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
    return re.sub(rf"(?<=[<\s/]){prefix}:", "renamed:", text).replace(f"xmlns:{prefix}=", "xmlns:renamed=")


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
    """Read UTF-8 as Latin-1 and write it as UTF-8 again."""
    if text.isascii():
        raise NotApplicableError("ascii")
    return text.encode().decode("latin-1")


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
        (
            "body-tab-pretty",
            "body-pretty-printed-with-tabs",
            lambda t: pretty(t).replace("  ", "\t"),
            "body-pretty-printed",
        ),
        ("body-newline-end", "line-break-added-at-the-end", lambda t: t + "\n", "body-pretty-printed"),
        ("body-newline-start", "line-break-added-at-the-start", lambda t: "\n" + t, "body-pretty-printed"),
        ("body-stripped", "white-space-between-elements-removed", lambda t: re.sub(r">\s+<", "><", t), None),
        (
            "body-text-trimmed",
            "white-space-around-text-trimmed",
            lambda t: substitute(t, r">[ \t]+([^<\s][^<]*?)[ \t]+<", r">\1<"),
            None,
        ),
        ("body-prefix", "namespace-prefix-renamed", rename_prefix, "namespace-prefix-renamed"),
        (
            "body-default-to-prefix",
            "default-namespace-written-with-a-prefix",
            default_to_prefix,
            "namespace-prefix-renamed",
        ),
        (
            "body-prefix-to-default",
            "prefix-written-as-default-namespace",
            prefix_to_default,
            "namespace-prefix-renamed",
        ),
        ("body-mojibake", "utf-8-read-as-latin-1", double_encoded, "character-encoding-mangled"),
        ("body-question-marks", "characters-lost-in-ascii", unaccented, None),
        ("body-nfd", "unicode-normalized", lambda t: unicodedata.normalize("NFD", t), "unicode-normalisation-changed"),
        (
            "body-cr-lost",
            "carriage-return-references-lost",
            lambda t: replace(t, "&#13;\n", "\n", 99),
            "line-endings-changed",
        ),
        ("body-tab-to-space", "tabs-replaced-by-spaces", lambda t: replace(t, "\t", " ", 99), None),
        ("body-attribute-newline", "attribute-white-space-normalized", lambda t: replace(t, "&#10;", " "), None),
        ("body-double-escape", "escaped-twice", lambda t: replace(t, "&amp;", "&amp;amp;"), "text-escaped-twice"),
        (
            "body-unescape",
            "cdata-markup-parsed",
            lambda t: substitute(t, r"<!\[CDATA\[ <raw> & \]\]>|&lt;raw&gt;", "<raw/>"),
            None,
        ),
        ("body-element-removed", "element-removed", lambda t: substitute(t, last, ""), None),
        ("body-element-added", "element-added", lambda t: substitute(t, r"(</[^>]*>)$", r"<Added>1</Added>\1"), None),
        (
            "body-element-renamed",
            "element-renamed",
            lambda t: re.sub(r"(</?(?:[\w-]+:)?)(Customer|OrderHeader|Line)\b", r"\1\2X", t),
            None,
        ),
        (
            "body-elements-swapped",
            "elements-reordered",
            lambda t: substitute(
                t,
                r"(<((?:\w+:)?(?:Material|DocType|Line)\b)[^>]*>[^<]*</[^>]*>)(<(\w+:)?\w+[^>]*>[^<]*</[^>]*>)",
                r"\3\1",
            ),
            None,
        ),
        (
            "body-attribute",
            "attribute-changed",
            lambda t: substitute(t, r' (id|no|name|x|a|SEGMENT)="([^"]*)"', r' \1="\g<2>9"'),
            None,
        ),
        (
            "body-attribute-removed",
            "attribute-removed",
            lambda t: substitute(t, r' (id|no|name|x|a|SEGMENT|BEGIN)="[^"]*"', ""),
            None,
        ),
        (
            "body-namespace",
            "namespace-changed",
            lambda t: substitute(t, r'="urn:(example|sap-com)', r'="urn:changed:\1'),
            None,
        ),
        ("body-pi", "processing-instruction-added", lambda t: t + "<?added pi?>", None),
        ("body-quantity", "value-changed", lambda t: substitute(t, r">(25|1\.000|100|200)<", ">99<"), None),
        ("body-number-format", "number-written-otherwise", lambda t: substitute(t, r">25<", ">25.0<"), None),
        ("body-empty", "body-emptied", lambda _t: "", None),
        (
            "body-nbsp",
            "space-replaced-by-no-break-space",
            lambda t: substitute(t, r"(?<=>)([^<>]*\w) (?=\w[^<>]*<)", "\\1\u00a0"),
            None,
        ),
    ]


def altered_content(signed_bases: list[Message]) -> list[Message]:
    """Change the Body after signing, in every way of the table, two producers each."""
    made = []
    for number, (name, cause, edit, reason) in enumerate(content_changes()):
        bases = rotate(signed_bases, number)
        if name == "body-cr-lost":
            bases = [b for b in signed_bases if b.id.endswith("crlf")]
        made += each(bases, name, body(edit), refused("digest-mismatch", cause, "Body", reason=reason))
    stamps: list[tuple[str, str, Edit, str | None]] = [
        (
            "ts-expires-later",
            "time-stamp-prolonged",
            lambda t: substitute(t, r"(Expires>\d{4}-\d\d-\d\dT)\d\d(:\d\d)", r"\g<1>23\2"),
            None,
        ),
        (
            "ts-pretty",
            "time-stamp-pretty-printed",
            lambda t: pretty(t).strip().replace("\n  <", "\n    <"),
            "part-pretty-printed",
        ),
        (
            "ts-milliseconds-lost",
            "fractions-of-seconds-lost",
            lambda t: substitute(t, r"(\d\d:\d\d:\d\d)\.\d+Z", r"\1Z", 2),
            None,
        ),
        (
            "ts-fraction-added",
            "fractions-of-seconds-added",
            lambda t: substitute(t, r"(\d\d:\d\d:\d\d)Z", r"\1.000Z", 2),
            None,
        ),
        (
            "ts-offset",
            "utc-written-as-offset",
            lambda t: substitute(t, r"(\d\d:\d\d:\d\d(\.\d+)?)Z", r"\1+00:00", 2),
            None,
        ),
    ]
    for number, (name, cause, edit, reason) in enumerate(stamps):
        stamped = [b for b in rotate(signed_bases, number) if "Timestamp" in b.context.get("require_signed", [])]
        made += each(
            stamped, name, inside("Timestamp", edit), refused("digest-mismatch", cause, "Timestamp", reason=reason)
        )
    return made
