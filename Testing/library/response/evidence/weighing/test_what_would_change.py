"""What is said to change the answer does change it: weighed anew with the marker, the answers or the prior."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.response.evidence import (
    Answer,
    ConditionAnswer,
    Evidence,
    Finding,
    Quality,
    Side,
    Verdict,
    WeighingSettings,
    weigh_evidence,
)
from brachyresponse.response.evidence.markers import available_markers, condition, marker
from brachyresponse.response.evidence.weighing import change, missing_markers
from brachyresponse.response.evidence.weighing.words import side_words

PRIOR = (0.31, 0.5, 0.69)
SAME = WeighingSettings(draws=2000)
"""As many draws as the sentences rest on here: both readings agree to the last draw."""
WEIGHABLE = tuple(one.id for one in available_markers() if one.is_weighable)


@pytest.fixture(scope="module", autouse=True)
def _few_draws() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(change, "DRAWS", SAME.draws)
        yield


def named_of(evidence: Evidence) -> dict[str, str]:
    """Return the markers that are named, each with the answer that it would give."""
    groups = re.findall(r'the answer would be "([a-z ]+)": (.*?)\.(?= With| If|$)', evidence.what_would_change)
    return {name: verdict for verdict, names in groups for name in names.split("; ")}


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.sampled_from(WEIGHABLE), unique=True, max_size=4),
    st.integers(0, 255),
    st.sampled_from(("", "brain metastasis", "glioblastoma")),
)
def test_every_missing_marker_does_what_is_said_of_it(names: list[str], bits: int, population: str) -> None:
    findings = [
        Finding(name, positive=bool(bits >> place & 1), quality=(Quality.GOOD, Quality.LIMITED)[bits >> 4 + place & 1])
        for place, name in enumerate(names)
    ]
    evidence = weigh_evidence(findings, PRIOR, population=population, settings=SAME)
    named = named_of(evidence)
    unsaid = {evidence.verdict, Verdict.INCONCLUSIVE if evidence.verdict is Verdict.NOT_EVALUABLE else evidence.verdict}
    for one in missing_markers(evidence):
        for side in (Side.POSITIVE, Side.NEGATIVE):
            more = [*findings, Finding(one.id, positive=side is Side.POSITIVE)]
            moved = weigh_evidence(more, PRIOR, population=population, settings=SAME).verdict
            told = named.get(f"{one.title} either way", named.get(f"{one.title} {side_words(one, side)}", ""))
            assert told == ("" if moved in unsaid else moved.replace("_", " "))


@pytest.mark.parametrize(
    ("population", "perfusion"), [("brain metastasis", "rcbv_mets_meta"), ("glioblastoma", "rcbv_mean_hgg_patel")]
)
def test_of_a_group_the_missing_marker_is_pooled_fits_the_patient_and_tells_its_uncertainty(
    population: str, perfusion: str
) -> None:
    missing = {one.group: one.id for one in missing_markers(weigh_evidence([], PRIOR, population=population))}
    assert missing["perfusion"] == perfusion
    assert missing["diffusion"] == "adc_hgg_vandijken"  # pooled, though of glioma; not the sign of one study
    assert missing["pet"] == "aa_pet_mets_2023"


def test_a_marker_that_what_is_known_forbids_is_not_named() -> None:
    drug = ConditionAnswer("antiangiogenic_therapy", Answer.YES, "Bevacizumab since 2026-01-05.")
    evidence = weigh_evidence([], PRIOR, circumstances=[drug], settings=SAME)
    assert {one.group for one in missing_markers(evidence)} == {"pet", "pet_fdg", "spectroscopy", "diffusion"}
    assert "rCBV" not in evidence.what_would_change
    assert "centrally restricted diffusion sign" in {one.title for one in missing_markers(evidence)}


@pytest.mark.parametrize("answer", [Answer.NO, None])
def test_low_perfusion_without_a_scan_before_treatment_is_told_with_its_reduced_power(answer: Answer | None) -> None:
    answers = [ConditionAnswer("pre_treatment_perfusion", answer)] if answer else []
    evidence = weigh_evidence([], (0.65, 0.65, 0.65), circumstances=answers, settings=SAME)
    assert not [name for name in named_of(evidence) if name.startswith("rCBV") and "negative" in name]
    vouched = weigh_evidence([], (0.65, 0.65, 0.65), settings=SAME)
    assert [name for name in named_of(vouched) if name.startswith("rCBV") and "negative" in name]


@pytest.mark.parametrize("positive", [True, False])
def test_answers_in_its_favour_do_what_is_said(positive: bool) -> None:
    finding = Finding("rcbv_mets_meta", positive=positive)
    evidence = weigh_evidence([finding], PRIOR, circumstances=[], settings=SAME)
    told = re.search(r'If what is asked about this marker .*? "([a-z ]+)": (.*?)\.', evidence.what_would_change)
    assert told
    assert told[2] == f"rCBV (DSC) {'positive (high)' if positive else 'negative (not high)'}"
    met = [ConditionAnswer(name, condition(name).holds_when) for name in marker(finding.id).conditions]
    answered = weigh_evidence([finding], PRIOR, circumstances=met, settings=SAME)
    assert told[1] == answered.verdict.replace("_", " ")


def test_a_better_marker_that_waits_for_answers_would_stand_for_its_group() -> None:
    read = Finding("rcbv_visual_mets_hoefnagels", positive=True, quality=Quality.LIMITED)
    low = Finding("dce_hgg_vandijken", positive=False)
    met = [ConditionAnswer(name, condition(name).holds_when) for name in marker(read.id).conditions]
    evidence = weigh_evidence([read, low], PRIOR, circumstances=met, settings=SAME)
    assert evidence.verdict is Verdict.FAVOURS_RECURRENCE
    asked = "If what is asked about this marker is answered in its favour"
    said = f'{asked}, the answer would be "favours necrosis": DCE perfusion negative (not high).'
    assert said in evidence.what_would_change


def test_a_marker_that_waits_for_answers_and_is_no_better_would_change_nothing() -> None:
    met = [ConditionAnswer(name, condition(name).holds_when) for name in marker("rcbv_mets_meta").conditions]
    findings = [Finding("rcbv_mets_meta", positive=True), Finding("dce_hgg_vandijken", positive=False)]
    evidence = weigh_evidence(findings, PRIOR, circumstances=met, settings=SAME)
    assert [one.is_open for one in evidence.left_out] == [True]
    assert "If what is asked" not in evidence.what_would_change


def test_a_marker_that_waits_for_answers_and_fails_a_condition_is_not_named() -> None:
    drug = ConditionAnswer("antiangiogenic_therapy", Answer.YES)
    evidence = weigh_evidence([Finding("rcbv_mets_meta", positive=True)], PRIOR, circumstances=[drug], settings=SAME)
    assert evidence.questions
    assert "If what is asked" not in evidence.what_would_change


def test_of_several_that_wait_in_a_group_the_best_is_named() -> None:
    findings = [
        Finding("rcbv_mets_meta", positive=True, quality=Quality.LIMITED),
        Finding("dce_hgg_vandijken", positive=False),
        Finding("dsc_hgg_fu", positive=True),
    ]
    told = weigh_evidence(findings, PRIOR, circumstances=[], settings=SAME).what_would_change
    assert 'the answer would be "favours necrosis": DCE perfusion negative (not high).' in told
    assert "rCBV" not in told


def test_markers_that_would_do_the_same_are_named_together_and_one_verdict_once() -> None:
    findings = [Finding(name, positive=True) for name in ("rcbv_mets_meta", "mrs_hgg_vandijken", "fdg_kahn")]
    told = weigh_evidence(findings, PRIOR, circumstances=[], settings=SAME).what_would_change
    named = "rCBV (DSC) positive (high); MR spectroscopy positive (high choline ratios)."
    assert f'the answer would be "favours recurrence": {named}' in told
    assert "FDG" not in told  # it would leave the answer inconclusive
    split = [Finding("rcbv_mets_meta", positive=True), Finding("fet_tbrmax_romagna", positive=False)]
    assert re.search(
        r'prior of about \d+ % or more, or of \d+ % or less, the answer would be "conflicting"\.$',
        weigh_evidence(split, PRIOR, settings=SAME).what_would_change,
    )
