"""The digital patient's implant CT agrees with its truth."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

import numpy as np
import pytest

from brachyresponse.digital_patient import (
    DigitalImplant,
    DisplacementLaw,
    implant_patient,
)
from brachyresponse.digital_patient.displacement import displace
from brachyresponse.digital_patient.head import SKULL_INSIDE
from brachyresponse.errors import Cancelled, SeedsError
from brachyresponse.geometry import sample
from brachyresponse.seeds import Seeds
from the_digital_patient import the_patient

pytestmark = pytest.mark.validation  # each scan of the implant takes seconds; SeedVerify's tests read one too


def planned() -> Seeds:
    """Five needles from above with three seeds each, 10 mm apart, about the tumour's centre."""
    holes = [(28, 4), (38, 4), (44, 12), (34, 14), (36, -4)]
    positions = np.array([(x, y, z) for x, y in holes for z in (22, 32, 42)], float)
    return Seeds(positions, np.tile([0.0, 0.0, -1.0], (15, 1)), 0.755, needle=np.repeat(np.arange(1, 6), 3))


@cache
def the_implant(scan_day: int = 0) -> DigitalImplant:
    return implant_patient(the_patient(), planned(), scan_day=scan_day)


def _moved(implant: DigitalImplant, points_mm: np.ndarray) -> np.ndarray:
    matrix = implant.truth.matrix
    return points_mm @ matrix[:3, :3].T + matrix[:3, 3]


