"""A hostile case is walked through every screen on a pseudo-terminal: nothing but our own commands reaches it."""

from __future__ import annotations

import base64
import datetime as dt
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.tui.screen import CORPUS, LARGE
from tests.tui.terminal import Terminal
from wssdoctor.sample import folder as sample
from wssdoctor.tui.recent import Recent, remember

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")

EVIL = "\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x07\x1b]8;;http://evil\x1b\\\x1b[2J\x1b[31;5m\x9b5m\u202e\u200b\u2066[/x][@click=app.quit][red]\x00"
"""Title, clipboard, link, clear, blink, C1, writing direction, markup."""
IN_XML = "\x9b5m\u202e\u200b[/x][red]"
"""What of it XML may hold."""
LONG = 1_000_000
ESC = "\x1b[27u"
"""The key as newer terminals send it: no waiting whether more follows."""
_OURS = re.compile(
    r"\x1b\[(?:[0-9;]*[mHKJ]|\?[0-9;]+[hl]|\?[0-9]+\$p|[<>=][0-9;]*u|\?u|[0-9;]*t|6n|c)"
    r"|\x1b\]52;c;(?P<copied>[A-Za-z0-9+/=]*)\x07|\x1b\](?:10|11);\?(?:\x07|\x1b\\)|\x1b\]22;[a-z]+(?:\x07|\x1b\\)|\x1b[78=>]|\x1bP\$q.*?\x1b\\"
)
"""What Textual sends of its own accord, and what is copied."""
_FORBIDDEN = re.compile(
    "[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]|\r(?!\n)"
)
_STYLES = {"", "0", "1", "2", "3", "4", "7"}
"""Bold, dim, italic, underlined, reverse; neither blinking nor concealed."""


def check(written: bytes) -> None:
    """Assert that everything written is text or a command of Textual's own."""
    text = written.decode("utf-8", "surrogateescape")
    for codes in set(re.findall(r"\x1b\[([0-9;]*)m", text)):
        left = re.sub(r"[34]8;(?:2;\d+;\d+;\d+|5;\d+)|[349][0-9]", "", codes).split(";")
        assert set(left) <= _STYLES, codes
    assert "\x1b[2J" not in text
    for found in _OURS.finditer(text):
        if found["copied"]:
            copied = base64.b64decode(found["copied"]).decode()
            assert not _FORBIDDEN.search(copied.replace("\n", "")), copied[:200]
    bad = _FORBIDDEN.search(rest := _OURS.sub("", text))
    assert bad is None, repr(rest[max(0, bad.start() - 80) : bad.end() + 80])


def hostile_case(folder: Path) -> Path:
    """Write a case of which every name and text is hostile, and return its description."""
    home = folder / os.fsdecode(b"case" + EVIL.replace("/", "").replace("\0", "").encode() + b"\xff\xed\xa0\x80")
    captures = home / "captures"
    captures.mkdir(parents=True)
    for path in sample().glob("*.pem"):
        shutil.copy(path, home)
    system = (sample() / "system.yaml").read_text()
    evil = '"' + "".join(f"\\U{ord(one):08x}" for one in EVIL) + '"'
    for name in ("erp.example.com", "WS_SHOP"):
        system = system.replace(f": {name}", f": {evil}")
    (home / "system.yaml").write_text(system)
    for number, path in enumerate(sorted((sample() / "captures").iterdir())[2:7]):
        text = re.sub("(?im)^content-length: .*\n", "", path.read_text())
        text = text.replace("WS_SHOP", f"WS{IN_XML}").replace("<faultstring>", f"<faultstring>{IN_XML}")
        text = text.replace("\n\n", f"\nX-Evil: {IN_XML}\n\n", 1)
        if number == 1:
            text = text.replace("PUMP-P-2000", "x" * LONG)
        name = EVIL.replace("/", "").replace("\0", "")
        (captures / os.fsdecode(b"%02d" % number + name.encode() + b"\xff.http")).write_text(text, "utf-8")
    return home / "system.yaml"


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment with knowledge of one's own that the reader lets in, and no command that copies."""
    own = folder / "own"
    own.mkdir()
    (own / "extensions.yaml").write_text(
        'extensions:\n  - cause: clock-skew\n    why: Ours.\n    symptoms: ["owned \\u200b\\U000e0041[/x][red] in words."]\n'
    )
    return {"WSSDOCTOR_KNOWLEDGE": str(own), "PATH": str(folder)}


COPIED = "\x1b]52;c;"
"""What hands a text to the terminal's clipboard."""
FINDINGS = "FAIL   The message had expired when"
"""What only the findings show, and any dialog over them hides."""
ARTICLES = "CAUSE  The request carries other"
"""The same for the knowledge."""

