"""What is said about one row of the findings, as paragraphs. Knows no terminal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec.structs import replace

from wssdoctor.check.result import Outcome, Result
from wssdoctor.description.fact import Declaration
from wssdoctor.description.facts import DECLARATIONS
from wssdoctor.diagnosis.finding import Finding, Trial
from wssdoctor.diagnosis.whatif import Action
from wssdoctor.evidence import Compared, Computed, Evidence, Located, Place, Quoted, Sensitivity
from wssdoctor.knowledge.base import Base
from wssdoctor.knowledge.record import Remedy
from wssdoctor.provider.requestfact import REQUEST_FACTS
from wssdoctor.report.sending import FINDING_WORDS, REMEDY_WORDS
from wssdoctor.tui.lines import Line, Paragraph, Span, Tone, blank, file_name, fit, labelled, line, prose, span
from wssdoctor.tui.rows import Row
from wssdoctor.tui.session import Session

_TRIALS: dict[str | None, tuple[str, Tone]] = {
    "resolved": ("✓\u00a0simulated:\u00a0resolved", "pass"),
    "unchanged": ("✗\u00a0simulated:\u00a0does not help", "fail"),
    "new-problem": ("!\u00a0simulated:\u00a0brings a new problem", "warn"),
    None: ("?\u00a0not\u00a0simulated", "unknown"),
}
GLYPHS: dict[Outcome, tuple[str, Tone]] = {
    Outcome.PASSED: ("✓", "pass"),
    Outcome.FAILED: ("✗", "fail"),
    Outcome.UNKNOWN: ("?", "unknown"),
    Outcome.ERROR: ("!", "fail"),
    Outcome.NOT_APPLICABLE: ("–", "muted"),
}
_CONFIDENCE = {
    "high": "very: the check that decides it failed, and SAP's own texts say what it means",
    "medium": "fairly: the check that decides it failed; what it means comes from others than SAP, or is inferred",
    "low": "not yet: facts are missing, or something is not modelled",
}
_ON_SYSTEM: dict[str, Tone] = {
    "confirmed": "accent",
    "mended": "pass",
    "gone": "fail",
    "contradicted": "fail",
    "undecided": "unknown",
}
"""How what the system said is shown."""
_LONG = 30
"""Letters from which what was observed and what was expected stand below each other."""
_MANY = 6
"""Pieces of evidence shown before the rest is counted."""


def row_article(row: Row | None, session: Session, base: Base, basket: Collection[Action]) -> list[Paragraph]:
    """Say everything about a row."""
    if row is None:
        return []
    if row.finding is not None:
        return _finding(row.finding, session, base, basket)
    if row.sign.kind == "group":
        return _group(row, session)
    if row.sign.kind == "missing":
        return _missing(row)
    return _unanswered(row)


def _group(row: Row, session: Session) -> list[Paragraph]:
    """Say what belongs to a stage, and which requests stop there."""
    said = [Paragraph((Span("Stage ", "heading"), span(row.title, "strong"), span(f"  {row.where}", "muted")), 1, 3)]
    stopped = [replay.capture for replay in session.run.replays if replay.stage == row.key[1] and replay.failed]
    if stopped:
        said.append(labelled("Stops", _files(stopped)))
    said.append(blank())
    for one in row.under:
        head = line(
            span(f"{one.sign.glyph} {fit(one.sign.word, 6)} ", one.sign.tone),
            span(one.title),
            span(f"  {one.where}", "muted"),
        )
        said.append(Paragraph(head, 1, 10))
    return said


def title(row: Row) -> list[Paragraph]:
    """Return the heading of a row's article."""
    return [Paragraph((Span(f"{row.sign.glyph} {row.sign.word} ", row.sign.tone), span(row.title, "strong")), 1, 3)]


