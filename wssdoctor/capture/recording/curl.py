"""curl commands, as tickets and "Copy as cURL" hold them."""

from __future__ import annotations

import base64
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from wssdoctor.capture.recording.exchange import Exchange, request_text
from wssdoctor.capture.source import Source

_VALUED = frozenset(
    (  # noqa: SIM905 - words of a manual, not code
        "-X --request -H --header -d --data --data-ascii --data-raw --data-binary -u --user -b --cookie -A --user-agent "
        "-e --referer --url -o --output -m --max-time --connect-timeout -E --cert --key --cacert --capath -x --proxy "
        "-w --write-out --resolve --retry -T --upload-file -F --form --cert-type --key-type --pass -U --proxy-user "
        "--ciphers --tls-max -D --dump-header -c --cookie-jar --noproxy --json"
    ).split()
)
_ANSI = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b", "0": "\0"}
_DATA_FILE = 256 * 1024 * 1024


def exchanges(source: Source) -> Iterator[Exchange]:
    """Yield one request a command. Raises InputError for one that cannot be read.

    Bodies named with ``@`` are read from the folder of the file alone.
    """
    text = source.data.decode("utf-8-sig", "replace")
    text = _ANSI.sub(lambda match: shlex.quote(_unescaped(match[1])), text.replace("\\\r\n", " ").replace("\\\n", " "))
    try:
        words = shlex.split(text, comments=False, posix=True)
    except ValueError as error:
        raise source.refusal(
            "The curl command cannot be read.", why=f"{error}.", hint="Copy it in the form for bash, not for cmd."
        ) from None
    commands: list[list[str]] = []
    for word in words:
        if word in ("curl", "curl.exe"):
            commands.append([])
        elif commands and word not in ("$", ";", "&&"):
            commands[-1].append(word)
    for number, command in enumerate(commands, 1):
        yield _exchange(source, str(number), command)


def _exchange(source: Source, label: str, words: list[str]) -> Exchange:
    method, url, headers, body = "", "", [], b""
    data: list[bytes] = []
    for option, value in _options(words):
        match option:
            case "-X" | "--request":
                method = value
            case "-H" | "--header":
                name, _, content = value.partition(":")
                headers.append((name.strip(), content.strip()))
            case "-d" | "--data" | "--data-ascii" | "--data-binary" | "--data-raw" | "--json":
                data.append(_data(source, option, value))
            case "-u" | "--user":
                headers.append(("Authorization", "Basic " + base64.b64encode(value.encode()).decode()))
            case "-b" | "--cookie":
                headers.append(("Cookie", value))
            case "-A" | "--user-agent":
                headers.append(("User-Agent", value))
            case "-F" | "--form" | "-T" | "--upload-file":
                raise source.refusal(f"curl's {option} is not read.", hint="Save the raw request: curl --trace FILE")
            case "" | "--url":
                url = url or value
    if not url:
        raise source.refusal("The curl command has no URL.")
    if "://" not in url:
        url = f"http://{url}"
    body = b"&".join(data)
    if data and all(name.lower() != "content-type" for name, _ in headers):
        headers.append(("Content-Type", "application/x-www-form-urlencoded"))
    return Exchange(label, request_text(method or ("POST" if data else "GET"), url, headers, body), url=url)


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield options with their values, and plain words with the empty option."""
    position = 0
    while position < len(words):
        word = words[position]
        position += 1
        name, equals, value = word.partition("=")
        if word in _VALUED:
            yield word, words[position] if position < len(words) else ""
            position += 1
        elif equals and name in _VALUED and name.startswith("--"):
            yield name, value
        elif word.startswith("-") and not word.startswith("--") and word[:2] in _VALUED:
            yield word[:2], word[2:]
        elif word.startswith("-") and len(word) > 1:
            yield word, ""
        else:
            yield "", word


def _data(source: Source, option: str, value: str) -> bytes:
    if option == "--data-raw" or not value.startswith("@"):
        return value.encode("utf-8", "surrogateescape")
    name = value[1:]
    if not source.name or Path(name).name != name or name in ("", "-", ".", ".."):
        raise source.refusal(
            f"The body stands in {name}, which is not read.", hint="Put the file beside the command, and name it alone."
        )
    path = Path(source.name).with_name(name)
    try:
        with path.open("rb") as file:
            found = file.read(_DATA_FILE + 1)
    except (OSError, ValueError):
        raise source.refusal(f"The body stands in {name}, which cannot be read.") from None
    if len(found) > _DATA_FILE:
        raise source.refusal(f"The body in {name} is too large.")
    # Only --data-binary keeps line ends (curl's manual, --data).
    return found if option in ("--data-binary", "--json") else re.sub(rb"[\r\n\0]", b"", found)


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1]:
            return chr(int(match[1] or match[2], 16))
        if match[2]:
            return chr(int(match[2], 16))
        return _ESCAPES.get(match[3], match[3])

    return re.sub(r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})|(.))", one, text, flags=re.DOTALL)
