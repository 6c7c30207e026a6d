"""The next question: the look that tells most about the remaining causes, with how to look.

Every hypothesis says what each fact would be if it were true. The look whose facts part the causes best is asked
for; where a cause has no fact to look at, its record says how to tell.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import UNSET, Struct
from msgspec.structs import replace

from wssdoctor.capture.capture import Capture
from wssdoctor.check.result import Subject
from wssdoctor.consumer.outbound import CALLS, Outbound
from wssdoctor.description.answer import answerable, named
from wssdoctor.description.certificate import Certificate
from wssdoctor.description.fact import Declaration
from wssdoctor.description.facts import DECLARATIONS, Facts, general
from wssdoctor.diagnosis import assumed_call, usual_request
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.finding import Finding
from wssdoctor.diagnosis.inference import Reasoning
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.record import Text
from wssdoctor.provider.situation import Situation

MOST = 4
"""Facts of one question: more is no single look."""
_WORTH = 0.002
"""A hypothesis that is less likely is not asked about."""
_HEARSAY = 0.6
"""What is learned where somebody only says so, beside looking at a fact."""
_SHOWN = 0.3
"""What it is worth that a look may show the fault itself, beside what it tells about other causes."""
_LOOKED_AT = 20
"""Requests that are searched for a value: more would say the same."""
_TOOL = re.compile(
    r"\b(SU01|SE16|SICF|STRUSTSSO2|STRUST|SOAMANAGER|SMICM|SECSTORE|WSS_SETUP|SAML2|CERTRULE|SM30|SM59|RZ11|SUIM"
    r"|nslookup|niping|nmap|openssl|tlsinfo|get_my_name|WSDL|partner)\b"
)
"""Where people look, in the order in which a fact's declaration names it."""

_CERTIFICATE = frozenset(Certificate.__struct_fields__)
_LISTS = {
    "users": ("name", "user"),
    "icf.nodes": ("path", "ICF node"),
    "bindings": ("path", "endpoint"),
    "pses": ("application", "PSE"),
    CALLS: ("logical_port", "call"),
    "saml_trust.providers": ("name", "SAML provider"),
}
"""Lists whose items have names, and what people call an item. They are never asked for as a whole."""
_CALLED = {"wss_setup": "report WSS_SETUP", "saml_trust": "SAML trust", "consumer": "the ICM as a client"}
"""What people call records whose names in a description say less."""
_UNNAMED = {
    assumed_call.NAME: "the call",
    usual_request.USER: "the caller's user",
    usual_request.PATH: "the called {kind}",
}
"""What has no name but in the system that is assumed, and what people call it."""


class Choice(Struct, frozen=True):
    """One possible answer."""

    value: Any
    """Plain data, as a description holds it."""
    shown: str
    usual: bool
    """Whether a healthy system has it so."""
    causes: tuple[str, ...]
    """The causes that it would speak for."""


class Wanted(Struct, frozen=True):
    """A fact that is asked for."""

    path: str
    """Its concrete path in the description: ``users[0].lock``."""
    declaration: Declaration
    """Meaning, home and how to find it."""
    choices: tuple[Choice, ...]
    """The answers that part the causes, the usual one first. Another value may always be given."""


class Question(Struct, frozen=True):
    """Facts that one look shows together; or how to tell of one cause whether it is so."""

    about: str
    """What to look at: ``technical_user``, ``icf.nodes[]``; the cause where there is no fact to look at."""
    subject: str
    """The same for people: ``user WS_ORDER``."""
    facts: tuple[Wanted, ...]
    decides: tuple[str, ...]
    """The causes that the answers confirm or rule out, most likely first."""
    cause: str | None = None
    """The cause that is asked about where ``facts`` is empty."""
    yes_if: Text = "-"
    no_if: Text = "-"


class _Says(Struct, frozen=True):
    """What a hypothesis, or a cause without one, says about facts."""

    cause: str
    likely: float
    facts: Facts
    changed: tuple[str, ...]


