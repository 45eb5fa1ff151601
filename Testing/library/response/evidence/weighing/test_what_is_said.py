"""What has to be on the screen and in the report, and what would change the answer."""

from __future__ import annotations

import json
import re

import pytest

from brachyresponse import __version__
from brachyresponse.response.evidence import (
    Evidence,
    Finding,
    Prior,
    Quality,
    Verdict,
    WeighingSettings,
    weigh_evidence,
)
from brachyresponse.response.evidence.markers import Marker, available_markers
from brachyresponse.response.evidence.weighing import missing_markers
from brachyresponse.response.evidence.weighing.words import percent

PRIOR = Prior(0.31, 0.5, 0.69, "the ward's own series", "Dr Example")
FEW = WeighingSettings(draws=5000)
FOUND = (
    Finding("rcbv_mets_meta", value=2.6, unit="1", statistic="mean", source="DSC of 2024-05-01"),
    Finding("met_lnr_yomo", value=1.05, unit="1", details={"reference_region": "mirrored cortex", "tracer": "11C-MET"}),
    Finding("radiomics_mets_peng", value=0.8, unit="1"),
)


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return weigh_evidence(FOUND, PRIOR, population="brain metastasis", settings=FEW)


@pytest.mark.parametrize(
    "said",
    [
        "Evidence summary for the treating physicians. Not a diagnosis. Histology is the reference standard; a third "
        "possibility (mixed, infection, other) is not modelled.",
        "Prior probability of recurrence 50 %, range 31 % to 69 %; source: the ward's own series; set by: Dr Example.",
        "For I-125 implants and balloons no time-resolved prior was found.",
        "The numbers were derived mostly from cohorts of radiosurgery or external beam: no accuracy study in I-125 "
        "seed or liquid-balloon patients was found; the transfer is an assumption.",
        f"BrachyResponse {__version__}. Research use; no regulatory clearance.",
    ],
)
def test_what_must_be_said_is_said(evidence: Evidence, said: str) -> None:
    assert said in evidence.statements


def test_a_prior_without_source_says_so() -> None:
    told = weigh_evidence([], (0.3, 0.5, 0.7)).statements
    assert any("no source was given; nobody said who set it" in one for one in told)


def test_each_marker_says_value_cutoff_study_population_number_and_fit(evidence: Evidence) -> None:
    sentence = evidence.used[0].sentence
    for part in (
        "rCBV (DSC): rCBV, lesion to white matter 2.6, mean of the lesion (DSC of 2024-05-01)",
        "published cut-offs 0.9 and 2.15 (Patel 2017",
        "speaks for recurrence",
        "Kwee & Kwee 2020 J Magn Reson Imaging, PMC7004193 (authors unverified)",
        "irradiated brain metastasis, growing enhancing lesion, >271 lesions, 10 studies",
        "10 studies; for recurrence: sensitivity 81.6 % (70.6 to 89.1), specificity 80.6 % (64.2 to 90.6)",
        "the patient fits this population",
        "Likelihood ratio for recurrence 4.21",
        "weight 1.",
    ):
        assert part in sentence
    assert sentence in evidence.statements


def test_the_reference_region_and_the_tracer_are_told(evidence: Evidence) -> None:
    assert "(reference region mirrored cortex; tracer 11C-MET)" in evidence.used[1].sentence


def test_every_marker_that_is_not_used_is_listed_with_why(evidence: Evidence) -> None:
    (left_out,) = evidence.left_out
    assert left_out.sentence in evidence.statements
    assert "Not weighed: A radiomics score is context only" in left_out.sentence


def test_limited_quality_is_told_with_the_value() -> None:
    limited = [Finding("rcbv_mets_meta", 2.6, unit="1", statistic="mean", quality=Quality.LIMITED)]
    (used,) = weigh_evidence(limited, PRIOR, settings=FEW).used
    assert "rCBV, lesion to white matter 2.6, mean of the lesion, of limited quality;" in used.sentence
    judged = [Finding("fdg_kahn", positive=True, quality=Quality.LIMITED)]
    assert "judged positive, of limited quality;" in weigh_evidence(judged, PRIOR, settings=FEW).used[0].sentence


def test_what_likelihood_ratios_are_drawn_from_is_told() -> None:
    findings = [Finding(name, positive=True) for name in ("rcbv_mets_meta", "fet_tbrmax_romagna")]
    bases = [one.factor.likelihood.basis for one in weigh_evidence(findings, PRIOR, settings=FEW).used]
    assert bases == ["the 95 % interval of sensitivity and specificity", "the counts of sensitivity and specificity"]


def test_markers_left_out_of_one_value_and_one_reason_stand_in_one_sentence() -> None:
    names = ("cho_naa_glioma_zhang", "cho_naa_li2016", "mrs_hgg_vandijken")
    findings = [Finding(name, value=1.1, unit="1", statistic="voxel") for name in names]
    (told,) = weigh_evidence(findings, PRIOR, settings=FEW).left_out_sentences
    assert told == (
        "Cho/NAA (Zhang 2014 Eur J Radiol (MRS meta-analysis) (author name unverified)); Cho/NAA (Li WF 2016 "
        "meta-analysis); MR spectroscopy (van Dijken 2017 Eur Radiol): Cho/NAA 1.1, voxel of the lesion. Not weighed: "
        "No cut-off for Cho/NAA is published that holds beyond one study: a clinic may enter its own."
    )


