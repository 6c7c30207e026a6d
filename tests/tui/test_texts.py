"""Texts of requests: exact pieces, folds, signatures, two canonical forms side by side."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.present import of_type, present
from tests.tui.hostile import CONTROL, HOSTILE
from tests.tui.screen import CORPUS
from tests.tui.test_state import done
from wssdoctor.capture.read import read_bytes
from wssdoctor.check.result import Outcome
from wssdoctor.description.load import empty
from wssdoctor.provider.forensics import Forensics
from wssdoctor.provider.request import Request
from wssdoctor.tui import folds, headers, octets, policy, signatures
from wssdoctor.tui.exact import PIECE, byte_at, element_starts, envelope_text, pieces
from wssdoctor.tui.lines import plain, width
from wssdoctor.tui.source import source_lines, starts_of
from wssdoctor.wsse.message import Message
from wssdoctor.wsse.verification import Digested


def signed() -> Request:
    path = CORPUS / "node" / "cert-wsu-id+body-pretty.xml"
    return Request.of(read_bytes(path.read_bytes(), "signed.xml"))


@given(st.text(alphabet="<>/Pasword&\n 'é", max_size=3000))
def test_pieces_leave_nothing_out(text: str) -> None:
    if "assword" in text:
        return
    found = list(pieces(text, 1))
    joined = "".join(("" if one.number is None else "\n") + one.text for one in found)[1:]
    assert joined == text
    assert all(text[one.start : one.start + len(one.text)] == one.text for one in found)
    assert all(len(one.text) <= PIECE for one in found)


@given(st.integers(0, 3 * PIECE), st.integers(1, 3 * PIECE), st.integers(0, 50))
def test_no_piece_shows_a_part_of_a_password(before: int, length: int, lines: int) -> None:
    secret = "\n".join(["S" * length] * (lines // 10 + 1))
    text = f"<a>{'x' * before}<Password>{secret}</Password>{'y' * 50}</a>"
    assert "S" not in "".join(one.text for one in pieces(text, 1))


def test_every_element_is_found_at_its_byte() -> None:
    request = signed()
    text = envelope_text(request.capture)
    starts = starts_of(source_lines(request, indented=True))
    assert len(element_starts(text)) == len(list(of_type(Message, request.message).root.iter("*")))
    for path, start in starts.items():
        name = path.rpartition("/")[2].removeprefix("*[local-name()='").partition("[")[0].rpartition(":")[2]
        name = name.partition("'")[0]
        assert text[start] == "<"
        assert name in text[start : start + 60]
        at = byte_at(request.capture, start)
        assert request.capture.envelope[at : at + 1] == b"<"


def test_comments_and_sections_hide_no_element() -> None:
    text = "<a><!-- <b> --><![CDATA[<c>]]><?p <d>?><e f='>'/><g h=\"<\"></g></a>".replace('"<"', '"&lt;"')
    assert [text[start : start + 2] for start in element_starts(text)] == ["<a", "<e", "<g"]


def test_folding_hides_the_inside_and_unfolding_shows_it() -> None:
    lines = source_lines(signed(), indented=True)
    closing = folds.ends(lines)
    everything = folds.visible(lines, closing, ())
    header = next(row for row, one in enumerate(lines) if one.path.endswith("Header"))
    seen = folds.visible(lines, closing, {header})
    assert len(everything) - len(seen) == closing[header] - header
    assert "lines" in plain(folds.drawn(lines, closing, {header}, header))
    inner = header + 3
    assert folds.unfolded(closing, frozenset({header}), inner) == frozenset()
    assert folds.unfolded(closing, frozenset({header}), closing[header] + 1) == frozenset({header})


def test_long_values_are_folded_at_first_and_whole_when_unfolded() -> None:
    lines = source_lines(signed(), indented=True)
    row = next(row for row in folds.long_values(lines) if "BinarySecurityToken" in lines[row].path)
    closing = folds.ends(lines)
    assert "characters" in plain(folds.drawn(lines, closing, {row}, row))
    assert len(plain(folds.drawn(lines, closing, (), row))) > 800


def test_a_signature_says_what_it_covers_who_signed_and_which_digest_fails() -> None:
    found = signatures.examined(signed(), empty(), Forensics())
    text = "\n".join(plain(one.spans) for one in signatures.paragraphs(found))
    for words in (
        "its value holds",
        "Whether this signer is trusted",
        "CN=client",
        "serial 8711",
        "Body",
        "digest differs",
        "laid out with white space",
    ):
        assert words in text
    assert re.search(r"✗ Body +does not hold", text)
    assert text.count("/soap:Body") == text.count("expected ") == 1  # nothing is said twice
    failing = signatures.failing(found)
    assert len(failing) == 1
    assert failing[0].signed is not None


def test_a_signature_that_may_be_encrypted_is_not_said_to_be_missing() -> None:
    data = (CORPUS / "wss4j" / "sign-then-encrypt-signature.xml").read_bytes()
    found = signatures.examined(Request.of(read_bytes(data, "encrypted.xml")), empty(), Forensics())
    text = "\n".join(plain(one.spans) for one in signatures.paragraphs(found))
    assert "not signed" not in text
    assert "may be in what is encrypted" in text
    assert "? BinarySecurityToken" in text
    assert "this signer" not in text  # there is none to be trusted


def test_two_canonical_forms_stand_side_by_side() -> None:
    failing = signatures.failing(signatures.examined(signed(), empty(), Forensics()))
    for cells in (60, 78, 130):
        drawn = octets.side_by_side(failing[0], cells)
        assert max(width(one.spans) for one in drawn) <= cells
        assert plain(drawn[0].spans) == "12 places differ, in nothing but white space"
        assert any("≠" in plain(one.spans) and "↵" in plain(one.spans) for one in drawn)


def test_a_changed_text_is_no_matter_of_white_space() -> None:
    drawn = octets.side_by_side(Digested("x", b"<a>1</a>", b"<a> 2</a>"), 80)
    assert plain(drawn[0].spans) == "1 place differs"


def test_a_form_that_could_not_be_found_is_said_to_be_so() -> None:
    drawn = octets.side_by_side(Digested("x", b"<a>1</a>"), 80)
    assert "could not be found" in plain(drawn[0].spans)


@given(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE))
def test_octets_of_strangers_are_harmless(one: str, two: str) -> None:
    def raw(text: str) -> bytes:
        return text.encode("utf-8", "surrogatepass")

    for paragraph in octets.side_by_side(Digested("x", raw(one), raw(two)), 80):
        assert not set(plain(paragraph.spans)) & CONTROL


def test_passwords_are_hidden_in_octets() -> None:
    drawn = octets.side_by_side(Digested("x", b"<Password>geheim</Password>", b"<Password>other</Password>"), 80)
    assert not any(word in plain(one.spans) for one in drawn for word in ("geheim", "other"))


def demanded(name: str) -> dict[str, policy.Demand]:
    """Return what the endpoint demands of a request of the sample."""
    session = done("sample")
    case = present(session.case)
    number = next(index for index, one in enumerate(case.requests) if name in one.name)
    request, facts = case.requests[number], case.facts
    found = signatures.examined(request, facts, Forensics())
    return {one.title: one for one in policy.demands(facts, request, found, session.run.replays[number])}


def test_a_policy_says_what_is_demanded_what_came_and_what_fails() -> None:
    found = demanded("13-order-create")
    assert (found["Token"].required, found["Token"].has, found["Token"].outcome) == (
        "username-token",
        "username-token",
        Outcome.PASSED,
    )
    assert present(found["Token"].place).line == 119
    assert found["Clock tolerance"].outcome is Outcome.FAILED
    assert "after its arrival" in found["Clock tolerance"].says[0]


def test_a_demand_that_nobody_gave_is_unknown() -> None:
    request = present(done("sample").case).requests[0]
    found = policy.demands(empty(), request, None, None)
    assert all(one.required.startswith(("unknown", "nothing")) for one in found)
    assert all(one.outcome is None for one in found)
    assert "unknown" in "\n".join(plain(one.spans) for one in policy.paragraphs(empty(), request, None, None))


def test_signed_parts_are_held_against_those_that_are_demanded() -> None:
    found = {
        one.title: one
        for one in policy.demands(empty(), signed(), signatures.examined(signed(), empty(), Forensics()), None)
    }
    assert found["Signed parts"].has == "Timestamp, Body (its digest differs)"
    assert "sha256" in found["Algorithms"].has


def test_headers_say_what_they_are_to_the_logon_and_hide_secrets() -> None:
    request = next(one for one in present(done("sample").case).requests if "04-order-create" in one.name)
    text = "\n".join(plain(one.spans) for one in headers.paragraphs(request))
    assert "ICF logs on with this" in text
    assert "(secret)" in text
    assert "wsse:Security" in text
    assert "the provider reads this one" in text


def test_headers_of_an_envelope_alone() -> None:
    text = "\n".join(plain(one.spans) for one in headers.paragraphs(signed()))
    assert "no HTTP request" in text
    assert re.search(r"Signature +line \d+ +no Id", text)
