from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response import ResponseCase, read_case
from response_cases import case, node, target, visit

JSON = dict[str, Any]
BASELINE = visit(0, target(30, 20))
FOLLOW_UP = visit(56, target(20, 15))


def read(criteria: str, *visits: JSON, **options: Any) -> ResponseCase:
    return read_case(case(criteria, *visits, **options))


def test_no_visit_is_refused() -> None:
    with pytest.raises(ResponseError, match="Case invented has no visits, expected a baseline at least"):
        read("RANO-2010")


def test_two_visits_on_one_date_are_refused() -> None:
    with pytest.raises(ResponseError, match="two visits on 2024-03-04, expected one a day"):
        read("RANO-2010", BASELINE, FOLLOW_UP, FOLLOW_UP)


def test_visits_out_of_order_are_refused() -> None:
    late = visit(84, target(20, 15))
    with pytest.raises(ResponseError, match=r"the visit of 2024-03-04 stands after that of 2024-04-01.*sort them"):
        read("RANO-2010", BASELINE, late, FOLLOW_UP)


def test_a_case_without_a_baseline_is_refused() -> None:
    with pytest.raises(ResponseError, match=r"0 baselines \(none\), expected exactly one"):
        read("RANO-2010", FOLLOW_UP)


def test_two_baselines_are_refused() -> None:
    second = {**FOLLOW_UP, "role": "baseline"}
    with pytest.raises(ResponseError, match=r"2 baselines \(2024-01-08 and 2024-03-04\), expected exactly one"):
        read("RANO-2010", BASELINE, second)


def test_a_follow_up_before_the_baseline_is_refused() -> None:
    early = visit(-30, target(20, 15), role="follow-up")
    with pytest.raises(
        ResponseError, match=r"the visit of 2023-12-09 is a follow-up, but the baseline.*expected pre-baseline"
    ):
        read("RANO-2010", early, BASELINE)


def test_a_pre_baseline_after_the_baseline_is_refused() -> None:
    with pytest.raises(ResponseError, match="expected follow-up: correct its role"):
        read("RANO-2010", BASELINE, {**FOLLOW_UP, "role": "pre-baseline"})


def test_a_lesion_twice_at_a_visit_is_refused() -> None:
    twice = visit(56, target(20, 15), target(10, 10))
    with pytest.raises(ResponseError, match="visit 2024-03-04: lesion T1 is there twice, expected once"):
        read("RANO-2010", BASELINE, twice)


@pytest.mark.parametrize(("what", "value"), [("organ", "liver"), ("kind", "node")])
def test_a_lesion_in_two_places_is_refused(what: str, value: str) -> None:
    moved = visit(56, target(20, 15, short_axis_mm=15, **{what: value}))
    with pytest.raises(ResponseError, match=f"lesion T1 has {what} .* on 2024-01-08 and {value} on 2024-03-04"):
        read("RECIST-1.1", BASELINE, moved)


def test_a_target_that_is_missing_at_a_visit_is_refused() -> None:
    with pytest.raises(ResponseError, match=r"visit 2024-03-04: target T1 is missing.*state it as absent"):
        read("RANO-2010", BASELINE, visit(56))


def test_a_target_that_the_baseline_does_not_have_is_refused() -> None:
    other = visit(56, target(20, 15), target(10, 10, id="T9"))
    with pytest.raises(
        ResponseError, match=r"target T9 is not among the targets of the baseline \(T1\): give it under 'new_lesions'"
    ):
        read("RANO-2010", BASELINE, other)


@pytest.mark.parametrize("state", ["not_evaluable", "too_small"])
def test_a_baseline_target_without_a_size_is_refused(state: str) -> None:
    with pytest.raises(ResponseError, match=f"target T1 is {state}, but the baseline sets the reference"):
        read("RANO-2010", visit(0, target(state=state)))


@pytest.mark.parametrize(("size", "shown"), [(-3, "-3"), (0, "0")])
def test_a_size_that_is_not_above_zero_is_refused(size: float, shown: str) -> None:
    with pytest.raises(ResponseError, match=f"longest_mm is {shown}, expected a number above 0"):
        read("RANO-2010", BASELINE, visit(56, target(size, 15)))


def test_a_negative_dose_of_steroids_is_refused() -> None:
    with pytest.raises(ResponseError, match="steroid_dose_mg is -2, expected 0 or more"):
        read("RANO-2010", BASELINE, {**FOLLOW_UP, "steroid_dose_mg": -2})


