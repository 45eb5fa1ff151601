"""Leakage correction on curves with known K2 of either sign.

The simulation is the model itself: what leaks is the running integral of the intact curve of the brain. Delays and
transits differ between voxels in one test. Left out: that leaked agent goes back into the blood, and that T1 and T2*
act together on the signal instead of adding up in dR2*.
"""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import Cancelled, PerfusionError
from brachyresponse.perfusion.dsc import correct_leakage, find_bolus, reference_curve
from brachyresponse.perfusion.dsc.integrals import running_integral, trapezoid_weights
from dsc_curves import brain_curve

TIME_S = 1.5 * np.arange(80)
REFERENCE = brain_curve(TIME_S)
LEAKAGE_PER_S = [-0.03, -0.01, -0.002, 0.002, 0.01, 0.03]
RELATIVE_VOLUME = 1.7


def leaking(k2_per_s: float, time_s: np.ndarray = TIME_S) -> np.ndarray:
    """dR2* of a voxel with ``RELATIVE_VOLUME`` times the blood of the reference."""
    intact = brain_curve(time_s)
    return RELATIVE_VOLUME * intact - k2_per_s * running_integral(intact, time_s)


def noise(count: int, sd: float) -> np.ndarray:
    return np.random.default_rng(0).normal(scale=sd, size=(count, len(TIME_S)))


@pytest.mark.parametrize("k2_per_s", LEAKAGE_PER_S)
def test_blood_volume_and_leakage_are_recovered_whatever_the_sign(k2_per_s: float) -> None:
    true_volume = RELATIVE_VOLUME * np.trapezoid(REFERENCE, TIME_S)
    fit = correct_leakage(leaking(k2_per_s) + noise(200, 0.3), TIME_S, REFERENCE)
    assert np.mean(fit.rcbv_corrected) == pytest.approx(true_volume, rel=0.005)
    assert np.abs(fit.rcbv_corrected / true_volume - 1).mean() < 0.05
    assert np.mean(fit.k2_per_s) == pytest.approx(k2_per_s, abs=1e-4)
    assert np.mean(fit.k1) == pytest.approx(RELATIVE_VOLUME, rel=0.005)
    assert np.mean(fit.residual) == pytest.approx(0.3, rel=0.05)


@pytest.mark.parametrize("k2_per_s", LEAKAGE_PER_S)
def test_leakage_of_t1_hides_blood_volume_and_that_of_t2_star_adds_to_it(k2_per_s: float) -> None:
    fit = correct_leakage(leaking(k2_per_s), TIME_S, REFERENCE)
    assert np.sign(fit.rcbv_corrected - fit.rcbv_uncorrected) == np.sign(k2_per_s)


@pytest.mark.parametrize("step_s", [0.7, 1.0, 2.5])
def test_the_rate_of_leakage_does_not_depend_on_the_frame_time(step_s: float) -> None:
    time_s = np.arange(0, 120, step_s)
    fit = correct_leakage(leaking(0.02, time_s), time_s, brain_curve(time_s))
    assert float(fit.k2_per_s) == pytest.approx(0.02, rel=1e-4)  # single precision


def test_uneven_frames_are_heeded() -> None:
    time_s = np.sort(np.random.default_rng(0).uniform(0, 120, 90))
    fit = correct_leakage(leaking(-0.02, time_s), time_s, brain_curve(time_s))
    assert float(fit.k2_per_s) == pytest.approx(-0.02, rel=1e-4)


def behaving_otherwise(delay_s: float, transit_s: float) -> np.ndarray:
    """The intact curve of a voxel that the bolus reaches later than the mean and stays in for longer."""
    fine_s = np.arange(0, TIME_S[-1] + 0.05, 0.05)
    spread = np.exp(-fine_s / transit_s) / np.exp(-fine_s / transit_s).sum()
    held = np.convolve(brain_curve(fine_s), spread)[: len(fine_s)]
    return RELATIVE_VOLUME * np.interp(TIME_S - delay_s, fine_s, held)


@pytest.mark.parametrize("k2_per_s", [-0.01, 0.01])
@pytest.mark.parametrize(("delay_s", "transit_s"), [(-1, 0.01), (1, 0.01), (2, 0.01), (0, 1), (1, 1)])
def test_another_delay_or_transit_is_not_taken_for_leakage(delay_s: float, transit_s: float, k2_per_s: float) -> None:
    intact = behaving_otherwise(delay_s, transit_s)
    leaking_curve = intact - k2_per_s * running_integral(REFERENCE, TIME_S)
    fit = correct_leakage(leaking_curve, TIME_S, REFERENCE)
    assert float(fit.rcbv_corrected) == pytest.approx(np.trapezoid(intact, TIME_S), rel=0.05)


