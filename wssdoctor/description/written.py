"""A description as YAML, for facts that did not come from a file: answers of an interview, changes that were tried."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from wssdoctor.description.facts import Facts


def written(facts: Facts, head: Collection[str] = ()) -> str:
    """Return the whole description, certificates included; ``head`` are lines of a comment before it.

    Comments of the file that it was read from are not kept.
    """
    import yaml

    plain = msgspec.to_builtins(facts.description)
    body: str = yaml.safe_dump(_lists(plain), sort_keys=False, allow_unicode=True, width=100)
    return "".join(f"# {line}\n" for line in head) + body


def _lists(value: object) -> object:
    if isinstance(value, dict):
        if isinstance(value.get("pem"), str):  # a certificate is given once, and this says all of it
            return {"pem": value["pem"]}
        return {key: _lists(child) for key, child in value.items()}
    return [_lists(child) for child in value] if isinstance(value, tuple | list) else value