def _finding(finding: Finding, session: Session, base: Base, basket: Collection[Action]) -> list[Paragraph]:
    cause = base.causes[finding.cause]
    glyph, word, tone = {
        "confirmed": ("✗", "CONFIRMED", "fail"),
        "possible": ("?", "POSSIBLE", "unknown"),
        "ruled-out": ("✓", "RULED OUT", "pass"),
    }[finding.status]
    paragraphs = [
        Paragraph((Span(f"{glyph} {word}  ", _tone(tone)), span(cause.title, "strong")), 1, 3),
        Paragraph((span(f"{cause.id}{_requests(finding)}", "muted"),), 3, 3),
    ]
    if finding.subject.path:
        paragraphs.append(labelled("Where", finding.subject.name))
    if finding.status == "confirmed":
        says = tuple(dict.fromkeys(result.says for result in finding.results))
        if finding.on_system:
            paragraphs.append(labelled("System", FINDING_WORDS[finding.on_system], _ON_SYSTEM[finding.on_system]))
        paragraphs += [labelled("Here" if index == 0 else "", text) for index, text in enumerate(says[:_MANY])]
        paragraphs += list(_evidence(finding))
        paragraphs += list(_do_now(finding, session, base, basket))
    paragraphs.append(labelled("Cause", cause.explanation))
    paragraphs += list(_consequences(finding, base))
    if finding.status == "possible":
        paragraphs += list(_deciding(finding, cause.confirm, cause.rule_out))
    elif finding.status == "ruled-out":
        paragraphs += [labelled("Why", f"passed: {result.title}") for result in finding.results[:_MANY]]
    paragraphs += list(_offers(finding, session, base, basket))
    paragraphs.append(labelled("How sure", _CONFIDENCE[finding.confidence], "muted"))
    return paragraphs


def _do_now(finding: Finding, session: Session, base: Base, basket: Collection[Action]) -> Iterator[Paragraph]:
    """Name the best remedy at once: the steps follow below."""
    best = _best(finding, base)
    if best is not None:
        trial = next((one for one in finding.trials if one.remedy == best.id), None)
        mark = "[x] " if best.id in _chosen(finding, basket) else ""
        tried = _trial(trial, base, tried_yet=not session.running)
        yield labelled("Do now", (span(f"{mark}{best.title}  ", "strong"), *tried))
        if best.weakens_security:
            yield _security(best)


def _best(finding: Finding, base: Base) -> Remedy | None:
    """Return the remedy to begin with: one that helped in the simulation, at best without a loss of security."""
    remedies = _remedies(finding, base)
    helpful = {trial.remedy for trial in finding.trials if trial.outcome == "resolved"}
    wanted = [one for one in remedies if one.id in helpful] or remedies
    return min(wanted, key=lambda one: bool(one.weakens_security), default=None)


def _chosen(finding: Finding, basket: Collection[Action]) -> set[str]:
    """Return the remedies of the finding that are in the basket."""
    return {action.remedy for action in basket if action.subject.path == finding.subject.path}


def _trial(trial: Trial | None, base: Base, *, tried_yet: bool) -> Line:
    """Say what the simulation of a remedy did."""
    if trial is None:
        return (span(_TRIALS[None][0] if tried_yet else "being simulated ...", "unknown"),)
    text, tone = _TRIALS[trial.outcome]
    note = trial.note
    if trial.outcome == "new-problem":
        new = [part.strip() for part in note.split(",")]
        note = "; ".join(base.causes[one].title if one in base.causes else one for one in new)
    return line(span(text, tone), span(f": {note}" if note else "", "muted"))


def _security(remedy: Remedy) -> Paragraph:
    return Paragraph((span(f" SECURITY  {remedy.weakens_security} ", "security"),), 11, 11)


def _tone(name: str) -> Tone:
    tones: dict[str, Tone] = {"fail": "fail", "unknown": "unknown", "pass": "pass"}
    return tones[name]


def _requests(finding: Finding) -> str:
    if finding.stops:
        return f" · stops {_files(finding.stops)}"
    if finding.captures and finding.status == "confirmed":
        return f" · concerns {_files(finding.captures)}"
    return ""


def _files(captures: Sequence[str]) -> str:
    names = [file_name(capture) for capture in captures]
    if len(names) > 3:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return ", ".join(names)


