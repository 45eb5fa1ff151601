"""The whole study on the digital patient: the ratio is right where it can be, and refused where it cannot."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.digital_patient.perfusion import PatientVariant, Visit
from brachyresponse.perfusion.interpretation import Verdict
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.study import MapName, judge_study
from recovered_perfusion import Recovered, recovered

AT_MARGIN, IN_IMPLANT = PatientVariant.RECURRENCE_AT_MARGIN, PatientVariant.LESION_IN_IMPLANT
NECROSIS, NEVER = PatientVariant.NECROSIS, PatientVariant.NEVER_HYPERPERFUSED
BEFORE, FOLLOW_UP = Visit.BEFORE, Visit.FOLLOW_UP
DCE, DSC = SeriesKind.DCE, SeriesKind.DSC
PROMISED = 0.1
"""Accuracy of the ratio where the lesion is evaluable."""
EVALUABLE = [
    (AT_MARGIN, BEFORE, DCE),
    (AT_MARGIN, BEFORE, DSC),
    (AT_MARGIN, FOLLOW_UP, DSC),
    (IN_IMPLANT, FOLLOW_UP, DCE),
    (NECROSIS, FOLLOW_UP, DCE),
    (NECROSIS, FOLLOW_UP, DSC),
    (NEVER, BEFORE, DCE),
    (NEVER, BEFORE, DSC),
    (NEVER, FOLLOW_UP, DCE),
    (NEVER, FOLLOW_UP, DSC),
]


def relative_error(found: Recovered) -> float:
    """Of the recovered ratio, which must be evaluable and come with a good arterial curve."""
    assert found.ratio.reasons == ()
    assert found.study.aif is not None
    assert found.study.aif.verdict == "good"
    return abs(found.ratio.value / found.true_ratio - 1)


def test_the_plasma_volume_of_a_recurrence_at_the_margin_is_recovered() -> None:
    found = recovered(AT_MARGIN, FOLLOW_UP, DCE)
    assert relative_error(found) < PROMISED
    assert found.ratio.value == pytest.approx(found.tissue_ratio, rel=PROMISED)


def test_the_arterial_curve_of_dce_is_found_in_arteries() -> None:
    found = recovered(AT_MARGIN, FOLLOW_UP, DCE)
    aif, truth = found.study.aif, found.scan.truth
    blood = truth.map("cbv_ml_per_100ml").values[tuple(aif.voxels.T)]
    assert blood.min() > 80  # of 100: a little partial volume
    assert aif.peak == pytest.approx(truth.aif_mmol_l.max(), rel=0.15)  # T2* and partial volumes lower it


def test_ktrans_of_the_lesion_is_recovered() -> None:
    found = recovered(AT_MARGIN, FOLLOW_UP, DCE)
    values = found.scan.truth.map("ktrans_per_min").values
    measured = found.study.maps[MapName.KTRANS].values
    lesion = values > 0.95 * found.scan.truth.tissues["lesion"].ktrans_per_min
    assert np.nanmean(measured[lesion]) == pytest.approx(values[lesion].mean(), rel=0.15)  # with the AIF's peak


@pytest.mark.validation
def test_dsc_of_a_lesion_in_the_implant_is_not_evaluable_and_says_why() -> None:
    found = recovered(IN_IMPLANT, FOLLOW_UP, DSC)
    assert not found.ratio.is_evaluable
    assert "of the lesion is valid, at least 25% are needed" in found.ratio.sentence
    row = next(row for row in found.study.exclusions if "seeds" in row.exclusion)
    assert row.share_left < 0.25


@pytest.mark.validation
@pytest.mark.parametrize(("variant", "visit", "kind"), EVALUABLE)
def test_the_ratio_is_recovered_where_it_is_evaluable(variant: PatientVariant, visit: Visit, kind: SeriesKind) -> None:
    assert relative_error(recovered(variant, visit, kind)) < PROMISED


@pytest.mark.validation
@pytest.mark.parametrize(("variant", "within"), [(AT_MARGIN, 0.35), (NECROSIS, 0.6)])
def test_the_leak_is_recovered_with_its_sign(variant: PatientVariant, within: float) -> None:
    found = recovered(variant, FOLLOW_UP, DSC)
    values = found.scan.truth.map("ktrans_per_min").values
    lesion = values > 0.95 * found.scan.truth.tissues["lesion"].ktrans_per_min
    k2 = np.nanmean(found.study.maps[MapName.K2].values[lesion])
    true = found.scan.truth.leakage.k2_per_s
    assert k2 == pytest.approx(true, rel=within)  # the two leaks nearly cancel, and are no integral of a curve


@pytest.mark.validation
@pytest.mark.parametrize(
    ("variant", "kind", "verdict"),
    [
        (AT_MARGIN, DCE, Verdict.HYPERPERFUSED),
        (NECROSIS, DCE, Verdict.ABSENCE_COUNTS),
        (NECROSIS, DSC, Verdict.ABSENCE_COUNTS),
        (NEVER, DCE, Verdict.ABSENCE_UNRELIABLE),
        (NEVER, DSC, Verdict.ABSENCE_UNRELIABLE),
        (IN_IMPLANT, DSC, Verdict.NOT_EVALUABLE),
    ],
)
def test_the_interpretation_is_that_of_the_variant(variant: PatientVariant, kind: SeriesKind, verdict: Verdict) -> None:
    same_before = NEVER if variant is NEVER else AT_MARGIN
    before = judge_study(recovered(same_before, BEFORE, kind).study).record
    judged = judge_study(recovered(variant, FOLLOW_UP, kind).study, before)
    assert judged.interpretations["Lesion"].verdict == verdict
