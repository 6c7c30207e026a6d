"""Open a case: name its files. Paths are completed while they are typed."""

from __future__ import annotations

import glob
import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input

from wssdoctor.errors import InputError
from wssdoctor.tui.commands import bindings
from wssdoctor.tui.keynames import key
from wssdoctor.tui.lines import Span, span
from wssdoctor.tui.screens.base import Dialog
from wssdoctor.tui.session import Opening
from wssdoctor.tui.text import harmless
from wssdoctor.tui.widgets.bar import Banner
from wssdoctor.tui.widgets.field import Field, SecretField

if TYPE_CHECKING:
    from wssdoctor.wsse.private_key import PrivateKey

_MOST_ENTRIES = 2000
_LINES = (
    ("title", "Open a case", "a system, requests, or both"),
    ("about-system", "System", "a YAML description, or a folder of exports"),
    ("about-captures", "Captured requests", "files, folders or patterns"),
    ("about-keys", "Private keys that decrypt", "kept in memory only"),
)


class PathSuggester(Suggester):
    """Completes the path at the end of a line."""

    def __init__(self, *, several: bool = False) -> None:
        """Take whether the line holds several paths, with blanks between them; one alone may hold blanks itself."""
        super().__init__(use_cache=False, case_sensitive=True)
        self._several = several

    async def get_suggestion(self, value: str) -> str | None:
        """Return the line with the first fitting path, in alphabetical order."""
        before, _, last = value.rpartition(" ") if self._several else ("", "", value)
        if not last:
            return None
        folder, name = os.path.split(os.path.expanduser(last))  # noqa: PTH111 - Path drops a slash at the end
        try:
            with os.scandir(folder or ".") as entries:
                found = sorted(
                    entry.name + ("/" if entry.is_dir() else "")
                    for _, entry in zip(range(_MOST_ENTRIES), entries, strict=False)
                    if entry.name.startswith(name) and (name or not entry.name.startswith("."))
                )
        except (OSError, ValueError):
            return None
        fitting = next((one for one in found if harmless(one) == one and not (self._several and " " in one)), None)
        if fitting is None:
            return None
        return f"{before} {last}{fitting[len(name) :]}" if before else f"{last}{fitting[len(name) :]}"


class OpenDialog(Dialog):
    """Asks for the files of a case."""

    BINDINGS = bindings("open")
    context = "open"

    def box(self) -> Widget:
        opening = self.doctor.session.opening
        known = opening if opening and not opening.sample else None
        system = str(known.system) if known and known.system else ""
        captures = shlex.join(map(str, known.captures)) if known else ""
        return Vertical(
            Banner(id="title"),
            Banner(id="about-system"),
            Field(system, placeholder="system.yaml or exports/", suggester=PathSuggester(), id="system", compact=True),
            Banner(id="about-captures"),
            Field(
                captures,
                placeholder="captures/ order.http *.xml",
                suggester=PathSuggester(several=True),
                id="captures",
                compact=True,
            ),
            Banner(id="about-keys"),
            Field(
                placeholder="provider.p12 or key.pem", suggester=PathSuggester(several=True), id="keys", compact=True
            ),
            Banner(id="about-password"),
            SecretField(id="password"),
            Banner(id="hint"),
            id="box",
        )

    @property
    def _lent(self) -> tuple[PrivateKey, ...]:
        """The keys that were lent before."""
        opening = self.doctor.session.opening
        return opening.keys if opening else ()

    def on_mount(self) -> None:
        for name, text, remark in _LINES:
            self._label(name, text, remark)
        if self._lent:
            self._label("about-keys", "Private keys that decrypt", f"{len(self._lent)} lent; others take their place")
        self.query_one("#password").display = self.query_one("#about-password").display = False
        self._hint("")

    def _label(self, name: str, text: str, remark: str) -> None:
        self.query_one(f"#{name}", Banner).show(lambda _: [(Span(text, "strong"), Span(f"  {remark}", "muted"))])

    def _hint(self, wrong: str) -> None:
        keys = (
            Span("→", "accent"),
            Span(" completes  ", "muted"),
            Span("Tab", "accent"),
            Span(" next  ", "muted"),
            Span(f"Enter {key('open-go')}", "accent", "accept"),
            Span(" opens  ", "muted", "accept"),
            Span(key("dialog-back", typing=True), "accent", "app.back"),
            Span(" cancels", "muted", "app.back"),
        )
        self.query_one("#hint", Banner).show(lambda _: [(span(wrong, "fail"),), keys])

    @on(Input.Submitted)
    def action_accept(self) -> None:
        """Open what the lines name."""
        system, captures, lent = (
            self.query_one(f"#{name}", Field).value.strip() for name in ("system", "captures", "keys")
        )
        try:
            words, files = shlex.split(captures), shlex.split(lent)
        except ValueError:
            self._hint("A quotation mark is not closed.")
            return
        if not system and not words:
            self._hint("Name a description, a folder of exports, captures, or several of them.")
            return
        described = path_of(system) if system else None
        if described is not None and is_capture(described):
            self._hint(f"{described.name} is a captured request: it belongs in the line below.")
            return
        keys = self._keys(files)
        if keys is None:
            return
        self.dismiss()
        paths = [path for word in words for path in _matching(word)]
        self.doctor.open(Opening(described, tuple(paths), keys=keys))

    def _keys(self, files: list[str]) -> tuple[PrivateKey, ...] | None:
        """Read the keys that are lent; nothing where one gives none, after asking for its password."""
        if not files:
            return self._lent
        from wssdoctor.collect.pin import from_environment
        from wssdoctor.diagnosis.lent import key_in, octets

        password = self.query_one("#password", SecretField)
        passwords = [*from_environment(), *([password.value] if password.value else [])]
        found = []
        for file in files:
            path = Path(file).expanduser()
            try:
                data = octets(path)
            except InputError as error:
                self._hint(f"{path.name}: {error.problems[0].what}. {error.problems[0].why}")
                return None
            try:
                found.append(key_in(path, data, passwords))
            except InputError as error:
                asked = password.display
                self._label("about-password", f"Password of {path.name}", "it is not shown, and kept nowhere")
                password.display = self.query_one("#about-password").display = True
                password.value = ""
                password.focus()
                self._hint(f"{path.name}: {error.problems[0].what}." if asked else "This key needs its password.")
                return None
        return tuple(found)


def path_of(text: str) -> Path:
    """Return the one path that a line names; quotation marks around it are those of a shell."""
    text = text.strip()
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return Path(text[1:-1] if quoted else text).expanduser()


def is_capture(path: Path) -> bool:
    """Whether a file is a captured request by its name: one is easily named in the line of the system."""
    from wssdoctor.capture.files import SUFFIXES

    return path.suffix.lower() in SUFFIXES and path.suffix.lower() != ".txt" and os.path.isfile(path)  # noqa: PTH113


def _matching(word: str) -> list[Path]:
    """Return the files that a pattern stands for, or the name itself so that opening it says what is wrong."""
    name = os.path.expanduser(word)  # noqa: PTH111 - the same name goes to glob
    found = sorted(glob.glob(name)) if glob.has_magic(name) and not Path(name).exists() else []  # noqa: PTH207
    return [Path(one) for one in found or [name]]
