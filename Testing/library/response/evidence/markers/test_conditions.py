"""Conditions: every one of the records and of the table of what invalidates what is there, and can be asked."""

from __future__ import annotations

import json

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.markers import available_markers, condition, conditions, marker
from brachyresponse.response.evidence.vocabulary import Answer, MarkerGroup
from reference import REFERENCE, needs_reference

RECORDS = "recurrence_vs_necrosis_markers.json"


@needs_reference(RECORDS)
def test_every_condition_of_every_record_is_asked_or_kept_as_a_remark() -> None:
    told = json.loads((REFERENCE / RECORDS).read_text(encoding="utf-8"))
    for row in told["markers"]:
        mine = marker(row["id"])
        covered = {text for name in mine.conditions for text in condition(name).texts} | set(mine.remarks)
        assert set(row["valid_if"] + row["invalid_if"]) <= covered, row["id"]


@needs_reference(RECORDS)
def test_a_condition_holds_by_yes_where_the_record_asks_for_it_and_by_no_where_it_forbids() -> None:
    told = json.loads((REFERENCE / RECORDS).read_text(encoding="utf-8"))
    asked = {text for row in told["markers"] for text in row["valid_if"]}
    forbidden = {text for row in told["markers"] for text in row["invalid_if"]}
    for one in conditions():
        if one.texts and set(one.texts) <= asked:
            assert one.holds_when is Answer.YES, one.id
        elif one.texts and set(one.texts) <= forbidden and one.id != "locally_validated":
            assert one.holds_when is Answer.NO, one.id


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        (
            "high_dose_steroid",
            {MarkerGroup.PERFUSION, MarkerGroup.DIFFUSION, MarkerGroup.SPECT, MarkerGroup.MORPHOLOGY},
        ),
        ("pre_treatment_not_hyperperfused", {MarkerGroup.PERFUSION}),
        ("reference_outside_irradiated", {MarkerGroup.PERFUSION}),
        ("near_cortex", {MarkerGroup.PET_FDG, MarkerGroup.PET}),
        ("lesion_at_least_1_6_cm", {MarkerGroup.SPECT}),
        ("multiple_lesions", set(MarkerGroup)),
    ],
)
def test_a_row_of_what_invalidates_what_reaches_its_groups(name: str, groups: set[MarkerGroup]) -> None:
    assert {one.group for one in available_markers() if name in one.conditions} == groups


def test_every_condition_is_asked_of_some_marker_and_has_a_question_a_reason_and_a_source() -> None:
    asked = {name for one in available_markers() for name in one.conditions}
    assert asked == {one.id for one in conditions()}
    for one in conditions():
        assert one.question.endswith("?")
        assert one.failed
        assert one.met
        assert one.source
        assert one.holds_when is not Answer.UNKNOWN


def test_absent_hyperperfusion_depends_on_the_scan_before_treatment_and_high_perfusion_does_not() -> None:
    assert condition("pre_treatment_not_hyperperfused").side == "negative"
    assert condition("pre_treatment_not_hyperperfused").needs == "pre_treatment_perfusion"


def test_an_unknown_condition_names_the_nearest() -> None:
    with pytest.raises(ResponseError, match=r"did you mean 'leakage_corrected'\?"):
        condition("leakage_correct")
