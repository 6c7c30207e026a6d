"""A known landscape is asked over real connections and comes back fact by fact, with secrets never asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.collect import known
from tests.collect.live.abap import OWN, PASSWORD, AbapSystem
from tests.network.serving import authority, issued, serving
from tests.present import present
from wssdoctor.collect.collect import Collected, collect
from wssdoctor.collect.live.selection import Selection, checked, selections
from wssdoctor.collect.live.system import System, by_adt, by_soap_rfc
from wssdoctor.description.change import flat
from wssdoctor.description.load import loads
from wssdoctor.errors import InputError
from wssdoctor.network.client import Bounds, Client
from wssdoctor.network.credentials import Credentials
from wssdoctor.network.exchange import Request
from wssdoctor.network.target import target
from wssdoctor.network.tls import verifying

NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
USERS = ("WS_ORDER", "müller")
_NOT_LIVE = ("secure_storage.", "profile")
"""Facts of the known landscape that no table holds."""


Way: TypeAlias = Callable[[Client, Sequence[Selection], dt.datetime, str | None, str | None], System]


class Asked:
    """Asks a system on loopback; ``sent`` are the requests as they were announced."""

    def __init__(self, folder: Path, system: type[AbapSystem], way: Way, password: str = PASSWORD) -> None:
        self.sent: list[Request] = []
        self.system: type[AbapSystem] = type("Fresh", (system,), {"statements": [], "paths": []})
        (folder / "ca.pem").write_bytes(authority().pem)
        with serving(self.system, issued()) as self.url:
            context = verifying(folder / "ca.pem")
            credentials = Credentials("LOOKER", password)
            with Client(
                target(self.url), context, credentials, announce=self.sent.append, bounds=Bounds(5, 20)
            ) as client:
                asked = way(client, selections(USERS), NOW, "100", "EN")
                self.listed = asked.requests
                self.found: Collected = collect(None, client="100", users=USERS, systems=[asked.read])


BOTH = pytest.mark.parametrize("way", [by_adt, by_soap_rfc])


@BOTH
def test_the_known_landscape_fact_by_fact(tmp_path: Path, way: Way) -> None:
    asked = Asked(tmp_path, AbapSystem, way)
    expected = {
        path: value
        for path, value in flat(loads(known.DESCRIPTION.encode(), "known")).items()
        if not path.startswith(_NOT_LIVE)
    }
    found = {path: value for path, value in flat(asked.found.facts).items() if not path.startswith("pses")}
    assert found == {**expected, "system.release": "750"}
    assert not asked.found.merged.contradictions
    lock = asked.found.facts.place("technical_user.lock")
    assert (lock.file, lock.line) == (f"{asked.url} USR02", 1)


@BOTH
def test_only_what_was_listed_is_sent(tmp_path: Path, way: Way) -> None:
    asked = Asked(tmp_path, AbapSystem, way)
    listed = {(request.method, request.resource) for request in asked.listed}
    assert {(request.method, request.resource) for request in asked.sent} <= listed
    assert [request.resource for request in asked.sent] == asked.system.paths
    assert all("sap-client=100" in path for path in asked.system.paths)


@BOTH
def test_secret_columns_are_never_asked_for(tmp_path: Path, way: Way) -> None:
    asked = Asked(tmp_path, AbapSystem, way)
    said = " ".join([*asked.system.statements, *(request.body.decode() for request in (*asked.listed, *asked.sent))])
    assert "USR02" in said
    for secret in ("BCODE", "ICF_PASSWD", "*"):
        assert secret not in said
    assert not asked.found.dropped
    assert not any(word in asked.found.text for word in known.SECRET_WORDS)


def test_certificates_of_strust(tmp_path: Path) -> None:
    facts = Asked(tmp_path, AbapSystem, by_soap_rfc).found.facts
    pses = {pse.application: pse for pse in present(facts.items("pses"))}
    assert pses["ssl-server"].exists is False
    assert "ssl-client-anonymous" not in pses
    assert pses["wsse"].exists is True
    assert OWN.subject.rfc4514_string().split(",")[0] in str(pses["wsse"].own_certificate)
    assert len(pses["wsse"].trusted) == 1


@BOTH
def test_a_table_that_is_denied_stays_unknown(tmp_path: Path, way: Way) -> None:
    system = type("Denied", (AbapSystem,), {"denied": frozenset({"USR02"}), "tables": {k: v for k, v in AbapSystem.tables.items() if k != "USREXTID"}})  # fmt: skip
    found = Asked(tmp_path, system, way).found
    told = {str(each.place).rpartition(" ")[2]: each.what for each in found.unrecognised}
    assert "uthori" in told["USR02"] or "AUTHORI" in told["USR02"]
    assert "USREXTID" in told
    assert not any(path.startswith("technical_user") for path in flat(found.facts))


@BOTH
def test_users_without_a_row_do_not_exist(tmp_path: Path, way: Way) -> None:
    others = [{**row, "BNAME": "WS_OTHER"} for row in known.TABLES["USR02"]]
    system = type("Other", (AbapSystem,), {"tables": {**AbapSystem.tables, "USR02": others}})
    facts = Asked(tmp_path, system, way).found.facts
    assert facts.value("technical_user.exists") is False
    assert {user.name: user.exists for user in present(facts.items("users"))} == {"WS_ORDER": False, "MÜLLER": False}


def test_a_lost_token_is_fetched_again_once(tmp_path: Path) -> None:
    asked = Asked(tmp_path, type("Loses", (AbapSystem,), {"lose_token_once": True}), by_adt)
    assert flat(asked.found.facts)["technical_user.lock"] == "0"
    assert sum(path.startswith("/sap/bc/adt/core/discovery") for path in asked.system.paths) == 2


def test_a_system_with_the_old_discovery(tmp_path: Path) -> None:
    asked = Asked(tmp_path, type("Old", (AbapSystem,), {"old_discovery": True}), by_adt)
    assert flat(asked.found.facts)["technical_user.lock"] == "0"


def test_a_system_that_never_takes_the_token(tmp_path: Path) -> None:
    class Stubborn(AbapSystem):
        def _preview(self, statement: str) -> None:
            self.reply(403, b"", X_CSRF_Token="Required")

    with pytest.raises(InputError) as caught:
        Asked(tmp_path, Stubborn, by_adt)
    assert "403" in caught.value.problems[0].why


@pytest.mark.parametrize(
    ("changes", "way", "says"),
    [
        ({"adt_status": 404}, by_adt, "404"),
        ({"adt_status": 500}, by_adt, "500"),
        ({"soap_status": 404}, by_soap_rfc, "not there or not active"),
        ({"soap_status": 403}, by_soap_rfc, "not there or not active"),
    ],
)
def test_a_system_that_cannot_be_asked(tmp_path: Path, changes: dict[str, object], way: Way, says: str) -> None:
    with pytest.raises(InputError) as caught:
        Asked(tmp_path, type("Closed", (AbapSystem,), changes), way)
    assert says in caught.value.problems[0].why


@BOTH
def test_a_wrong_password_is_tried_once(tmp_path: Path, way: Way) -> None:
    with pytest.raises(InputError) as caught:
        Asked(tmp_path, AbapSystem, way, password="Wrong-4712")
    assert "401" in caught.value.problems[0].why
    assert "4712" not in repr(caught.value.problems)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>Logon</body>",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<d:tableData xmlns:d="http://www.sap.com/adt/dataPreview"><d:columns/></d:tableData>',
        b'<d:tableData xmlns:d="http://www.sap.com/adt/dataPreview"><d:columns><d:metadata d:name="BCODE"/><d:dataSet><d:data>0123456789ABCDEF</d:data></d:dataSet></d:columns></d:tableData>',
        b'<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><x><FIELDS><item><FIELDNAME>BNAME</FIELDNAME><OFFSET>-1</OFFSET><LENGTH>9</LENGTH></item></FIELDS></x></s:Body></s:Envelope>',
    ],
    ids=["empty", "html", "other", "entity", "no-name", "unasked-secret", "negative-offset"],
)  # fmt: skip
@BOTH
def test_answers_that_are_none(tmp_path: Path, way: Way, body: bytes) -> None:
    class Odd(AbapSystem):
        def _preview(self, statement: str) -> None:
            if "DD03L" in statement:
                super()._preview(statement)
            else:
                self.reply(200, body)

        def _call(self, sent: bytes) -> None:
            self.reply(200, body)

    found = Asked(tmp_path, Odd, way).found
    assert found.unrecognised
    assert "0123456789ABCDEF" not in found.text
    assert set(flat(found.facts)) <= {"format", "system.client"}


def test_a_row_wider_than_the_work_area_is_not_asked_for(tmp_path: Path) -> None:
    wide = [{**row, "EXTID": "CN=" + "x" * 600} for row in known.TABLES["USREXTID"]]
    system = type("Wide", (AbapSystem,), {"tables": {**AbapSystem.tables, "USREXTID": wide}})
    found = Asked(tmp_path, system, by_soap_rfc).found
    assert any("512" in each.what for each in found.unrecognised)


@pytest.mark.parametrize(
    ("table", "columns", "conditions"),
    [
        ("USR02", ("BNAME", "BCODE"), ()),
        ("USR02", ("PWDSALTEDHASH",), ()),
        ("ICFSECPASSWD", ("ICF_PASSWD",), ()),
        ("RSECTAB", ("IDENT",), ()),
        ("SSF_PSE_D", ("PSE_CONTEXT",), ()),
        ("USR02", ("*",), ()),
        ("USR02", (), ()),
        ("USR02 INTO TABLE", ("BNAME",), ()),
        ("USR02", ("BNAME",), ("x" * 72,)),
    ],
)
def test_what_is_never_asked_for(table: str, columns: tuple[str, ...], conditions: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"never|too long"):
        checked(Selection(table, columns, conditions, 1))


def test_user_names_cannot_change_the_condition() -> None:
    users = next(each for each in selections(["O'NEIL"]) if each.table == "USR02")
    assert "BNAME = 'O''NEIL'" in users.text
    for name in ("", "A" * 13, "A\nB"):
        with pytest.raises(InputError):
            selections([name])
