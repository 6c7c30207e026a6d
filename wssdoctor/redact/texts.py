"""Redacting texts and addresses: known values, then whatever has the form of a name, then every foreign word."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from wssdoctor.errors import InputError
from wssdoctor.redact.level import Level
from wssdoctor.redact.register import Register
from wssdoctor.redact.words import own_words

_PLACEHOLDER = re.compile(r"<[a-z]+(?:-[a-z]+)*-\d+>")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:Z|[+-]\d\d:?\d\d)?")
_NUMBER = re.compile(r"[-+]?\d{1,9}(?:[.,:]\d{1,9})*%?")
_URL = re.compile(r"\b([a-z][a-z0-9+.-]{1,15})://([^\s/?#\"'<>]*)([^\s?#\"'<>]*)(\?[^\s#\"'<>]*)?", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = re.compile(
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|(?<![\w:.])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?![\w:.])"
)
_SAP_PATH = re.compile(r"(?<![\w>])/sap/[^\s\"'<>,;]+")
_ATTRIBUTE = re.compile(
    r"\b(CN|OU|O|L|ST|SP|S|DC|UID|T|G|GN|SN|E|EMAIL|EMAILADDRESS|SERIALNUMBER|STREET|GIVENNAME|TITLE|SURNAME|USERID)"
    r"(\s*=\s*)((?:\\.|[^,+;/\\\n])+)",
    re.IGNORECASE,
)
_CHUNK = re.compile(r"[^\s\"'(){}\[\],;<>]+")
_PART = re.compile(r"[A-Za-z]+|[^\W\d_]+|\d+")
_LONGEST_NUMBER = 9

KEPT_SEGMENTS = frozenset(
    {"sap", "bc", "srt", "xip", "rfc", "wsdl", "soap", "ping", "public", "xms", "pm", "idoc", "scs", "wsa", "saml2"}
    | {"icf", "icf_info", "srt_util", "default_host", "apc", "rest", "opu", "odata", "it00", "es", "ws_policy", "bndg"}
)
"""Parts of ICF paths that SAP gives itself."""


class Texts:
    """Redacts texts with one register."""

    def __init__(self, register: Register) -> None:
        self.register = register
        self.allowed: set[str] = set()
        """Foreign words that are kept, in lower case: names of elements of bodies."""
        self.digests: set[str] = set()
        """Digests that stay in captures: a finding may name them too."""
        self._closed = lru_cache(maxsize=65536)(self._foreign)

    def opened(self, text: str) -> str:
        """Return a text with the known values and everything in the form of an address replaced."""
        if self.register.level is Level.NAMES:
            return self._known(text)
        text = _URL.sub(lambda match: self.url(match.group()), self._known(text))
        text = _EMAIL.sub(lambda match: self.register.name("email", match.group()), text)
        text = _SAP_PATH.sub(lambda match: self.path(match.group()), text)
        text = _ATTRIBUTE.sub(lambda match: self._attribute(match), text)
        return _ADDRESS.sub(self._address, text)

    def closed(self, text: str) -> str:
        """Return a text in which every word that is not our own is replaced, whatever it means."""
        text = self.opened(text)
        return text if self.register.level is Level.NAMES else self._closed(text)

    def page(self, text: str) -> str:
        """Return a text from which every foreign word is taken at every level, because nobody knows what it holds."""
        keeps = self.register.level is Level.NAMES
        parts = []
        for part in re.split(r"(\s+)", self.opened(text)):
            foreign = _CHUNK.search(_PLACEHOLDER.sub("", part)) and self._closed_word(part) is None
            parts.append(part if not foreign else "<word>" if keeps else self.register.secret("word", part))
        return "".join(parts)

    def distinguished_name(self, text: str) -> str:
        """Return a distinguished name with its form kept and its values replaced."""
        if self.register.level is Level.NAMES:
            return self._known(text)
        from wssdoctor.wsse.distinguished_name import parse

        try:
            for rdn in parse(text).rdns:
                for kind, value in rdn:
                    if kind != "2.5.4.6":
                        self.register.name("name", value)
        except (ValueError, InputError):
            return self.register.name("name", text)
        made = _ATTRIBUTE.sub(lambda match: self._attribute(match), text)
        return self._closed(made)

    def url(self, text: str) -> str:
        """Return an address with host, path and query redacted; a URN or other text as one placeholder."""
        if self.register.level is Level.NAMES:
            return self._known(re.sub(r"//[^/@\s]*@", "//", text))
        match = _URL.fullmatch(text.strip())
        if match is None:
            return self.register.name("address", text) if text.strip() else text
        scheme, authority, path, query = match.groups()
        shown = f"{scheme}://{self.authority(authority)}{self.path(path)}"
        return f"{shown}?<query>" if query else shown

    def authority(self, text: str) -> str:
        """Return host and port with the host replaced; user and password before it become secrets."""
        login, at, host = text.rpartition("@")
        if at:
            user, _, password = login.partition(":")
            self.register.name("user", unquote(user))
            self.register.secret("password", unquote(password))
            return f"<login>@{self.authority(host)}"
        name, colon, port = host.rpartition(":")
        if not colon or not port.isdigit() or name.endswith(":"):
            name, port = host, ""
        if not name or _PLACEHOLDER.fullmatch(name):
            return host
        kind = "address" if _ADDRESS.fullmatch(name.strip("[]")) else "host"
        return self.register.name(kind, name) + (f":{port}" if port else "")

    def path(self, text: str) -> str:
        """Return a path with the parts replaced that are not SAP's own: services, folders."""
        if self.register.level is Level.NAMES:
            return text
        parts = [self._segment(part) for part in text.split("/")]
        return "/".join(parts)

    def _segment(self, part: str) -> str:
        bare, dot, rest = part.partition(";")
        plain = unquote(bare)
        if (
            not plain
            or plain.lower() in KEPT_SEGMENTS
            or re.fullmatch(r"\d{3}", plain)
            or _PLACEHOLDER.fullmatch(plain)
        ):
            return bare
        return self.register.name("service", plain) + (f"{dot}<parameter>" if rest else "")

    def _known(self, text: str) -> str:
        parts, position = [], 0
        for start, end, one in self.register.spans(text):
            parts += [text[position:start], self.register.count(one.placeholder)]
            position = end
        return "".join([*parts, text[position:]]) if parts else text

    def _attribute(self, match: re.Match[str]) -> str:
        value = match[3].rstrip(" \"')")
        if _PLACEHOLDER.search(value):
            return match[0]
        plain = re.sub(r"\\(.)", r"\1", value).strip(" \"'")
        return f"{match[1]}{match[2]}{self.register.name('name', plain)}{match[3][len(value) :]}"

    def _address(self, match: re.Match[str]) -> str:
        text = match.group()
        return (
            text if text.strip(":").isdigit() or text.count(":") == len(text) else self.register.name("address", text)
        )

    def _closed_word(self, part: str) -> str | None:
        """Return a word that is our own, a time or a small number; None for any other."""
        bare = _PLACEHOLDER.sub("", part).strip(".:!?,;()\"'")
        ours = _TIME.fullmatch(bare) or _NUMBER.fullmatch(bare) or all(map(self._is_ours, _PART.findall(bare)))
        return part if ours else None

    def _foreign(self, text: str) -> str:
        parts, position = [], 0
        for match in _PLACEHOLDER.finditer(text):
            parts += [_CHUNK.sub(self._chunk, text[position : match.start()]), match.group()]
            position = match.end()
        return "".join([*parts, _CHUNK.sub(self._chunk, text[position:])])

    def _chunk(self, match: re.Match[str]) -> str:
        chunk = match.group()
        bare = chunk.strip(".:!?")
        if (
            not bare
            or bare in self.digests
            or _TIME.fullmatch(bare)
            or _NUMBER.fullmatch(bare)
            or all(map(self._is_ours, _PART.findall(bare)))
        ):
            return chunk
        return chunk.replace(bare, self.register.name("word", bare))

    def _is_ours(self, part: str) -> bool:
        if part.isdigit():
            return len(part) <= _LONGEST_NUMBER
        return len(part) == 1 or part.lower() in own_words() or part.lower() in self.allowed
