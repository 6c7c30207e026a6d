"""One's own knowledge over the shipped one: added, extended, replaced with a reason, held to the same rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from wssdoctor.errors import InputError
from wssdoctor.knowledge.base import home, load
from wssdoctor.knowledge.files import collect
from wssdoctor.knowledge.lint import lint
from wssdoctor.knowledge.template import write_template


def written(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_cause_is_extended(tmp_path: Path) -> None:
    own = tmp_path / "own"
    written(
        own,
        "extensions.yaml",
        "extensions:\n  - cause: user-locked\n    why: Ours.\n    symptoms: [Zebra calls fail.]\n",
    )
    base = load(cache=tmp_path / "cache.json", overlays=(own,))
    assert "Zebra calls fail." in base.causes["user-locked"].symptoms
    assert load(cache=tmp_path / "cache.json", overlays=(own,)) == base
    assert lint(home(), (own,)) == ()


def test_a_shipped_record_is_replaced_only_with_a_reason(tmp_path: Path) -> None:
    shipped = (home() / "remedies" / "unlock-user.yaml").read_text(encoding="utf-8")
    written(tmp_path, "remedies/unlock-user.yaml", shipped)
    with pytest.raises(InputError) as raised:
        load(cache=tmp_path / "cache.json", overlays=(tmp_path,))
    assert [problem.place.line for problem in raised.value.problems if problem.place] == [1]
    written(tmp_path, "remedies/unlock-user.yaml", shipped + "override: Our users are unlocked by a portal.\n")
    base = load(cache=tmp_path / "cache.json", overlays=(tmp_path,))
    assert base.remedies["unlock-user"].override
    assert lint(home(), (tmp_path,)) == ()


def test_an_extension_of_nothing_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "extensions.yaml", "extensions:\n  - cause: no-such-cause\n    why: Ours.\n")
    with pytest.raises(InputError):
        load(cache=tmp_path / "cache.json", overlays=(tmp_path,))


@pytest.mark.parametrize(
    ("kind", "identifier"), [("cause", "our-cause"), ("remedy", "our-remedy"), ("message", "ZWS001")]
)
def test_a_template_can_be_read_and_is_never_overwritten(kind: str, identifier: str, tmp_path: Path) -> None:
    assert write_template(kind, identifier, tmp_path).is_file()  # type: ignore[arg-type]
    assert collect(home(), (tmp_path,)).problems == ()
    with pytest.raises(InputError):
        write_template(kind, identifier, tmp_path)  # type: ignore[arg-type]


@pytest.mark.parametrize("identifier", ["../x", "Cause", "", "a b"])
def test_an_id_stays_in_its_folder(identifier: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        write_template("cause", identifier, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_was_released_stays(tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "knowledge"
    shutil.copytree(home(), copy)
    assert lint(copy) == ()
    (copy / "ids.txt").write_text("cause no-longer-there\n", encoding="utf-8")
    assert [problem.place.file for problem in lint(copy) if problem.place] == [str(copy / "ids.txt")]
