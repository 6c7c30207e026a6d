from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

from msgspec.structs import replace

from tests import landscape
from tests.present import present
from tests.tui.screen import BASE
from wssdoctor.capture.capture import Response
from wssdoctor.description import load
from wssdoctor.description.change import change
from wssdoctor.diagnosis.case import Case
from wssdoctor.diagnosis.diagnosis import diagnose
from wssdoctor.errors import Problem
from wssdoctor.provider.stage import Stage
from wssdoctor.tui import rowlines, session, state, tree
from wssdoctor.tui.articles import row_article
from wssdoctor.tui.lines import plain, width
from wssdoctor.tui.opening import Read, read_case, sample_opening
from wssdoctor.tui.rows import count, rows_of
from wssdoctor.tui.session import Opening, Session
from wssdoctor.tui.state import FindingList

HEALTHY = Path(__file__).parent.parent / "data" / "healthy"


@cache
def done(kind: str) -> Session:
    if kind == "sample":
        opening, read = sample_opening(), read_case(sample_opening())
    elif kind == "healthy":
        opening = Opening(
            HEALTHY / "system.yaml", (HEALTHY / "captures",), dt.datetime(2026, 11, 19, 12, tzinfo=dt.UTC)
        )
        read = read_case(replace(opening, at=None))
    elif kind == "healthy-without-requests":
        opening = Opening(HEALTHY / "system.yaml")
        read = read_case(opening)
    else:
        opening = Opening(None)
        read = Read(Case(load.empty(), (), dt.datetime(2026, 11, 19, tzinfo=dt.UTC)))
    diagnosis = diagnose(read.case, BASE)
    rows = rows_of(diagnosis.run, diagnosis.findings, diagnosis.coverage, BASE)
    return session.finished(session.read(session.opened(opening), read), diagnosis, rows)


def listed(kind: str, view: FindingList | None = None) -> FindingList:
    return state.listed(view or FindingList(), done(kind))


def verdict_tones(kind: Session) -> set[str]:
    lines = state.status_lines(kind, state.listed(FindingList(), kind), 80)
    return {one.tone for one in lines[0] if one.text.strip()}


def test_confirmed_findings_come_first_and_the_first_is_chosen() -> None:
    view = listed("sample")
    words = [row.sign.word for row in view.rows if row.sign.kind != "heading"]
    assert words == sorted(words, key=["FAIL", "DEFECT", "ASK", "GAP", "MAYBE", "OUT"].index)
    assert view.chosen is not None
    assert view.chosen.finding == done("sample").findings[0]


def test_every_confirmed_finding_is_one_row() -> None:
    confirmed = {finding.key for finding in done("sample").confirmed}
    assert {row.key for row in listed("sample").rows if row.sign.word == "FAIL"} == confirmed


def test_the_chosen_finding_stays_when_others_come() -> None:
    session_of_sample = done("sample")
    few = replace(session_of_sample, rows=session_of_sample.rows[4:])
    view = state.listed(FindingList(), few)
    again = state.listed(view, session_of_sample)
    assert again.key == view.key
    assert again.cursor > view.cursor


def test_filters_show_fewer_or_more() -> None:
    problems = listed("sample")
    confirmed = listed("sample", state.next_filter(FindingList()))
    everything = listed("sample", state.next_filter(state.next_filter(FindingList())))
    assert {row.sign.word for row in confirmed.rows if row.sign.word} <= {"FAIL", "DEFECT"}
    assert confirmed.shown <= problems.shown < everything.shown == everything.total
    assert state.next_filter(state.next_filter(state.next_filter(FindingList()))).filter == "problems"


def test_search_looks_at_titles_ids_and_subjects() -> None:
    view = listed("sample", FindingList(search="CLOCK-skew"))
    assert [row.key[0] for row in view.rows if row.sign.kind == "finding"] == ["clock-skew"]
    nothing = listed("sample", FindingList(search="no such thing anywhere"))
    assert nothing.shown == nothing.beyond == 0
    assert nothing.chosen is None
    assert "clears" in state.empty_text(done("sample"), nothing)


def test_a_search_says_how_many_rows_it_looked_at_and_how_many_the_filter_hides() -> None:
    everything = listed("sample", FindingList(filter="everything", search="user"))
    problems = listed("sample", FindingList(search="user"))
    assert problems.searched < everything.searched == everything.total
    assert problems.beyond == everything.shown - problems.shown > 0
    said = plain(state.status_lines(done("sample"), problems, 80)[2])
    assert said.endswith(f"{problems.shown} of {problems.searched} found, {problems.beyond} more hidden: f f shows ")
    assert "hidden" not in plain(state.status_lines(done("sample"), everything, 80)[2])
    only_ruled_out = listed("sample", FindingList(filter="confirmed", search="out"))
    assert only_ruled_out.shown == 0
    hidden = f"The filter hides {only_ruled_out.beyond} rows with them: Enter, then f."
    assert hidden in state.empty_text(done("sample"), only_ruled_out)