def next_question(
    reasoning: Reasoning, findings: Iterable[Finding], base: Base, skipped: Collection[str] = ()
) -> Question | None:
    """Return the question that tells most about possible causes; nothing where there is nothing left to ask.

    ``skipped`` are paths of facts, and causes, that nobody can say anything about.
    """
    possible = {finding.cause: finding for finding in findings if finding.status == "possible"}
    says = _says(reasoning, possible)
    if not says:
        return None
    askable = _askable(says, reasoning, skipped)
    looks = [_fields(path, askable, says) for path in askable]
    gains = [_gain(look, says) + _SHOWN * _covers(look, says) for look in looks]
    best = max(range(len(looks)), key=lambda index: round(gains[index], 6), default=None)
    apart = _apart(says, askable, skipped)
    if apart is not None and (best is None or _HEARSAY * apart[0] > gains[best]):
        lacking = _lacking(possible[apart[1]], reasoning, skipped)
        if not lacking:
            record = base.causes[apart[1]]
            return Question(record.id, record.title, (), (record.id,), record.id, record.confirm, record.rule_out)
        return _asked(lacking, says, (apart[1],), reasoning)
    if best is None:
        return None
    return _asked(
        looks[best], says, _by_likelihood(one for one in says if set(one.changed) & set(looks[best])), reasoning
    )


def _asked(look: Sequence[str], says: Sequence[_Says], decides: tuple[str, ...], reasoning: Reasoning) -> Question:
    wanted = tuple(_wanted(path, says, reasoning) for path in look)
    return Question(about(general(look[0])), subject(look[0], reasoning.worlds.usual.facts), wanted, decides)


def _lacking(finding: Finding, reasoning: Reasoning, skipped: Collection[str]) -> tuple[str, ...]:
    """Return the facts for want of which a cause cannot be decided, as far as one look shows them."""
    usual = reasoning.worlds.usual
    paths = [concrete for path in finding.missing for concrete in _concrete(path, finding, usual)]
    paths = [path for path in dict.fromkeys(paths) if path not in skipped and reasoning.case.facts.value(path) is UNSET]
    return tuple(path for path in paths if path == paths[0] or _one_look(path, paths[0]))[:MOST]


def _concrete(path: str, finding: Finding, usual: Case) -> tuple[str, ...]:
    """Return where a fact that is missing belongs, as the assumed system counts its items."""
    if not _answerable(path):
        return ()
    each, several, rest = path.partition("[].")
    if not several:
        return (path,)
    if finding.subject.path.startswith(f"{each}["):
        chosen: Any = finding.subject
    elif each == CALLS or (each == "pses" and finding.subject.path.startswith(CALLS)):
        of_call = finding.subject if finding.subject.path.startswith(CALLS) else Subject(path=f"{CALLS}[0]")
        chosen = Outbound(usual.facts, usual.moment).selected(each, of_call)
    else:
        request = next((one for one in usual.requests if one.name in finding.captures), None)
        request = request or next(iter(usual.requests), None)
        chosen = Situation(usual.facts, request, forensics=usual.memory.replayer.forensics).selected(each, Subject())
    return (f"{chosen.path}.{rest}",) if isinstance(chosen, Subject) and "[]" not in rest else ()


def about(path: str) -> str:
    """Return the record that a fact belongs to: one look at it shows its facts."""
    return path.rpartition(".")[0] or path


def subject(path: str, facts: Facts) -> str:
    """Name the record of a fact for people."""
    for each, (name, kind) in _LISTS.items():
        if path.startswith(f"{each}["):
            item = path[: path.index("]") + 1]
            rest = about(path)[len(item) + 1 :]
            called = str(facts.value(f"{item}.{name}"))
            whole = _UNNAMED[called].format(kind=kind) if called in _UNNAMED else f"{kind} {called}"
            return whole + (f", {_words(rest)}" if rest else "")
    record = general(about(path)).replace("[]", "")
    return _CALLED.get(record) or _words(record)


def _words(path: str) -> str:
    counted = re.sub(
        r"s\[(\d+)\]", lambda found: f" {int(found[1]) + 1}", path
    )  # certificates[0]: the first certificate
    return counted.replace("_", " ").replace(".", ", ")


