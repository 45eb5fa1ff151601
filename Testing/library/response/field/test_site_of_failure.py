"""The site of a failure follows the published shares, with the dose that the lesion had."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.dose import compute_dvh
from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.response.field import FailureSite, SiteOfFailure, failure_definition, site_of_failure
from round_dose import FALL_MM, PRESCRIPTION_GY, PRESCRIPTION_RADIUS_MM, dose_round, motion
from solids import ball, grid_round

DOSE = dose_round()
RADIUS_MM = 4.0


def lesion_at(distance_mm: float, radius_mm: float = RADIUS_MM) -> Structure:
    centre = np.array([0.0, distance_mm, 0.0])
    grid = grid_round(radius_mm + 2, 1.0, shift_mm=centre, turned_deg=(10, 40))
    return Structure("R1", ball(grid, radius_mm, centre_mm=centre).occupancy, grid)


def slab(share_high: float) -> tuple[Structure, Volume]:
    """A lesion of 100 equal voxels, of which a share gets the prescription and the rest half of it."""
    grid = Grid((100, 3, 3), np.diag([1.0, 1.0, 1.0, 1.0]))
    mask = np.zeros(grid.shape_kji, bool)
    mask[:, 1, 1] = True
    dose_gy = np.full(grid.shape_kji, PRESCRIPTION_GY / 2)
    dose_gy[: round(100 * share_high)] = PRESCRIPTION_GY
    return Structure("R1", mask, grid), Volume("steps", dose_gy, grid, "Gy")


@pytest.mark.parametrize(
    ("share", "site", "is_central"),
    [
        (1.0, SiteOfFailure.IN_FIELD, True),
        (0.96, SiteOfFailure.IN_FIELD, True),
        (0.93, SiteOfFailure.IN_FIELD, False),
        (0.82, SiteOfFailure.IN_FIELD, False),
        (0.78, SiteOfFailure.MARGINAL, False),
        (0.22, SiteOfFailure.MARGINAL, False),
        (0.18, SiteOfFailure.DISTANT, False),
        (0.02, SiteOfFailure.DISTANT, False),
    ],
)
def test_the_shares_of_the_definition_decide(share: float, site: SiteOfFailure, is_central: bool) -> None:
    found = site_of_failure(*slab(share), PRESCRIPTION_GY)
    assert (found.site, found.is_central) == (site, is_central)
    assert found.share_in_isodose == pytest.approx(share, abs=0.01)  # the step lies between two voxels


def test_the_definition_is_published_and_was_read() -> None:
    definition = failure_definition()
    assert (definition.isodose_share, definition.central_share) == (0.95, 0.95)
    assert (definition.in_field_share, definition.marginal_share) == (0.8, 0.2)
    assert definition.is_verified
    assert "Lee et al. 1999" in definition.source


@pytest.mark.parametrize("distance_mm", [0.0, 8.0, 15.0, 22.0, 27.0])
def test_the_dose_of_the_lesion_is_that_of_its_histogram(distance_mm: float) -> None:
    lesion = lesion_at(distance_mm)
    found, dvh = site_of_failure(lesion, DOSE, PRESCRIPTION_GY), compute_dvh(DOSE.values, DOSE.grid, lesion)
    doses = (found.d50_gy, found.d_min_gy, found.d_max_gy)
    # Both interpolate the dose at the same points, the histogram in single precision.
    assert doses == pytest.approx((dvh.d(50), dvh.min_gy, dvh.max_gy), rel=1e-5)
    assert found.v100_percent == pytest.approx(dvh.v(PRESCRIPTION_GY), abs=0.1)


@pytest.mark.parametrize("distance_mm", [0.0, 8.0, 15.0, 22.0, 27.0, 60.0])
def test_the_distance_from_the_prescription_isodose_is_that_of_the_law(distance_mm: float) -> None:
    found = site_of_failure(lesion_at(distance_mm), DOSE, PRESCRIPTION_GY)
    nearest = max(distance_mm - RADIUS_MM, 0) - PRESCRIPTION_RADIUS_MM
    assert found.distance_to_isodose_mm == pytest.approx(nearest, abs=1.0)  # half a voxel of the dose


@settings(max_examples=20)
@given(st.floats(0, 28), st.floats(-180, 180), st.tuples(*[st.floats(-50, 50)] * 3))
def test_the_frame_of_the_follow_up_scan_does_not_matter(
    distance_mm: float, turn_deg: float, shift_mm: tuple[float, float, float]
) -> None:
    lesion, to_dose = lesion_at(distance_mm), motion(shift_mm, turn_deg=turn_deg)
    moved = Structure(
        "R1", lesion.occupancy, Grid(lesion.grid.shape_kji, np.linalg.inv(to_dose) @ lesion.grid.ijk_to_ras)
    )
    here, there = site_of_failure(lesion, DOSE, PRESCRIPTION_GY), site_of_failure(moved, DOSE, PRESCRIPTION_GY, to_dose)
    assert (here.site, here.share_in_isodose) == (there.site, pytest.approx(there.share_in_isodose, abs=1e-3))
    assert here.d50_gy == pytest.approx(there.d50_gy, rel=1e-6)  # rounding of the matrices
    assert here.distance_to_isodose_mm == pytest.approx(there.distance_to_isodose_mm, abs=1e-6)


def test_all_of_it_is_said_in_a_sentence() -> None:
    found = site_of_failure(lesion_at(27), DOSE, PRESCRIPTION_GY)
    middle_gy = PRESCRIPTION_GY * np.exp((PRESCRIPTION_RADIUS_MM - 27) / FALL_MM)
    assert found.d50_gy == pytest.approx(
        middle_gy, rel=0.02
    )  # shells of equal dose are round, the lesion's middle is not
    assert found.sentence.startswith(
        "Site of failure of 'R1': distant; 0 % of it lies inside the isodose of 95 % of 120 Gy."
    )
    assert "0 % at or above the prescription. It lies 8." in found.sentence
    central = site_of_failure(lesion_at(0), DOSE, PRESCRIPTION_GY)
    assert "in field, central" in central.sentence
    assert "mm into the prescription isodose" in central.sentence


def beyond(distance_mm: float, half_mm: float) -> FailureSite:
    return site_of_failure(lesion_at(distance_mm), dose_round(half_mm=half_mm), PRESCRIPTION_GY)


def test_a_lesion_partly_outside_the_dose_grid_is_said() -> None:
    found = beyond(34, 34)
    assert found.site is SiteOfFailure.DISTANT
    (warning,) = found.warnings
    assert "% of 'R1' lies outside the dose grid: doses are of the part inside." in warning


def test_a_lesion_outside_the_dose_grid_is_distant_and_its_dose_unknown() -> None:
    found = beyond(60, 34)
    assert (found.site, found.d50_gy, found.v100_percent) == (SiteOfFailure.DISTANT, None, None)
    assert "All of 'R1' lies outside the dose grid: its dose is not known, but below the isodose." in found.sentence


def test_a_lesion_beyond_a_cut_off_isodose_has_no_site() -> None:
    found = beyond(20, 12)
    assert found.site is None
    assert "whose edge cuts the isodose off, so the site is not known: enlarge the dose grid" in found.sentence


def test_a_dose_that_does_not_reach_the_prescription_is_refused() -> None:
    with pytest.raises(ResponseError, match="Gy at most, but 100 % of its prescription of 500 Gy is 500 Gy"):
        site_of_failure(lesion_at(0), DOSE, 500.0)


def test_a_motion_that_is_not_rigid_is_refused() -> None:
    with pytest.raises(ResponseError, match="matrix that moves the lesion 'R1' is not rigid"):
        site_of_failure(lesion_at(0), DOSE, PRESCRIPTION_GY, np.diag([1, 1, 2, 1]))
