"""How sure D90 and V100 are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from brachyresponse.dose import compute_dvh, implant_dose
from brachyresponse.errors import Cancelled, VerificationError
from brachyresponse.geometry import Grid
from brachyresponse.seeds import Seeds
from brachyresponse.sources import load_source
from brachyresponse.verification import Robustness, SeedUncertainty, robustness, robustness_of, verify_implant
from brachyresponse.verification.uncertainty import disturbed

PRESCRIPTION_GY = 200.0
SOURCE = load_source("amersham_6711")


@pytest.fixture(scope="module")
def sampled(plan_of: Callable, a_ball: Callable) -> Callable[..., Robustness]:
    def sample(seeds: Seeds | None = None, **assumed: float) -> Robustness:
        uncertainty = SeedUncertainty(**({"samples": 40, "points": 1000} | assumed))  # type: ignore[arg-type]
        target = a_ball("GTV", 12.0)
        return robustness(SOURCE, seeds or plan_of().seeds, target, PRESCRIPTION_GY, uncertainty=uncertainty)

    return sample


def test_what_was_found_is_the_value_of_the_full_histogram(
    sampled: Callable, plan_of: Callable, a_ball: Callable
) -> None:
    grid = Grid.covering([-16, -16, -16], [16, 16, 16], 0.5)
    dvh = compute_dvh(implant_dose(SOURCE, plan_of().seeds, grid), grid, a_ball("GTV", 12.0))
    result = sampled()
    # interpolation between voxels of 0.5 mm is 0.2 % above the dose itself, which sags between seeds
    assert result.d90.as_found == pytest.approx(dvh.d(90), rel=3e-3)
    assert result.v100.as_found == pytest.approx(dvh.v(PRESCRIPTION_GY), abs=0.2)


def test_the_interval_holds_what_was_sampled(sampled: Callable) -> None:
    result = sampled(coverage_percent=90.0)
    inside = (result.samples_d90_gy >= result.d90.low) & (result.samples_d90_gy <= result.d90.high)
    assert inside.mean() == pytest.approx(0.9, abs=0.03)  # 40 samples
    assert result.d90.low < result.d90.median < result.d90.high
    assert 0 <= result.v100.low <= result.v100.high <= 100


@pytest.mark.validation
def test_the_same_number_gives_the_same_interval(sampled: Callable) -> None:
    assert sampled().d90 == sampled().d90
    assert sampled().d90 != sampled(random_seed=1).d90


def test_without_uncertainty_there_is_no_interval(sampled: Callable) -> None:
    result = sampled(position_sd_mm=0.0, axis_sd_deg=0.0)
    assert result.d90.low == pytest.approx(result.d90.as_found)
    assert result.d90.high == pytest.approx(result.d90.as_found)


def test_more_uncertainty_widens_the_interval(sampled: Callable) -> None:
    widths = [sampled(position_sd_mm=sd).samples_d90_gy.std() for sd in (0.2, 1.0)]
    assert widths[1] > 2 * widths[0]


def test_a_common_shift_matters_more_than_single_ones(sampled: Callable) -> None:
    alone = sampled(position_sd_mm=2.0, axis_sd_deg=0.0)
    together = sampled(position_sd_mm=0.0, common_sd_mm=2.0, axis_sd_deg=0.0)
    assert together.samples_d90_gy.std() > alone.samples_d90_gy.std()


def test_few_points_do_not_shift_the_interval(sampled: Callable) -> None:
    few, many = (sampled(points=points, samples=30) for points in (300, 6000))
    width = many.d90.high - many.d90.low
    assert few.d90.median == pytest.approx(many.d90.median, abs=width / 2)


def test_axes_do_not_matter_where_they_are_not_known(sampled: Callable, plan_of: Callable) -> None:
    points = plan_of().seeds.without_axes()
    result = sampled(points, position_sd_mm=0.0, axis_sd_deg=30.0)
    assert result.samples_d90_gy.std() == pytest.approx(0.0, abs=1e-9)


def test_tilts_have_the_deviation_that_was_asked_for() -> None:
    seeds = Seeds(np.zeros((4000, 3)), np.tile([1.0, 2.0, -1.0], (4000, 1)), 0.5)
    moved = disturbed(seeds, SeedUncertainty(position_sd_mm=0.7, axis_sd_deg=10.0), np.random.default_rng(2))
    assert moved.positions_mm.std(axis=0) == pytest.approx(0.7, rel=0.05)
    along = (moved.directions * seeds.directions).sum(axis=1)
    tilt_deg = np.rad2deg(np.arccos(np.clip(along, -1, 1)))
    assert np.sqrt((tilt_deg**2).mean() / 2) == pytest.approx(10, rel=0.05)  # two axes of 10 degrees each


def test_the_assumption_is_said(sampled: Callable) -> None:
    sentence = sampled().sentence
    assert "95 % of 40 implants" in sentence
    assert "0.5 mm along each axis (sd) and tilted by 10 degrees (sd)" in sentence


def test_a_verified_implant_has_its_stamp(request_of: Callable) -> None:
    grid = Grid.covering([-24, -24, -24], [24, 24, 24], 2.0)
    verification = verify_implant(request_of(implant_anatomy=None, implant_grid=grid))
    few = SeedUncertainty(samples=20, points=300)
    result = robustness_of(verification, uncertainty=few)
    assert "GTV (carried, not verified): D90" in result.sentence
    # interpolation on the dose grid of 2 mm is 1.4 % above the dose itself
    assert result.d90.as_found == pytest.approx(verification.metric("GTV", "d90").implant, rel=0.02)
    with pytest.raises(VerificationError, match="'Cord' is no target of the implant: choose one of GTV"):
        robustness_of(verification, target="Cord", uncertainty=few)


def test_it_can_be_cancelled(plan_of: Callable, a_ball: Callable) -> None:
    def cancel(fraction: float, message: str) -> None:
        if "implant 3 of 200" in message:
            raise Cancelled

    with pytest.raises(Cancelled):
        robustness(SOURCE, plan_of().seeds, a_ball("GTV", 8.0), 100.0, report=cancel)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"position_sd_mm": -1.0}, "position_sd_mm is -1.0; give 0 or a positive number"),
        ({"axis_sd_deg": float("nan")}, "axis_sd_deg is nan"),
        ({"samples": 5}, "5 samples at 3000 points are too few for an interval"),
        ({"coverage_percent": 100.0}, "an interval covers 0 to 100 %, not 100.0 %"),
    ],
)
def test_an_uncertainty_that_cannot_be_is_refused(fields: dict, message: str) -> None:
    with pytest.raises(VerificationError, match=message):
        SeedUncertainty(**fields)


def test_without_seeds_or_prescription_there_is_nothing_to_sample(plan_of: Callable, a_ball: Callable) -> None:
    with pytest.raises(VerificationError, match="no seeds whose uncertainty"):
        robustness(SOURCE, Seeds.none(), a_ball("GTV", 8.0), 100.0)
    with pytest.raises(VerificationError, match=r"prescription is 0\.0 Gy: give a positive dose"):
        robustness(SOURCE, replace(plan_of().seeds), a_ball("GTV", 8.0), 0.0)
