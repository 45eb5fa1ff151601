"""Measured visits become a case: targets, what is followed, what is new, what merged or fell apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response.case import CaseOptions, ResponseCase
from brachyresponse.response.criteria import assess_response
from brachyresponse.response.matching import Confidence, LesionDecision, LesionMatch, MatchKind
from brachyresponse.response.measurement import LesionMeasurement, manual_measurement
from brachyresponse.response.study import (
    CaseFrame,
    LesionFinding,
    MeasuredVisit,
    TargetChoice,
    case_from_visits,
    choose_targets,
    findings_of_match,
)
from brachyresponse.response.vocabulary import (
    Category,
    CriteriaName,
    FieldPosition,
    LesionKind,
    LesionRole,
    LesionState,
    NonTargetStatus,
    VisitRole,
)

RANO = CaseFrame("invented", CriteriaName.RANO_2010)
RECIST = CaseFrame("invented", CriteriaName.RECIST_1_1)
ABSENT = LesionState.ABSENT


def size(longest_mm: float, across_mm: float) -> LesionMeasurement:
    """Seen in five slices of 3 mm."""
    return manual_measurement(longest_mm, across_mm, slices=5, slice_thickness_mm=3.0)


def node(longest_mm: float, short_mm: float, **said: object) -> LesionFinding:
    return LesionFinding(size(longest_mm, short_mm), kind=LesionKind.NODE, **said)  # type: ignore[arg-type]


def visits(*days: Mapping[str, object]) -> list[MeasuredVisit]:
    """The baseline and follow-ups, two months apart."""
    roles = [VisitRole.BASELINE, *[VisitRole.FOLLOW_UP] * (len(days) - 1)]
    dates = [date(2026, 1 + 2 * n, 5) for n in range(len(days))]
    return [MeasuredVisit(*each) for each in zip(dates, roles, days, strict=True)]  # type: ignore[arg-type]


def roles_of(case: ResponseCase, visit: int = 0) -> dict[str, LesionRole]:
    return {lesion.id: lesion.role for lesion in case.visits[visit].lesions}


def test_the_measurable_lesions_are_targets_and_the_others_are_followed() -> None:
    case = case_from_visits(visits({"a": size(30, 20), "b": size(9, 8)}, {"a": size(20, 15), "b": ABSENT}), RANO)
    assert roles_of(case) == {"a": LesionRole.TARGET, "b": LesionRole.NON_TARGET}
    assert [visit.non_target for visit in case.visits] == [NonTargetStatus.NON_CR_NON_PD, NonTargetStatus.CR]
    assert [visit.sum for visit in assess_response(case).visits] == [600, 300]


def test_at_most_as_many_as_the_criteria_allow_are_summed_the_largest_first() -> None:
    found = {f"T{n}": size(20 + n, 15) for n in range(7)}
    choice = choose_targets(visits(found)[0], CriteriaName.RANO_2010)
    assert choice.targets == ("T6", "T5", "T4", "T3", "T2")
    assert choice.others == ("T1", "T0")
    assert choice.sentences[5] == "'T1' is followed but not summed: RANO 2010 sums at most 5 targets."
    organs = {name: LesionFinding(each, kind=LesionKind.SOFT_TISSUE, organ="liver") for name, each in found.items()}
    recist = choose_targets(visits(organs)[0], CriteriaName.RECIST_1_1)
    assert recist.targets == ("T6", "T5")
    assert "at most 2 targets of one organ (liver: T6, T5)" in recist.sentences[2]
    assert len(choose_targets(visits(found)[0], CriteriaName.RECIST_1_1).targets) == 5  # nobody said which organ


def test_a_number_of_targets_that_was_not_verified_is_no_limit() -> None:
    choice = choose_targets(visits({f"T{n}": size(20 + n, 15) for n in range(3)})[0], CriteriaName.RANO_2_0)
    assert len(choice.targets) == 3


def test_the_reader_chooses_before_the_criteria_do() -> None:
    found = {"a": LesionFinding(size(30, 20), role=LesionRole.NON_TARGET), "b": size(12, 11), "c": size(9, 8)}
    found["c"] = LesionFinding(size(9, 8), role=LesionRole.TARGET)
    choice = choose_targets(visits(found)[0], CriteriaName.RANO_2010)
    assert choice.targets == ("c", "b")
    assert "'c' is a target: the reader chose it." in choice.sentences[0]
    assert "'a' is followed but not summed: the reader chose so." in choice.sentences
    many = {f"T{n}": LesionFinding(size(20, 15), role=LesionRole.TARGET) for n in range(6)}
    assert len(choose_targets(visits(many)[0], CriteriaName.RANO_2010).targets) == 6
    lost = {"a": LesionFinding(state=LesionState.NOT_EVALUABLE, role=LesionRole.TARGET)}
    with pytest.raises(ResponseError, match="'a' was chosen as a target, but at baseline it is not_evaluable"):
        choose_targets(visits(lost)[0], CriteriaName.RANO_2010)
    with pytest.raises(ResponseError, match=r"no lesion 'd' at the baseline of 2026-01-05; .*'a'"):
        case_from_visits(visits(found), RANO, targets=TargetChoice(("d",), (), ()))


def test_a_node_below_15_mm_is_a_target_only_where_the_protocol_says_so() -> None:
    days = visits({"n": node(18, 13)}, {"n": node(16, 12)})
    assert roles_of(case_from_visits(days, RECIST)) == {"n": LesionRole.NON_TARGET}
    protocol = replace(RECIST, options=CaseOptions(has_protocol_targets=True))
    case = case_from_visits(days, protocol)
    assert roles_of(case) == {"n": LesionRole.TARGET}
    assert case.visits[0].lesions[0].short_axis_mm == 13
    assert case.visits[0].lesions[0].organ == "lymph node"
    assert [visit.sum for visit in assess_response(case).visits] == [13, 12]


def test_a_normal_node_is_no_disease_until_it_grows() -> None:
    days = visits(
        {"n": node(30, 20), "m": node(12, 9)},
        {"n": node(30, 20), "m": node(12, 9)},
        {"n": node(30, 20), "m": node(18, 16)},
    )
    case = case_from_visits(days, RECIST)
    assert roles_of(case) == {"n": LesionRole.TARGET}
    assert case.visits[0].non_target is NonTargetStatus.NONE
    assert choose_targets(days[0], CriteriaName.RECIST_1_1).sentences[1].startswith("'m' is no disease: ")
    assert [[lesion.id for lesion in visit.new_lesions] for visit in case.visits] == [[], [], ["m"]]


def test_nodes_below_10_mm_leave_no_disease_among_what_is_not_summed() -> None:
    days = visits({"n": node(30, 20), "m": node(15, 12)}, {"n": node(30, 20), "m": node(12, 9)})
    assert case_from_visits(days, RECIST).visits[1].non_target is NonTargetStatus.CR


def test_what_the_baseline_did_not_show_is_new_at_every_visit_that_shows_it() -> None:
    new = LesionFinding(size(12, 11), field=FieldPosition.STRADDLES)
    days = visits({"a": size(30, 20)}, {"a": size(30, 20), "n": new}, {"a": size(30, 20), "n": ABSENT})
    case = case_from_visits(days, RANO)
    (found,) = case.visits[1].new_lesions
    assert (found.id, found.field, found.is_measurable) == ("n", FieldPosition.STRADDLES, True)
    assert case.visits[2].new_lesions == ()


def test_a_lesion_that_cannot_be_judged_or_that_a_reader_judged_sets_the_state_of_the_rest() -> None:
    days = visits({"a": size(30, 20), "b": size(9, 8)}, {"a": size(30, 20), "b": LesionState.NOT_EVALUABLE})
    assert case_from_visits(days, RANO).visits[1].non_target is NonTargetStatus.NE
    days[1] = replace(days[1], non_target=NonTargetStatus.PD)
    case = case_from_visits(days, RANO)
    assert case.visits[1].non_target is NonTargetStatus.PD
    assert assess_response(case).visits[1].category is Category.PD


def test_what_merges_with_a_target_is_carried_on_by_the_target() -> None:
    merged = LesionFinding(state=LesionState.MERGED, merged_into="small")
    baseline = {"target": size(12, 11), "small": size(9, 8), "other": size(9, 8)}
    later = {"target": merged, "small": size(25, 20), "other": merged}
    case = case_from_visits(visits(baseline, later), RANO)
    assert [(lesion.id, lesion.longest_mm) for lesion in case.visits[1].lesions] == [("target", 25)]
    assert case.visits[1].non_target is NonTargetStatus.NON_CR_NON_PD


def test_a_match_becomes_the_findings_of_the_later_visit() -> None:
    def decision(kind: MatchKind, before: str, after: str) -> LesionDecision:
        return LesionDecision(kind, tuple(before.split()), tuple(after.split()), "Measured.", Confidence.CLEAR)

    match = LesionMatch(
        (
            decision(MatchKind.PAIR, "T1", "a"),
            decision(MatchKind.SPLIT, "T2", "b c"),
            decision(MatchKind.MERGED, "T3 T4", "d"),
            decision(MatchKind.ABSENT, "T5", ""),
            decision(MatchKind.NOT_EVALUABLE, "T6", ""),
            decision(MatchKind.NEW, "", "T1"),
        )
    )
    sizes = {name: size(20 + n, 15) for n, name in enumerate(("a", "b", "c", "d", "T1"))}
    found = findings_of_match(match, sizes)
    assert {name: each.state for name, each in found.items()} == {
        "T1": LesionState.MEASURED,
        "T2": LesionState.SPLIT,
        "T3": LesionState.MEASURED,
        "T4": LesionState.MERGED,
        "T5": LesionState.ABSENT,
        "T6": LesionState.NOT_EVALUABLE,
        "N1": LesionState.MEASURED,
    }
    assert [part.longest_mm for part in found["T2"].parts] == [21, 22]
    assert (found["T4"].merged_into, found["T1"].measurement) == ("T3", sizes["a"])
    with pytest.raises(ResponseError, match="'d' of the later visit is matched but not measured"):
        findings_of_match(match, {name: each for name, each in sizes.items() if name != "d"})
    small = findings_of_match(match, {**sizes, "a": LesionState.TOO_SMALL})
    assert small["T1"].state is LesionState.TOO_SMALL
    with pytest.raises(ResponseError, match="'b', a part of 'T2', is too_small, but parts are summed"):
        findings_of_match(match, {**sizes, "b": LesionState.TOO_SMALL})
    tangled = LesionMatch((LesionDecision(MatchKind.TANGLED, ("T1", "T2"), ("a", "b"), "Look.", Confidence.DOUBTFUL),))
    with pytest.raises(ResponseError, match=r"Look\. Say by overrule which belong together"):
        findings_of_match(tangled, sizes)


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (({"a": size(30, 20)}, {}), "lesion 'a' of the baseline is missing at the visit of 2026-03-05"),
        (
            ({"a": LesionFinding(size(30, 20), organ="brain")}, {"a": LesionFinding(size(30, 20), organ="lung")}),
            "organ of lesion 'a' is 'brain' on 2026-01-05 and 'lung' on 2026-03-05",
        ),
    ],
)
def test_visits_that_contradict_one_another_are_refused(days: tuple[dict[str, object], ...], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        case_from_visits(visits(*days), RANO)


def test_a_case_needs_one_baseline() -> None:
    days = visits({"a": size(30, 20)}, {"a": size(30, 20)})
    with pytest.raises(ResponseError, match="has 0 baseline visits, expected one"):
        case_from_visits(days[1:], RANO)
    with pytest.raises(ResponseError, match=r"2 baseline visits \(2026-01-05, 2026-03-05\)"):
        case_from_visits([days[0], replace(days[1], role=VisitRole.BASELINE)], RANO)


def test_findings_that_contradict_themselves_are_refused() -> None:
    for finding, message in (
        (LesionFinding(), "is measured but has not a measurement"),
        (LesionFinding(state=LesionState.SPLIT), "is split but has not the sizes of its parts"),
        (LesionFinding(state=LesionState.MERGED), "is merged but has not the lesion it merged into"),
        (LesionFinding(size(9, 8), LesionState.ABSENT), "is absent and has a measurement"),
    ):
        with pytest.raises(ResponseError, match=f"Visit 2026-01-05: lesion 'a' {message}"):
            visits({"a": finding})


def test_lesions_of_one_visit_lie_in_one_frame_of_reference() -> None:
    found = {
        "a": LesionFinding(size(30, 20), frame_of_reference_uid="1.2.3"),
        "b": LesionFinding(size(12, 11), frame_of_reference_uid="1.2.4"),
    }
    with pytest.raises(ResponseError, match=r"lesion 'a' of 2026-01-05 is 1\.2\.3, that of lesion 'b' of 2026-01-05"):
        visits(found)