def _says(reasoning: Reasoning, causes: Container[str]) -> list[_Says]:
    """Share the likelihood of each cause among its hypotheses."""
    shares = {cause: share for cause, share in reasoning.shares.items() if cause in causes}
    total = sum(shares.values()) or 1.0
    by_cause: dict[str, list[tuple[float, Facts, tuple[str, ...]]]] = {cause: [] for cause in shares}
    for one in reasoning.hypotheses:
        cause = one.hypothesis.cause
        if cause in shares:
            weight = math.exp(one.weight.score - reasoning.weights[cause].score)
            by_cause[cause].append((weight, one.hypothesis.facts, one.hypothesis.changed))
    found = []
    for cause, share in shares.items():
        own = by_cause[cause]
        if cause in reasoning.otherwise:
            weight = math.exp(reasoning.otherwise[cause] - reasoning.weights[cause].score)
            own = [*own, (weight, reasoning.worlds.usual.facts, ())]
        of_cause = sum(weight for weight, *_ in own)
        found += [_Says(cause, share / total * weight / of_cause, facts, changed) for weight, facts, changed in own]
    return [one for one in found if one.likely >= _WORTH]


def _askable(says: Iterable[_Says], reasoning: Reasoning, skipped: Collection[str]) -> list[str]:
    """Return the facts that differ between hypotheses and that nobody gave."""
    paths = dict.fromkeys(path for one in says for path in one.changed)
    calls = dict.fromkeys(
        f"{path[: path.index(']') + 1]}.authentication" for path in paths if path.startswith("consumer.calls[")
    )
    return [
        path
        for path in (*paths, *calls)
        if path not in skipped and _answerable(path) and reasoning.case.facts.value(path) is UNSET
    ]


def _answerable(path: str) -> bool:
    declared = DECLARATIONS.get(general(path))
    return declared is not None and path not in _LISTS and answerable(declared)


def _fields(path: str, askable: Sequence[str], says: Sequence[_Says]) -> tuple[str, ...]:
    """Return the facts that one sees when one looks for this one, the most telling first."""
    others = [other for other in askable if other != path and _one_look(path, other)]
    others.sort(key=lambda other: (not other.endswith(".exists"), -_gain((other,), says)))
    return (path, *others[: MOST - 1])


def _one_look(first: str, second: str) -> bool:
    """Whether one look shows both facts: of one record, at one place."""
    if _record(first) != _record(second):
        return False
    one, two = _declared(first).obtain, _declared(second).obtain
    return one == two or bool(set(_TOOL.findall(one)) & set(_TOOL.findall(two)))


def _record(path: str) -> str:
    """Return the record that a fact belongs to; a certificate belongs to what holds it."""
    record = about(path)
    return about(record) if _of_certificate(path) else record


def _of_certificate(path: str) -> bool:
    held = general(about(path)).removesuffix("[]")
    return path.rpartition(".")[2] in _CERTIFICATE and held in DECLARATIONS


def _declared(path: str) -> Declaration:
    """Return the declaration of a fact; what a certificate says is found where the certificate is."""
    declared = DECLARATIONS[general(path)]
    if not _of_certificate(path):
        return declared
    holder = DECLARATIONS[general(about(path)).removesuffix("[]")]
    first, parted, rest = declared.meaning.partition("; ")
    of, *_ = holder.meaning.split("; ")
    meaning = f"{first} ({of[0].lower()}{of[1:]}){parted}{rest}"
    return replace(declared, meaning=meaning, home=holder.home, obtain=holder.obtain)


def _gain(look: tuple[str, ...], says: Sequence[_Says]) -> float:
    """Return how much the answers tell about the causes: how far the entropy of the causes falls."""
    cells: dict[tuple[str, ...], dict[str, float]] = {}
    for one in says:
        cell = cells.setdefault(tuple([_key(one.facts.value(path)) for path in look]), {})
        cell[one.cause] = cell.get(one.cause, 0.0) + one.likely
    after = sum(sum(cell.values()) * _entropy(cell.values()) for cell in cells.values())
    return _entropy(_of_causes(says).values()) - after


