from __future__ import annotations

from functools import cache

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from tests.tui.screen import BASE
from tests.tui.test_state import done
from wssdoctor.diagnosis.whatif import Tried, tried
from wssdoctor.tui import basketlines, lanes, whatif
from wssdoctor.tui.lines import plain, wrap
from wssdoctor.tui.whatif import STAGES, Basket, WhatIf


@cache
def planned() -> Tried:
    session = done("sample")
    assert session.case is not None
    assert session.plan is not None
    return tried(session.case, session.plan.actions, BASE)


def with_plan() -> WhatIf:
    session = done("sample")
    assert session.plan is not None
    return WhatIf(Basket().changed(session.plan.actions), planned())


def test_every_change_of_the_basket_can_be_undone() -> None:
    one, two = (offer.action for offer in whatif.offers(done("sample"), BASE)[:2])
    basket = Basket().toggled(one).toggled(two).toggled(one)
    assert basket.actions == (two,)
    assert basket.undone().actions == (one, two)
    assert basket.undone().undone().undone() == Basket()
    assert Basket().undone() == Basket()


def test_a_change_that_changes_nothing_is_no_step() -> None:
    basket = Basket().changed(())
    assert basket.before == ()


def test_every_remedy_of_a_confirmed_finding_is_offered_once() -> None:
    offers = whatif.offers(done("sample"), BASE)
    assert len({offer.action for offer in offers}) == len(offers)
    wanted = {remedy for finding in done("sample").confirmed for remedy in BASE.causes[finding.cause].remedies}
    assert {offer.action.remedy for offer in offers} == wanted


def test_a_remedy_for_one_request_is_said_to_act_on_its_capture() -> None:
    session = done("sample")
    about = {offer.subject for offer in whatif.offers(session, BASE)}
    assert about >= {"09-shipment-notify.http", "03-order-change.http", "user WS_BATCH"}
    assert "1 request" not in about


def test_where_nothing_can_be_tried_no_key_to_try_it_is_named() -> None:
    session = done("sample")
    assert "Space" in plain(basketlines.summary(session, WhatIf(), whatif.offers(session, BASE), 80)[0])
    assert "Space" not in plain(basketlines.summary(session, WhatIf(), (), 80)[0])


def test_with_the_plan_every_request_is_accepted() -> None:
    session = done("sample")
    gained, lost = whatif.turned(session.run, planned().run)
    assert (gained, lost) == (session.run.rejected, 0)
    rows = lanes.matrix(session, with_plan(), 80)
    assert "✗" in plain(rows[1])
    assert "✗" not in plain(rows[2])
    assert plain(rows[2]).count("~") == gained


def test_what_is_counted_is_said_to_be_of_today_or_of_the_remedies_on_the_smallest_screen() -> None:
    said = plain(basketlines.summary(done("sample"), with_plan(), (), 60)[0])
    assert said.split()[0] == "today"
    assert "with 11 " in said
    assert said.rstrip().endswith("now accepted")


def test_the_lines_of_a_result_stand_below_its_words_not_its_glyph() -> None:
    paragraph = lanes.stage_article(done("sample"), WhatIf(request=2, stage=5))[0]
    first, second, *_ = (plain(line) for line in wrap(paragraph, 60))
    assert first.index("The message") == len(second) - len(second.lstrip())


def test_a_basket_that_is_being_worked_out_is_not_green() -> None:
    session = done("sample")
    state = WhatIf(with_plan().basket)
    tones = {
        span.tone for line in basketlines.summary(session, state, (), 80) for span in line if "working" in span.text
    }
    assert tones == {"accent"}
    assert "✓" not in plain(lanes.matrix(session, state, 80)[2])


def test_the_matrix_stays_around_the_chosen_request() -> None:
    session = done("sample")
    rows = lanes.matrix(session, WhatIf(request=12), 40)
    assert "13" in plain(rows[0])
    assert len(plain(rows[1])) <= 40


def test_requests_that_came_after_the_trial_are_not_compared() -> None:
    session = done("sample")
    part = replace(
        with_plan(), result=replace(planned(), run=replace(planned().run, replays=planned().run.replays[:3]))
    )
    assert whatif.turned(session.run, part.result.run if part.result else session.run)[0] <= 3
    later = plain(lanes.matrix(session, part, 80)[2])
    assert later.count("…") == 10 + 1
    assert later.endswith("… came after")
    for index in range(len(session.run.replays)):
        assert lanes.lanes(session, whatif.chosen(session, part, index), 80)
        said = plain(lanes.request_line(session, part, index, 80))
        assert ("came after" in said) == (index >= 3)
        lane = plain(lanes.lanes(session, whatif.chosen(session, part, index), 80)[3])
        assert ("came after" in lane) == (index >= 3)


def test_what_is_not_known_of_the_remedies_is_said_in_words() -> None:
    session, basket = done("sample"), with_plan().basket
    for state, words in (
        (WhatIf(), "no remedies yet"),
        (WhatIf(basket), "working it out ..."),
        (WhatIf(basket, why_not="it clashes"), "cannot be tried"),
    ):
        assert plain(lanes.matrix(session, state, 80)[2]).strip().removeprefix("what-if").strip() == words
        assert plain(lanes.request_line(session, state, 2, 80)).rstrip().endswith("Timestamp")


