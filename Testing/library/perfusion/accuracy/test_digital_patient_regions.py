"""Lesion, white matter, registration and motion of the digital patient, against the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.digital_patient.perfusion import LESION, DigitalPerfusion, PatientVariant, Visit
from brachyresponse.lesions import grow_lesion, midsagittal_plane, propose_white_matter, register_mr
from brachyresponse.perfusion.motion import correct_motion
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import BoolArray, FloatArray
from perfusion_visits import on_series, the_visit

AT_MARGIN, IN_IMPLANT = PatientVariant.RECURRENCE_AT_MARGIN, PatientVariant.LESION_IN_IMPLANT


def overlap(one: BoolArray, other: BoolArray) -> float:
    """Dice coefficient."""
    return 2 * np.count_nonzero(one & other) / (np.count_nonzero(one) + np.count_nonzero(other))


def clicks(scan: DigitalPerfusion, count: int) -> FloatArray:
    """Places well inside the enhancing part of the lesion, (N, 3)."""
    lesion = scan.lesions[LESION]
    inside = np.argwhere(lesion.mask & (scan.anatomical.values > 700))  # 820 where it enhances, noise of 14
    return lesion.grid.to_ras(np.random.default_rng(0).permutation(inside)[:count, ::-1])


@pytest.mark.validation
def test_one_click_grows_the_lesion_wherever_it_falls() -> None:
    scan = the_visit()
    for click in clicks(scan, 2):
        grown = grow_lesion(scan.anatomical, click, fill_core=False)
        assert grown.warnings == ()
        assert overlap(grown.structure.mask, scan.lesions[LESION].mask) > 0.9  # a voxel's half is 7 % of 11 mm


@pytest.mark.validation
def test_a_lesion_among_seeds_is_grown_with_their_holes() -> None:
    scan = the_visit(IN_IMPLANT)
    grown = grow_lesion(scan.anatomical, clicks(scan, 1)[0], fill_core=False)
    assert overlap(grown.structure.mask, scan.lesions[LESION].mask) > 0.85


@pytest.mark.validation
def test_the_proposed_white_matter_is_opposite_and_nothing_but_white_matter() -> None:
    scan = the_visit()
    lesion, to_visit = scan.lesions[LESION], scan.plan_to_visit
    plane = midsagittal_plane(scan.anatomical)
    in_plan = np.linalg.inv(to_visit) @ np.append(lesion.centre_mm, 1)
    opposite = to_visit @ (in_plan * [-1, 1, 1, 1])
    assert np.linalg.norm(plane.mirror(lesion.centre_mm) - opposite[:3]) < 1.5  # a voxel
    proposed = propose_white_matter(scan.anatomical, lesion, plane=plane)
    true_cbv = scan.truth.map("cbv_ml_per_100ml").values[on_series(scan, proposed.structure)]
    assert true_cbv == pytest.approx(scan.truth.tissues["white matter"].cbv_ml_per_100ml, rel=0.02)


@pytest.mark.validation
def test_both_visits_are_brought_together() -> None:
    before, after = the_visit(visit=Visit.BEFORE), the_visit()
    found = register_mr(after.anatomical, before.anatomical)
    places = np.column_stack([before.lesions[LESION].grid.corners_mm(), np.ones(8)])
    error_mm = np.linalg.norm(places @ (found.matrix - after.plan_to_visit).T, axis=1)
    assert error_mm.max() < 0.5  # a third of a voxel, though tumour and enhancement changed


@pytest.mark.validation
@pytest.mark.parametrize("kind", [np.float32, np.int16])  # as made, and as files hold it
def test_the_motion_of_a_dce_series_is_found(kind: type[np.generic]) -> None:
    scan = the_visit()
    frames = [np.rint(frame).astype(kind) if kind is np.int16 else frame for frame in scan.series.frames]
    found, true = correct_motion(replace(scan.series, frames=frames)), scan.truth.motion
    reference = found.reference_frame
    shift = found.translations_mm - (true.translations_mm - true.translations_mm[reference])
    turn = found.rotations_deg - (true.rotations_deg - true.rotations_deg[reference])
    assert np.sqrt(np.mean(shift**2)) < 0.15  # of voxels of 2.2 x 2.2 x 4 mm
    assert np.sqrt(np.mean(turn**2)) < 0.15
    assert np.abs(turn).max() < 1  # while the bolus passes, too


@pytest.mark.validation
def test_the_motion_of_a_dsc_series_is_found_to_a_fraction_of_a_slice() -> None:
    scan = the_visit(IN_IMPLANT, Visit.FOLLOW_UP, SeriesKind.DSC)
    found, true = correct_motion(scan.series), scan.truth.motion
    shift = found.translations_mm - (true.translations_mm - true.translations_mm[found.reference_frame])
    assert np.sqrt(np.mean(shift**2)) < 0.4  # a tenth of a slice: the bolus darkens, and the slices are 4 mm thick