def test_markers_left_out_for_different_reasons_or_of_different_origin_stand_apart() -> None:
    alike = {"value": 1.1, "unit": "1", "statistic": "voxel"}
    findings = [
        Finding("cho_naa_glioma_zhang", **alike),
        Finding("cho_naa_li2016", **alike, is_included=False, reason="motion"),
        Finding("mrs_hgg_vandijken", **alike, source="another voxel"),
    ]
    assert len(weigh_evidence(findings, PRIOR, settings=FEW).left_out_sentences) == 3


def test_no_probability_is_told_as_0_or_100_percent() -> None:
    assert [percent(share) for share in (0.0001, 0.346, 0.9999)] == ["1 %", "35 %", "99 %"]


def test_what_is_asked_about_a_marker_stands_behind_one_word() -> None:
    evidence = weigh_evidence([Finding("fdg_kahn", positive=True)], PRIOR, circumstances=[], settings=FEW)
    (told,) = evidence.left_out_sentences
    assert told.startswith("18F-FDG PET, visual (Kahn 1994 AJR): judged positive. Not weighed before this is answered:")
    assert told.count("nswered") == 1
    assert told.count("?") == len(evidence.left_out[0].reasons)


def test_an_answer_is_never_a_bare_percentage(evidence: Evidence) -> None:
    assert re.search(r"probability of recurrence \d+ to \d+ % \(middle \d+ %\)", evidence.headline)
    assert not any("diagnos" in one and "Not a diagnosis" not in one for one in evidence.statements)


def test_every_sentence_is_whole_and_said_once(evidence: Evidence) -> None:
    assert len(set(evidence.statements)) == len(evidence.statements)
    for one in (*evidence.statements, *evidence.sentences):
        assert one == one.strip()
        assert one.endswith((".", "?"))
        assert ".." not in one
        assert "nan" not in one.split()


@pytest.mark.parametrize("one", available_markers(), ids=lambda one: one.id)
def test_every_marker_can_be_told(one: Marker) -> None:
    evidence = weigh_evidence([Finding(one.id, positive=True)], PRIOR, settings=WeighingSettings(draws=1000))
    (told,) = [*evidence.used, *evidence.left_out]
    assert told.sentence.endswith(".")
    assert "None" not in told.sentence


def test_the_weights_from_0_to_1_are_told_where_there_are_several_markers(evidence: Evidence) -> None:
    (told,) = [one for one in evidence.sentences if one.startswith("At the middle of the prior")]
    assert told.startswith("At the middle of the prior: 81 % by the first marker alone, ")


def test_a_missing_marker_that_would_move_the_answer_is_named() -> None:
    evidence = weigh_evidence([Finding("centrally_restricted_diffusion", positive=True)], PRIOR, settings=FEW)
    assert evidence.verdict is Verdict.INCONCLUSIVE
    told = evidence.what_would_change
    assert 'With any one of these markers the answer would be "favours necrosis": ' in told
    assert "; amino-acid PET (MET, FET, FDOPA) negative (not high)" in told


def test_the_prior_named_is_where_the_answer_turns() -> None:
    finding = Finding("centrally_restricted_diffusion", positive=True)
    evidence = weigh_evidence([finding], (0.6, 0.6, 0.6), settings=FEW)
    told = re.search(
        r'prior of about (\d+) % or less, the answer would be "favours necrosis"', evidence.what_would_change
    )
    assert told
    turn = int(told[1]) / 100
    for prior, verdict in ((turn - 0.02, Verdict.FAVOURS_NECROSIS), (turn + 0.02, Verdict.INCONCLUSIVE)):
        assert weigh_evidence([finding], (prior, prior, prior), settings=FEW).verdict is verdict


def test_a_group_with_a_finding_that_carries_no_weight_is_not_called_missing() -> None:
    finding = {"id": "rcbv_mets_meta", "positive": False, "details": {"perfusion_weight": "0"}}
    evidence = weigh_evidence([finding], PRIOR, settings=FEW)
    assert "perfusion" not in {one.group for one in missing_markers(evidence)}
    assert "rCBV" not in evidence.what_would_change


def test_a_marker_that_only_waits_for_answers_says_what_it_would_do() -> None:
    evidence = weigh_evidence([Finding("rcbv_mets_meta", positive=True)], PRIOR, circumstances=[], settings=FEW)
    asked = 'If what is asked about this marker is answered in its favour, the answer would be "favours recurrence"'
    assert f"{asked}: rCBV (DSC) positive (high)." in evidence.what_would_change


def test_without_any_marker_the_missing_ones_are_named_and_no_prior() -> None:
    told = weigh_evidence([], PRIOR, settings=FEW).what_would_change
    assert "favours recurrence" in told
    assert "prior" not in told


def test_outside_the_brain_nothing_would_change_the_answer() -> None:
    evidence = weigh_evidence([], PRIOR, population="neck node metastasis", settings=FEW)
    assert evidence.what_would_change == "No single missing marker and no other prior would change this."


def test_all_of_it_goes_into_a_file(evidence: Evidence) -> None:
    told = json.loads(json.dumps(evidence.as_json()))
    assert told["verdict"] == evidence.verdict
    assert told["probability_of_recurrence"] == evidence.interval._asdict()
    assert [one["id"] for one in told["used"]] == ["rcbv_mets_meta", "met_lnr_yomo"]
    assert told["left_out"][0]["reasons"] == list(evidence.left_out[0].reasons)
    assert told["statements"] == list(evidence.statements)
    assert told["prior"]["set_by"] == "Dr Example"
