"""What was done, is due, is overdue and comes next on a day; after the end it says "beyond the protocol"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.response.schedule import (
    Anchor,
    RowStatus,
    ScheduledVisit,
    ScheduleState,
    ambiguity,
    anchors_of,
    load_schedule,
    schedule_state,
)
from brachyresponse.response.treatment import new_treatment
from brachyresponse.response.vocabulary import Category, FieldPosition

SURGERY, REMOVAL = date(2026, 1, 12), date(2026, 1, 31)
ANCHORS = {Anchor.SURGERY: SURGERY, Anchor.SOURCE_REMOVAL: REMOVAL}
GLIASITE = load_schedule("gliasite")
DUE = [date(2026, 1, 14), date(2026, 2, 28), date(2026, 3, 31), date(2026, 5, 31), date(2026, 7, 31), date(2026, 9, 30),
       date(2026, 11, 30), date(2027, 1, 31)]  # fmt: skip


def state(today: date, *visits: date, is_ambiguous: bool = False) -> ScheduleState:
    return schedule_state(GLIASITE, ANCHORS, visits, today, is_ambiguous)


def statuses(found: ScheduleState) -> str:
    """One letter a row."""
    letters = {RowStatus.DONE: "d", RowStatus.DUE: "D", RowStatus.OVERDUE: "O", RowStatus.MISSED: "m",
               RowStatus.UPCOMING: "u", RowStatus.UNKNOWN: "?"}  # fmt: skip
    return "".join(letters[row.status] for row in found.rows)


def test_the_days_of_the_schedule_follow_the_calendar() -> None:
    assert [row.due for row in state(REMOVAL).rows] == DUE
    assert [(row.first, row.last) for row in state(REMOVAL).rows[:2]] == [
        (SURGERY, date(2026, 1, 14)),
        (date(2026, 2, 14), date(2026, 3, 14)),
    ]


@pytest.mark.parametrize(
    ("today", "visits", "expected"),
    [
        (date(2026, 1, 13), [], "Duuuuuuu"),
        (REMOVAL, [], "Ouuuuuuu"),
        (REMOVAL, [date(2026, 1, 13)], "duuuuuuu"),
        (date(2026, 2, 14), [date(2026, 1, 13)], "dDuuuuuu"),
        (date(2026, 3, 14), [date(2026, 1, 13)], "dDuuuuuu"),
        (date(2026, 3, 15), [date(2026, 1, 13)], "dOuuuuuu"),
        (date(2026, 3, 17), [date(2026, 1, 13), date(2026, 3, 2)], "ddDuuuuu"),
        (date(2026, 6, 20), [date(2026, 1, 13), date(2026, 3, 2)], "ddOOuuuu"),
        (date(2026, 6, 20), [date(2026, 1, 13), date(2026, 3, 2), date(2026, 6, 1)], "ddmduuuu"),
        (date(2027, 2, 20), [date(2026, 1, 13), *DUE[1:]], "dddddddd"),
    ],
)
def test_each_visit_of_the_schedule_has_its_status(today: date, visits: list[date], expected: str) -> None:
    assert statuses(state(today, *visits)) == expected


def test_the_next_scan_is_told_with_its_sequences() -> None:
    found = state(date(2026, 3, 20), date(2026, 1, 13), date(2026, 3, 2))
    assert found.next_due == date(2026, 3, 31)
    assert found.sequences[0] == "T1 axial and sagittal"
    assert "DWI axial, b 0 and 1000 s/mm²" in found.sequences
    assert (
        "Next: First year, month 2 (standard MRI): due on 2026-03-31, from 2026-03-17 to 2026-04-14." in found.sentence
    )


def test_what_is_overdue_comes_before_what_is_next() -> None:
    found = state(date(2026, 6, 20), date(2026, 1, 13), date(2026, 3, 31))
    assert [row.visit.id for row in found.overdue] == ["first-year-4"]
    assert found.sentence.startswith("First year, month 4 (standard MRI): overdue; was due on 2026-05-31")
    assert found.next_due == date(2026, 7, 31)


def test_several_overdue_visits_are_counted() -> None:
    assert "2 visits are overdue, the last since 2026-06-14: First year, month 2; First year, month 4." in (
        state(date(2026, 6, 20), date(2026, 1, 13), date(2026, 3, 2)).sentence
    )


@pytest.mark.parametrize("today", [date(2027, 2, 15), date(2030, 1, 1)])
def test_after_its_end_the_patient_is_beyond_the_protocol_never_done_with(today: date) -> None:
    found = state(today, *DUE)
    assert found.is_beyond_protocol
    assert (found.next_due, found.sequences) == (None, ())
    assert "beyond the protocol" in found.sentence
    assert "nothing" not in found.sentence


def test_beyond_its_end_what_is_overdue_is_still_said() -> None:
    found = state(date(2027, 2, 15), *DUE[:-1])
    assert [row.visit.months for row in found.overdue] == [12]
    assert "overdue" in found.sentence
    assert "beyond the protocol" in found.sentence


def test_the_last_day_of_the_last_visit_is_not_beyond() -> None:
    assert not state(date(2027, 2, 14), *DUE[:-1]).is_beyond_protocol
    assert state(date(2027, 1, 25), *DUE[:-1], date(2027, 1, 25)).is_beyond_protocol  # all done: nothing more to come


def test_an_anchor_that_is_not_on_record_leaves_its_visits_unknown() -> None:
    found = schedule_state(GLIASITE, {Anchor.SURGERY: SURGERY}, [SURGERY], date(2026, 6, 20))
    assert statuses(found) == "d???????"
    assert not found.is_beyond_protocol
    assert "the date of source removal is not on record, so no day can be told" in found.sentence


def test_without_the_day_of_surgery_the_rest_of_the_schedule_still_ends() -> None:
    assert schedule_state(GLIASITE, {Anchor.SOURCE_REMOVAL: REMOVAL}, DUE, date(2028, 1, 1)).is_beyond_protocol


def test_visits_after_today_do_not_count_yet() -> None:
    assert statuses(state(date(2026, 2, 20), date(2026, 1, 13), date(2026, 2, 28))) == "dDuuuuuu"


def test_a_visit_counts_for_the_nearest_day_only() -> None:
    found = state(date(2026, 4, 1), date(2026, 1, 13), date(2026, 3, 14))  # 14 days after month 1, 17 before month 2
    assert [row.visited_on for row in found.rows[1:3]] == [date(2026, 3, 14), None]


def test_a_visit_between_two_days_counts_for_the_one_that_has_no_other() -> None:
    anchors = {Anchor.SURGERY: date(2025, 12, 20), Anchor.SOURCE_REMOVAL: date(2026, 1, 1)}
    made = [date(2026, 2, 1), date(2026, 2, 15)]  # the second one as near to month 1 as to month 2
    found = schedule_state(GLIASITE, anchors, made, date(2026, 3, 20))
    assert [row.visited_on for row in found.rows[1:3]] == made


def test_of_two_visits_the_nearer_one_is_named() -> None:
    found = state(date(2026, 4, 1), date(2026, 2, 20), date(2026, 3, 2))
    assert found.rows[1].visited_on == date(2026, 3, 2)


def test_a_scan_before_the_event_is_no_follow_up_of_it() -> None:
    at_once = ScheduledVisit("start", "Start", Anchor.IMPLANT, ("CT",), "", months=0)
    schedule = replace(load_schedule("i125_neck_node"), visits=(at_once,))
    implanted = {Anchor.IMPLANT: date(2024, 2, 29)}
    for day, status in ((date(2024, 2, 28), RowStatus.DUE), (date(2024, 2, 29), RowStatus.DONE)):
        assert schedule_state(schedule, implanted, [day], date(2024, 2, 29)).rows[0].status is status


def test_the_scan_to_be_made_now_is_the_one_whose_sequences_are_told() -> None:
    assert state(REMOVAL).sequences == ("MRI or CT",)  # nothing but the scan after surgery is overdue, none is due
    assert state(date(2026, 2, 20)).sequences[0] == "T1 axial and sagittal"  # the new baseline is due by now
    assert state(date(2028, 1, 1)).sequences[0] == "T1 axial and sagittal"  # of eight overdue the last


def test_a_schedule_ends_with_its_last_day_whatever_the_order_of_its_rows() -> None:
    turned = replace(GLIASITE, visits=GLIASITE.visits[::-1])
    found = schedule_state(turned, ANCHORS, [], date(2028, 1, 1))
    assert found.is_beyond_protocol
    assert "ends with 'First year, month 12'" in found.sentence
    assert found.overdue[-1].visit.months == 12


def test_an_event_that_is_not_on_record_is_named_once() -> None:
    said = schedule_state(GLIASITE, {}, [], REMOVAL).sentence
    assert (said.count("surgery is not on record"), said.count("source removal is not on record")) == (1, 1)


def test_an_ambiguous_picture_calls_for_advanced_imaging() -> None:
    found = state(date(2026, 3, 20), is_ambiguous=True)
    assert found.advanced_imaging == ("perfusion", "spectroscopy")
    assert "perfusion and spectroscopy are called for (recurrence or necrosis)" in found.sentence
    assert state(date(2026, 3, 20)).advanced_imaging == ()


def test_a_schedule_that_does_not_speak_of_ambiguity_says_so() -> None:
    found = schedule_state(load_schedule("i125_neck_node"), {Anchor.IMPLANT: REMOVAL}, [], REMOVAL, True)
    assert found.advanced_imaging == ()
    assert "of which 'I-125 neck-node study: CT and ultrasound at 6 months' says nothing" in found.sentence
    assert (found.next_due, found.sequences) == (date(2026, 7, 31), ("CT", "ultrasound"))


def test_the_tolerance_is_labelled_as_ours_and_the_open_points_are_shown() -> None:
    notes = state(REMOVAL).notes
    assert notes[0] == (
        "A visit counts within 14 days of its date (tolerance of this software: the protocol gives none)."
    )
    assert len(notes) == 5


@pytest.mark.parametrize(
    ("category", "position", "is_growing", "is_ambiguous"),
    [
        (Category.PRELIMINARY_PD, None, False, True),
        (Category.PD, FieldPosition.INSIDE, True, True),
        (Category.SD, FieldPosition.STRADDLES, True, True),
        (Category.PD, FieldPosition.OUTSIDE, True, False),
        (Category.SD, FieldPosition.INSIDE, False, False),
        (None, None, True, False),
    ],
)
def test_a_picture_is_ambiguous_when_growth_is_preliminary_or_in_the_field(
    category: Category | None, position: FieldPosition | None, is_growing: bool, is_ambiguous: bool
) -> None:
    assert bool(ambiguity(category, position, is_growing=is_growing)) is is_ambiguous


def test_anchors_are_the_latest_of_their_kind() -> None:
    treatments = [
        new_treatment("surgery", date(2020, 1, 1)),
        new_treatment("surgery", SURGERY),
        new_treatment("surgery", date(2026, 8, 1)),  # for a recurrence: not that of the balloon
        new_treatment("source removal", REMOVAL),
        new_treatment("external beam", date(2024, 1, 8), date(2024, 2, 16)),
        new_treatment("external beam", date(2025, 1, 8)),
    ]
    assert anchors_of(treatments) == {
        Anchor.SURGERY: SURGERY, Anchor.SOURCE_REMOVAL: REMOVAL, Anchor.EXTERNAL_BEAM: date(2024, 2, 16)
    }  # fmt: skip
    assert anchors_of(treatments[:3])[Anchor.SURGERY] == date(2026, 8, 1)


DAYS = st.integers(-30, 800).map(lambda days: SURGERY + timedelta(days))


@settings(max_examples=60)
@given(DAYS, st.lists(DAYS, max_size=10))
def test_the_rules_hold_on_every_day(today: date, visits: list[date]) -> None:
    found = state(today, *visits)
    made = [visit for visit in visits if visit <= today]
    for row in found.rows:
        assert row.first is not None
        assert row.last is not None
        in_time = [visit for visit in made if row.first <= visit <= row.last]
        assert row.visited_on is None or row.visited_on in in_time
        assert (row.status is RowStatus.DONE) == (row.visited_on is not None)
        if row.visited_on is None:
            is_past, is_later_made = today > row.last, any(visit > row.last for visit in made)
            assert (row.status is RowStatus.MISSED) == (is_past and is_later_made)
            assert (row.status is RowStatus.OVERDUE) == (is_past and not is_later_made)
            assert (row.status is RowStatus.UPCOMING) == (today < row.first)
    # Windows overlap in one place only, so a visit in time is never lost.
    assert {row.visited_on for row in found.rows} - {None} <= set(made)
    assert found.is_beyond_protocol == (found.next_due is None)
    assert ("beyond the protocol" in found.sentence) == found.is_beyond_protocol