def _evidence(finding: Finding) -> Iterator[Paragraph]:
    pieces = list(dict.fromkeys(piece for result in finding.results for piece in result.evidence))
    label = "Evidence"
    for piece in pieces[:_MANY]:
        for paragraph in evidence(piece, label):
            yield paragraph
            label = ""
    if len(pieces) > _MANY:
        yield labelled("", f"and {len(pieces) - _MANY} more pieces of the same kind", "muted")


def evidence(piece: Evidence, label: str = "Evidence") -> Iterator[Paragraph]:
    """Say one piece of evidence: what was observed, what was expected, where."""
    secret = piece.sensitivity is Sensitivity.SECRET
    if isinstance(piece, Compared):
        observed, expected = (_hidden(text, secret) for text in (piece.observed, piece.expected))
        seen = (span("observed ", "muted"), span(observed, "fail"))
        wanted = (span("expected ", "muted"), span(expected, "pass"))
        if max(len(observed), len(expected)) < _LONG:
            yield labelled(label, (span(f"{piece.what}: ", "muted"), *seen, Span("   "), *wanted))
        else:
            yield labelled(label, f"{piece.what}:", "muted")
            yield labelled("", seen)
            yield labelled("", wanted)
    elif isinstance(piece, Located):
        yield labelled(label, piece.what)
    elif isinstance(piece, Computed):
        yield labelled(label, line(span("worked out: ", "muted"), span(piece.what)))
        for name, value in piece.inputs:
            yield labelled("", line(span(f"  {name}  ", "muted"), span(_hidden(value, secret))))
        for number, step in enumerate(piece.steps, 1):
            yield labelled("", line(span(f"  {number}. ", "muted"), span(_hidden(step, secret))))
        yield labelled("", line(span("  result  ", "muted"), span(_hidden(piece.result, secret), "strong")))
    elif isinstance(piece, Quoted):
        yield labelled(label, line(span(f"{piece.source} says: ", "muted"), span(_hidden(piece.text, secret))))
    if piece.place is not None and _place(piece.place):
        yield labelled("", line(span("at  ", "muted"), span(_place(piece.place), "accent")))


def _hidden(text: str, secret: bool) -> str:
    return "(secret)" if secret else text


def _place(place: Place) -> str:
    """Return a place with the file's last part only: the screen says which case is open."""
    if place.file:
        return str(replace(place, file=file_name(place.file)))
    return f"line {place}" if place.line is not None else str(place)


def _consequences(finding: Finding, base: Base) -> Iterator[Paragraph]:
    if finding.folds:
        titles = "; ".join(base.causes[cause].title for cause in finding.folds)
        yield labelled("Explains", f"{titles}. These go away with it.")
    if finding.folded_under:
        yield labelled("Because", f"only a consequence of: {base.causes[finding.folded_under].title}", "warn")
    if finding.behind:
        yield labelled("Next", f"it shows once this is mended: {base.causes[finding.behind].title}", "warn")


def _deciding(finding: Finding, confirm: str, rule_out: str) -> Iterator[Paragraph]:
    if finding.missing:
        yield labelled("Missing", ", ".join(finding.missing), "unknown")
    yield labelled("Confirm", confirm)
    yield labelled("Rule out", rule_out)


def _remedies(finding: Finding, base: Base) -> list[Remedy]:
    return [base.remedies[remedy] for remedy in base.causes[finding.cause].remedies]


def _offers(finding: Finding, session: Session, base: Base, basket: Collection[Action]) -> Iterator[Paragraph]:
    if finding.status == "ruled-out":
        return
    trials = {trial.remedy: trial for trial in finding.trials}
    best = _best(finding, base) if finding.status == "confirmed" else None
    for remedy in sorted(_remedies(finding, base), key=lambda one: one is not best):
        yield blank()
        yield from remedy_article(
            remedy,
            trials.get(remedy.id),
            tried_yet=not session.running or remedy.id in trials,
            confirmed=finding.status == "confirmed",
            in_basket=remedy.id in _chosen(finding, basket),
            named=remedy is best,
            base=base,
        )


