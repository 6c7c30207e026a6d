"""Random changes of signed messages: textual, structural and of the octets. All depend on the given generator only."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Mutation = Callable[[random.Random, str], str]

ALGORITHMS = (
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2000/09/xmldsig#sha1",
    "http://www.w3.org/2001/04/xmlenc#sha256",
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
    "urn:example:unknown",
)
START_TAG = re.compile(r"<[A-Za-z_][^<>]*?/?>")
TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
BETWEEN = re.compile(r"(?<=>)(?=<)")
ATTRIBUTE = re.compile(r'\s[\w:.-]+="[^"<>]*"')
ELEMENT = re.compile(r"<([\w:.-]+)(?:\s[^<>]*)?>[^<>]*</\1>|<[\w:.-]+(?:\s[^<>]*)?/>")


def pick(source: random.Random, pattern: re.Pattern[str], text: str) -> re.Match[str]:
    """Pick one match. Raises LookupError when there is none."""
    found = list(pattern.finditer(text))
    if not found:
        raise LookupError(pattern.pattern)
    return source.choice(found)


def put(text: str, match: re.Match[str], new: str) -> str:
    """Replace what matched."""
    return text[: match.start()] + new + text[match.end() :]


def character(source: random.Random, text: str) -> str:
    """Replace, insert or remove one character anywhere."""
    at = source.randrange(len(text))
    new = source.choice("aZ09+/= <>&\"'\n\t\r#:äé€\u00a0\u0301")
    return text[:at] + source.choice((new, new + text[at], "")) + text[at + 1 :]


def content_character(source: random.Random, text: str) -> str:
    """Change one character of a text between tags."""
    match = pick(source, TEXT, text)
    word = match.group(0)
    at = source.randrange(len(word))
    return put(text, match, word[:at] + source.choice("xY7 ") + word[at + 1 :])


def white_space(source: random.Random, text: str) -> str:
    """Insert white space between two tags."""
    return put(text, pick(source, BETWEEN, text), source.choice((" ", "\n", "\r\n", "\t", "\n    ", "&#13;", "&#10;")))


def comment(source: random.Random, text: str) -> str:
    """Insert a comment or an instruction between two tags."""
    return put(text, pick(source, BETWEEN, text), source.choice(("<!-- c -->", "<!---->", "<?p i?>")))


def comment_in_text(source: random.Random, text: str) -> str:
    """Split a text by a comment, a CDATA section or a character reference."""
    match = pick(source, TEXT, text)
    word = match.group(0)
    if "&" in word or len(word) < 2:
        return text
    at = source.randrange(1, len(word))
    rest = f"&#{ord(word[at])};{word[at + 1 :]}"
    return put(text, match, word[:at] + source.choice((f"<!-- c -->{word[at:]}", f"<![CDATA[{word[at:]}]]>", rest)))


def remove_element(source: random.Random, text: str) -> str:
    """Remove a leaf element."""
    return put(text, pick(source, ELEMENT, text), "")


def repeat_element(source: random.Random, text: str) -> str:
    """Write a leaf element twice."""
    match = pick(source, ELEMENT, text)
    return put(text, match, match.group(0) * 2)


def move_element(source: random.Random, text: str) -> str:
    """Move a leaf element elsewhere."""
    match = pick(source, ELEMENT, text)
    text = put(text, match, "")
    return put(text, pick(source, BETWEEN, text), match.group(0))


def remove_attribute(source: random.Random, text: str) -> str:
    """Remove an attribute or declaration."""
    return put(text, pick(source, ATTRIBUTE, text), "")


def change_attribute(source: random.Random, text: str) -> str:
    """Change the end of an attribute's value."""
    match = pick(source, ATTRIBUTE, text)
    return put(text, match, match.group(0)[:-1] + source.choice(("x", " ", "#", "&#9;")) + '"')


def add_attribute(source: random.Random, text: str) -> str:
    """Add an attribute, an Id or a declaration to a start tag."""
    match = pick(source, START_TAG, text)
    new = source.choice(
        (' added="1"', ' xmlns:added="urn:added"', ' Id="added"', ' xml:lang="de"', ' xml:id="added"', ' xmlns=""')
    )
    return put(text, match, re.sub(r"(/?>)$", lambda m: new + m.group(1), match.group(0)))


