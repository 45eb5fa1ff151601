from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.digital_patient import Head, Tumour, build_patient
from brachyresponse.digital_patient.shapes import Ellipsoid, LobedBall, Shape, Tube, occupancy_in_box
from brachyresponse.errors import Cancelled
from brachyresponse.geometry import Grid, sample
from the_digital_patient import the_patient


def filled_cc(shape: Shape, grid: Grid) -> float:
    _, share = occupancy_in_box(shape, grid)
    return float(share.sum(dtype=float)) * grid.voxel_cc


@pytest.mark.parametrize(
    ("shape", "volume_cc"),
    [
        (LobedBall((1.0, 2.0, 3.0), 12.0), 4 / 3 * np.pi * 1.2**3),
        (Ellipsoid((0.0, 0.0, 0.0), (10.0, 14.0, 18.0)), 4 / 3 * np.pi * 1.0 * 1.4 * 1.8),
        (Tube(((0.0, 0.0, -10.0), (0.0, 0.0, 10.0)), 5.0), np.pi * 0.5**2 * (2.0 + 4 / 3 * 0.5)),
    ],
)
def test_a_shape_fills_its_analytic_volume_on_an_oblique_grid(shape: Shape, volume_cc: float) -> None:
    matrix = np.array([[0.6, -0.8, 0, -10], [0.8, 0.6, 0, -40], [0, 0, 1.3, -30], [0, 0, 0, 1]])
    grid = Grid((50, 70, 70), matrix)
    assert filled_cc(shape, grid) == pytest.approx(volume_cc, rel=0.015)  # a planar share: (voxel / radius)^2 / 4


def test_a_shape_beside_the_grid_fills_nothing() -> None:
    assert filled_cc(Ellipsoid((0.0, 0.0, 500.0), (5.0, 5.0, 5.0)), Grid((4, 4, 4), np.eye(4))) == 0


def test_a_lobed_ball_without_lobes_is_a_ball() -> None:
    assert LobedBall((0.0, 0.0, 0.0), 10.0).volume_cc() == pytest.approx(4 / 3 * np.pi, rel=1e-9)


def test_the_contoured_tumour_agrees_with_the_truth() -> None:
    patient = the_patient()
    gtv = patient.structures["GTV"]
    assert gtv.volume_cc == pytest.approx(patient.truth.tumour_volume_cc, rel=0.01)  # a voxel is 1.5 mm3
    assert np.linalg.norm(gtv.centre_mm - patient.truth.tumour_centre_mm) < 1.5  # lobes shift the centre of mass


def test_ct_and_mri_show_the_tumour_at_the_same_place() -> None:
    patient = the_patient()
    outline = patient.truth.head.tumour.outline
    directions = np.eye(3)
    rim = outline.surface_radius_mm(directions)[:, None] * 0.7 * directions + patient.truth.tumour_centre_mm
    far = patient.truth.tumour_centre_mm * [-1, 1, 1]
    mri_rim = sample(patient.mri.values, patient.mri.grid, rim)
    assert (mri_rim > 1.4 * sample(patient.mri.values, patient.mri.grid, far)).all()
    assert (sample(patient.ct.values, patient.ct.grid, rim) > 35).all()
    assert patient.ct.grid != patient.mri.grid
    assert np.abs(patient.ct.grid.ijk_to_ras[:3, :3]).min() > 0


def test_the_truth_can_be_read_off_the_ct() -> None:
    patient = the_patient()
    inside = patient.structures["Skull"].occupancy == 1
    assert patient.ct.values[inside].mean() > 700
    outside = patient.structures["External"].occupancy == 0
    assert patient.ct.values[outside].mean() == pytest.approx(-1000, abs=5)  # noise, clipped at -1024


@pytest.mark.validation
def test_the_same_number_gives_the_same_patient() -> None:
    again = build_patient(random_seed=0)
    np.testing.assert_array_equal(again.mri.values, the_patient().mri.values)
    np.testing.assert_array_equal(again.ct.values, the_patient().ct.values)


def test_another_visit_is_another_head() -> None:
    smaller = Head(Tumour(radius_mm=8.0))
    assert smaller.tumour.outline.volume_cc() == pytest.approx(
        Tumour().outline.volume_cc() * (8.0 / 12.5) ** 3, rel=1e-9
    )


def test_building_can_be_cancelled() -> None:
    def stop(fraction: float, message: str) -> None:
        if fraction > 0.1:
            raise Cancelled

    with pytest.raises(Cancelled):
        build_patient(report=stop)
