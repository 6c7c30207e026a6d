"""Codes that are numbers in a context: message classes, HTTP statuses, return codes of the logon and of SSF.

Beside them stands the user of a failed logon, who is found in a context, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias

from wssdoctor.knowledge import logged_user
from wssdoctor.knowledge.wording import Key, Span, is_numbered

if TYPE_CHECKING:
    from wssdoctor.knowledge.base import Base
    from wssdoctor.knowledge.record import Message

Numbered: TypeAlias = "Callable[[str, str, Base], Iterator[tuple[str, Span]]]"

_NUMBER = r"(?<![\d.,])0*(\d{1,3})(?![\d]|[.,]\d)"
_HTTP = (
    r"(?i)(?<![a-z_])HTTP(?:/\d(?:\.\d)?)?[\s:=_\"-]{0,3}(?:response|status|error|return|reply)?[\s-]?(?:code)?"
    r"[\s:=(]{0,3}(\d{3})(?!\d)"
    r"|\b(?:status(?:[\s_-]?code)?|error)[\s:=(]{1,3}(\d{3})(?!\d)|^\s*(\d{3})\s*$"
)
_REASON_PHRASE = r"(?<!\d)(\d{3})[\s:(-]{1,3}([A-Za-z]+(?: [A-Za-z]+)*)"
_LOGON = (
    rf"logon-rc-(\d{{1,2}})(?!\d)|logon\s+(?:return\s+|error\s+)?code[\s:=]{{1,3}}{_NUMBER}"
    rf"|return\s+code\s*[=:]\s*{_NUMBER}(?=.{{0,40}}320991)|rc\s*[=:]\s*{_NUMBER}(?=.{{0,40}}320991)"
    rf"|reason\s*[=:]\s*(?P<reason>{_NUMBER})|grund\s*[=:]\s*(?P<grund>{_NUMBER})"
    rf"|au(?<!\wau)[26]\b.{{0,40}}?\breason\s+{_NUMBER}"
)
"""For lines in lower case. Each way begins with a letter, so that the others are passed over quickly."""
_SURE_LOGON = r"logon(?<!\wlogon)\b|anmeldung(?<!\wanmeldung)\b|au[26](?<!\wau[26])\b|320991"
_LOGON_CONTEXT = rf"{_SURE_LOGON}|typ(?<!\wtyp)e?\s*[=:]\s*\w\b"
_ABOUT_PASSWORDS = range(54, 60)
"""Return codes of the logon that no public text explains, among others that speak of passwords."""
_SSF = rf"(?i)\b(?:SSF(?:[ _-]?(?:API|RC|PAB))?|CRC)(?:[ -]?(?:return[ -]?code|error|code|rc))?[\s:=(-]{{1,3}}{_NUMBER}"
_SSL_CODE = r"(?i)(?:failed|failure|errors?|rc|code|sslerr\w*)[\s:=(]{1,4}(-\d{2,3})(?![\w.-])"
_MESSAGE = r"\b(?:message|msg|class|nachricht)\W{0,3}(?:number|no|nr|nummer)?\W{0,3}$"
_SSL_WORDS = ("ssl", "tls", "peer", "certificate", "icm")
"""Words of which one stands before a code such as -102 in its line."""
_SSL_CONTEXT = rf"(?<!\w)(?:{'|'.join(_SSL_WORDS)})(?!\w)"
_DIGITS = r"0*(\d{1,3})"


def keys(messages: Mapping[str, Message]) -> Iterator[tuple[str, Key]]:
    """Yield the keys of the finders of numbers, each with a word that its part cannot do without."""
    for message in messages.values():
        for identifier in filter(is_numbered, (message.id, *message.aliases)):
            name, number = identifier[:-3].lower(), identifier[-3:]
            if name.isdigit():
                yield number, Key("@class", number, only=message.id)  # 00 stands in every time of day
            else:
                after = r"[ \t]*[-_/#:(]?[ \t]*(?:(?:no|nr|number|message)[ \t]*\.?[ \t]*)?(\d{1,3})(?!\d)"
                yield name, Key("@class", name + after, pattern=True, names=f"{identifier[:-3]}{{:03}}")
                yield name, Key("@class", rf"\([ \t]*{name}", pattern=True)
            yield name + number, Key("@class", name + number, only=message.id)
            yield name + str(int(number)), Key("@class", name + str(int(number)), only=message.id)
        if message.id.startswith("HTTP-"):
            yield message.id[5:], Key("@http", message.id[5:], only=message.id)
    note = rf"r(?:eturn[ \t]+code|c)[ \t]*[=:][ \t]*{_DIGITS}(?=[^\n]{{0,99}}320991)"
    yield "320991", Key("@logon", note, pattern=True, names="LOGON-RC-{}")
    for word in ("reason", "grund"):
        yield word, Key("@logon", rf"{word}[ \t]*[=:]?[ \t]*{_DIGITS}", pattern=True, names="LOGON-RC-{}")
    code = rf"logon(?:-rc-|[ \t]+(?:return[ \t]+|error[ \t]+)?code[ \t=:]+){_DIGITS}"
    yield "logon", Key("@logon", code, pattern=True, names="LOGON-RC-{}")
    for word in _SSL_WORDS:
        yield word, Key("@ssl", r"-(?<=[ \t:=(]-)(\d{2,3})(?![\w.-])", pattern=True, names="-{}")
    ssf = r"(?:[ \t_-]*(?:api|rc|pab))?(?:[ \t-]*(?:return[ \t-]*code|error|code|rc))?[ \t:=(-]+"
    yield from logged_user.keys(messages)
    yield "crc", Key("@ssf", rf"crc{ssf}{_DIGITS}", pattern=True, names="SSF-RC-{}")
    for word in ("ssf", "ssf_api", "ssf_rc", "ssf_pab"):
        yield word, Key("@ssf", rf"ssf{ssf}{_DIGITS}", pattern=True, names="SSF-RC-{}")


def named(key: Key, digits: str, base: Base) -> str | None:
    """Return the message that a number may name where a key found it; nothing where there is none."""
    if key.finder == "@logon":
        return _logon(int(digits), base)
    name = key.names.format(int(digits))
    return name if name in base.messages else base.messages_by_alias.get(name)


def _logon(code: int, base: Base) -> str:
    """Return the message of a return code of the logon, be it one that nobody explains."""
    if f"LOGON-RC-{code}" in base.messages:
        return f"LOGON-RC-{code}"
    return "LOGON-RC-PASSWORD" if code in _ABOUT_PASSWORDS else "LOGON-RC-UNKNOWN"


def _of_classes(_line: str, lowered: str, base: Base) -> Iterator[tuple[str, Span]]:
    """Find WSS031, wss 31, WSS(031), 031(WSS), e031(wss)."""
    for match in re.finditer(base.class_pattern, lowered):
        name, digits = match["before"] or match["second"], match["after"] or match["first"]
        written = f"{name.upper()}{int(digits):03d}"
        identifier = written if written in base.messages else base.messages_by_alias.get(written)
        if identifier is not None and (name != "00" or _sure(match, lowered)):
            yield identifier, match.span()


def _sure(match: re.Match[str], lowered: str) -> bool:
    """Whether a number of class 00 is meant: 00 and a number beside it stand in many a line."""
    together = match[0].isdigit() or "(" in match[0]
    return together or match[0] == lowered.strip() or bool(re.search(_MESSAGE, lowered[: match.start()]))


def _of_statuses(line: str, lowered: str, base: Base) -> Iterator[tuple[str, Span]]:
    if any(word in lowered for word in ("http", "status", "error")) or lowered.strip().isdigit():
        for match in re.finditer(_HTTP, line):
            if line.startswith(" occured", match.end()):
                continue  # the ABAP client's own words for a code of the ICM, which is no status of HTTP
            identifier = f"HTTP-{match[1] or match[2] or match[3]}"
            if identifier in base.messages:
                yield identifier, match.span()
    for match in re.finditer(_REASON_PHRASE, line):
        message = base.messages.get(f"HTTP-{match[1]}")
        if message is not None and f"{match[2]} ".lower().startswith(f"{message.text} ".lower()):
            yield message.id, (match.start(), match.start(2) + len(message.text))


def _of_logon(_line: str, lowered: str, base: Base) -> Iterator[tuple[str, Span]]:
    if not any(word in lowered for word in ("code", "reason", "grund", "logon-rc", "320991")):
        return
    for match in re.finditer(_LOGON, lowered):
        if (match["reason"] or match["grund"]) and not re.search(_LOGON_CONTEXT, lowered):
            continue
        code = int(next(filter(None, match.groups())))
        identifier = _logon(code, base)
        if identifier == f"LOGON-RC-{code}" or (identifier in base.messages and re.search(_SURE_LOGON, lowered)):
            yield identifier, match.span()


def _of_ssf(line: str, _lowered: str, base: Base) -> Iterator[tuple[str, Span]]:
    """Find return codes of SSF, which WSS019 shows as CRC, or behind its label SSF_PAB."""
    by_alias = base.messages_by_alias
    for match in re.finditer(_SSF, line):
        identifier = by_alias.get(f"SSF-RC-{match[1]}")
        if identifier is not None:
            yield identifier, match.span()


def _of_ssl(line: str, lowered: str, base: Base) -> Iterator[tuple[str, Span]]:
    """Find codes of the SSL layer, such as -102, after a word that says that they are."""
    context = re.search(_SSL_CONTEXT, lowered)
    if context is None:
        return
    for match in re.compile(_SSL_CODE).finditer(line, context.end()):
        identifier = base.messages_by_alias.get(match[1])
        if identifier is not None:
            yield identifier, match.span(1)


NUMBERED: Mapping[str, Numbered] = {
    "@class": _of_classes,
    "@http": _of_statuses,
    "@logon": _of_logon,
    "@ssf": _of_ssf,
    "@ssl": _of_ssl,
    "@caller": logged_user.find,
}
"""The finders by the name under which words lead to them."""
