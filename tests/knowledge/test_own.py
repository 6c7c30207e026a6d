"""One's own knowledge over the shipped one: added, extended, replaced with a reason, held to the same rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from wssdoctor.errors import InputError
from wssdoctor.knowledge.files import collect
from wssdoctor.knowledge.folders import home
from wssdoctor.knowledge.lint import lint
from wssdoctor.knowledge.load import load
from wssdoctor.knowledge.template import Kind, write_template


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
def test_a_template_can_be_read_and_is_never_overwritten(kind: Kind, identifier: str, tmp_path: Path) -> None:
    assert write_template(kind, identifier, tmp_path).is_file()
    assert collect(home(), (tmp_path,)).problems == ()
    with pytest.raises(InputError):
        write_template(kind, identifier, tmp_path)


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


SOURCES = "sources:\n  - {id: ours, title: Ours, address: Ours, basis: community}\n"
CAUSE = """\
id: our-gateway
title: Our gateway adds a header
explanation: It does.
side: network
severity: high
frequency: rare
checks: []
confirm: Look.
rule_out: Look.
messages: [HTTP-401, ZSEC001]
remedies: [unlock-user]
basis: community
sources: [ours]
symptoms: [It fails.]
unproven: Nobody tried.
"""
MESSAGE = """\
messages:
  - id: ZSEC001
    text: "Refused"
    meaning: It was refused.
    seen_by: SLG1.
    causes: [our-gateway, user-locked]
    basis: community
    sources: [ours]
"""


def own(folder: Path, cause: str = CAUSE, message: str = MESSAGE) -> Path:
    written(folder, "sources.yaml", SOURCES)
    written(folder, "causes/our-gateway.yaml", cause)
    written(folder, "messages/ours.yaml", message)
    return folder


def test_what_is_shipped_follows_the_links_of_ones_own(tmp_path: Path) -> None:
    base = load(cache=tmp_path / "cache.json", overlays=(own(tmp_path / "own"),))
    assert base.messages["HTTP-401"].causes[-1] == "our-gateway"
    assert base.causes["user-locked"].messages[-1] == "ZSEC001"
    assert lint(home(), (tmp_path / "own",)) == ()


def test_a_replaced_message_takes_its_links_away(tmp_path: Path) -> None:
    text = MESSAGE.replace("ZSEC001", "WSS021").replace("    text", "    override: Ours is other.\n    text")
    folder = own(tmp_path / "own", CAUSE.replace("ZSEC001", "WSS021"), text)
    base = load(cache=tmp_path / "cache.json", overlays=(folder,))
    assert base.messages["WSS021"].causes == ("our-gateway", "user-locked")
    assert "WSS021" not in base.causes["clock-skew"].messages
    assert "WSS021" in base.causes["user-locked"].messages
    assert lint(home(), (folder,)) == ()


def test_a_replaced_cause_takes_its_links_away(tmp_path: Path) -> None:
    shipped = (home() / "causes" / "user-locked.yaml").read_text(encoding="utf-8")
    text = shipped.replace("LOGON-RC-2, ", "") + "override: Ours says less.\n"
    written(tmp_path, "own/causes/user-locked.yaml", text)
    base = load(cache=tmp_path / "cache.json", overlays=(tmp_path / "own",))
    assert "user-locked" not in base.messages["LOGON-RC-2"].causes
    assert "user-locked" in base.messages["HTTP-500"].causes
    assert [one.what for one in lint(home(), (tmp_path / "own",))] == []


def test_one_failure_has_one_cause_and_ones_own_file_is_named(tmp_path: Path) -> None:
    folder = own(tmp_path / "own", CAUSE.replace("checks: []", "checks: [user.unlocked]"))
    problems = lint(home(), (folder,))
    assert [(one.place.file, one.place.line) for one in problems if one.place] == [
        (str(folder / "causes/our-gateway.yaml"), 7)
    ]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("It does.", '"' + "x" * 4001 + '"', 3),
        ("It does.", r'"It \e[2J does."', 3),
        ("It does.", r'"It \u202e does."', 3),
        ("It does.", r'"It \0 does."', 3),
        ("[It fails.]", r'["It \a fails."]', 14),
    ],
)
def test_texts_that_nobody_should_read_on_a_terminal_are_refused(tmp_path: Path, old: str, new: str, line: int) -> None:
    folder = own(tmp_path / "own", CAUSE.replace(old, new))
    with pytest.raises(InputError) as raised:
        load(cache=tmp_path / "cache.json", overlays=(folder,))
    places = [one.place for one in raised.value.problems if one.place]
    assert [(one.file, one.line) for one in places] == [(str(folder / "causes/our-gateway.yaml"), line)]
    assert not any("\x1b" in one.what + one.why for one in raised.value.problems)


def test_files_that_look_as_if_somebody_read_them_are_named(tmp_path: Path) -> None:
    folder = own(tmp_path / "own")
    written(folder, "causes/other.yml", CAUSE)
    (folder / "messages" / "lost.yaml").symlink_to(tmp_path / "nowhere")
    assert [Path(one.place.file or "").name for one in lint(home(), (folder,)) if one.place] == [
        "other.yml",
        "lost.yaml",
    ]


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("symptoms: [" + "word " * 31 + "]", (3, 16)),
        ("symptoms: [Fine., " + "word " * 31 + "]", (3, 23)),
        ("remedies: [unlock-user, unlok-user]", (3, 29)),
        ("messages: [HTTP-4O1]", (3, 16)),
        ("sources: [nowhere]", (3, 15)),
        ('symptoms: ["a\\e[2J"]', (3, 16)),
    ],
)
def test_what_is_wrong_in_an_extension_is_named_at_its_place(tmp_path: Path, line: str, place: tuple[int, int]) -> None:
    written(tmp_path, "extensions.yaml", f"extensions:\n  - cause: user-locked\n    {line}\n    why: Ours.\n")
    (problem,) = lint(home(), (tmp_path,))
    assert problem.place is not None
    assert (problem.place.file, problem.place.line, problem.place.column) == (
        str(tmp_path / "extensions.yaml"),
        *place,
    )


def test_the_reason_of_an_extension_is_easy_to_read(tmp_path: Path) -> None:
    text = " ".join(["word"] * 31)
    written(
        tmp_path,
        "extensions.yaml",
        f"extensions:\n  - cause: user-locked\n    why: {text}.\n    symptoms: [It fails.]\n",
    )
    (problem,) = lint(home(), (tmp_path,))
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (3, 10)