def test_steps_stop_at_both_ends() -> None:
    view = listed("sample")
    assert state.stepped(view, -1).key == view.key
    last = [row.key for row in view.rows if row.sign.kind != "heading"][-1]
    assert state.stepped(view, 10_000).key == last
    assert state.stepped(FindingList(), 1) == FindingList()


def test_missing_facts_are_rows_that_say_how_to_find_them() -> None:
    view = listed("empty")
    asked = [row for row in view.rows if row.sign.word == "ASK"]
    coverage = done("empty").coverage
    assert coverage is not None
    assert [row.key[1] for row in asked] == list(coverage.missing_facts)
    lock = next(row for row in asked if row.key[1] == "technical_user.lock")
    text = "\n".join(plain(one.spans) for one in row_article(lock, done("empty"), BASE, ()))
    assert "In SAP" in text
    assert "Find out" in text


def test_an_empty_description_is_inconclusive_and_never_green() -> None:
    assert verdict_tones(done("empty")) == {"unknown"}


def test_a_system_without_requests_is_not_called_healthy() -> None:
    session_of_case = done("healthy-without-requests")
    text = plain(state.status_lines(session_of_case, FindingList(), 80)[0])
    assert "HEALTHY" not in text
    assert "pass" not in verdict_tones(session_of_case)


def test_only_a_complete_answer_without_a_finding_is_green() -> None:
    healthy = done("healthy")
    assert healthy.coverage is not None
    assert healthy.coverage.complete
    assert "pass" in verdict_tones(healthy)
    for phase in ("reading", "checks", "remedies", "plan", "cancelled", "crashed", "refused"):
        other = replace(healthy, phase=phase)
        if phase != "refused":
            assert "pass" not in verdict_tones(other)
    unclear = replace(healthy, coverage=replace(healthy.coverage, unknown=1))
    assert "pass" not in verdict_tones(unclear)
    broken = replace(healthy, coverage=replace(healthy.coverage, error=1))
    assert "pass" not in verdict_tones(broken)


def test_a_cancelled_run_is_said_to_be_a_part() -> None:
    sample = done("sample")
    part = replace(sample, phase="cancelled", run=replace(sample.run, replays=sample.run.replays[:2]))
    text = plain(state.status_lines(part, FindingList(), 100)[0])
    assert "CANCELLED after 2 of 13 requests" in text
    assert "2 rejected, 13 captured" in text
    at_once = replace(part, run=replace(part.run, replays=()))
    assert "CANCELLED: only a part" in plain(state.status_lines(at_once, FindingList(), 80)[0])


def test_a_whole_run_is_not_called_a_part_whatever_was_counted_last() -> None:
    remedies = replace(done("sample"), total=99)
    assert "rejected, " not in plain(state.status_lines(remedies, FindingList(), 80)[0])


def test_files_that_were_refused_are_no_empty_case() -> None:
    refused = session.refused(session.opened(Opening(Path("a.yaml"))), (Problem("it is broken"),))
    assert "NOT READ: 1 problem;" in plain(state.status_lines(refused, FindingList(), 80)[0])
    assert "Nothing is known" in state.empty_text(refused, FindingList())


def test_an_empty_list_says_that_nothing_failed_only_where_the_run_came_to_its_end() -> None:
    healthy = done("healthy")
    empty = state.listed(FindingList(), healthy)
    assert not empty.rows
    assert "failed" in state.empty_text(healthy, empty)
    for phase in ("reading", "checks", "remedies", "plan", "cancelled", "crashed", "refused"):
        part = replace(healthy, phase=phase, rows=())
        assert "failed" not in state.empty_text(part, FindingList())
        assert plain(state.unfinished(part))
    assert state.unfinished(healthy) == ()


def test_a_run_that_was_cancelled_at_once_is_a_case_that_is_open() -> None:
    now = session.cancelled(session.opened(Opening(Path("a.yaml"))))
    assert "No case" not in state.empty_text(now, FindingList())


def test_requests_that_nobody_could_decide_are_counted() -> None:
    sample = done("sample")
    unclear = tuple(replace(one, verdict="undecided") for one in sample.run.replays[:2])
    now = replace(sample, run=replace(sample.run, replays=(*unclear, *sample.run.replays[2:])))
    for cells in (60, 80):
        assert "2 undecided" in plain(state.status_lines(now, FindingList(), cells)[0])