WALK = (
    # Findings
    *(("f", "confirmed only"), ("f", "ruled out"), ("f", "problems and gaps")),
    *(("v", "by root cause"), ("v", "by stage"), ("v", "Not checked:"), ("y", COPIED)),
    *(("a", " articles"), ("1", FINDINGS)),
    # Requests
    *(("2", "Parts"), ("/", "\x1b[39;"), ("5m\r", "n and N go on")),
    *(("v", "14 <soap-env:Envelope"), ("Y", COPIED), ("v", "Parts of the message")),
    *(("p", "demanded"), ("h", "HTTP response, captured")),
    *(("]v", "Material>xxxxxx"), ("w", "    Authorization: Basic is judged")),
    # What-if
    *(("3", "Replay"), ("s", "now accepted"), ("d", "Remedies in the basket"), (ESC, "WEAKENS SECURITY")),
    *(("]", "request 2 of 5"), ("h", "stage 2 of 12")),
    ("5", "causes are possible"),
    # Knowledge
    *(("4", ARTICLES), ("/", "\x1b[2;5H"), ("clock-skew", "owned"), (ESC, ARTICLES), ("m", "Esc Close")),
    *((ESC, ARTICLES), ("?", "Keys: "), (ESC, ARTICLES)),
    # Dialogs over the findings
    *(("1", FINDINGS), ("x", "Report as"), ("p", "FINDINGS: 7"), (ESC, "Report as")),
    *(("jjjjjjr", "names kept"), (ESC, FINDINGS)),
    *(("c", "another description"), (f"\x1b[200~{IN_XML}/nowhere.yaml\x1b[201~\r", "cannot be read")),
    *((f"{ESC}{ESC}", FINDINGS), (":", "Search for commands"), ("owned", "  owned"), (ESC, FINDINGS)),
    # Lab
    *(("6", "serves the system"), ("s", "http://127.0.0.1:")),
)


CHANGED = (
    *(("\r", "[ Prev"), ("]", "Nobody gave this fact"), ("y", COPIED), (ESC, "What is wrong")),
    *(("2", "Parts"), ("d", "could not be found"), ("y", COPIED), (ESC, "Parts")),
)
"""The detail of a finding, and what was signed beside what came."""

WITHOUT_CASE = (
    (
        ("1", "No case is open"),
        ("4", "articles"),
        ("p", "Paste a text"),
        (f"\x1b[200~{EVIL[3:]} WSS031 {IN_XML}\x1b[201~", "b3duZWQ="),
        ("\x13", "The pasted text"),
    ),
    (("o", "folder of exports"), (f"\x1b[200~{IN_XML}.yaml\x1b[201~", "5m"), ("\r", "cannot be opened")),
)
"""Without a case: recent ones, what is pasted, files that are not there."""


def test_a_hostile_case_on_every_screen(tmp_path: Path) -> None:
    system = hostile_case(tmp_path)
    environment = _environment(tmp_path)
    call = f"run(Path({str(system)!r}), [Path({str(system.parent / 'captures')!r})])"
    with Terminal(tmp_path / "state", call=call, environment=environment, size=LARGE) as terminal:
        terminal.walk([("", "7 CAUSES CONFIRMED"), *WALK])
        assert terminal.leave() == 0
        check(terminal.written)
        assert "owned" in terminal.text


def test_a_hostile_body_that_was_changed_after_signing_on_a_small_screen(tmp_path: Path) -> None:
    message = (CORPUS / "node" / "cert-wsu-id+body-pretty.xml").read_text()
    changed = tmp_path / f"{EVIL.replace('/', '').replace(chr(0), '')}.xml"
    changed.write_text(message.replace("Käufer", IN_XML))
    with Terminal(tmp_path / "state", call=f"run(None, [Path({str(changed)!r})])") as terminal:
        terminal.walk([("", "1 CAUSE CONFIRMED"), *CHANGED])
        assert terminal.leave() == 0
    check(terminal.written)


@pytest.mark.parametrize("steps", WITHOUT_CASE, ids=["paste", "open"])
def test_hostile_names_and_texts_where_no_case_is_open(tmp_path: Path, steps: tuple[tuple[str, str], ...]) -> None:
    known = Recent(f"{EVIL}.yaml", (EVIL,), 1, 1, 1, dt.datetime.now(dt.UTC))
    remember(known, tmp_path / "state" / "wssdoctor" / "recent.json")
    with Terminal(tmp_path / "state", call="run(None)", environment=_environment(tmp_path)) as terminal:
        terminal.until("file has moved")
        terminal.walk(steps)
        assert terminal.leave() == 0
    check(terminal.written)


def test_knowledge_of_others_that_no_reader_lets_in_is_named_and_harmless(tmp_path: Path) -> None:
    environment = _environment(tmp_path)
    file = tmp_path / "own" / "extensions.yaml"
    file.write_text(file.read_text().replace("owned", "owned\\e[2J\\e]0;owned\\a"))
    before = "from wssdoctor.cli import main"
    with Terminal(tmp_path / "state", before=before, call="main.run(['demo'])", environment=environment) as terminal:
        terminal.until("is no text for people to read")
        assert terminal.leave("") == 2
    check(terminal.written)


@pytest.mark.parametrize(
    "leak", ["\x1b]0;owned\x07", "\x1b[5m", "\x1b[2J", "\x9b5m", "\u202e", "\x00", "a\rb", "\x1b]8;;x\x1b\\"]
)
def test_the_check_of_what_is_written_finds_every_leak(leak: str) -> None:
    check(b"harmless \x1b[1;38;2;1;2;3;48;2;4;5;6mtext\x1b[0m\r\n")
    with pytest.raises(AssertionError):
        check(f"before{leak}after".encode())
