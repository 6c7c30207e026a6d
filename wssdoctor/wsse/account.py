"""What was done to a message, and what is lacking to do more."""

from __future__ import annotations

from wssdoctor.errors import InputError, Problem

EXACT = "Send it with --exact."


class Account:
    """Filled while a message is made fresh."""

    def __init__(self) -> None:
        self._changed: list[str] = []
        self._kept: list[str] = []
        self._lacking: dict[str, str] = {}

    def change(self, *what: str) -> None:
        """Note what is new."""
        self._changed += what

    def keep(self, what: str) -> None:
        """Note what is as old as the capture."""
        self._kept.append(what)

    def lack(self, what: str, hint: str = EXACT) -> None:
        """Note what cannot be made fresh, and what the user can do about it."""
        self._lacking.setdefault(what, hint)

    @property
    def changed(self) -> tuple[str, ...]:
        """What is new, each once."""
        return tuple(dict.fromkeys(self._changed))

    @property
    def kept(self) -> tuple[str, ...]:
        """What is old, each once."""
        return tuple(dict.fromkeys(self._kept))

    @property
    def lacks(self) -> bool:
        """Whether anything is lacking."""
        return bool(self._lacking)

    def raise_lacking(self) -> None:
        """Raise ``InputError`` with everything that is lacking, if anything is."""
        if self._lacking:
            raise InputError(*[Problem(one, hint=hint) for one, hint in self._lacking.items()])