def test_requests_that_are_accepted_no_longer_are_said_before_those_that_are_now() -> None:
    session = done("sample")
    worse = replace(planned(), run=session.run)
    better = replace(session, run=planned().run)
    for cells in (60, 80):
        said = plain(basketlines.summary(better, replace(with_plan(), result=worse), (), cells)[0])
        assert f"{session.run.rejected} no longer" in said
        assert cell_len(said) <= cells


def test_a_remedy_has_its_whole_title_where_it_is_drawn_so() -> None:
    for offer in whatif.offers(done("sample"), BASE):
        for cells in (60, 80):
            lines = basketlines.offer_lines(offer, cells, chosen=False, whole=True)
            assert max(cell_len(plain(line)) for line in lines) <= cells
            assert set(offer.title.split()) <= set(" ".join(map(plain, lines)).split())
            [one] = basketlines.offer_lines(offer, cells, chosen=False)
            assert (len(lines) == 1) == (offer.title in plain(one))


@pytest.mark.parametrize("cells", [40, 65, 80])
def test_a_user_of_twelve_letters_is_never_cut_in_the_table_of_requests(cells: int) -> None:
    session = done("sample")
    replays = [replace(one, user="ABCDEFGHIJKL", stage=None) for one in session.run.replays]
    session = replace(session, run=replace(session.run, replays=tuple(replays)))
    drawn = plain(lanes.request_line(session, WhatIf(), 0, cells))
    assert "as ABCDEFGHIJKL" in drawn
    assert cell_len(drawn) <= cells


@pytest.mark.parametrize("cells", [60, 80, 140])
def test_the_legend_names_the_mark_of_the_stage_that_stops(cells: int) -> None:
    session = done("sample")
    state = whatif.first_rejected(session, WhatIf())
    today = plain(lanes.lanes(session, state, cells)[2])
    mark = today[today.index("✗") + 1 :].split()[0]
    assert f"{mark} stops here" in plain(lanes.legend(cells))


@pytest.mark.parametrize("cells", [58, 60, 80])
def test_a_remedy_that_weakens_security_is_named_however_narrow(cells: int) -> None:
    session = done("sample")
    offers = whatif.offers(session, BASE)
    for state in (WhatIf(), with_plan()):
        loud = plain(basketlines.summary(session, state, offers, cells)[1])
        assert "1 WEAKENS SECURITY" in loud
        assert cell_len(loud) <= cells


def test_the_next_failure_goes_through_all_requests_and_back() -> None:
    session = done("sample")
    state, seen = WhatIf(), []
    for _ in range(session.run.rejected):
        state = whatif.next_failure(session, state)
        seen.append((state.request, state.stage))
    assert len(set(seen)) == len(seen)
    for request, stage in seen:
        assert session.run.replays[request].steps[stage].outcome == "failed"


def test_with_everything_accepted_there_is_no_next_failure() -> None:
    assert whatif.next_failure(done("sample"), with_plan()) == with_plan()


def test_stages_stop_at_both_ends_and_requests_go_round() -> None:
    session = done("sample")
    assert whatif.moved(session, WhatIf(), stages=-1).stage == 0
    assert whatif.moved(session, WhatIf(), stages=100).stage == len(STAGES) - 1
    assert whatif.moved(session, WhatIf(), requests=-1).request == len(session.run.replays) - 1


def test_choosing_a_request_goes_to_the_stage_that_stops_it() -> None:
    session = done("sample")
    for index, replay in enumerate(session.run.replays):
        state = whatif.chosen(session, WhatIf(), index)
        if replay.stage is not None:
            assert STAGES[state.stage] is replay.stage


def test_lanes_mark_the_first_stop_and_what_a_remedy_changed() -> None:
    session = done("sample")
    index = next(i for i, replay in enumerate(session.run.replays) if replay.verdict == "rejected")
    state = whatif.chosen(session, with_plan(), index)
    lines = lanes.lanes(session, state, 80)
    assert plain(lines[2]).count("!") == 1
    assert "~" in plain(lines[3])


def test_a_stage_says_what_each_lane_checked_and_what_the_provider_answers() -> None:
    session = done("sample")
    index = next(i for i, replay in enumerate(session.run.replays) if replay.stage == "timestamp")
    text = "\n".join(
        plain(one.spans) for one in lanes.stage_article(session, whatif.chosen(session, with_plan(), index))
    )
    assert "modelled" in text
    assert "WSS021" in text
    assert "rejected at Timestamp" in text


def test_a_basket_that_weakens_security_says_so_loudly() -> None:
    session = done("sample")
    offers = whatif.offers(session, BASE)
    weak = next(offer for offer in offers if offer.weakens)
    state = WhatIf(Basket().toggled(weak.action), planned())
    loud = [
        span.text
        for line in basketlines.summary(session, state, offers, 80)
        for span in line
        if span.tone == "security"
    ]
    assert loud == [" 1 WEAKENS SECURITY "]
