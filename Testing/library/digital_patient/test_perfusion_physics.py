"""The equations of the digital patient's scanner, against closed forms and against the library's own models."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.digital_patient.perfusion import PatientVariant, Tissue, Visit
from brachyresponse.digital_patient.perfusion.bolus import blood_curve, tissue_curve
from brachyresponse.digital_patient.perfusion.leakage import leakage_truth
from brachyresponse.digital_patient.perfusion.signal_equations import share_left_by_seeds, steady_state
from brachyresponse.digital_patient.perfusion.tables import hematocrit, tissues_at
from brachyresponse.geometry import Grid
from brachyresponse.perfusion.dce import model_curve
from brachyresponse.perfusion.series import SeriesKind

ARRIVAL_S = 30.0


def lesion_of(variant: PatientVariant = PatientVariant.RECURRENCE_AT_MARGIN) -> Tissue:
    return tissues_at(variant, Visit.FOLLOW_UP)["lesion"]


def test_the_bolus_comes_at_its_arrival_peaks_once_and_washes_out_slowly() -> None:
    time_s = np.arange(0.0, 300.0, 0.5)
    blood = blood_curve(time_s, ARRIVAL_S, 0.1)
    assert (blood[time_s <= ARRIVAL_S] == 0).all()
    assert 5 < blood.max() < 7  # mmol/L, as population curves of 0.1 mmol/kg
    assert time_s[blood.argmax()] == pytest.approx(ARRIVAL_S + 6, abs=1)  # shape x scale of the first pass
    assert 0.3 < blood[-1] < blood[time_s == 90.0][0]


def test_half_the_dose_gives_half_the_concentration() -> None:
    time_s = np.arange(0.0, 100.0, 1.0)
    np.testing.assert_allclose(blood_curve(time_s, 5.0, 0.05), blood_curve(time_s, 5.0, 0.1) / 2, rtol=1e-12)


def test_a_dce_tissue_is_what_the_extended_tofts_model_predicts() -> None:
    lesion, time_s = lesion_of(), np.arange(0.0, 240.0, 0.5)
    made = tissue_curve(lesion, SeriesKind.DCE, time_s, ARRIVAL_S, 0.1)
    plasma = blood_curve(time_s - lesion.delay_s, ARRIVAL_S, 0.1) / (1 - hematocrit())
    figures = {"ktrans_per_min": lesion.ktrans_per_min, "ve": lesion.ve, "vp": lesion.vp}
    predicted = model_curve("extended_tofts", figures, time_s, plasma)
    # the model takes the plasma as straight between samples 0.5 s apart
    np.testing.assert_allclose(made.vascular + made.interstitial, predicted, atol=2e-3 * predicted.max())


def test_the_area_of_a_dsc_tissue_is_its_blood_volume() -> None:
    lesion, time_s = lesion_of(), np.arange(0.0, 4000.0, 0.5)  # until nearly all has washed out
    made = tissue_curve(lesion, SeriesKind.DSC, time_s, ARRIVAL_S, 0.1)
    share = made.vascular.sum() / blood_curve(time_s, ARRIVAL_S, 0.1).sum()
    assert share == pytest.approx(lesion.cbv_ml_per_100ml / 100, rel=0.005)  # the plateau's end


def test_blood_takes_its_transit_time_through_the_capillaries_in_dsc() -> None:
    lesion, time_s = lesion_of(), np.arange(0.0, 4000.0, 0.5)
    blood = blood_curve(time_s - lesion.delay_s, ARRIVAL_S, 0.1)
    made = tissue_curve(lesion, SeriesKind.DSC, time_s, ARRIVAL_S, 0.1).vascular
    later_s = (made @ time_s) / made.sum() - (blood @ time_s) / blood.sum()
    assert later_s == pytest.approx(lesion.mtt_s, rel=0.05)  # means of curves with a long tail


def test_the_steady_state_has_the_published_enhancement() -> None:
    t1_s = 1 / (1 / 1.0 + 4.5 * np.array([0.0, 0.5, 1.0]))
    signal = steady_state(t1_s, 0.005, 15.0)
    np.testing.assert_allclose(signal[1:] / signal[0], [2.53185, 3.50921], rtol=1e-5)  # last digit printed


@pytest.mark.parametrize(("te_s", "spacing_mm", "reach_mm"), [(0.030, 2.9, (4.0, 6.0)), (0.0018, 2.7, (1.8, 3.0))])
def test_a_seed_darkens_more_of_a_dsc_than_of_a_short_echo(
    te_s: float, spacing_mm: float, reach_mm: tuple[float, float]
) -> None:
    matrix = np.diag([spacing_mm, spacing_mm, spacing_mm, 1.0])
    matrix[:3, 3] = -10 * spacing_mm
    grid = Grid((21, 21, 21), matrix)
    along_mm = np.arange(1.0, 16.0, 0.05)
    left = [share_left_by_seeds(grid, np.array([[0.0, 0.0, -d]]), te_s)[10, 10, 10] for d in along_mm]
    half_mm = along_mm[np.argmax(np.array(left) > 0.5)]
    assert reach_mm[0] < half_mm < reach_mm[1]
    assert left[-1] > 0.99


def test_the_leak_lowers_the_area_of_one_variant_and_raises_that_of_another() -> None:
    raised = leakage_truth(tissues_at(PatientVariant.RECURRENCE_AT_MARGIN, Visit.FOLLOW_UP))
    lowered = leakage_truth(tissues_at(PatientVariant.NECROSIS, Visit.FOLLOW_UP))
    assert raised.k2_per_s < 0 < lowered.k2_per_s
    assert raised.delta_r2star_per_s.sum() > 1.05 * raised.without_leak_per_s.sum()
    assert lowered.delta_r2star_per_s.sum() < 0.95 * lowered.without_leak_per_s.sum()
