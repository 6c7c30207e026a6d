"""A look at a server as text."""

from __future__ import annotations

from wssdoctor.network.observation import Observation, ServerClock
from wssdoctor.report.page import Page
from wssdoctor.report.shown import shown


def render(seen: Observation, width: int = 80, *, color: bool = False) -> str:
    """Return the text."""
    page = Page(width, color=color)
    page.heading("probe")
    rows = [("URL", shown(seen.url)), ("Status", f"{seen.status} without a logon")]
    rows += [(name, shown(text)) for name, text in _given(seen)]
    if seen.clock is not None:
        rows += [("Clock", _clock(seen.clock))]
    if seen.tls is not None:
        rows += [("TLS", f"{shown(seen.tls.version)}, {shown(seen.tls.cipher)}")]
        rows += [("Verified", "yes" if seen.tls.verified else f"NO: {shown(seen.tls.why)}")]
    page.pairs(rows, indent=2)
    for number, each in enumerate(seen.tls.certificates if seen.tls is not None else (), 1):
        page.heading(f"certificate {number}")
        parts = [
            ("Subject", shown(each.subject)),
            ("Issuer", shown(each.issuer)),
            ("Valid", f"{each.not_before:%Y-%m-%d %H:%M} to {each.not_after:%Y-%m-%d %H:%M} UTC"),
        ]
        page.pairs([*parts, *([("Names", shown(", ".join(each.names)))] if each.names else [])], indent=2)
    for binding in seen.bindings:
        page.heading(f"policy of {shown(binding.path)}")
        said = [
            ("Authentication", binding.authentication),
            ("Transport", binding.transport),
            ("Algorithm suite", binding.algorithm_suite),
            ("Signed parts", ", ".join(binding.signed_parts) if binding.signed_parts else None),
            ("Confirmation", ", ".join(binding.saml_confirmation) if binding.saml_confirmation else None),
        ]
        page.pairs([(name, shown(text)) for name, text in said if text], indent=2)
    for note in seen.notes:
        page.say(shown(note), mark="- ")
    return page.text()


def _given(seen: Observation) -> list[tuple[str, str]]:
    named = (("Asks for", seen.challenge), ("Redirects to", seen.location), ("Server", seen.server))
    return [(name, text) for name, text in named if text]


def _clock(clock: ServerClock) -> str:
    least, most = clock.ahead_at_least_seconds, clock.ahead_at_most_seconds
    told = f"server minus this computer: {least:+.1f} to {most:+.1f} s (round trip {clock.round_trip_seconds:.2f} s)"
    return f"{told}; no difference is seen" if least <= 0 <= most else f"{told}; THE CLOCKS DIFFER"
