"""Where knowledge lies: the shipped base, one's own folders beside it, and the files in each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from wssdoctor.errors import Problem, WssdoctorError

FOLDERS = ("", "causes", "clues", "messages", "remedies")
"""Where the files of a knowledge base lie; the sources are in its own folder."""


def own_folders(named: Path | None = None) -> tuple[Path, ...]:
    """Return the folders with one's own knowledge: the user's one if it exists, then the one that was named.

    The variable WSSDOCTOR_KNOWLEDGE names one where nobody else does.
    """
    user = user_folder()
    variable = os.environ.get("WSSDOCTOR_KNOWLEDGE")
    named = named or (Path(variable) if variable else None)
    found = (*((user,) if user.is_dir() else ()), *((named,) if named else ()))
    return found[:1] if len({os.path.abspath(one) for one in found}) == 1 else found  # noqa: PTH100 - pathlib takes longer


def user_folder() -> Path:
    """Return the folder where the user's own knowledge is looked for."""
    import platformdirs

    return platformdirs.user_data_path("wssdoctor", appauthor=False) / "knowledge"


def home() -> Path:
    """Return the folder of the shipped knowledge base: inside the package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    for folder in (package / "_knowledge", package.parent / "knowledge"):
        if (folder / "sources.yaml").is_file():
            return folder
    what = "the knowledge base is not where wssdoctor was installed"
    raise WssdoctorError(Problem(what, hint="install wssdoctor again"))


def files(folder: Path) -> Iterator[Path]:
    """Yield the YAML files of a knowledge base, sorted within each of its folders."""
    for name in FOLDERS:
        try:
            with os.scandir(folder / name) as entries:
                found = sorted(entry.path for entry in entries if entry.name.endswith(".yaml") and entry.is_file())
        except FileNotFoundError:
            continue
        yield from map(Path, found)
