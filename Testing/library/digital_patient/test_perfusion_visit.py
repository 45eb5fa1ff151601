"""A perfusion scan of the digital patient holds what its truth says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from brachyresponse.digital_patient import Head, Tumour
from brachyresponse.digital_patient.patient import IMPLANT_DATE
from brachyresponse.digital_patient.perfusion import Diagnosis, PatientVariant, Visit, perfusion_visit
from brachyresponse.digital_patient.perfusion.disturbances import (
    moved,
    small_motion,
    spline_coefficients,
    with_rician_noise,
)
from brachyresponse.digital_patient.perfusion.implant_seeds import schematic_seeds
from brachyresponse.digital_patient.perfusion.tables import tissues_at
from brachyresponse.digital_patient.perfusion.visit import scan_date
from brachyresponse.digital_patient.perfusion.visit_head import head_at
from brachyresponse.errors import Cancelled
from brachyresponse.geometry import Grid
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import FloatArray
from perfusion_visits import on_series, the_visit

IN_IMPLANT = PatientVariant.LESION_IN_IMPLANT


def distance_to_seeds_mm(variant: PatientVariant) -> FloatArray:
    head = Head()
    points = np.stack(np.meshgrid(*[np.arange(-70.0, 70.0, 2.0)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
    inside = points[head_at(head, variant, Visit.FOLLOW_UP).lesion.distance_mm(points) < 0]
    along = np.linspace(-2.25, 2.25, 4)[:, None] * [0.0, 0.0, 1.0]  # a capsule is 4.5 mm long
    capsules = (schematic_seeds(head).positions_mm[:, None] + along).reshape(-1, 3)
    return cdist(inside, capsules).min(axis=1)


def test_a_lesion_at_the_margin_lies_clear_of_the_seeds() -> None:
    assert distance_to_seeds_mm(PatientVariant.RECURRENCE_AT_MARGIN).min() > 4
    assert np.mean(distance_to_seeds_mm(PatientVariant.RECURRENCE_AT_MARGIN) < 5) < 0.02


def test_most_of_a_lesion_in_the_implant_lies_within_the_margin_of_the_seeds() -> None:
    assert np.mean(distance_to_seeds_mm(IN_IMPLANT) < 5) > 0.7


@pytest.mark.validation
def test_the_seeds_move_with_the_patient_and_are_not_there_before() -> None:
    scan = the_visit(IN_IMPLANT, Visit.FOLLOW_UP, SeriesKind.DSC)
    expected = schematic_seeds(Head()).positions_mm @ scan.plan_to_visit[:3, :3].T + scan.plan_to_visit[:3, 3]
    np.testing.assert_allclose(scan.seeds.positions_mm, expected, atol=1e-9)
    assert np.linalg.norm(scan.plan_to_visit - np.eye(4)) > 1


def test_the_seeds_darken_the_lesion_in_the_implant() -> None:
    scan = the_visit(IN_IMPLANT, Visit.FOLLOW_UP, SeriesKind.DSC)
    lesion, white = on_series(scan, scan.lesions["Lesion"]), on_series(scan, scan.white_matter)
    assert np.mean(scan.truth.share_left.values[lesion] < 0.8) > 0.4
    assert (scan.truth.share_left.values[white] > 0.999).all()
    dark = scan.series.frames[0][lesion & (scan.truth.share_left.values < 0.05)]
    assert dark.mean() < 0.2 * scan.series.frames[0][white].mean()


def test_the_dates_keep_the_timing_of_the_rule() -> None:
    assert -30 <= (scan_date(Visit.BEFORE) - IMPLANT_DATE).days < 0
    assert (scan_date(Visit.FOLLOW_UP) - IMPLANT_DATE).days > 30


@pytest.mark.validation
def test_white_matter_is_nothing_else() -> None:
    scan = the_visit()
    values = scan.truth.map("vp").values[on_series(scan, scan.white_matter)]
    assert values == pytest.approx(tissues_at(scan.variant, scan.visit)["white matter"].vp, rel=0.01)


@pytest.mark.validation
def test_partial_volumes_lower_the_mean_of_the_lesion_by_less_than_a_tenth() -> None:
    scan = the_visit()
    mean = scan.truth.map("vp").values[on_series(scan, scan.lesions["Lesion"])].mean()
    assert 0.9 < mean / scan.truth.tissues["lesion"].vp < 1


def test_the_lesion_fills_its_closed_form() -> None:
    scan = the_visit()
    closed_form_cc = head_at(Head(), scan.variant, scan.visit).lesion.volume_cc()
    assert scan.lesions["Lesion"].volume_cc == pytest.approx(closed_form_cc, rel=0.02)  # voxels of 1.5 mm
    assert scan.truth.scanned.shares.sum(axis=0) == pytest.approx(1, abs=1e-4)


def test_noise_and_drift_are_those_stated() -> None:
    scan = the_visit()
    air = np.stack(scan.series.frames[:8])[:, :, :10, :10]
    assert air.mean() == pytest.approx(scan.truth.noise * np.sqrt(np.pi / 2), rel=0.02)  # Rayleigh; 16000 samples
    white = scan.series.samples(on_series(scan, scan.white_matter))[:, 2:9]
    assert white.std(axis=1, ddof=1).mean() == pytest.approx(scan.truth.noise, rel=0.1)  # before the bolus


def test_the_tumour_of_the_never_hyperperfused_has_a_low_ratio_at_both_visits() -> None:
    for visit in Visit:
        tissues = tissues_at(PatientVariant.NEVER_HYPERPERFUSED, visit)
        assert tissues["lesion"].vp / tissues["white matter"].vp < 1.35  # 1.5 less what 10 % may be off


def test_the_truth_names_the_diagnosis_and_can_be_written() -> None:
    scan = the_visit()
    record = scan.truth.as_record()
    assert scan.truth.diagnosis is Diagnosis.RECURRENCE
    assert record["ratios"]["vp"] == pytest.approx(7.0 / 2.2)
    assert len(record["translations_mm"]) == len(scan.series.frames)


def test_only_dce_has_flip_angles_and_only_dsc_a_leak() -> None:
    dce, dsc = the_visit(), the_visit(IN_IMPLANT, Visit.FOLLOW_UP, SeriesKind.DSC)
    assert dce.vfa is not None
    assert dce.vfa.grid == dce.series.grid
    assert dsc.vfa is None
    assert dsc.truth.leakage is not None
    assert dce.truth.leakage is None


def test_a_shift_by_a_voxel_moves_the_image_by_a_voxel() -> None:
    image = np.random.default_rng(0).random((6, 7, 8)).astype(np.float32)
    matrix = np.eye(4)
    matrix[0, 3] = 2.0
    shifted = moved(spline_coefficients(image[None])[0], Grid((6, 7, 8), np.diag([2.0, 2.0, 4.0, 1.0])), matrix)
    np.testing.assert_allclose(shifted[:, :, 2:-1], image[:, :, 1:-2], atol=1e-5)


def test_the_motion_starts_from_rest_and_stays_small() -> None:
    motion = small_motion(60, 0.35, 0.25, np.random.default_rng(3))
    assert (motion.translations_mm[0] == 0).all()
    assert 0.05 < np.abs(motion.translations_mm).max() < 1.2
    np.testing.assert_allclose(motion.matrix(0, np.array([1.0, 2.0, 3.0])), np.eye(4), atol=1e-12)


def test_noise_of_a_strong_signal_is_gaussian_and_of_none_is_rayleigh() -> None:
    random = np.random.default_rng(1)
    strong = with_rician_noise(np.full(40_000, 1000.0, np.float32), 5.0, random)
    nothing = with_rician_noise(np.zeros(40_000, np.float32), 5.0, random)
    assert strong.std() == pytest.approx(5.0, rel=0.02)
    assert nothing.mean() == pytest.approx(5.0 * np.sqrt(np.pi / 2), rel=0.02)


def test_another_tumour_takes_its_lesion_and_its_seeds_along() -> None:
    small = Head(replace(Tumour(), centre_mm=(30.0, 0.0, 40.0), radius_mm=9.0))
    at_margin = head_at(small, PatientVariant.NECROSIS, Visit.FOLLOW_UP)
    assert at_margin.lesion.centre_mm == (31.0, -31.0, 34.0)
    assert np.linalg.norm(schematic_seeds(small).positions_mm - [30.0, 0.0, 40.0], axis=1).max() < 16


def test_a_scan_can_be_cancelled() -> None:
    def stop(fraction: float, message: str) -> None:
        if fraction > 0.05:
            raise Cancelled

    with pytest.raises(Cancelled):
        perfusion_visit(report=stop)


@pytest.mark.validation
def test_the_same_number_gives_the_same_scan() -> None:
    scan, again = the_visit(), perfusion_visit()
    np.testing.assert_array_equal(np.stack(again.series.frames), np.stack(scan.series.frames))
    other = perfusion_visit(random_seed=1)
    assert (other.series.frames[0] != scan.series.frames[0]).any()
