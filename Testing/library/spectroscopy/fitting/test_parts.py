"""The parts of the fit: baseline, slopes, projection, intervals, alignment."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from brachyresponse.spectroscopy import FitSettings
from brachyresponse.spectroscopy.basis import Acquisition
from brachyresponse.spectroscopy.fitting.amplitudes import Amplitudes
from brachyresponse.spectroscopy.fitting.baseline import HEIGHTS, complex_of, smooth_baseline, stacked
from brachyresponse.spectroscopy.fitting.fit import model_of, voigt_width
from brachyresponse.spectroscopy.fitting.solver import Problem, _not_negative, best_height, expectations, solve
from brachyresponse.spectroscopy.fitting.uncertainty import fieller
from brachyresponse.spectroscopy.preparation.alignment import align
from brachyresponse.spectroscopy.preparation.decay import apodise, ppm_axis, spectrum_of
from brachyresponse.spectroscopy.vocabulary import Metabolite
from simulated_spectra import disturbed

MODEL = model_of(Acquisition(1024, 0.0005, 123.25, 144.0), FitSettings())


def a_problem(height: float = 3.0, seed: int = 1) -> Problem:
    simulated = disturbed("tumour", seed=seed, snr=40, phase_deg=10, shift_hz=2)
    nothing = np.zeros((0, len(MODEL.basis.components)))
    return Problem(MODEL, MODEL.spectrum(simulated.fid), simulated.noise, height, nothing)


def a_start() -> np.ndarray:
    start = MODEL.parameters.mean.copy()
    start[:5] = 0.2, 2e-5, 1.5, 2.0, 4.0
    return start


def test_a_smooth_curve_is_the_baselines_and_noise_is_not() -> None:
    ppm = ppm_axis(1024, 0.0005, 123.25)
    window = slice(*np.searchsorted(ppm, (0.2, 4.1)))
    baseline = smooth_baseline(ppm, window, 0.15)
    time_s = 0.0005 * np.arange(1024)
    hump = np.exp(2j * np.pi * (2.0 - 4.65) * 123.25 * time_s - (np.pi * 150 * time_s) ** 2 / (4 * np.log(2)))
    smooth = stacked(spectrum_of(hump)[window])
    left = smooth - baseline.curve(smooth, HEIGHTS[-1])
    assert np.linalg.norm(left) < 0.05 * np.linalg.norm(smooth)
    noise = np.random.default_rng(0).standard_normal(len(smooth))
    kept = np.linalg.norm(baseline.curve(noise, HEIGHTS[-1])) ** 2 / np.linalg.norm(noise) ** 2
    assert kept < 0.1  # some 29 curves in 480 values


@settings(max_examples=20)
@given(height=st.sampled_from(list(HEIGHTS)), seed=st.integers(0, 20))
def test_whitening_is_the_least_squares_problem_without_the_baseline(height: float, seed: int) -> None:
    baseline = MODEL.baseline
    values = np.random.default_rng(seed).standard_normal(len(baseline.directions))
    curve = baseline.curve(values, height)
    along = baseline.directions.T @ curve
    penalised = np.sum((values - curve) ** 2) + np.sum(along**2 / (height * baseline.variances))
    assert np.sum(baseline.whiten(values, height) ** 2) == pytest.approx(penalised, rel=1e-6)


def test_a_flexible_baseline_has_more_parameters_than_a_stiff_one() -> None:
    free = [MODEL.baseline.free_parameters(height) for height in HEIGHTS]
    assert (np.diff(free) > 0).all()
    assert free[-1] < 32  # the number of curves


def test_real_and_imaginary_parts_are_put_together_as_they_were() -> None:
    spectrum = np.array([1 + 2j, 3 - 4j])
    np.testing.assert_array_equal(complex_of(stacked(spectrum)), spectrum)


def test_the_slopes_are_those_of_the_residual() -> None:
    problem, values = a_problem(), a_start()
    at = problem.at(values)
    steps = np.where(np.arange(len(values)) == 1, 1e-8, 1e-5)
    for n, step in enumerate(steps):
        low, high = values.copy(), values.copy()
        low[n] -= step
        high[n] += step
        residuals = [_residual(problem, each, at.amplitudes) for each in (low, high)]
        numeric = (residuals[1] - residuals[0]) / (2 * step)
        np.testing.assert_allclose(at.of_parameters[:, n], numeric, atol=1e-3 * np.abs(numeric).max() + 1e-6)


def _residual(problem: Problem, values: np.ndarray, amplitudes: np.ndarray) -> np.ndarray:
    model = problem.model
    lines = amplitudes @ model.lines(values) - model.turned(problem.spectrum, values)
    return model.baseline.whiten(stacked(lines), problem.height) / problem.noise


@given(seed=st.integers(0, 200), alike=st.sampled_from([1.0, 1e-3, 0.0]))
@settings(max_examples=20)
def test_no_other_amplitudes_above_zero_fit_better(seed: int, alike: float) -> None:
    random = np.random.default_rng(seed)
    columns = random.standard_normal((40, 8))
    columns[:, 1] = columns[:, 0] + alike * random.standard_normal(40)
    seen = columns @ np.maximum(random.standard_normal(8), 0) + random.standard_normal(40)
    found = _not_negative(columns, seen)
    assert (found >= 0).all()
    gradient = columns.T @ (columns @ found - seen)  # the conditions of Karush, Kuhn and Tucker
    assert (gradient > -1e-4).all()
    np.testing.assert_allclose(gradient[found > 1e-9], 0, atol=1e-4)


def test_no_step_leads_uphill_and_the_bounds_are_kept() -> None:
    problem = a_problem()
    first, last = problem.at(a_start()), solve(problem, a_start())
    assert last.cost < first.cost
    assert (last.values >= MODEL.parameters.low).all()
    assert (last.values <= MODEL.parameters.high).all()
    assert (last.amplitudes >= 0).all()
    again = solve(problem, last.values)
    np.testing.assert_allclose(again.amplitudes, last.amplitudes, rtol=0.02, atol=0.05)  # where the steps end


def test_a_rolling_background_asks_for_a_more_flexible_baseline() -> None:
    heights = []
    for rolling in (0.0, 20.0):
        simulated = disturbed("white matter", seed=3, snr=40, water=0, rolling=rolling, phase_deg=0, shift_hz=0)
        nothing = np.zeros((0, len(MODEL.basis.components)))
        problem = Problem(MODEL, MODEL.spectrum(simulated.fid), simulated.noise, 3.0, nothing)
        heights.append(best_height(problem, solve(problem, MODEL.parameters.mean)))
    assert heights[1] > heights[0]


@pytest.mark.parametrize(("numerator", "denominator"), [(10.0, 8.0), (1.0, 5.0)])
def test_fiellers_interval_holds_the_ratio_as_often_as_it_says(numerator: float, denominator: float) -> None:
    covariance = np.array([[0.5, 0.2], [0.2, 0.6]])
    draws = np.random.default_rng(0).multivariate_normal([numerator, denominator], covariance, size=2000)
    intervals = [fieller(a, b, covariance) for a, b in draws]
    held = np.mean([low <= numerator / denominator <= high for low, high in intervals])
    assert held == pytest.approx(0.95, abs=0.02)  # four standard errors of 2000 draws


def test_errors_of_a_sum_know_what_its_parts_have_in_common() -> None:
    of = Amplitudes((Metabolite.LAC, Metabolite.LIP13), np.array([3.0, 5.0]), np.array([[1.0, -0.9], [-0.9, 1.0]]))
    value, error = of.total(Metabolite.LAC, Metabolite.LIP13)
    assert (value, error) == pytest.approx((8.0, np.sqrt(0.2)))
    assert of.crb_percent(Metabolite.LAC) == pytest.approx(100 / 3)


@pytest.mark.parametrize(("lorentz_hz", "gauss_hz", "width_hz"), [(5.0, 0.0, 5.0), (0.0, 5.0, 5.0), (4.0, 4.0, 6.55)])
def test_the_width_of_a_voigt_line(lorentz_hz: float, gauss_hz: float, width_hz: float) -> None:
    assert voigt_width(lorentz_hz, gauss_hz) == pytest.approx(
        width_hz, abs=0.01
    )  # tabled: 1.6376 times for equal parts


@settings(max_examples=20)
@given(shift_hz=st.floats(-15, 15), phase_deg=st.floats(-180, 180))
def test_the_known_lines_give_a_first_shift_and_phase(shift_hz: float, phase_deg: float) -> None:
    simulated = disturbed("tumour", seed=1, snr=20, shift_hz=shift_hz, phase_deg=phase_deg, water=0, delay_s=0)
    spectrum = spectrum_of(apodise(simulated.fid, 0.0005, lorentz_hz=5))
    found = align(spectrum, ppm_axis(1024, 0.0005, 123.25), simulated.noise, transmitter_mhz=123.25, limit_ppm=0.2)
    assert found.shift_hz == pytest.approx(shift_hz, abs=2.5)  # a quarter of the distance of two lines
    assert np.cos(found.phase_rad - np.deg2rad(phase_deg)) > np.cos(np.deg2rad(40))


def test_an_interval_never_is_narrower_than_the_error_of_the_model() -> None:
    of = Amplitudes((Metabolite.CHO, Metabolite.NAA), np.array([8.0, 6.0]), 1e-12 * np.eye(2))
    value, low, high = of.quotient([Metabolite.CHO], Metabolite.NAA)
    assert (high - low) / (2 * value) == pytest.approx(1.96 * np.hypot(0.03, 0.03), rel=0.02)  # 3 % of either


def test_lipid_under_naa_is_expected_beside_lipid_at_1_3_ppm() -> None:
    names = [each.name for each in MODEL.basis.components]
    problem = a_problem()
    rows = expectations(MODEL, problem.at(a_start()))
    row = rows[np.flatnonzero(rows[:, names.index("Lip20")])[0]]
    broad, narrow = (row[names.index(name)] for name in ("Lip13 broad", "Lip13 narrow"))
    assert broad == narrow == pytest.approx(-0.075 * row[names.index("Lip20")])
