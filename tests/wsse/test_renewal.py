"""Messages of real stacks made fresh: they verify with the new key, as at the new time."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.wsse.pki import ec_key, issuing, root
from wssdoctor.errors import InputError
from wssdoctor.wsse.context import Context
from wssdoctor.wsse.message import parse
from wssdoctor.wsse.renewal import PROBE, Material, Renewed, renewed
from wssdoctor.wsse.verifier import Verifier

CORPUS = Path(__file__).parents[1] / "data" / "corpus"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)


@cache
def accepted() -> dict[str, dict[str, Any]]:
    """Messages that are accepted, addressed to the receiver, and carry no assertion, which only its issuer renews."""
    entries = yaml.load((CORPUS / "manifest.yaml").read_bytes(), Loader=LOADER)["messages"]
    return {
        one["id"]: one
        for one in entries
        if one["format"] == "soap"
        and one["expected"]["verdict"] == "accept"
        and not one["context"].get("actor")
        and b"Assertion" not in (CORPUS / one["file"]).read_bytes()
    }


def material(kind: str, users: dict[str, str], *, probe: bool = True) -> Material:
    own = issuing().issue("CN=fresh") if kind == "rsa" else issuing().issue("CN=fresh", key=ec_key())
    return Material(NOW, own.key, own.certificate, users, probe=probe)


def made_fresh(entry: dict[str, Any], *, probe: bool) -> tuple[Renewed, Material]:
    data = (CORPUS / entry["file"]).read_bytes()
    kind = "ec" if b"xmldsig-more#ecdsa-" in data else "rsa"
    found = material(kind, entry["context"].get("users", {}), probe=probe)
    return renewed(data, found), found


@pytest.mark.parametrize("probe", [True, False])
def test_what_is_made_fresh_verifies(probe: bool) -> None:
    done, refused = 0, []
    for name, entry in accepted().items():
        try:
            fresh, used = made_fresh(entry, probe=probe)
        except InputError as error:
            refused.append((name, [one.what for one in error.problems]))
            continue
        assert used.certificate is not None
        context = Context(
            time=NOW,
            max_age=dt.timedelta(seconds=60),
            trust_anchors=(root().certificate,),
            intermediates=(issuing().certificate,),
            known_certs=(used.certificate,),
            users=entry["context"].get("users"),
            accept_key_value=True,
        )
        found = Verifier(context).verify(fresh.envelope)
        assert found.verdict == "accept", (name, found.faults)
        done += 1
        message = parse(fresh.envelope)
        if probe:
            assert message.operation == f"{{{PROBE}}}Probe", name
        else:
            assert message.operation == parse((CORPUS / entry["file"]).read_bytes()).operation
    assert done > len(refused)
    words = ("encrypted", "shared secret", "security context", "cannot be written anew", "does not fit", "is no Binary")
    assert not [one for one in refused if not any(word in what for what in one[1] for word in words)]


def test_the_shape_stays() -> None:
    entry = next(one for name, one in accepted().items() if name.startswith("wss4j/") and "sig" in name)
    fresh, _ = made_fresh(entry, probe=False)
    before, after = (parse(one).root for one in ((CORPUS / entry["file"]).read_bytes(), fresh.envelope))
    assert [one.tag for one in before.iter()] == [one.tag for one in after.iter()]
    assert [one.get("Algorithm") for one in before.iter("*")] == [one.get("Algorithm") for one in after.iter("*")]


def test_everything_that_is_lacking_is_named() -> None:
    names = [name for name in accepted() if "ut-digest" in name]
    with pytest.raises(InputError) as caught:
        renewed((CORPUS / accepted()[names[0]]["file"]).read_bytes(), Material(NOW))
    assert all(problem.hint for problem in caught.value.problems)
