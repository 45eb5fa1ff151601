"""The apparent diffusion coefficient: exact cases, an independent solver, the noise floor, input that is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from scipy.optimize import curve_fit

from brachyresponse.diffusion import fit_adc
from brachyresponse.errors import Cancelled, DiffusionError

B_VALUES = np.array([0.0, 50.0, 400.0, 1000.0])


def decaying(adc_um2_per_s: ArrayLike, s0: float = 500.0) -> np.ndarray:
    return s0 * np.exp(-np.multiply.outer(np.asarray(adc_um2_per_s), B_VALUES) * 1e-6)


@given(st.floats(50, 4000), st.floats(1, 1e5))
def test_curves_without_noise_give_back_what_made_them(adc_um2_per_s: float, s0: float) -> None:
    fit = fit_adc(decaying(adc_um2_per_s, s0), B_VALUES)
    np.testing.assert_allclose(fit.adc_um2_per_s, adc_um2_per_s, rtol=1e-6)  # the maps are float32
    np.testing.assert_allclose(fit.s0, s0, rtol=1e-6)
    assert fit.valid.all()


def test_two_b_values_give_the_logarithm_of_their_ratio() -> None:
    fit = fit_adc(np.array([[100.0, 50.0]]), [0, 1000])
    np.testing.assert_allclose(fit.adc_um2_per_s, 1000 * np.log(2), rtol=1e-6)
    np.testing.assert_allclose(fit.residual, 0, atol=1e-6 * 100)


def test_noisy_curves_end_at_the_minimum_of_another_solver() -> None:
    random = np.random.default_rng(0)
    signal = decaying(random.uniform(300, 2500, 40)) + random.normal(0, 15, (40, len(B_VALUES)))
    fit = fit_adc(signal, B_VALUES, noise_floor=20.0)
    for row, found in zip(signal, fit.adc_um2_per_s, strict=True):
        used = row > 20.0
        expected, _ = curve_fit(
            lambda b, s0, adc: s0 * np.exp(-b * adc), B_VALUES[used], row[used], (500, 1e-3), xtol=1e-14, ftol=1e-14
        )
        assert found == pytest.approx(1e6 * expected[1], abs=1e-2)  # um2/s: 1e-5 of the values


def test_a_signal_below_the_noise_floor_is_left_out() -> None:
    signal = decaying([3000.0])
    floored = np.maximum(signal, 40.0)  # magnitude images never fall below their noise
    assert fit_adc(floored, B_VALUES).adc_um2_per_s[0] < 2950
    fit = fit_adc(floored, B_VALUES, noise_floor=40.0)
    np.testing.assert_allclose(fit.adc_um2_per_s, 3000, rtol=1e-6)
    assert fit.points[0] == 3


def test_voxels_that_cannot_be_fitted_are_marked_and_counted() -> None:
    rows = {
        "fits": [100.0, 90.0, 60.0, 30.0],
        "one number left": [100.0, np.nan, np.nan, np.nan],
        "in the noise": [3.0, 2.0, 1.0, 1.0],
        "one above the noise": [100.0, 2.0, 1.0, 1.0],
        "rises": [50.0, 60.0, 70.0, 80.0],
        "negative": [-5.0, -4.0, -3.0, -2.0],
    }
    fit = fit_adc(np.array(list(rows.values())), B_VALUES, noise_floor=5.0)
    assert dict(zip(rows, fit.valid.tolist(), strict=True)) == {name: name == "fits" for name in rows}
    assert fit.invalid_count == len(rows) - 1
    assert np.isfinite(fit.adc_um2_per_s).tolist() == fit.valid.tolist()


def test_maps_have_the_voxels_shape_and_single_precision() -> None:
    fit = fit_adc(decaying(np.full((2, 3, 4), 800.0)).astype(np.float32), B_VALUES)
    assert fit.adc_um2_per_s.shape == fit.valid.shape == (2, 3, 4)
    assert fit.adc_um2_per_s.dtype == np.float32


@pytest.mark.parametrize(
    ("b_values", "message"),
    [
        ([], "have no b values"),
        ([0, 1000], "4 diffusion images, but 2 b values"),
        ([1000] * 4, "All diffusion images have b = 1000"),
        ([0, -50, 400, 1000], "not all numbers from 0"),
        ([0, np.nan, 400, 1000], "not all numbers from 0"),
        ([0, 0.05, 0.4, 1.0], "The highest b value is 1: give them in s/mm2"),
    ],
)
def test_b_values_that_cannot_be_used_are_refused(b_values: list[float], message: str) -> None:
    with pytest.raises(DiffusionError, match=message):
        fit_adc(decaying([800.0]), b_values)


def test_the_work_can_be_cancelled() -> None:
    def cancel(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        fit_adc(decaying([800.0]), B_VALUES, report=cancel)