def remedy_article(
    remedy: Remedy,
    trial: Trial | None,
    *,
    tried_yet: bool,
    confirmed: bool,
    in_basket: bool,
    base: Base,
    named: bool = False,
) -> Iterator[Paragraph]:
    """Say one remedy: what its simulation did, who acts, the steps, what it costs.

    ``named``: only the rest, as its title, its cost in security and its simulation were said before.
    """
    mark = "[x] " if in_basket else ""
    if not named:
        yield Paragraph((span("Remedy    ", "muted"), span(f"{mark}{remedy.title}", "strong")), 1, 11)
        if remedy.weakens_security:
            yield _security(remedy)
        if confirmed or trial is not None:
            yield labelled("", _trial(trial, base, tried_yet=tried_yet))
    yield labelled("Steps" if named else "", f"{remedy.id} · {_actor(remedy)}", "muted")
    if trial is not None and trial.on_system:
        yield labelled("", REMEDY_WORDS[trial.on_system], _ON_SYSTEM[trial.on_system])
    for number, step in enumerate(remedy.steps, 1):
        where = span(f"{step.where}: " if step.where else "", "accent")
        yield Paragraph((span(f"{number}. ", "muted"), where, span(" ".join(step.do.split()))), 11, 14)
        if step.see:
            yield Paragraph((span(f"→ {' '.join(step.see.split())}", "muted"),), 14, 16)
    for label, text in (("risk", remedy.risk), ("stops", remedy.interruption), ("back", remedy.rollback)):
        if text and text != "none":
            yield Paragraph((span(f"{label}: ", "muted"), span(" ".join(text.split()))), 11, 14)
    if remedy.unproven:
        yield Paragraph((span("unproven: ", "unknown"), span(" ".join(remedy.unproven.split()))), 11, 14)


def _actor(remedy: Remedy) -> str:
    who = {
        "basis": "Basis administration",
        "security": "security administration",
        "developer": "the consumer's developer",
        "partner": "the partner",
        "network": "the network team",
    }[remedy.actor]
    return f"{who} acts, on the {remedy.side} side"


def _missing(row: Row) -> list[Paragraph]:
    path = row.key[1]
    paragraphs = [
        *title(row),
        prose("Nobody gave this fact, so it counts as unknown, never as good.", "muted", indent=3),
    ]
    declaration: Declaration | None = DECLARATIONS.get(path) or REQUEST_FACTS.get(path)
    if declaration is not None:
        for label, text in (
            ("Meaning", declaration.meaning),
            ("In SAP", declaration.home),
            ("Find out", declaration.obtain),
        ):
            if text and not (label == "Find out" and text == declaration.home):
                paragraphs.append(labelled(label, text))
        if declaration.example:
            paragraphs.append(labelled("Write", f"{path}: {declaration.example}", "accent"))
    label = "Waiting"
    for check in dict.fromkeys(result.title for result in row.results):
        paragraphs.append(Paragraph((span(fit(label, 10), "muted"), Span("? ", "unknown"), span(check)), 1, 13))
        label = ""
    return paragraphs


def _unanswered(row: Row) -> list[Paragraph]:
    paragraphs = title(row)
    for result in row.results:
        for piece in result.evidence:
            paragraphs += list(evidence(piece))
    paragraphs += list(_results(row.results, "Check"))
    paragraphs.append(labelled("Means", "Not answered is not passed: look at this by other means.", "unknown"))
    return paragraphs


def _results(results: Iterable[Result], label: str) -> Iterator[Paragraph]:
    for result in results:
        yield result_paragraph(result, label)
        label = ""


def result_paragraph(result: Result, label: str = "") -> Paragraph:
    """Say one result: its outcome, the check, and why where it did not pass."""
    glyph, tone = GLYPHS[result.outcome]
    says = f": {result.says}" if result.says else ""
    about = f" [{result.subject.name}]" if result.subject.path else ""
    paragraph = labelled(label, line(span(f"{glyph} ", tone), span(f"{result.title}{about}{says}")))
    return replace(paragraph, hang=paragraph.hang + 2)
