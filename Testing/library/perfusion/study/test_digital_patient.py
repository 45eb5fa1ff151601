"""What a study says of each variant of the digital patient, by DSC with its pre-treatment scan."""

from __future__ import annotations

from functools import cache

import pytest

from brachyresponse.digital_patient.perfusion import DigitalPerfusion, PatientVariant, Visit
from brachyresponse.perfusion import MapName, PerfusionRequest, SeriesKind, judge_study, measure_perfusion
from brachyresponse.perfusion.interpretation import Verdict
from brachyresponse.perfusion.study import JudgedStudy, StudyDates
from perfusion_visits import the_visit

pytestmark = pytest.mark.validation
WITHIN = 0.10
"""The issue's tolerance at the stated noise."""


@cache
def judged(variant: PatientVariant) -> JudgedStudy:
    before = judge_study(measure_perfusion(request_of(scan_of(variant, Visit.BEFORE)))).record
    return judge_study(measure_perfusion(request_of(scan_of(variant, Visit.FOLLOW_UP))), before)


def scan_of(variant: PatientVariant, visit: Visit) -> DigitalPerfusion:
    return the_visit(variant, visit, SeriesKind.DSC)


def request_of(scan: DigitalPerfusion) -> PerfusionRequest:
    return PerfusionRequest(
        series=scan.series,
        kind=scan.kind,
        lesions=scan.lesions,
        white_matter=scan.white_matter,
        anatomical=scan.anatomical,
        t2star=scan.t2star,
        seeds=scan.seeds,
        dates=StudyDates(scan=scan.scan_date, treatment=scan.implant_date),
        patient_id=scan.patient_id,
    )


@pytest.mark.parametrize(
    ("variant", "verdict", "weight"),
    [
        (PatientVariant.RECURRENCE_AT_MARGIN, Verdict.HYPERPERFUSED, 1.0),
        (PatientVariant.NECROSIS, Verdict.ABSENCE_COUNTS, 1.0),
        (PatientVariant.NEVER_HYPERPERFUSED, Verdict.ABSENCE_UNRELIABLE, 0.0),
        (PatientVariant.LESION_IN_IMPLANT, Verdict.NOT_EVALUABLE, 0.0),
    ],
)
def test_each_variant_gets_the_verdict_that_the_rule_has_for_it(
    variant: PatientVariant, verdict: Verdict, weight: float
) -> None:
    found = judged(variant).interpretations["Lesion"]
    assert (found.verdict, found.weight) == (verdict, weight)


@pytest.mark.parametrize("variant", [each for each in PatientVariant if each is not PatientVariant.LESION_IN_IMPLANT])
def test_the_ratio_of_an_evaluable_lesion_is_within_a_tenth_of_the_truth(variant: PatientVariant) -> None:
    row = judged(variant).study.ratio("Lesion", MapName.RCBV)
    assert row is not None
    true = scan_of(variant, Visit.FOLLOW_UP).truth.ratio("cbv_ml_per_100ml")
    assert row.ratio.value == pytest.approx(true, rel=WITHIN)


def test_inside_the_implant_the_margins_leave_too_little_and_the_share_is_told() -> None:
    study = judged(PatientVariant.LESION_IN_IMPLANT).study
    assert study.lesion_shares["Lesion"] < 0.25
    assert "of the lesion is valid" in " ".join(study.ratio("Lesion", MapName.RCBV).ratio.reasons)
    assert any("seeds" in row.exclusion and row.share > 0.5 for row in study.exclusions)
