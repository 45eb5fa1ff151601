"""The digital patient's GliaSite variant: its balloon has the volume and shape it is said to have, in a cavity."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import elliprg

from brachyresponse.digital_patient.gliasite import Balloon, GliaSiteTreatment, GliaSiteTruth, ResectedHead
from brachyresponse.digital_patient.head import SKULL_INSIDE, VENTRICLES, VESSEL
from brachyresponse.digital_patient.painting import region_structure, tissue_table
from brachyresponse.digital_patient.shapes import even_directions
from brachyresponse.geometry import Grid
from brachyresponse.sources import integrated_hours

CENTRE_MM = np.array(Balloon().centre_mm)


@pytest.fixture(scope="module")
def near() -> Grid:
    """A grid of 1 mm round the balloon, turned."""
    turn = np.array([[0.8, -0.6, 0], [0.6, 0.8, 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    matrix[:3, 3] = CENTRE_MM - turn @ (22.0, 22.0, 22.0)
    return Grid((45, 45, 45), matrix)


def test_the_balloon_holds_its_fill_and_is_as_round_as_it_is_said_to_be(near: Grid) -> None:
    balloon = Balloon()
    axes = np.array(balloon.surface.semi_axes_mm)
    assert 4 / 3 * np.pi * np.prod(axes) == pytest.approx(15_000, rel=1e-12)
    surface_mm2 = 4 * np.pi * np.prod(axes) * elliprg(*axes**-2)  # Carlson's form of an ellipsoid's surface
    assert balloon.sphericity == pytest.approx(4 * np.pi * balloon.equivalent_radius_mm**2 / surface_mm2, abs=1e-5)
    drawn = region_structure("Balloon", ResectedHead().structures()["Balloon"], near)
    assert drawn.volume_cc == pytest.approx(15, rel=0.005)  # partial voxels of first order


def test_the_gap_lies_outside_the_balloon_and_is_as_thick_as_the_truth_says(near: Grid) -> None:
    regions = ResectedHead().structures()
    gap = region_structure("Gap", regions["Gap"], near)
    inside = Balloon().surface.distance_mm(near.points_mm()[gap.occupancy > 0.5])
    assert inside.min() > -0.5  # half a voxel
    assert inside.max() == pytest.approx(Balloon().air_mm, abs=0.7)
    assert 0.1 < gap.volume_cc < 0.6


def test_the_balloon_keeps_clear_of_skull_ventricles_and_vessel() -> None:
    surface = CENTRE_MM + even_directions(2000) * Balloon().surface.semi_axes_mm
    assert SKULL_INSIDE.distance_mm(surface).max() < -5
    assert min(shape.distance_mm(surface).min() for shape in (*VENTRICLES, VESSEL)) > 0.5


def test_after_the_balloon_is_out_fluid_fills_the_cavity() -> None:
    with_balloon, after = ResectedHead(), ResectedHead(is_out=True)
    assert {"Balloon", "Gap"} <= set(with_balloon.structures())
    assert "Cavity" in after.structures()
    assert not {"Balloon", "Gap", "GTV"} & set(after.structures())
    assert [tissue for tissue, _ in after.painting()][-3:] == ["cavity fluid"] * 3
    assert [tissue for tissue, _ in with_balloon.painting()][-2:] == ["air", "balloon filling"]
    painted = {tissue for head in (with_balloon, after) for tissue, _ in head.painting()}
    assert painted <= set(tissue_table()["tissues"])
    assert not {"enhancing tumour", "necrosis"} & painted


def test_the_truth_follows_from_the_table_of_fifteen_millilitres() -> None:
    treatment = GliaSiteTreatment()
    truth = GliaSiteTruth.of(Balloon(), treatment)
    mci = treatment.activity_at_filling_mbq / 37
    hours = integrated_hours(59.4, 0, treatment.dwell_days)
    # 0.1859 and 0.8400 cGy/h per mCi at 1 cm and at the surface of 15 mL, tabulated to 0.5 %
    assert truth.dose_at_depth_gy == pytest.approx(0.1859 * mci * hours / 100, rel=5e-3)
    assert truth.surface_dose_gy == pytest.approx(0.8400 * mci * hours / 100, rel=5e-3)
    assert truth.dose_at_depth_gy == pytest.approx(treatment.prescription_gy, rel=0.01)
    assert truth.as_record()["volume_ml"] == 15.0


def test_what_comes_out_is_what_went_in_less_decay_and_leakage() -> None:
    treatment = GliaSiteTreatment()
    waited = treatment.dwell_days + 50 / 24
    expected = treatment.activity_mbq * 0.5 ** (waited / 59.4)
    assert treatment.recovered_mbq == pytest.approx(expected * (1 - 0.012), rel=1e-9)
    assert treatment.resected < treatment.planned <= treatment.assayed.date() <= treatment.filled.date()
    assert treatment.filled < treatment.removed
    assert treatment.removed.date() < treatment.explanted
    assert list(treatment.dates.values()) == sorted(treatment.dates.values())
    assert treatment.dates["explanted"] == "2026-03-25"
    assert 7 <= (treatment.filled.date() - treatment.resected).days <= 14  # filled one to two weeks after the resection
