"""The AIF of a segment, its verdict, and its area rescaled to that of a vein."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif import (
    AifMethod,
    AifVerdict,
    measured_aif,
    parker_aif,
    population_aif,
    rescale_to_vein,
    vessel_curve,
)
from brachyresponse.perfusion.aif.quality import quality_rules
from vessel_phantom import vessel_phantom

TIME_S = 2.0 * np.arange(60)
ARTERY = parker_aif(TIME_S, arrival_s=20.0)


def samples_of(curve: np.ndarray, count: int = 12, noise: float = 0.02) -> np.ndarray:
    return curve + np.random.default_rng(0).normal(scale=noise, size=(count, len(curve)))


def test_a_segment_gives_the_mean_curve_and_the_same_report_as_a_search() -> None:
    phantom = vessel_phantom("dce")
    voxels = np.argwhere(phantom.in_artery)
    aif = measured_aif(phantom.curves[phantom.in_artery], TIME_S, voxels=voxels)
    assert aif.method is AifMethod.SEGMENT
    assert aif.verdict is AifVerdict.GOOD
    assert aif.reasons == ()
    np.testing.assert_array_equal(aif.voxels, voxels)
    np.testing.assert_allclose(aif.values, phantom.artery, atol=0.03)  # noise of the mean, four times
    fine_s = np.linspace(0, 20, 500)  # the foot of the first pass
    first_pass = np.trapezoid(parker_aif(fine_s), fine_s)
    assert aif.first_pass_area == pytest.approx(first_pass, rel=0.05)  # ends with a frame
    assert f"AIF of {len(voxels)} voxels of the segment" in aif.sentence


def test_saturated_voxels_are_left_out_and_counted() -> None:
    samples = samples_of(ARTERY)
    samples[:2, 15] = np.nan
    aif = measured_aif(samples, TIME_S, saturated=np.arange(12) == 5)
    assert aif.count == 9
    assert aif.rejections[0].count == 3
    assert aif.verdict is AifVerdict.DOUBTFUL
    assert "25% of the arterial voxels are saturated at the peak (at most 20% is accepted)." in aif.reasons


def test_a_mostly_saturated_artery_fails() -> None:
    samples = samples_of(ARTERY)
    samples[:7, 15] = np.nan
    assert measured_aif(samples, TIME_S).verdict is AifVerdict.FAILED


def test_a_wholly_saturated_artery_and_an_empty_segment_are_refused() -> None:
    with pytest.raises(PerfusionError, match="12 of whose 12 voxels are saturated, has no voxel with a curve"):
        measured_aif(np.full((12, 60), np.nan), TIME_S)
    with pytest.raises(PerfusionError, match="0 of whose 0 voxels"):
        measured_aif(np.empty((0, 60)), TIME_S)
    with pytest.raises(PerfusionError, match=r"expected \(voxels, 60 frames\)"):
        measured_aif(np.ones((3, 7)), TIME_S)


def test_a_segment_without_a_bolus_or_with_an_early_one_is_refused() -> None:
    with pytest.raises(PerfusionError, match="no bolus"):
        measured_aif(np.ones((5, 60)), TIME_S)
    with pytest.raises(PerfusionError, match="before the first frame"):
        measured_aif(samples_of(parker_aif(TIME_S + 12)), TIME_S)


BROAD = np.maximum(TIME_S - 20, 0) * np.exp(-np.maximum(TIME_S - 20, 0) / 25) / 2
"""A curve that rises for 25 s: tissue."""


@pytest.mark.parametrize(
    ("curve", "verdict", "reason"),
    [
        (ARTERY / 8, AifVerdict.DOUBTFUL, "below the 1 mmol/L expected in an artery"),
        (ARTERY / 30, AifVerdict.FAILED, "below the 1 mmol/L expected in an artery"),
        (ARTERY * 5, AifVerdict.DOUBTFUL, "above the 20 mmol/L that a single dose reaches"),
        (np.minimum(ARTERY, 2.4), AifVerdict.FAILED, "top of the curve is flat"),
        (BROAD, AifVerdict.FAILED, "s wide (at most 25 s is expected"),
    ],
    ids=["low", "lower", "high", "clipped", "tissue"],
)
def test_what_no_artery_looks_like_is_said(curve: np.ndarray, verdict: AifVerdict, reason: str) -> None:
    aif = measured_aif(samples_of(curve, noise=0.005), TIME_S)
    assert aif.verdict is verdict
    assert reason in aif.sentence


def test_a_peak_of_one_frame_is_doubted() -> None:
    time_s = 12.0 * np.arange(20)
    aif = measured_aif(samples_of(parker_aif(time_s, arrival_s=17.0)), time_s)
    assert aif.verdict is AifVerdict.DOUBTFUL
    assert "Only 1 frame lies above half the peak" in aif.sentence


def test_the_height_of_dsc_is_not_judged_in_mmol_per_litre() -> None:
    aif = measured_aif(samples_of(10 * ARTERY), TIME_S, kind="dsc")
    assert aif.verdict is AifVerdict.GOOD
    assert aif.unit == "1/s"


def test_every_rule_has_a_limit_and_a_sentence_that_can_be_filled() -> None:
    for rule in quality_rules():
        assert {rule.doubtful_below, rule.doubtful_above} != {None}
        assert str(rule.judge(-1e9)[1] or rule.judge(1e9)[1])


def test_partial_volume_is_mended_by_the_area_of_a_vein() -> None:
    vein = parker_aif(TIME_S, arrival_s=26.0)
    aif = rescale_to_vein(measured_aif(samples_of(ARTERY * 0.6, noise=0.002), TIME_S), vein)
    assert aif.vein_factor == pytest.approx(1 / 0.6, rel=0.02)  # arrivals are found to a tenth of a frame
    assert aif.peak == pytest.approx(ARTERY.max(), rel=0.03)
    assert aif.peak == pytest.approx(aif.values.max(), rel=0.01)


def test_a_rescaled_curve_is_judged_by_its_new_height_and_by_its_voxels() -> None:
    vein = parker_aif(TIME_S, arrival_s=26.0)
    samples = samples_of(ARTERY / 8, noise=0.002)
    low = measured_aif(samples, TIME_S)
    assert "below the 1 mmol/L" in low.sentence
    mended = rescale_to_vein(low, vein / 3)
    assert mended.verdict is AifVerdict.GOOD
    assert mended.reasons == ()
    samples[:3] = np.nan
    assert (
        "25% of the arterial voxels are saturated" in rescale_to_vein(measured_aif(samples, TIME_S), vein / 3).sentence
    )


def test_a_vein_that_does_not_fit_is_said_and_a_population_is_not_rescaled() -> None:
    aif = measured_aif(samples_of(ARTERY), TIME_S)
    doubted = rescale_to_vein(aif, 5 * ARTERY)
    assert doubted.verdict is AifVerdict.DOUBTFUL
    assert "The vein's area is 5 times the artery's" in doubted.sentence
    with pytest.raises(PerfusionError, match="A population AIF is not rescaled"):
        rescale_to_vein(population_aif("parker", TIME_S, arrival_s=20.0), ARTERY)


def test_the_curve_of_a_vessel_leaves_out_what_is_not_defined() -> None:
    samples = np.array([[1.0, 2.0], [3.0, np.nan], [3.0, 4.0]])
    np.testing.assert_array_equal(vessel_curve(samples), [2.0, 3.0])
    with pytest.raises(PerfusionError, match="The vein has no voxel"):
        vessel_curve(samples[1:2], "vein")
