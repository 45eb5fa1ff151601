"""The same minimum as scipy's curve_fit of the identical model, and model choice by AICc."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import curve_fit

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import DceFit, DceModel, compare_models, fit_dce, model_curve
from dce_cases import PLASMA, TIME_S, tumour

SUITE_VOXELS, VALIDATION_VOXELS = 24, 500


def noisy_curves(count: int, model: str = "extended_tofts") -> tuple[dict[str, np.ndarray], np.ndarray]:
    truth = {name: values for name, values in tumour(count, seed=3).items() if name in DceModel(model).parameters}
    curves = model_curve(model, truth, TIME_S, PLASMA)
    return truth, curves + np.random.default_rng(4).normal(0, 0.02, curves.shape)


def check_same_minimum(count: int, model: str) -> None:
    """Ktrans to 1e-5 per min, and a residual no higher than 1e-4 above curve_fit's, from the truth as its start."""
    truth, curves = noisy_curves(count, model)
    fit = fit_dce(curves, TIME_S, PLASMA, model=model)
    names = list(truth)
    bounds = np.array([fit.bounds[name] for name in names]).T + [[1e-9], [0.0]]

    def forward(time_s: np.ndarray, *parameters: float) -> np.ndarray:
        return model_curve(model, dict(zip(names, parameters, strict=True)), time_s, PLASMA)

    for n, curve in enumerate(curves):
        start = [truth[name][n] for name in names]
        found, _ = curve_fit(forward, TIME_S, curve, start, bounds=bounds, xtol=1e-13, ftol=1e-13, gtol=1e-13)
        theirs = np.sqrt(np.mean((curve - forward(TIME_S, *found)) ** 2))
        assert fit.residual[n] <= theirs * (1 + 1e-4)
        if fit.residual[n] > theirs * (1 - 1e-5):  # where theirs is a minimum beside the lowest one, ours is lower
            assert fit.ktrans_per_min[n] == pytest.approx(found[0], abs=1e-5)


