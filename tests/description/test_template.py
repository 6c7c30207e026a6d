"""The template loads as nothing, uncommented as everything; the schema fits both."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import yaml

from tests.landscape import FOLDER
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.description.load import loads
from wssdoctor.description.schema import schema
from wssdoctor.description.template import template

NOT_WRITTEN = {"file", "pem", "password", "secret"}


class Loader(yaml.SafeLoader):
    """YAML as editors see it: dates are texts."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def uncommented() -> str:
    return "\n".join(line.removeprefix("#") for line in template().splitlines())


def errors(text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(schema())
    return [error.json_path for error in validator.iter_errors(yaml.load(text, Loader))]


def test_the_template_is_an_empty_description() -> None:
    assert loads(template().encode(), "template").description == loads(b'format: "1"', "empty").description


def test_uncommented_it_is_a_full_description() -> None:
    places = loads(uncommented().encode(), "template").places
    given = {path.replace("[0]", "[]") for path in places}
    missing = {path for path in DECLARATIONS if path not in given and path.rpartition(".")[2] not in NOT_WRITTEN}
    assert missing == set()


@pytest.mark.parametrize("path", DECLARATIONS)
def test_every_fact_is_explained(path: str) -> None:
    words = " ".join(line.removeprefix("##").strip() for line in template().splitlines() if line.startswith("##"))
    assert " ".join(DECLARATIONS[path].meaning.split()) in words or path == "format"
    assert path.rpartition(".")[2] in template()


def test_the_schema_fits_what_the_loader_takes() -> None:
    assert errors(template()) == []
    assert errors(uncommented()) == []
    assert errors((FOLDER / "system.yaml").read_text()) == []
    assert errors("format: 1\nsystem: {client: 100, release: 7.50}") == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("format: 2", "$.format"),
        ("format: 1\ntechnical_user: {lok: 0}", "$.technical_user"),
        ("format: 1\ntechnical_user: {lock: 256}", "$.technical_user.lock"),
        ("format: 1\nsystem: {sid: erp}", "$.system.sid"),
        ("system: {}", "$"),
    ],
)
def test_the_schema_refuses_what_the_loader_refuses(text: str, path: str) -> None:
    assert errors(text) == [path]


def test_the_schema_explains_each_fact() -> None:
    properties: dict[str, Any] = schema()["$defs"]["TechnicalUser"]["properties"]
    assert "USR02-UFLAG" in properties["lock"]["description"]
    assert json.loads(json.dumps(schema())) == schema()
