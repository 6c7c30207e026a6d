"""The entry: help and version without weight, errors rendered once, exit codes, signals, pipes."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from tests.cli.command import HEALTHY, ROOT, SAMPLE, wssdoctor
from wssdoctor import __version__
from wssdoctor.cli import main
from wssdoctor.cli.main import COMMANDS

HEAVY = ("textual", "rich", "lxml", "cryptography", "jinja2", "platformdirs", "msgspec", "yaml", "httpx", "ssl")


def imported(*arguments: str) -> set[str]:
    """Return the modules that a command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "wssdoctor", *arguments],
        cwd=ROOT,
        capture_output=True,
        check=False,
        timeout=60,
    )
    return {line.rpartition(b"|")[2].strip().decode() for line in done.stderr.splitlines() if b"|" in line}


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("-h",)])
def test_help_and_version_import_nothing_heavy(arguments: tuple[str, ...]) -> None:
    assert not imported(*arguments) & set(HEAVY)


def test_explain_imports_neither_terminal_nor_xml_nor_cryptography() -> None:
    imported("explain", "WSS031")  # the cache of the knowledge base is warm now
    assert not imported("explain", "WSS031") & {"textual", "rich", "lxml", "cryptography", "jinja2", "yaml"}


def test_check_imports_no_terminal_library_and_without_signatures_no_cryptography() -> None:
    modules = imported("check", str(SAMPLE / "system.yaml"), str(SAMPLE / "captures"))
    assert not modules & {"textual", "rich", "jinja2", "httpx", "keyring", "cryptography"}


def test_version() -> None:
    assert wssdoctor("--version").stdout.decode() == f"wssdoctor {__version__}\n"


def test_every_command_exists_and_is_in_the_help() -> None:
    text = wssdoctor("--help").stdout.decode()
    for name, (where, _) in COMMANDS.items():
        module, _, attribute = where.partition(":")
        assert isinstance(getattr(import_module(module), attribute), click.Command)
        assert f"\n  {name} " in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_of_eighty_columns(name: str) -> None:
    done = wssdoctor(name, "--help", environment={"COLUMNS": "80"})
    assert done.returncode == 0
    assert max(map(len, done.stdout.decode().splitlines())) <= 80


def test_a_mistyped_command_is_named_and_the_nearest_told() -> None:
    done = wssdoctor("chek")
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"check" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("system.yaml",), (str(HEALTHY / "system.yaml"), "x.http")])
def test_without_a_terminal_the_terminal_ui_does_not_open(arguments: tuple[str, ...]) -> None:
    done = wssdoctor(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"needs a terminal" in done.stderr


@pytest.mark.parametrize("arguments", [("check",), ("replay",), ("check", "a", "--at", "noon"), ("schema", "nothing")])
def test_wrong_use(arguments: tuple[str, ...]) -> None:
    done = wssdoctor(*arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Traceback" not in done.stderr


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = f"{sys.executable} -m wssdoctor knowledge list | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert done.stderr == b""
    assert done.stdout.splitlines()[-1] in (b"0", b"141")


def test_a_closed_pipe_ends_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "wssdoctor", "knowledge", "list"],
        cwd=ROOT,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        timeout=60,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_an_interrupt_ends_quietly() -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "wssdoctor", "explain", "-"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # what runs in the background ignores it
    )
    assert running.stdin is not None
    running.stdin.write(b" " * 2**20)  # more than a pipe holds, so it is reading once this is written
    running.stdin.flush()
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (130, b"", b"")


def test_a_defect_is_one_line_without_data(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    @click.command
    def broken() -> int:
        raise KeyError("hunter2")

    monkeypatch.setattr(main, "loaded", lambda _: broken)
    assert main.run(["check"]) == 4
    text = capsys.readouterr().err
    assert text.count("\n") == 1
    assert "KeyError" in text
    assert "--debug" in text
    assert "hunter2" not in text
    with pytest.raises(KeyError):
        main.run(["check", "--debug"])


def on_terminal(*arguments: str, environment: dict[str, str]) -> bytes:
    """Run the command with a terminal as its output and return what the terminal received."""
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "wssdoctor", *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "xterm", **environment},
    ) as running:
        os.close(slave)
        received = b""
        try:
            while part := os.read(master, 65536):
                received += part
        except OSError:  # Linux says so when the last writer is gone
            pass
        running.wait(timeout=60)
    os.close(master)
    return received


def test_colour_on_a_terminal_only_and_never_against_no_color() -> None:
    assert b"\x1b[" in on_terminal("explain", "WSS031", environment={"NO_COLOR": ""})
    assert b"\x1b[" not in on_terminal("explain", "WSS031", environment={"NO_COLOR": "1"})
    assert b"\x1b[" not in on_terminal("explain", "WSS031", environment={"NO_COLOR": "", "TERM": "dumb"})
    assert b"\x1b[" not in wssdoctor("explain", "WSS031").stdout
    assert b"\x1b[" in wssdoctor("explain", "WSS031", "--color", "always", environment={"NO_COLOR": "1"}).stdout


def test_an_encoding_that_lacks_characters_does_not_break_the_text(tmp_path: Path) -> None:
    (tmp_path / "ä\x1b.http").write_bytes((HEALTHY / "captures" / "01-order-create.http").read_bytes())
    done = wssdoctor(
        "check", HEALTHY / "system.yaml", tmp_path / "ä\x1b.http", environment={"PYTHONIOENCODING": "ascii"}
    )
    assert done.returncode == 0
    assert rb"\xe4\u241b.http" in done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell: str) -> None:
    done = wssdoctor("completion", shell)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"_WSSDOCTOR_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("words", "completion"),
    [
        ("wssdoctor kn", "knowledge"),
        ("wssdoctor check --fail", "--fail-on"),
        ("wssdoctor check --fail-on me", "medium"),
        ("wssdoctor replay --apply run-wss", "run-wss-setup"),
    ],
)
def test_completions(words: str, completion: str) -> None:
    environment = {
        "_WSSDOCTOR_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split()) - 1),
    }
    done = wssdoctor(environment=environment)
    assert f"plain,{completion}" in done.stdout.decode().splitlines()