@pytest.mark.parametrize(
    "lesion",
    [target(3, 2.5, volume_ml=40), target(30, 20, volume_ml=9400), target(300, 250, volume_ml=0.4)],
    ids=["diameters in cm", "volume in mm3", "volume in L"],
)
def test_mixed_units_are_refused(lesion: JSON) -> None:
    with pytest.raises(ResponseError, match=r"cannot be one lesion.*one of them is in cm or mm3"):
        read("RANO-2010", BASELINE, visit(56, lesion))


@pytest.mark.parametrize("volume_ml", [0.9, 9.4, 30])
def test_flat_round_and_tall_lesions_are_accepted(volume_ml: float) -> None:
    assert read_case(case("RANO-2010", BASELINE, visit(56, target(30, 20, volume_ml=volume_ml))))


def test_a_short_axis_above_the_longest_diameter_is_refused() -> None:
    with pytest.raises(ResponseError, match="short_axis_mm is 20 mm and longest_mm 12 mm"):
        read("RECIST-1.1", visit(0, node(20, longest_mm=12)))


def test_a_size_in_micrometres_is_refused() -> None:
    with pytest.raises(ResponseError, match="longest_mm is 30000 mm, expected at most 500 mm"):
        read("RANO-2010", BASELINE, visit(56, target(30000, 20)))


@pytest.mark.parametrize(
    ("criteria", "lesion", "missing", "options"),
    [
        ("RANO-2010", target(20), "perpendicular_mm", {}),
        ("RANO-2.0", target(20, 15), "volume_ml", {"measure": "3D"}),
        ("RANO-BM", target(None, 15), "longest_mm", {}),
        ("RANO-2010", target(state="split", parts=[{"longest_mm": 9}]), "perpendicular_mm", {}),
    ],
)
def test_a_measured_lesion_without_its_size_is_refused(
    criteria: str, lesion: JSON, missing: str, options: JSON
) -> None:
    first = visit(0, target(30, 20, volume_ml=5))
    with pytest.raises(ResponseError, match=f"{missing} is missing, expected .* of a measured lesion"):
        read(criteria, first, visit(56, lesion), **options)


def test_a_node_without_its_short_axis_is_refused() -> None:
    bare = {key: value for key, value in node(20).items() if key != "short_axis_mm"}
    with pytest.raises(ResponseError, match="short_axis_mm is missing"):
        read("RECIST-1.1", visit(0, bare))


@pytest.mark.parametrize(
    ("lesion", "message"),
    [
        (target(state="absent", longest_mm=12), "state is absent, but longest_mm is given, expected no size"),
        (target(20, 15, state="split"), "state is split with 0 parts"),
        (target(20, 15, parts=[{"longest_mm": 9}]), "state is measured with 1 parts"),
        (target(20, 15, merged_into="T2"), "merged_into is 'T2', but state is measured, expected 'merged'"),
        (target(state="merged", merged_into="T7"), r"merged_into is 'T7', expected a lesion of this visit.*\(T2\)"),
        (target(state="merged", merged_into="T1"), r"merged_into is 'T1', expected a lesion of this visit"),
        (target(state="merged"), "merged_into is None, expected a lesion"),
    ],
)
def test_a_state_that_contradicts_the_rest_is_refused(lesion: JSON, message: str) -> None:
    first = visit(0, target(30, 20), target(20, 15, id="T2"))
    with pytest.raises(ResponseError, match=message):
        read("RANO-2010", first, visit(56, lesion, target(20, 15, id="T2")))


@pytest.mark.parametrize(
    ("criteria", "options", "message"),
    [
        ("RANO-BM", {"measure": "3D"}, "measure is 3D, but RANO-BM knows no volumes, expected 2D"),
        ("RECIST-1.1", {"min_sd_weeks": -6}, "min_sd_weeks is -6, expected 0 or more"),
        ("RANO-2010", {"non_measurable_only": True}, "non_measurable_only is set, but T1 is a target"),
    ],
)
def test_options_that_contradict_the_case_are_refused(criteria: str, options: JSON, message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        read(criteria, BASELINE, FOLLOW_UP, **options)


def test_every_message_ends_in_what_to_do(capture: Callable[[JSON], str]) -> None:
    messages = [capture(case("RANO-2010", *visits)) for visits in ((), (FOLLOW_UP,), (BASELINE, visit(56)))]
    assert all(": " in message and message.endswith(".") for message in messages)


@pytest.fixture
def capture() -> Callable[[JSON], str]:
    def message_of(one: JSON) -> str:
        with pytest.raises(ResponseError) as caught:
            read_case(one)
        return str(caught.value)

    return message_of
