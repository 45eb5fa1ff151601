"""Pictures of a balloon plan: dose against depth, and slices through the balloon."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.pictures.balloon_pictures import balloon_pictures
from brachyresponse.planning import PlanAnatomy, PlanRoles
from brachyresponse.planning.balloon import BalloonPlan, evaluate_balloon, sphere_occupancy
from brachyresponse.report.balloon_report import BalloonPictures

FILLED = datetime(2026, 3, 2, 10)


@pytest.fixture(scope="module")
def pictures() -> BalloonPictures:
    grid = Grid.covering([-22, -22, -22], [22, 22, 22], 1.5)
    balloon = Structure("Balloon", sphere_occupancy(grid, np.zeros(3), 7.0), grid)
    anatomy = PlanAnatomy({"Balloon": balloon}, PlanRoles())
    plan = BalloonPlan(
        patient_id="",
        frame_of_reference_uid="",
        created=FILLED,
        balloon="Balloon",
        activity_mbq=3000.0,
        assayed=FILLED,
        filled=FILLED,
        removed=datetime(2026, 3, 6),
        prescription_gy=45.0,
        prescription_depth_mm=5.0,
    )
    image = Volume("CT", np.zeros(grid.shape_kji, np.float32), grid, "HU")
    return balloon_pictures(evaluate_balloon(plan, anatomy, grid), anatomy, image)


def test_dose_against_depth_shows_mean_range_sphere_and_prescription(pictures: BalloonPictures) -> None:
    for name in ("mean over the surface", "least over the surface", "sphere of the same volume", "prescription 45 Gy"):
        assert name in pictures.depth
    assert "NaN" not in pictures.depth


def test_slices_show_balloon_shell_and_isodoses_but_no_seed(pictures: BalloonPictures) -> None:
    assert len(pictures.slices) == 3
    for picture in pictures.slices:
        assert "<title>Balloon</title>" in picture
        assert "<title>Shell 5 mm</title>" in picture
        assert "45 Gy (100 %)" in picture
    assert "seed" not in pictures.legend
