"""The DVH of a clinical case against three planning systems and a plain computation."""

from __future__ import annotations

import pytest

from brachyresponse.dose import Dvh, compute_dvh
from prostate_case import needs_prostate_case, read_dose, read_published, read_structure

pytestmark = needs_prostate_case

ABOVE_20_CC = ("Bladder", "Femoral Head Lt", "Femoral Head RT", "PTV", "Rectum")
PERCENTS = (95, 50, 5)

# A plain computation (slab contours, 1 mm in-plane and 1.25 mm axial grid, trilinear dose): volume cc, D95, D50, D5 Gy.
# Source: README of the reference folder; the right femoral head is not in its table.
PLAIN = {
    "Bladder": (117.35, 43.72, 46.29, 46.71),
    "Femoral Head Lt": (49.33, 23.35, 25.00, 27.10),
    "PTV": (49.15, 45.36, 45.95, 46.19),
    "Rectum": (30.78, 27.90, 41.84, 45.54),
}
VOLUME_TOLERANCE = 0.015  # how far the three systems lie apart
DOSE_TOLERANCE_GY = 0.2


def dvh_of(name: str) -> Dvh:
    dose_gy, grid = read_dose()
    return compute_dvh(dose_gy, grid, read_structure(name))


@pytest.mark.parametrize("name", ABOVE_20_CC)
def test_volume_and_doses_agree_with_eclipse(name: str) -> None:
    found, eclipse = dvh_of(name), read_published("Eclipse")[name]
    assert found.volume_cc == pytest.approx(eclipse.volume_cc, rel=VOLUME_TOLERANCE)
    for percent in PERCENTS:
        assert found.d(percent) == pytest.approx(eclipse.d(percent), abs=DOSE_TOLERANCE_GY)


@pytest.mark.parametrize("name", PLAIN)
def test_volume_and_doses_agree_with_the_plain_computation(name: str) -> None:
    found = dvh_of(name)
    volume_cc, *doses_gy = PLAIN[name]
    assert found.volume_cc == pytest.approx(volume_cc, rel=VOLUME_TOLERANCE)
    assert [found.d(percent) for percent in PERCENTS] == pytest.approx(doses_gy, abs=DOSE_TOLERANCE_GY)
    assert found.outside_fraction == 0


@pytest.mark.parametrize("name", ABOVE_20_CC)
def test_the_whole_curve_stays_near_slicer_rt_in_the_middle(name: str) -> None:
    found, slicer_rt = dvh_of(name), read_published("SlicerRT")[name]
    for percent in range(10, 91, 10):
        assert found.d(percent) == pytest.approx(slicer_rt.d(percent), abs=0.3)  # steep parts of the rectum


def test_the_body_leaves_the_dose_grid_and_is_taken_inside_it_as_by_eclipse() -> None:
    dose_gy, grid = read_dose()
    body = compute_dvh(dose_gy, grid, read_structure("BODY", spacing_mm=1.8))
    eclipse = read_published("Eclipse")["BODY"]
    assert body.volume_cc == pytest.approx(
        read_published("CERR")["BODY"].volume_cc, rel=0.002
    )  # CERR counts end slabs too
    assert body.inside_cc == pytest.approx(eclipse.volume_cc, rel=0.001)  # Eclipse leaves out what has no dose
    assert body.outside_fraction == pytest.approx(1 - body.inside_cc / body.volume_cc)
    assert "% of BODY lies outside the dose grid" in body.warning
    for percent in PERCENTS:
        assert body.d(percent) == pytest.approx(eclipse.d(percent), abs=DOSE_TOLERANCE_GY)
    assert body.mean_gy == pytest.approx(15.4848, abs=0.1)  # SlicerRT's metrics table


@pytest.mark.parametrize("name", ABOVE_20_CC)
def test_masks_drawn_on_the_dose_grid_stay_within_half_a_gray(name: str) -> None:
    """A user's segment is often no finer than the dose: whole voxels of 2.5 mm."""
    from brachyresponse.geometry import Structure, resample_structure

    dose_gy, grid = read_dose()
    coarse = resample_structure(read_structure(name), grid)
    found = compute_dvh(dose_gy, grid, Structure(name, coarse.mask, grid))
    eclipse = read_published("Eclipse")[name]
    assert found.volume_cc == pytest.approx(eclipse.volume_cc, rel=0.02)
    for percent in (50, 5):
        assert found.d(percent) == pytest.approx(eclipse.d(percent), abs=0.5)
