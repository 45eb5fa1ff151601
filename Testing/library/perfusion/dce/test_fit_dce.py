"""Fits of the five models: truth recovered, bounds kept and flagged, uncertainty, quality, and curves on demand."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.perfusion import DceFit, DceModel, fit_dce, model_curve
from dce_cases import PLASMA, TIME_S, tumour

NOISE_MMOL_L = 0.02
TISSUE = {
    "tofts": {"ktrans_per_min": 0.12, "ve": 0.3},
    "extended_tofts": {"ktrans_per_min": 0.12, "ve": 0.3, "vp": 0.05},
    "patlak": {"ktrans_per_min": 0.01, "vp": 0.03},
    "2cum": {"fp_ml_per_100ml_per_min": 40.0, "ps_per_min": 0.05, "vp": 0.08},
    "2cxm": {"fp_ml_per_100ml_per_min": 40.0, "ps_per_min": 0.1, "ve": 0.25, "vp": 0.08},
}


@pytest.mark.parametrize("delay_s", [None, 2.3, -1.7])
@pytest.mark.parametrize("model", list(TISSUE))
def test_curves_without_noise_give_back_what_made_them(model: str, delay_s: float | None) -> None:
    truth = TISSUE[model] | ({} if delay_s is None else {"delay_s": delay_s})
    curve = model_curve(model, truth, TIME_S, PLASMA)
    fit = fit_dce(curve, TIME_S, PLASMA, model=model, fit_delay=delay_s is not None)
    for name, value in truth.items():
        assert fit.values[name] == pytest.approx(value, rel=2e-4), name  # 1e-7 of the curve, seen through its slopes
    assert fit.residual < 2e-6  # mmol/L, of a curve of 0.4
    assert fit.r_squared == pytest.approx(1, abs=1e-6)
    assert not fit.any_at_bound


def test_uneven_frames_are_fitted_as_well() -> None:
    time_s = np.concatenate([np.arange(0, 90, 2.0), np.arange(95, 320, 15.0)])
    plasma = np.interp(time_s, TIME_S, PLASMA)
    for model, delay in (("extended_tofts", False), ("extended_tofts", True), ("2cxm", False)):
        curve = model_curve(model, TISSUE[model], time_s, plasma)
        fit = fit_dce(curve, time_s, plasma, model=model, fit_delay=delay)
        assert fit.ve == pytest.approx(TISSUE[model]["ve"], rel=1e-3)


@pytest.fixture(scope="module")
def noisy() -> tuple[dict[str, np.ndarray], DceFit]:
    """1500 voxels with noise: their truth and their fit."""
    truth = tumour(1500)
    curves = model_curve("extended_tofts", truth, TIME_S, PLASMA)
    curves += np.random.default_rng(1).normal(0, NOISE_MMOL_L, curves.shape)
    return truth, fit_dce(curves.astype(np.float32), TIME_S, PLASMA)


def test_intervals_of_two_standard_errors_cover_the_truth(noisy: tuple[dict[str, np.ndarray], DceFit]) -> None:
    truth, fit = noisy
    for name, value in truth.items():
        error = fit.standard_error(name)
        known = np.isfinite(error)
        covered = np.abs(fit.values[name] - value)[known] < 1.96 * error[known]
        assert known.mean() > 0.95
        assert 0.90 < covered.mean() < 0.98, name  # 1500 voxels: 0.95 give or take 0.006


def test_the_residual_is_the_noise(noisy: tuple[dict[str, np.ndarray], DceFit]) -> None:
    _, fit = noisy
    expected = NOISE_MMOL_L * np.sqrt(1 - 3 / len(TIME_S))
    assert np.sqrt((fit.residual.astype(float) ** 2).mean()) == pytest.approx(expected, rel=0.01)  # 120,000 numbers


def test_maps_are_single_precision_and_have_the_voxels_shape() -> None:
    curves = model_curve("extended_tofts", tumour(24), TIME_S, PLASMA).reshape(2, 3, 4, 80).astype(np.float32)
    fit = fit_dce(curves, TIME_S, PLASMA)
    for values in (*fit.values.values(), fit.residual, fit.r_squared, fit.aicc, fit.standard_error("vp")):
        assert (values.shape, values.dtype) == ((2, 3, 4), np.float32)
    assert fit.valid.shape == fit.any_at_bound.shape == fit.at_bound("ve").shape == (2, 3, 4)


@pytest.mark.parametrize(
    ("truth", "name", "bound"),
    [
        ({"ktrans_per_min": 0.05, "ve": 1.3, "vp": 0.05}, "ve", 1.0),
        ({"ktrans_per_min": 0.1, "ve": 0.3, "vp": -0.05}, "vp", 0.0),
        ({"ktrans_per_min": -0.05, "ve": -0.3, "vp": 0.1}, "ktrans_per_min", 0.0),
    ],
)
def test_a_parameter_at_its_bound_is_flagged_and_has_no_error(truth: dict[str, float], name: str, bound: float) -> None:
    plasma = {"vp": truth["vp"], "ktrans_per_min": 0.0, "ve": 0.1}
    uptake = {"vp": 0.0, "ktrans_per_min": abs(truth["ktrans_per_min"]), "ve": abs(truth["ve"])}
    sign = np.sign(truth["ktrans_per_min"])
    curve = model_curve("extended_tofts", plasma, TIME_S, PLASMA)
    curve = curve + sign * model_curve("extended_tofts", uptake, TIME_S, PLASMA)
    fit = fit_dce(curve, TIME_S, PLASMA)
    assert fit.values[name] == pytest.approx(bound, abs=1e-6)
    assert fit.at_bound(name)
    assert fit.any_at_bound
    assert np.isnan(fit.standard_error(name))


def test_bounds_that_are_given_are_kept() -> None:
    curve = model_curve("extended_tofts", TISSUE["extended_tofts"], TIME_S, PLASMA)
    fit = fit_dce(curve, TIME_S, PLASMA, bounds={"ve": (0.0, 0.2)})
    assert fit.ve == pytest.approx(0.2, rel=1e-6)
    assert fit.at_bound("ve")
    assert not fit.at_bound("vp")
    assert fit.bounds["ve"] == (0.0, 0.2)
    late = fit_dce(curve, TIME_S, PLASMA, model="tofts", fit_delay=True, delay_bounds_s=(1.0, 4.0))
    assert 1.0 <= late.delay_s <= 4.0


def test_derived_parameters_follow_from_the_fitted_ones() -> None:
    tofts = fit_dce(model_curve("tofts", TISSUE["tofts"], TIME_S, PLASMA), TIME_S, PLASMA, model="tofts")
    assert tofts.kep_per_min == pytest.approx(0.12 / 0.3, rel=1e-5)
    exchange = fit_dce(model_curve("2cxm", TISSUE["2cxm"], TIME_S, PLASMA), TIME_S, PLASMA, model="2cxm")
    assert exchange.ktrans_per_min == pytest.approx(0.4 * 0.1 / 0.5, rel=1e-3)
    assert exchange.kep_per_min is None
    patlak = fit_dce(model_curve("patlak", TISSUE["patlak"], TIME_S, PLASMA), TIME_S, PLASMA, model="patlak")
    assert patlak.ps_per_min == patlak.ktrans_per_min
    assert patlak.ve is None


def test_voxels_that_cannot_be_fitted_are_marked_and_the_others_are_not_touched() -> None:
    good = model_curve("extended_tofts", TISSUE["extended_tofts"], TIME_S, PLASMA)
    curves = np.stack([good, np.where(TIME_S > 100, np.nan, good), np.zeros(80), np.full(80, 0.3), np.full(80, np.inf)])
    fit = fit_dce(curves, TIME_S, PLASMA)
    assert fit.valid.tolist() == [True, False, False, False, False]
    assert fit.invalid_count == 4
    assert np.isfinite(fit.ktrans_per_min).tolist() == fit.valid.tolist()
    assert np.isnan(fit.curve(1)).all()


def test_the_fitted_curve_of_any_voxel_is_there_at_any_time() -> None:
    truth = tumour(6)
    curves = model_curve("extended_tofts", truth, TIME_S, PLASMA).reshape(2, 3, 80)
    fit = fit_dce(curves, TIME_S, PLASMA)
    np.testing.assert_allclose(fit.curve((1, 2)), curves[1, 2], atol=1e-6)  # float32 maps
    np.testing.assert_allclose(fit.curve(), curves, atol=1e-6)
    between = fit.curve((1, 2), time_s=TIME_S[:-1] + 1.0)
    expected = model_curve(
        "extended_tofts", {name: v[5] for name, v in truth.items()} | {"delay_s": -1.0}, TIME_S, PLASMA
    )
    np.testing.assert_allclose(between, expected[:-1], atol=1e-6)


def test_a_large_series_is_fitted_block_by_block_with_progress() -> None:
    curves = np.tile(model_curve("patlak", TISSUE["patlak"], TIME_S, PLASMA), (9000, 1)).astype(np.float32)
    told: list[float] = []
    fit = fit_dce(curves, TIME_S, PLASMA, model="patlak", report=lambda fraction, _: told.append(fraction))
    assert told == sorted(told)
    assert (told[0] > 0, told[-1]) == (True, 1.0)
    np.testing.assert_array_equal(fit.vp, fit.vp[0])


def test_models_have_the_names_they_are_asked_for_by() -> None:
    assert list(DceModel) == ["tofts", "extended_tofts", "patlak", "2cum", "2cxm"]