def _around(implant: DigitalImplant, position_mm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions (N, 3) and HU (N,) of the voxels within 3.2 mm."""
    i, j, k = np.round(implant.ct.grid.to_ijk(position_mm)).astype(int)
    box = np.stack(np.meshgrid(*(np.arange(n - 5, n + 6) for n in (i, j, k))), -1).reshape(-1, 3)
    points = implant.ct.grid.to_ras(box)
    near = np.linalg.norm(points - position_mm, axis=-1) < 3.2
    i, j, k = box[near].T
    return points[near], implant.ct.values[k, j, i].astype(float)


def test_each_true_seed_is_metal_with_its_centre_there() -> None:
    implant = the_implant()
    for position in implant.truth.positions_mm:
        points, ct_hu = _around(implant, position)
        assert ct_hu.max() > 2800
        centre = np.average(points, axis=0, weights=np.clip(ct_hu - 500, 0, None))
        assert np.linalg.norm(centre - position) < 0.45  # mm: seeds 10 mm apart, voxels of 0.75 and 1.5 mm


def test_there_is_no_metal_where_planned_seeds_are_missing() -> None:
    implant = the_implant()
    lost = _moved(implant, planned().positions_mm[list(implant.truth.missing)])
    apart = np.linalg.norm(lost[:, None] - implant.truth.positions_mm, axis=-1).min(axis=1)
    clear = lost[apart > 5]
    assert len(clear)
    assert sample(implant.ct.values, implant.ct.grid, clear).max() < 500  # HU


def test_two_seeds_are_missing_and_one_has_migrated_within_the_skull() -> None:
    truth = the_implant().truth
    assert len(truth.positions_mm) == 13
    assert len(truth.missing) == 2
    assert sorted([*truth.planned_index, *truth.missing]) == list(range(15))
    (migrated,) = truth.migrated
    moved_mm = np.linalg.norm(truth.displacement_mm, axis=1)
    assert 28 <= moved_mm[migrated] <= 38
    assert np.delete(moved_mm, migrated).max() < 8  # mm: the pull and three standard deviations
    in_plan = planned().positions_mm[truth.planned_index] + truth.displacement_mm
    assert SKULL_INSIDE.distance_mm(in_plan).max() < 0


def test_displacement_and_rigid_matrix_together_give_the_positions() -> None:
    implant = the_implant()
    truth = implant.truth
    np.testing.assert_allclose(np.linalg.det(truth.matrix[:3, :3]), 1, atol=1e-12)
    in_plan = planned().positions_mm[truth.planned_index] + truth.displacement_mm
    np.testing.assert_allclose(_moved(implant, in_plan), truth.positions_mm, atol=1e-9)


@pytest.mark.parametrize("name", ["GTV", "Ventricles", "Vessel"])
def test_structures_lie_where_the_matrix_carries_them(name: str) -> None:
    implant, patient = the_implant(), the_patient()
    there = _moved(implant, patient.structures[name].centre_mm)
    assert np.linalg.norm(implant.structures[name].centre_mm - there) < 0.3  # mm: partial voxels of two grids
    assert implant.structures[name].volume_cc == pytest.approx(patient.structures[name].volume_cc, rel=0.03)


def test_the_tissue_is_that_of_the_planning_ct() -> None:
    implant, patient = the_implant(), the_patient()
    random = np.random.default_rng(3)
    points = random.uniform((-60, -80, -50), (0, 80, 90), (4000, 3))  # the side without the implant
    before = sample(patient.ct.values, patient.ct.grid, points)
    after = sample(implant.ct.values, implant.ct.grid, _moved(implant, points))
    assert abs(np.median(after - before)) < 3  # HU
    assert np.corrcoef(before, after)[0, 1] > 0.97  # edges at the skull, noise


def test_the_scan_has_its_own_frame_grid_and_date() -> None:
    implant, patient = the_implant(), the_patient()
    assert implant.patient_id == patient.patient_id
    assert implant.frame_of_reference_uid != patient.frame_of_reference_uid
    assert implant.scan_date == date(2026, 3, 6)
    assert implant.ct.grid.spacing_ijk_mm[:2].max() < 1
    assert implant.ct.values.min() >= -1024
    assert implant.ct.values.max() == 3071
    cosines = np.abs(implant.ct.grid.ijk_to_ras[:3, :3] / implant.ct.grid.spacing_ijk_mm)
    assert cosines.max(axis=0).max() < 0.999


@pytest.mark.validation
def test_on_day_30_the_same_seeds_lie_closer_together() -> None:
    first, later = the_implant(), the_implant(30)
    assert later.scan_date == date(2026, 4, 5)
    assert later.frame_of_reference_uid != first.frame_of_reference_uid
    assert later.truth.missing == first.truth.missing
    np.testing.assert_array_equal(later.truth.planned_index, first.truth.planned_index)
    assert later.truth.scale == pytest.approx(1 - 0.06 * 7 / 8)  # three half-lives of 10 days
    spread = [np.linalg.norm(i.truth.positions_mm[:, None] - i.truth.positions_mm, axis=-1) for i in (first, later)]
    np.testing.assert_allclose(spread[1], later.truth.scale * spread[0], atol=1e-9)
    ratio = later.structures["GTV"].volume_cc / first.structures["GTV"].volume_cc
    assert ratio == pytest.approx(later.truth.scale**3, rel=0.02)  # partial voxels


@pytest.mark.validation
def test_the_same_random_seed_gives_the_same_implant() -> None:
    again = implant_patient(the_patient(), planned())
    np.testing.assert_array_equal(again.ct.values, the_implant().ct.values)


def test_another_random_seed_gives_another_implant() -> None:
    first, other = (displace(planned(), DisplacementLaw(), np.random.default_rng(n)) for n in (0, 1))
    assert not np.allclose(first.positions_mm, other.positions_mm)


def test_the_truth_is_written_as_plain_values() -> None:
    record = json.loads(json.dumps(the_implant().truth.as_record()))
    assert len(record["seeds"]) == 13
    assert sum(seed["migrated"] for seed in record["seeds"]) == 1
    np.testing.assert_allclose(record["seeds"][4]["position_ras_mm"], the_implant().truth.positions_mm[4])
    assert record["missing_planned_index"] == list(the_implant().truth.missing)


def test_a_plan_with_too_few_seeds_is_refused() -> None:
    with pytest.raises(SeedsError, match="The plan has 3 seeds, the digital implant needs at least 4"):
        implant_patient(the_patient(), planned().select(slice(3)))


def test_a_cancelled_scan_stops() -> None:
    def stop(fraction: float, message: str) -> None:
        if fraction > 0.2:
            raise Cancelled

    with pytest.raises(Cancelled):
        implant_patient(the_patient(), planned(), report=stop)