def test_counts_of_a_part_are_said_to_be_of_a_part() -> None:
    for phase, words in (("checks", "so far"), ("cancelled", "until then"), ("crashed", "until then")):
        part = replace(done("sample"), phase=phase)
        assert words in plain(state.status_lines(part, FindingList(), 80)[1])


def test_every_row_has_an_article() -> None:
    for kind in ("sample", "empty"):
        everything = state.next_filter(state.next_filter(FindingList()))
        for row in listed(kind, everything).rows:
            if row.sign.kind != "heading":
                assert len(row_article(row, done(kind), BASE, ())) >= 3


def test_an_article_shows_evidence_and_what_each_remedy_did() -> None:
    view = listed("sample", FindingList(search="clock-skew", filter="confirmed"))
    text = "\n".join(plain(one.spans) for one in row_article(view.chosen, done("sample"), BASE, ()))
    assert "Evidence" in text
    assert "simulated:\u00a0resolved" in text
    assert "Synchronise" in text


def test_the_remedy_to_begin_with_is_named_once_and_before_its_steps() -> None:
    for row in listed("sample", FindingList(filter="confirmed")).rows:
        if row.finding is not None:
            said = row_article(row, done("sample"), BASE, ())
            now = next(index for index, one in enumerate(said) if plain(one.spans).startswith("Do now"))
            title = said[now].spans[1].text.strip()
            assert [span.text.strip() for one in said for span in one.spans].count(title) == 1
            assert any(plain(one.spans).startswith("Steps") for one in said[now:])


def test_a_remedy_that_weakens_security_is_marked_loudly() -> None:
    view = listed("sample", FindingList(search="clock-skew", filter="confirmed"))
    paragraphs = row_article(view.chosen, done("sample"), BASE, ())
    loud = [one for paragraph in paragraphs for one in paragraph.spans if one.tone == "security"]
    assert loud
    assert all("SECURITY" in one.text for one in loud)


def test_rows_fit_the_width() -> None:
    for cells in (60, 80, 140):
        for row in listed("sample").rows:
            assert width(rowlines.row_line(row, cells)) <= cells
        for line in state.status_lines(done("sample"), listed("sample"), cells):
            assert width(line) <= cells + 10  # cut when drawn


def test_a_title_is_whole_where_the_place_can_do_with_less() -> None:
    row = replace(listed("sample").rows[1], title="x" * 50, where="10-order-read-portal.http")
    room = next(cells for cells in range(40, 140) if row.title in plain(rowlines.row_line(row, cells)))
    assert room == 50 + 12 + 10
    for cells in (room - 1, room, room + 20):
        line = rowlines.row_line(row, cells)
        assert width(line) <= cells
        assert "tal" in plain(line)  # places are told apart by their ends
    assert "x…" in plain(rowlines.row_line(row, room - 1))


def test_a_place_that_tells_nothing_gives_its_room_to_a_title() -> None:
    row = replace(listed("sample").rows[1], title="x" * 65, where="system")
    assert row.title in plain(rowlines.row_line(row, 80))
    assert "system" in plain(rowlines.row_line(replace(row, title="x" * 50), 80))
    cut = plain(rowlines.row_line(replace(row, where="user WS_ORDER"), 80))
    assert "…  user WS_ORDER" in cut  # what the place leaves free is no blank while the title lacks it


def test_a_row_is_opened_only_where_one_line_cuts_its_title() -> None:
    for row in listed("sample", FindingList(filter="everything")).rows:
        one, lines = rowlines.row_line(row, 80), rowlines.row_lines(row, 80, narrow=True)
        assert (len(lines) == 1) == (row.title in plain(one))
        assert len(lines) > 1 or lines == [one]


def test_a_whole_row_has_every_word_of_its_title() -> None:
    for cells in (60, 80, 140):
        for row in listed("sample", FindingList(filter="everything")).rows:
            lines = rowlines.row_lines(row, cells)
            assert max(map(width, lines)) <= cells
            assert set(row.title.split()) <= set(" ".join(map(plain, lines)).split())


def test_a_folder_of_exports_is_a_case(tmp_path: Path) -> None:
    (tmp_path / "users").write_text("|MANDT|BNAME|UFLAG|\n|100|WS_ORDER|64|\n")
    captured = next(path for path in sorted(sample_opening().captures[0].iterdir()) if path.suffix == ".http")
    (tmp_path / "order").write_bytes(captured.read_bytes())
    case = read_case(Opening(tmp_path)).case
    assert case.facts.value("users[0].lock") == 64
    assert len(case.requests) == 1