def _entropy(weights: Iterable[float]) -> float:
    weights = tuple(weights)
    total = sum(weights)
    return -sum(weight / total * math.log(weight / total) for weight in weights if weight > 0)


def _of_causes(says: Iterable[_Says]) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in says:
        found[one.cause] = found.get(one.cause, 0.0) + one.likely
    return found


def _by_likelihood(says: Iterable[_Says]) -> tuple[str, ...]:
    found = _of_causes(says)
    return tuple(sorted(found, key=lambda cause: -found[cause]))


def _covers(look: tuple[str, ...], says: Iterable[_Says]) -> float:
    """Return how likely the fault is one that this look shows."""
    return sum(one.likely for one in says if set(one.changed) & set(look))


def _apart(says: Sequence[_Says], askable: Collection[str], skipped: Collection[str]) -> tuple[float, str] | None:
    """Return the likeliest cause of which no fault has a fact left to ask for, and how much it tells to decide it."""
    likely: dict[str, float] = {}
    for one in says:
        if not set(one.changed) & set(askable) and one.cause not in skipped:
            likely[one.cause] = likely.get(one.cause, 0.0) + one.likely
    if not likely:
        return None
    total = sum(_of_causes(says).values())
    worth = {cause: _entropy((share, max(total - share, 1e-9))) + _SHOWN * share for cause, share in likely.items()}
    best = max(likely, key=lambda cause: (worth[cause], likely[cause]))
    return worth[best], best


def _wanted(path: str, says: Sequence[_Says], reasoning: Reasoning) -> Wanted:
    declared = _declared(path)
    usual = reasoning.worlds.usual.facts.value(path)
    values: dict[str, Any] = {} if usual is UNSET else {_key(usual): usual}
    for one in says:
        value = one.facts.value(path)
        if value is not UNSET:
            values.setdefault(_key(value), value)
    options = (True, False) if declared.shape == "yes-no" else declared.options
    values |= {_key(option): option for option in options}
    choices = tuple(
        Choice(
            plain(value),
            named(shown(value), declared),
            key == _key(usual),
            _by_likelihood(one for one in says if path in one.changed and _key(one.facts.value(path)) == key),
        )
        for key, value in values.items()
        if _knowable(value, declared, reasoning.case)
    )
    return Wanted(path, declared, choices)


def _knowable(value: Any, declared: Declaration, case: Case) -> bool:
    """Whether somebody can have found just this: not a name, a time or a record that only an example has.

    Whatever is no closed list must have been said: by the declaration, the description or a captured request.
    """
    if isinstance(value, list | tuple):
        return all(_knowable(one, declared, case) for one in value)
    if value is None or isinstance(value, bool | int | float):
        return True
    written = _key(value)
    text = written.strip('"')
    if not text or text in (*declared.options, *declared.items):
        return True
    about = f"{declared.meaning} {declared.home} {declared.obtain}"
    if not text.islower() and re.search(rf"(?<!\w){re.escape(text)}(?!\w)", about):  # a word is no value
        return True
    return written.encode() in msgspec.json.encode(case.facts.description) or any(
        text.encode() in part for one in case.requests[:_LOOKED_AT] for part in _texts(one.capture)
    )


def _texts(capture: Capture) -> tuple[bytes, ...]:
    return (capture.envelope, capture.request.target.encode()) if capture.request else (capture.envelope,)


def plain(value: Any) -> Any:
    """Return a value as YAML would give it."""
    if isinstance(value, Mapping):
        return {key: plain(child) for key, child in value.items()}
    if isinstance(value, list | tuple):
        return [plain(child) for child in value]
    if isinstance(value, Struct):
        return plain(msgspec.to_builtins(value))
    return msgspec.to_builtins(value)


def _key(value: Any) -> str:
    return "" if value is UNSET else msgspec.json.encode(value).decode()


def shown(value: Any) -> str:
    """Show a value in a few words: records by what names them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(shown, value)) or "none"
    if isinstance(value, Struct):
        for name in ("subject", "external_id", "name", "path", "attribute", "value"):
            found = getattr(value, name, UNSET)
            if found is not UNSET:
                return str(found)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value.isoformat() if hasattr(value, "isoformat") else value)
    return text or "none"
