"""The same landscape in every format and language gives the original description, fact by fact."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest
from msgspec import UNSET

from tests.collect import exports, known, landscape
from tests.present import present
from wssdoctor.collect.collect import Collected, collect
from wssdoctor.description.change import flat
from wssdoctor.description.load import loads


def _folder(path: Path, form: str, language: str, leave_out: str = "") -> Path:
    for number, (name, rows) in enumerate(known.TABLES.items()):
        if name != leave_out:
            # Names say nothing: files are recognised by their content.
            (path / f"export{number}.dat").write_bytes(exports.FORMATS[form](name, rows, language))
    return path


def _same(found: Collected) -> None:
    assert flat(found.facts) == flat(loads(known.DESCRIPTION.encode(), "known"))


def _expected(form: str) -> str:
    """Without bars at the edges a bar in a value cannot be told from a separator."""
    return known.DESCRIPTION.replace(" | Ä", " Ä") if form == "sapcli" else known.DESCRIPTION


def _rows(name: str, form: str) -> exports.Rows:
    if form != "sapcli" or name != "USREXTID":
        return known.TABLES[name]
    return [{**row, "EXTID": row["EXTID"].replace(" |", "")} for row in known.TABLES[name]]


def _equals(found: Collected, expected: str, more: Mapping[str, str] = MappingProxyType({})) -> None:
    assert flat(found.facts) == {**flat(loads(expected.encode(), "known")), **more}
    assert not found.merged.contradictions
    assert not found.refused
    assert not found.unrecognised


@pytest.mark.parametrize("language", exports.LANGUAGES)
@pytest.mark.parametrize("form", exports.FORMATS)
def test_the_description_equals_the_original(tmp_path: Path, form: str, language: str) -> None:
    for number, name in enumerate(known.TABLES):
        (tmp_path / f"export{number}.dat").write_bytes(exports.FORMATS[form](name, _rows(name, form), language))
    _equals(collect(tmp_path), _expected(form))


@pytest.mark.parametrize("language", exports.LANGUAGES)
@pytest.mark.parametrize("form", ["xlsx", "html", "xml", "se16", "tabs", "alv-cp1252", "sapcli", "csv"])
def test_all_lists_in_one_file(tmp_path: Path, form: str, language: str) -> None:
    tables = {name: _rows(name, form) for name in known.TABLES}
    (tmp_path / "all").write_bytes(exports.together(tables, language, form))
    _equals(collect(tmp_path), _expected(form))


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_whole_landscape(tmp_path: Path, language: str) -> None:
    """Every kind of export, each list in another format, into one description."""
    forms = [form for form in exports.FORMATS if form != "sapcli"]
    for number, (name, rows) in enumerate(known.TABLES.items()):
        (tmp_path / f"{number}").write_bytes(exports.FORMATS[forms[number % len(forms)]](name, rows, language))
    expected = known.DESCRIPTION + landscape.write(tmp_path, language)
    _equals(collect(tmp_path, pins=[landscape.PIN]), expected, landscape.FACTS)


@pytest.mark.parametrize("form", exports.FORMATS)
def test_secrets_are_dropped_and_counted(tmp_path: Path, form: str) -> None:
    found = collect(_folder(tmp_path, form, "technical"))
    for word in known.SECRET_WORDS:
        assert word not in repr((found.text, found.notes, found.dropped, found.merged))
    counts = {what.rpartition(" ")[2]: count for what, count, _ in found.dropped}
    assert counts == {"USR02": 3, "ICFSERVICE": 1, "ICFSECPASSWD": 2, "passwords": 1}


def test_forbidden_tables_are_dropped_whole(tmp_path: Path) -> None:
    rows = [{"MANDT": "100", "IDENT": "/X", "DATA": "CAFE"}]
    (tmp_path / "a").write_bytes(exports.se16("RSECTAB", rows).encode())
    found = collect(tmp_path)
    assert [(what, count) for what, count, _ in found.dropped] == [("content of table RSECTAB", 1)]
    assert "CAFE" not in repr(found)


def test_the_same_input_gives_the_same_file(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "se16", "de")
    first = collect(folder).text
    (tmp_path / "system.yaml").write_text(first)
    assert collect(folder, leave_out=[tmp_path / "system.yaml"]).text == first


def test_a_stored_user_is_unknown_without_icfsecpasswd(tmp_path: Path) -> None:
    found = collect(_folder(tmp_path, "se16", "technical", leave_out="ICFSECPASSWD"))
    assert "icf.nodes[0].stored_user" not in flat(found.facts)


def test_activity_is_unknown_where_a_node_above_is_not_exported(tmp_path: Path) -> None:
    rows = [row for row in known.TABLES["ICFSERVLOC"] if row["ICF_NAME"] not in ("BC", "RFC")]
    (tmp_path / "1").write_text(exports.se16("ICFSERVICE", known.TABLES["ICFSERVICE"]))
    (tmp_path / "2").write_text(exports.se16("ICFSERVLOC", rows))
    assert not [path for path in flat(collect(tmp_path).facts) if path.endswith(".active")]


def test_a_path_is_not_guessed_where_the_tree_is_broken(tmp_path: Path) -> None:
    rows = [row for row in known.TABLES["ICFSERVICE"] if row["ICF_NAME"] != "SRT"]
    (tmp_path / "1").write_text(exports.se16("ICFSERVICE", rows))
    found = collect(tmp_path)
    assert found.facts.items("icf.nodes") is UNSET
    assert any("no path" in note.what for note in found.notes)


def test_a_circle_of_nodes_ends(tmp_path: Path) -> None:
    rows = [
        {"ICF_NAME": "A", "ICFPARGUID": "2", "ICFNODGUID": "1"},
        {"ICF_NAME": "B", "ICFPARGUID": "1", "ICFNODGUID": "2"},
        {"ICF_NAME": "C", "ICFPARGUID": "1", "ICFNODGUID": "3"},
    ]
    (tmp_path / "1").write_text(exports.se16("ICFSERVICE", rows))
    assert collect(tmp_path).notes


def test_names_cut_off_at_fifteen_characters_are_said(tmp_path: Path) -> None:
    rows = [{key: value for key, value in row.items() if key != "ORIG_NAME"} for row in known.TABLES["ICFSERVICE"]]
    (tmp_path / "1").write_text(exports.se16("ICFSERVICE", rows))
    found = collect(tmp_path)
    assert found.facts.column("icf.nodes", "path") == (known.ORDER,)
    assert any("cut off" in note.what for note in found.notes)


def test_cut_mappings_are_said_and_none_is_kept(tmp_path: Path) -> None:
    rows = [{"BNAME": f"U{n}", "TYPE": "DN", "EXTID": f"CN=User{n}, O=Exam..."} for n in range(3)]
    (tmp_path / "1").write_text(exports.se16("USREXTID", rows))
    found = collect(tmp_path)
    assert "external_ids" not in found.text
    assert any("cut off" in note.what for note in found.notes)


def test_a_certificate_of_no_mapping_is_an_empty_list(tmp_path: Path) -> None:
    (tmp_path / "1").write_text("|MANDT|BNAME|TYPE|EXTID|STATUS|\n")
    assert present(collect(tmp_path).facts.items("external_ids")) == ()


def test_values_that_are_not_understood_are_left_out_and_said(tmp_path: Path) -> None:
    (tmp_path / "1").write_text("|BNAME|UFLAG|USTYP|GLTGB|\n|WS_A|900|Q|99.99.2026|\n")
    found = collect(tmp_path)
    assert flat(found.facts) == {"format": "1", "users[0].name": "WS_A", "users[0].exists": "true"}
    assert any("UFLAG" in note.what and note.place.line == 2 for note in found.notes)


def test_lines_that_do_not_fit_are_counted(tmp_path: Path) -> None:
    (tmp_path / "1").write_text("|BNAME|UFLAG|\n|WS_A|0|\n|WS_B|0|extra|\n")
    assert any("1 lines" in note.what for note in collect(tmp_path).notes)


def test_check_lists_name_services_with_logon_data(tmp_path: Path) -> None:
    rows = [{"PATH": f"/default_host{known.ORDER}", "ICF_USER": "DELAY_LOGON", "ICF_MANDT": "100"}]
    (tmp_path / "1").write_text(exports.se16("RSICFCHK", rows, "de"))
    node = present(collect(tmp_path).facts.items("icf.nodes"))[0]
    assert (node.path, node.stored_user, node.stored_client) == (known.ORDER, "DELAY_LOGON", "100")


@pytest.mark.parametrize("form", exports.FORMATS)
@pytest.mark.parametrize("language", exports.LANGUAGES)
def test_every_list_is_recognised_as_itself(tmp_path: Path, form: str, language: str) -> None:
    for name, rows in known.TABLES.items():
        (tmp_path / name).write_bytes(exports.FORMATS[form](name, rows, language))
    assert dict(collect(tmp_path).recognised) == {name: f"list of {name}" for name in known.TABLES}


def test_of_all_users_those_in_mappings_are_kept(tmp_path: Path) -> None:
    rows = [{"BNAME": f"U{number}", "UFLAG": "64"} for number in range(200)]
    (tmp_path / "1").write_text(exports.se16("USR02", rows))
    mapping = [{"BNAME": "U7", "TYPE": "SA", "EXTID": "STS::u7", "STATUS": "X"}]
    (tmp_path / "2").write_text(exports.se16("USREXTID", mapping))
    found = collect(tmp_path)
    assert found.facts.column("users", "name") == ("U7",)
    assert any("--user" in note.what for note in found.notes)
    assert collect(tmp_path, users=["u3"]).facts.column("users", "name") == ("U3",)


def test_a_list_that_may_be_cut_states_no_absence(tmp_path: Path) -> None:
    rows = [{"BNAME": f"U{number}", "TYPE": "SA", "EXTID": f"STS::u{number}", "STATUS": "X"} for number in range(200)]
    (tmp_path / "1").write_text(exports.se16("USREXTID", rows, page=30))
    found = collect(tmp_path)
    assert "external_ids" not in found.text
    assert any("Maximum No. of Hits" in note.what for note in found.notes)


def _fixed(columns: dict[str, int], *rows: tuple[str, ...]) -> str:
    """A list with bars whose columns have these widths; longer values are cut."""
    lines = [tuple(columns), *rows]
    return "\n".join(
        "|" + "|".join(f"{cell:{width}}"[:width] for cell, width in zip(line, columns.values(), strict=True)) + "|"
        for line in lines
    )


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        (_fixed({"BNAME": 12, "TYPE": 4, "EXTID": 30}, ("A", "DN", "CN=" + "x" * 40), ("B", "DN", "CN=short")), "external_ids"),
        (_fixed({"BNAME": 12, "TYPE": 4, "EXTID": 35}, ("A", "DN", "CN=" + "x" * 40), ("B", "DN", "CN=" + "y" * 40)), "external_ids"),
        (_fixed({"BINDING_KEY": 32, "PROP_NAME": 60, "PROP_VALUE": 40}, ("B1", "transportbinding/CalculatedURLPath", known.ORDER)), "bindings"),
        (_fixed({"PARAMETER": 60, "USER_VALUE": 30}, ("ssf/name", "x" * 40)), "profile"),
        (_fixed({"PATH": 40, "ICF_USER": 12}, (known.ORDER, "DELAY_LOGON")), "icf"),
        (_fixed({"BNAME": 12, "SUBJECT": 30}, ("A", "CN=" + "x" * 40)), "certificate_users"),
        (_fixed({"CERTATTRIBUTE": 13, "LOGONWITH": 9, "SUBJECTFLT": 30}, ("CN", "User", "CN=" + "x" * 40)), "certificate_rules"),
    ],
)  # fmt: skip
def test_values_that_end_where_lists_cut_are_said_and_left_out(tmp_path: Path, text: str, absent: str) -> None:
    (tmp_path / "x").write_text(text + "\n")
    found = collect(tmp_path)
    assert f"{absent}:" not in found.text
    assert any("cut off" in note.what and note.place.line for note in found.notes)


def test_a_longest_value_that_fills_its_column_is_kept(tmp_path: Path) -> None:
    rows = (("A", "DN", "CN=" + "x" * 32), ("B", "DN", "CN=short"))
    (tmp_path / "x").write_text(_fixed({"BNAME": 12, "TYPE": 4, "EXTID": 35}, *rows) + "\n")
    assert len(present(collect(tmp_path).facts.items("external_ids"))) == 2


def test_codes_of_rules_that_are_not_published_are_not_guessed(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("|CLIENT|CERTINDEX|LOGONWITH|CERTATTRIBUTE|\n|100|1|U|C|\n")
    found = collect(tmp_path)
    assert "certificate_rules" not in found.text
    assert any("CERTRULE" in note.what for note in found.notes)


def test_a_long_list_of_users_without_the_technical_user_is_worth_a_word(tmp_path: Path) -> None:
    rows = [{"BNAME": f"U{number}", "UFLAG": "0"} for number in range(70)]
    (tmp_path / "1").write_text(exports.se16("USR02", rows))
    found = collect(tmp_path)
    assert "technical_user" not in found.text
    assert any("no DELAY_LOGON" in note.what for note in found.notes)


def test_columns_that_are_lacking_or_cut_are_named(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("|Benutzername|Ben|Benutzertyp|\n|WS_A|64|B|\n")
    found = collect(tmp_path)
    assert "lock" not in found.text
    assert any("UFLAG" in note.what for note in found.notes)
