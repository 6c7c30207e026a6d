"""The one family of errors. Raised where known, rendered once, at the edge."""

from __future__ import annotations

import msgspec

from wssdoctor.evidence import Place


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong with what the user gave: what, where, why, and what to do next."""

    what: str
    place: Place | None = None
    why: str = ""
    hint: str = ""


class WssdoctorError(Exception):
    """Something that ends a command. ``problems`` is never empty; ``exit_code`` is the process's."""

    exit_code = 4

    def __init__(self, *problems: Problem) -> None:
        if not problems:
            raise ValueError("an error names at least one problem")
        self.problems = problems
        super().__init__("; ".join(problem.what for problem in problems))

    def __reduce__(self) -> tuple[type[WssdoctorError], tuple[Problem, ...]]:
        return type(self), self.problems


class InputError(WssdoctorError):
    """Wrong use or bad input: a file that cannot be read, an unknown key, hostile XML."""

    exit_code = 2

    @classmethod
    def because(cls, what: str, *, place: Place | None = None, why: str = "", hint: str = "") -> InputError:
        """Make an error of a single problem."""
        return cls(Problem(what, place, why, hint))
