"""Facts put into a description's text: they are there, and everything else is as it was."""

from __future__ import annotations

from typing import Any

import pytest

from tests.landscape import FOLDER
from wssdoctor.description.insert import EMPTY, with_facts
from wssdoctor.description.load import loads

TEXT = """\
# The system.
format: "1"
technical_user:   # SU01
  name: DELAY_LOGON

  # about locks
secure_storage: {entry_present: true}
icf:
  nodes:
    - path: /a   # the first
      active: true
    - path: /b

# Who calls.
users:
  - name: WS_ORDER
"""


@pytest.mark.parametrize("text", [TEXT, TEXT.rstrip("\n"), EMPTY])
@pytest.mark.parametrize(
    "values",
    [
        {"technical_user.lock": 64, "technical_user.exists": True},
        {"secure_storage.entry_readable": False},
        {"icf.nodes_complete": True},
        {"consumer.client_sni": False, "consumer.calls[0]": {"logical_port": "LP"}, "consumer.calls[0].user": ""},
        {"profile": {"login/fails_to_user_lock": "5"}},
        {"saml_trust.ticket_issuers": []},
    ],
)
def test_a_fact_that_is_put_in_is_read_again(text: str, values: dict[str, Any]) -> None:
    found = loads(with_facts(text, values).encode(), "test")
    for path, value in values.items():
        seen = found.value(path)
        if not isinstance(value, dict):
            assert seen == (tuple(value) if isinstance(value, list) else value)


def test_every_line_that_was_there_is_still_there_in_order() -> None:
    values = {
        "icf.nodes[1].active": False,
        "icf.nodes[2]": {"path": "/c"},
        "users[0].lock": 0,
        "clock.offset_seconds": 3,
    }
    changed = with_facts(TEXT, values)
    added = iter(changed.splitlines())
    assert all(line in added for line in TEXT.splitlines())
    found = loads(changed.encode(), "test")
    assert [found.value(f"icf.nodes[{index}].path") for index in range(3)] == ["/a", "/b", "/c"]
    assert found.value("icf.nodes[1].active") is False


def test_a_long_description_keeps_what_it_says() -> None:
    path = FOLDER / "system.yaml"
    before = path.read_text(encoding="utf-8")
    after = with_facts(
        before, {"users[0].alias": "x", "bindings[2].algorithm_suite": "Basic128", "icf.nodes[0].all_logons": True}
    )
    first, second = (loads(text.encode(), "test", FOLDER) for text in (before, after))
    assert second.value("users[0].alias") == "x"
    assert second.value("bindings[2].algorithm_suite") == "Basic128"
    assert second.items("pses") == first.items("pses")
    assert len(after.splitlines()) == len(before.splitlines()) + 3


@pytest.mark.parametrize("path", ["technical_user.name", "icf.nodes[0].path", "icf.nodes[5].active", "format.x"])
def test_a_fact_that_has_no_place_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"description|list"):
        with_facts(TEXT, {path: "x"})