def with_consequences() -> Session:
    """Return the sample as if its second and third finding were consequences of the first."""
    rows = done("sample").rows
    assert [row.sign.word for row in rows[1:4]] == ["FAIL"] * 3
    return replace(done("sample"), rows=(*rows[:2], *(replace(row, depth=1) for row in rows[2:4]), *rows[4:]))


def test_a_tree_by_root_cause_folds_the_consequences() -> None:
    found = with_consequences()
    as_list = state.listed(FindingList(filter="confirmed"), found)
    view = state.listed(FindingList(filter="confirmed", shape="causes"), found)
    hidden = {row.key for row in as_list.rows if row.depth}
    assert len(hidden) == 2
    assert {row.key for row in as_list.rows} - {row.key for row in view.rows} == hidden
    assert view.shown == as_list.shown
    root = next(row for row in view.rows if row.under)
    assert "(+2)" in plain(rowlines.row_line(root, 80, in_tree=True))
    opened = state.listed(state.unfolded(state.chose(view, root.key)), found)
    folded = state.listed(state.folded(state.chose(opened, root.under[0].key)), found)
    assert folded.rows == view.rows
    assert folded.key == root.key


def test_a_tree_by_stage_has_every_row_once_in_the_order_of_the_stages() -> None:
    view = listed("sample", FindingList(shape="stages"))
    groups = [row for row in view.rows if row.sign.kind == "group"]
    inside = [row.key for group in groups for row in group.under]
    assert sorted(inside) == sorted(row.key for row in listed("sample").rows if row.sign.kind != "heading")
    titles = [group.title for group in groups if group.title in {one.heading for one in Stage}]
    assert titles == sorted(titles, key=[one.heading for one in Stage].index)
    assert all(group.open == any(row.sign.word in ("FAIL", "DEFECT") for row in group.under) for group in groups)


def test_a_finding_that_is_gone_to_is_unfolded_and_a_search_unfolds_all() -> None:
    found = with_consequences()
    hidden = next(row.key for row in found.rows if row.depth)
    assert state.listed(state.chose(FindingList(shape="causes"), hidden), found).key == hidden
    searched = listed("sample", FindingList(shape="stages", search="ask"))
    assert all(row.open for row in searched.rows if row.sign.kind == "group")


def test_every_shape_fits_and_its_branches_have_articles() -> None:
    for shape in tree.SHAPES:
        view = listed("sample", FindingList(shape=shape, filter="everything"))
        for row in view.rows:
            assert width(rowlines.row_line(row, 80, in_tree=True)) <= 80
            if row.sign.kind == "group":
                text = row_article(row, done("sample"), BASE, ())
                assert len(text) >= len(row.under)


def test_what_the_system_contradicts_is_said_first_and_never_green() -> None:
    captures = [replace(one.capture, response=Response(401, "", (), b"")) for one in landscape.requests()]
    case = Case.of(landscape.facts(), captures, landscape.MOMENT)
    diagnosis = diagnose(case, BASE)
    rows = rows_of(diagnosis.run, diagnosis.findings, diagnosis.coverage, BASE)
    now = session.finished(Session(opening=Opening(Path("system.yaml"))), diagnosis, rows)
    assert "pass" not in verdict_tones(now)
    assert "fail" in verdict_tones(now)
    said = "".join(plain(line) for line in state.status_lines(now, FindingList(), 80))
    assert "3 requests CONTRADICTED by the system" in said
    assert "HEALTHY" not in said


def test_a_finding_says_what_the_system_said_to_it_and_to_its_remedy() -> None:
    case = landscape.case()
    sick = Case(change(case.facts, {"icf.nodes[0].stored_password_current": False}), case.requests, case.moment)
    diagnosis = diagnose(sick, BASE)
    rows = rows_of(diagnosis.run, diagnosis.findings, diagnosis.coverage, BASE)
    now = session.finished(Session(opening=Opening(Path("system.yaml"))), diagnosis, rows)
    row = next(one for one in rows if one.finding is not None and one.finding.cause == "icf-node-password-stale")
    finding = present(row.finding)
    trials = tuple(replace(one, on_system="contradicted") for one in finding.trials)
    told = replace(row, about=replace(finding, on_system="gone", trials=trials))
    said = " ".join(plain(paragraph.spans) for paragraph in row_article(told, now, BASE, ()))
    assert said.count("CONTRADICTED BY THE SYSTEM") == 1 + len(trials)


def test_nouns_are_counted_as_they_are_written() -> None:
    counted = [count(number, noun) for noun in ("remedy", "request") for number in (1, 2)]
    assert counted == ["1 remedy", "2 remedies", "1 request", "2 requests"]