def test_the_published_fit_of_two_unknowns_is_at_hand() -> None:
    intact = behaving_otherwise(2, 0.01)
    plain = correct_leakage(intact, TIME_S, REFERENCE, shape_terms=0)
    assert plain.coefficients.shape == (2,)
    assert float(plain.rcbv_corrected) < 0.9 * np.trapezoid(intact, TIME_S)  # its weakness, which the terms mend
    expected = np.linalg.lstsq(plain.terms.T, intact, rcond=None)[0]
    np.testing.assert_allclose(plain.coefficients, expected, rtol=1e-4)  # single precision
    with pytest.raises(PerfusionError, match="3 terms of shape: give 0 to 2"):
        correct_leakage(intact, TIME_S, REFERENCE, shape_terms=3)


def test_curves_without_their_leakage_and_fitted_curves_are_given_for_any_voxel() -> None:
    curves = np.stack([leaking(0.02), leaking(-0.02)]).reshape(1, 2, -1)
    fit = correct_leakage(curves, TIME_S, REFERENCE)
    np.testing.assert_allclose(fit.corrected_curves(curves)[0, 1], RELATIVE_VOLUME * REFERENCE, atol=1e-3)
    np.testing.assert_allclose(fit.fitted_curve((0, 0)), curves[0, 0], atol=1e-3)
    assert fit.rcbv_corrected.shape == (1, 2)
    assert fit.rcbv_corrected.dtype == np.float32


def test_a_voxel_that_is_not_defined_is_not_valid_and_harms_no_other() -> None:
    curves = np.tile(leaking(0.01), (3, 1))
    curves[1, 40] = np.nan
    fit = correct_leakage(curves, TIME_S, REFERENCE)
    np.testing.assert_array_equal(fit.valid, [True, False, True])
    assert np.isnan(fit.rcbv_corrected[1])
    assert np.isfinite(fit.rcbv_corrected[[0, 2]]).all()


def test_the_reference_is_the_mean_of_what_does_not_leak() -> None:
    intact = np.random.default_rng(1).uniform(0.5, 1.5, (300, 1)) * REFERENCE
    samples = np.concatenate([intact, np.tile(leaking(0.03), (60, 1)), np.tile(leaking(-0.03), (60, 1))])
    samples = np.concatenate([samples + noise(420, 0.2), np.full((5, 80), np.nan)])
    bolus = find_bolus(intact.mean(axis=0), TIME_S, "dce")
    found = reference_curve(samples, TIME_S, bolus)
    np.testing.assert_allclose(found, REFERENCE * found.max() / REFERENCE.max(), atol=0.15)  # its shape is what counts
    assert found.max() == pytest.approx(REFERENCE.max(), rel=0.1)


def test_a_mask_of_leaking_voxels_alone_has_no_reference() -> None:
    bolus = find_bolus(REFERENCE, TIME_S, "dce")
    with pytest.raises(PerfusionError, match="Only 0 of 50 voxels do not enhance after the bolus"):
        reference_curve(np.tile(leaking(0.03), (50, 1)) + noise(50, 0.05), TIME_S, bolus)
    with pytest.raises(PerfusionError, match="ends with the first pass"):
        reference_curve(np.ones((50, bolus.end_frame + 1)), TIME_S[: bolus.end_frame + 1], bolus)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(PerfusionError, match="time must be the last axis of all"):
        correct_leakage(np.ones((80, 3)), TIME_S, REFERENCE)
    for reference in (np.full(80, np.nan), np.zeros(80), -REFERENCE):
        with pytest.raises(PerfusionError, match="curve of intact brain"):
            correct_leakage(np.ones((3, 80)), TIME_S, reference)


def test_the_user_can_stop_it() -> None:
    def stop(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        correct_leakage(np.ones((3, 80)), TIME_S, REFERENCE, report=stop)


def test_integrals_are_exact_for_straight_lines_at_uneven_times() -> None:
    time_s = np.array([0.0, 1.0, 3.0, 3.5, 10.0])
    line = 2 * time_s + 1
    np.testing.assert_allclose(running_integral(line, time_s), time_s**2 + time_s, rtol=1e-12)
    assert trapezoid_weights(time_s) @ line == pytest.approx(110, rel=1e-12)