@pytest.mark.parametrize("model", ["tofts", "extended_tofts"])
def test_the_minimum_is_that_of_curve_fit(model: str) -> None:
    check_same_minimum(SUITE_VOXELS if model == "extended_tofts" else SUITE_VOXELS // 2, model)


@pytest.mark.parametrize("fit_delay", [False, True])
def test_at_bounds_and_with_a_delay_no_voxel_is_fitted_worse_than_by_curve_fit(fit_delay: bool) -> None:
    """White matter and noise: most minima lie at a bound; with a delay several are at the kink of a whole frame."""
    random, count = np.random.default_rng(7), 16
    ranges = {"ktrans_per_min": (0, 0.05), "ve": (0.05, 1.2), "vp": (0, 0.03), "delay_s": (-2, 6)}
    truth = {name: random.uniform(*ends, count) for name, ends in ranges.items() if fit_delay or name != "delay_s"}
    curves = model_curve("extended_tofts", truth, TIME_S, PLASMA) + random.normal(0, 0.01, (count, len(TIME_S)))
    fit = fit_dce(curves, TIME_S, PLASMA, fit_delay=fit_delay)
    assert fit.any_at_bound.mean() > 0.1

    def forward(time_s: np.ndarray, *parameters: float) -> np.ndarray:
        return model_curve("extended_tofts", dict(zip(truth, parameters, strict=True)), time_s, PLASMA)

    bounds = np.array([fit.bounds[name] for name in truth]).T
    for n, curve in enumerate(curves):
        start = np.clip([values[n] for values in truth.values()], bounds[0] + 1e-4, bounds[1] - 1e-4)
        found, _ = curve_fit(forward, TIME_S, curve, start, bounds=bounds)
        theirs = np.sqrt(np.mean((curve - forward(TIME_S, *found)) ** 2))
        # with a delay there are minima beside each other, and curve_fit is given the truth as its start
        assert fit.residual[n] <= theirs * (1 + (2e-3 if fit_delay else 1e-4))


@pytest.mark.validation
@pytest.mark.parametrize("model", ["tofts", "extended_tofts"])
def test_500_minima_are_those_of_curve_fit(model: str) -> None:
    check_same_minimum(VALIDATION_VOXELS, model)


@pytest.mark.validation
@pytest.mark.parametrize("model", ["extended_tofts", "patlak", "2cxm"])
def test_intervals_cover_the_truth_in_many_voxels(model: str) -> None:
    random, count = np.random.default_rng(5), 20_000
    truth = {name: values for name, values in tumour(count).items() if name in ("ktrans_per_min", "ve", "vp")}
    if model == "patlak":
        truth = {"ktrans_per_min": random.uniform(0.005, 0.02, count), "vp": random.uniform(0.02, 0.06, count)}
    if model == "2cxm":
        flow, exchange = random.uniform(20, 60, count), random.uniform(0.05, 0.2, count)
        truth = {"fp_ml_per_100ml_per_min": flow, "ps_per_min": exchange, "ve": truth["ve"], "vp": truth["vp"] + 0.05}
    noise = 0.002 if model == "2cxm" else 0.02  # four parameters want better data
    curves = model_curve(model, truth, TIME_S, PLASMA)
    fit = fit_dce((curves + random.normal(0, noise, curves.shape)).astype(np.float32), TIME_S, PLASMA, model=model)
    for name, value in truth.items():
        inside = ~fit.any_at_bound
        covered = np.abs(fit.values[name] - value) < 1.96 * fit.standard_error(name)
        assert 0.90 < covered[inside].mean() < 0.98, name


def fits_of(curves: np.ndarray) -> list[DceFit]:
    return [fit_dce(curves, TIME_S, PLASMA, model=model) for model in ("patlak", "extended_tofts")]


def test_aicc_takes_patlak_for_an_intact_barrier_and_extended_tofts_for_a_leaky_one() -> None:
    random = np.random.default_rng(6)
    intact = model_curve("patlak", {"ktrans_per_min": np.full(100, 0.005), "vp": 0.03}, TIME_S, PLASMA)
    leaky = model_curve("extended_tofts", {"ktrans_per_min": np.full(100, 0.15), "ve": 0.3, "vp": 0.05}, TIME_S, PLASMA)
    curves = np.concatenate([intact, leaky]) + random.normal(0, 0.01, (200, len(TIME_S)))
    choice = compare_models(fits_of(curves))
    assert choice.chosen("patlak")[:100].mean() > 0.8  # AICc takes one parameter too many in about one of ten
    assert choice.chosen("extended_tofts")[100:].all()
    np.testing.assert_allclose(choice.weights.sum(axis=0), 1, atol=1e-6)


def test_a_voxel_without_a_fit_has_no_model() -> None:
    curves = noisy_curves(2)[1]
    curves[1, 3] = np.nan
    choice = compare_models(fits_of(curves))
    assert choice.best.tolist() == [1, -1]
    assert np.isnan(choice.weights[:, 1]).all()


def test_beside_a_rival_only_voxels_that_may_be_better_are_fitted_and_the_choice_is_the_same() -> None:
    random, even_s = np.random.default_rng(7), 4.0 * np.arange(60)
    plasma = np.interp(even_s, TIME_S, PLASMA)
    intact = model_curve("patlak", {"ktrans_per_min": np.full(300, 0.002), "vp": 0.02, "delay_s": 1.3}, even_s, plasma)
    leaky = {"ktrans_per_min": np.full(100, 0.15), "ve": 0.3, "vp": 0.05, "delay_s": 0.7}
    curves = np.concatenate([intact, model_curve("extended_tofts", leaky, even_s, plasma)])
    curves += random.normal(0, 0.01, curves.shape)
    patlak = fit_dce(curves, even_s, plasma, model="patlak", fit_delay=True)
    every, some = (fit_dce(curves, even_s, plasma, fit_delay=True, rival=rival) for rival in (None, patlak))
    np.testing.assert_array_equal(compare_models([patlak, some]).best, compare_models([patlak, every]).best)
    assert some.valid[300:].all()
    assert some.valid[:300].mean() < 0.5
    np.testing.assert_allclose(some.vp[some.valid], every.vp[some.valid], atol=1e-6)


def test_a_rival_with_other_voxels_is_refused() -> None:
    curves = noisy_curves(3)[1]
    with pytest.raises(PerfusionError, match=r"rival fit has voxels \(2,\), the curves \(3,\)"):
        fit_dce(curves, TIME_S, PLASMA, rival=fit_dce(curves[:2], TIME_S, PLASMA, model="patlak"))


def test_a_delay_beside_a_whole_frame_is_found_from_both_sides() -> None:
    random, even_s = np.random.default_rng(8), 4.1 * np.arange(60)
    plasma, count = np.interp(even_s, TIME_S, PLASMA), 300
    truth = {"ktrans_per_min": random.uniform(0.001, 0.03, count), "vp": random.uniform(0.02, 0.1, count)}
    curves = model_curve("patlak", {**truth, "delay_s": random.uniform(-0.4, 0.4, count)}, even_s, plasma)
    curves += random.normal(0, 0.02, curves.shape)
    free = fit_dce(curves, even_s, plasma, model="patlak", fit_delay=True)
    for middle_s in np.arange(-0.5, 0.51, 0.1):
        bounds = {"delay_bounds_s": (middle_s - 0.01, middle_s + 0.01)}
        within = fit_dce(curves, even_s, plasma, model="patlak", fit_delay=True, **bounds)
        assert (free.residual <= within.residual * (1 + 1e-4)).all()
