"""The check-list of what is missing: complete, and no column of a secret in it."""

from __future__ import annotations

from pathlib import Path

from tests.collect import exports, known
from wssdoctor.collect.collect import collect
from wssdoctor.collect.columns import EXPORTS, SECRETS, kind
from wssdoctor.collect.missing import missing
from wssdoctor.collect.recipe import RECIPES
from wssdoctor.description.load import empty


def test_every_recipe_gives_something_and_names_no_secret() -> None:
    found = {each.obtain: each for each in missing(empty())}
    assert all(recipe.title in found for recipe in RECIPES)
    for name, columns in EXPORTS.items():
        assert not set(columns) & SECRETS
        recognised = kind([column if column != "CLIENT" else "MANDT" for column in columns])
        assert recognised is not None
        assert recognised.name == name


def test_what_is_exported_is_missing_no_more(tmp_path: Path) -> None:
    for name, rows in known.TABLES.items():
        (tmp_path / name).write_text(exports.se16(name, rows))
    lacks = {lack.path: lack for each in missing(collect(tmp_path).facts) for lack in each.facts}
    assert "technical_user.lock" not in lacks
    assert "external_ids" not in lacks
    assert lacks["icf.nodes[].logon_procedure"].records == (known.ORDER,)
