"""Changes of lists: items are compared one by one, replaced and added."""

from __future__ import annotations

from wssdoctor.description.change import change, differences, flat
from wssdoctor.description.load import loads

NODES = loads(b'{format: "1", icf: {nodes: [{path: /a, active: true}, {path: /b}]}}', "system.yaml")


def test_items_of_a_list_are_flat_facts() -> None:
    assert flat(NODES) == {
        "format": "1",
        "icf.nodes[0].path": "/a",
        "icf.nodes[0].active": "true",
        "icf.nodes[1].path": "/b",
    }


def test_a_changed_item_is_the_only_difference() -> None:
    changed = change(NODES, {"icf.nodes[0].active": False})
    assert [(one.path, one.before, one.after) for one in differences(NODES, changed)] == [
        ("icf.nodes[0].active", "true", "false")
    ]
    assert changed.place("icf.nodes[0].active").line is None
    assert changed.place("icf.nodes[1].path").line == 1


def test_an_item_is_replaced_or_added() -> None:
    changed = change(NODES, {"icf.nodes[1]": {"path": "/c"}, "icf.nodes[2]": {"path": "/d"}})
    assert [changed.value(f"icf.nodes[{index}].path") for index in range(3)] == ["/a", "/c", "/d"]