def same_id(source: random.Random, text: str) -> str:
    """Give another element an Id that is in use."""
    used = re.findall(r'\bId="([^"]+)"', text)
    match = pick(source, START_TAG, text)
    if not used or "Id=" in match.group(0):
        return text
    return put(text, match, re.sub(r"(/?>)$", lambda m: f' Id="{source.choice(used)}"' + m.group(1), match.group(0)))


def algorithm(source: random.Random, text: str) -> str:
    """Change an algorithm."""
    return put(text, pick(source, re.compile(r'(?<=Algorithm=")[^"]*'), text), source.choice(ALGORITHMS))


def prefix(source: random.Random, text: str) -> str:
    """Rename a prefix everywhere."""
    prefixes = sorted(set(re.findall(r"xmlns:([\w-]+)=", text)))
    if not prefixes:
        return text
    old = source.choice(prefixes)
    return re.sub(rf"(?<=[<\s/]){old}:(?=[\w-]+[\s=/>])", "new:", text).replace(f"xmlns:{old}=", "xmlns:new=")


def quotes(source: random.Random, text: str) -> str:
    """Write an attribute in single quotes."""
    match = pick(source, ATTRIBUTE, text)
    return text if "'" in match.group(0) else put(text, match, match.group(0).replace('"', "'"))


def attribute_order(source: random.Random, text: str) -> str:
    """Turn the attributes of a start tag around."""
    match = pick(source, START_TAG, text)
    found = ATTRIBUTE.findall(match.group(0))
    name = match.group(0).split(None, 1)[0].rstrip("/>")
    return put(text, match, name + "".join(reversed(found)) + ("/>" if match.group(0).endswith("/>") else ">"))


def empty_element(source: random.Random, text: str) -> str:
    """Write an empty element in the other way."""
    if source.random() < 0.5:
        return re.sub(r"<([\w:.-]+)((?:\s[^<>]*)?)></\1>", r"<\1\2/>", text)
    return re.sub(r"<([\w:.-]+)((?:\s[^<>]*[^<>/])?)/>", r"<\1\2></\1>", text)


def wrap_base64(source: random.Random, text: str) -> str:
    """Wrap or join a long base64 value."""
    match = pick(source, re.compile(r"(?<=>)[A-Za-z0-9+/=\s]{60,}(?=<)"), text)
    joined = re.sub(r"\s", "", match.group(0))
    if "<" in joined:
        return text
    return put(text, match, joined if source.random() < 0.3 else "\n".join(re.findall(r".{1,64}", joined)))


def declaration(source: random.Random, text: str) -> str:
    """Add or drop what stands before the root element."""
    text = re.sub(r"\A\ufeff?(<\?xml[^>]*\?>\s*)?", "", text)
    return (
        source.choice(
            ("", "\ufeff", '<?xml version="1.0"?>', "<?xml version='1.0' encoding='UTF-8'?>\n", "<!-- first -->")
        )
        + text
    )


def truncate(source: random.Random, text: str) -> str:
    """Cut the end off."""
    return text[: source.randrange(len(text))]


MUTATIONS: tuple[Mutation, ...] = (
    character, content_character, white_space, comment, comment_in_text, remove_element, repeat_element, move_element,
    remove_attribute, change_attribute, add_attribute, same_id, algorithm, prefix, quotes, attribute_order, empty_element,
    wrap_base64, declaration, truncate,
)  # fmt: skip


def mutate(source: random.Random, text: str) -> tuple[str, str]:
    """Apply one mutation, sometimes two or three; return their names and the text."""
    names = []
    for _ in range(source.choice((1, 1, 1, 2, 3))):
        mutation = source.choice(MUTATIONS)
        try:
            text = mutation(source, text) if text else text
        except LookupError:  # nothing of that kind is left
            continue
        names.append(mutation.__name__)
    return "+".join(names), text
