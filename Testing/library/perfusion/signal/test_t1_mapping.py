"""T1 from flip angles: against OSIPI's data, exact signals, another solver, and what cannot be fitted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import curve_fit

import osipi
from brachyresponse.errors import Cancelled, PerfusionError
from brachyresponse.perfusion import T1Fit, fit_t1_vfa, steady_state_signal
from osipi import needs_osipi

TR_S = 0.005
ANGLES_DEG = np.array([2.0, 5.0, 10.0, 15.0, 25.0])
TOPICS = {
    "brain": ("t1_mapping/t1_brain_data.csv", 1.0, lambda row: float(row["R1"])),
    "quiba": ("t1_mapping/t1_quiba_data.csv", 1.0, lambda row: 1000 * float(row["R1"])),
    "prostate": ("t1_mapping/t1_prostate_data.csv", 1e-3, lambda row: 1000 / float(row["T1 nonlinear"])),
}


def fit_row(row: dict[str, str], tr_unit_s: float, b1: float | None = None) -> T1Fit:
    tr_s = osipi.curve(row["TR"])[0] * tr_unit_s
    scale = None if b1 is None else np.array([b1])
    return fit_t1_vfa(osipi.curve(row["s"])[None], osipi.curve(row["FA"]), tr_s, b1=scale)


def voxels(count: int, noise: float = 0.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Signals (N, F) with their T1, s, and M0; noise is the standard deviation, of M0 from 500 to 2000."""
    random = np.random.default_rng(seed)
    t1_s, m0 = random.uniform(0.3, 4, count), random.uniform(500, 2000, count)
    signal = steady_state_signal(m0[:, None], t1_s[:, None], tr_s=TR_S, flip_angle_deg=ANGLES_DEG)
    return signal + random.normal(0, noise, signal.shape) if noise else signal, t1_s, m0


@pytest.mark.parametrize(
    "topic", [pytest.param(name, marks=needs_osipi(file)) for name, (file, _, _) in TOPICS.items()]
)
def test_every_row_of_osipi_is_within_half_its_tolerance(topic: str) -> None:
    file, tr_unit_s, reference = TOPICS[topic]
    rows = osipi.rows(file)
    measured = [1 / fit_row(row, tr_unit_s).t1_s[0] for row in rows]
    assert osipi.R1_PER_S.shares(measured, [reference(row) for row in rows]).max() <= 0.5


@needs_osipi(TOPICS["prostate"][0])
def test_the_b1_corrected_t1_of_another_program_is_found_with_its_b1() -> None:
    rows = osipi.rows(TOPICS["prostate"][0])
    measured = [1 / fit_row(row, 1e-3, float(row["B1"]) / 100).t1_s[0] for row in rows]
    expected = [1000 / float(row["T1 nonlinear B1cor"]) for row in rows]
    assert osipi.R1_PER_S.shares(measured, expected).max() <= 0.5


@given(
    t1_s=st.floats(0.02, 8),
    m0=st.floats(1e-3, 1e8),
    tr_s=st.floats(0.003, 0.02),
    angles=st.lists(st.floats(2, 40), min_size=2, max_size=6, unique_by=lambda angle: round(angle / 3)),
)
def test_a_signal_without_noise_gives_its_t1_and_m0_back(
    t1_s: float, m0: float, tr_s: float, angles: list[float]
) -> None:
    signal = steady_state_signal(m0, t1_s, tr_s=tr_s, flip_angle_deg=angles)
    fit = fit_t1_vfa(signal, angles, tr_s)
    # rounding of the signal grows where all angles are small against the Ernst angle: 1e-16 to 1e-7 at the worst
    np.testing.assert_allclose([fit.t1_s, fit.m0], [t1_s, m0], rtol=1e-5)


def test_the_minimum_is_that_of_a_converged_least_squares_fit() -> None:
    signal, _, _ = voxels(40, noise=8.0)
    fit = fit_t1_vfa(signal, ANGLES_DEG, TR_S)

    def model(angle: np.ndarray, m0: float, t1_s: float) -> np.ndarray:
        return steady_state_signal(m0, t1_s, tr_s=TR_S, flip_angle_deg=angle)

    expected = [
        curve_fit(model, ANGLES_DEG, voxel, p0=(m0, t1_s), xtol=1e-12, ftol=1e-12, gtol=1e-12)[0]
        for voxel, m0, t1_s in zip(signal, fit.m0, fit.t1_s, strict=True)
    ]
    # curve_fit differentiates numerically, which leaves its own minimum uncertain by about 1e-6
    np.testing.assert_allclose(np.stack([fit.m0, fit.t1_s], axis=1), expected, rtol=1e-5)


def test_no_t1_of_a_fine_search_fits_better() -> None:
    signal, _, _ = voxels(200, noise=15.0, seed=1)
    fit = fit_t1_vfa(signal, ANGLES_DEG, TR_S)
    shapes = steady_state_signal(1.0, np.geomspace(0.0011, 49, 4000)[:, None], tr_s=TR_S, flip_angle_deg=ANGLES_DEG)
    shapes /= np.linalg.norm(shapes, axis=1, keepdims=True)
    captured = np.maximum(signal @ shapes.T, 0).max(axis=1)
    best = np.sqrt(np.maximum((signal**2).sum(axis=1) - captured**2, 0) / ANGLES_DEG.size)
    assert (fit.residual[fit.valid] <= best[fit.valid] * (1 + 1e-9)).all()
    assert fit.valid.mean() > 0.9


def test_t1_of_noisy_voxels_is_not_biased_as_a_linear_fit_is() -> None:
    t1_s = 1.0
    clean = steady_state_signal(1000.0, t1_s, tr_s=TR_S, flip_angle_deg=ANGLES_DEG)
    noisy = clean + np.random.default_rng(2).normal(0, 1, (2000, ANGLES_DEG.size))
    sine, tangent = np.sin(np.deg2rad(ANGLES_DEG)), np.tan(np.deg2rad(ANGLES_DEG))
    linear = np.array([-TR_S / np.log(np.polyfit(s / tangent, s / sine, 1)[0]) for s in noisy])
    fitted = fit_t1_vfa(noisy, ANGLES_DEG, TR_S).t1_s
    assert abs(np.median(fitted) - t1_s) < 0.003  # standard error of the median of 2000 voxels is about 0.001
    assert np.std(fitted) < np.std(linear)


def test_a_voxel_whose_linear_fit_gives_no_t1_is_fitted() -> None:
    # T1 1.5 s and M0 40 with noise of SD 0.8: a signal as low as that of a voxel at the edge of a coil
    angles, signal = np.array([3.0, 6.0, 10.0, 20.0, 30.0]), np.array([0.6, 1.7, 3.8, 1.2, 0.9])
    slope = np.polyfit(signal / np.tan(np.deg2rad(angles)), signal / np.sin(np.deg2rad(angles)), 1)[0]
    fit = fit_t1_vfa(signal, angles, 0.02)
    assert slope > 1  # E1 above 1: T1 would be negative
    assert fit.valid
    assert fit.t1_s == pytest.approx(1.5, abs=0.5)  # as far as this noise lets it be


def test_a_flip_angle_wrong_by_a_tenth_makes_t1_wrong_by_a_fifth_without_a_b1_map() -> None:
    _, t1_s, _ = voxels(50)
    true = steady_state_signal(1000.0, t1_s[:, None], tr_s=TR_S, flip_angle_deg=ANGLES_DEG * 1.1)
    blind = fit_t1_vfa(true, ANGLES_DEG, TR_S).t1_s / t1_s
    told = fit_t1_vfa(true, ANGLES_DEG, TR_S, b1=np.full(50, 1.1)).t1_s / t1_s
    np.testing.assert_allclose(blind, 1.21, rtol=0.02)  # the square of the error, in small angles
    np.testing.assert_allclose(told, 1, rtol=1e-6)


def test_the_scale_of_the_signal_changes_m0_alone() -> None:
    signal, _, _ = voxels(20, noise=5.0)
    small, large = fit_t1_vfa(signal, ANGLES_DEG, TR_S), fit_t1_vfa(signal * 1e6, ANGLES_DEG, TR_S)
    np.testing.assert_allclose(large.t1_s, small.t1_s, rtol=1e-8)
    np.testing.assert_allclose(large.m0, small.m0 * 1e6, rtol=1e-8)


def test_blocks_and_shape_do_not_change_the_fit() -> None:
    signal, _, _ = voxels(8192 + 8, noise=5.0)
    whole = fit_t1_vfa(signal.reshape(25, 328, 5), ANGLES_DEG, TR_S)
    assert whole.t1_s.shape == whole.valid.shape == (25, 328)
    np.testing.assert_array_equal(whole.t1_s.ravel()[-8:], fit_t1_vfa(signal[-8:], ANGLES_DEG, TR_S).t1_s)


@pytest.mark.parametrize("kind", [np.float32, np.int16])
def test_short_numbers_come_back_as_float32(kind: type) -> None:
    signal, t1_s, _ = voxels(30)
    fit = fit_t1_vfa((signal * 10).astype(kind), ANGLES_DEG, TR_S)
    assert fit.t1_s.dtype == fit.m0.dtype == np.float32
    np.testing.assert_allclose(fit.t1_s, t1_s, rtol=0.05)  # whole numbers of some hundred


def test_voxels_that_cannot_be_fitted_are_marked_and_counted() -> None:
    signal, _, _ = voxels(6)
    signal[1, 2] = np.nan
    signal[2] = 0
    signal[3] = -5
    signal[4] = [1000, 1, 1, 1, 1]  # falls faster than any T1 makes it
    fit = fit_t1_vfa(signal, ANGLES_DEG, TR_S)
    assert fit.valid.tolist() == [True, False, False, False, False, True]
    assert fit.invalid_count == 4
    assert np.isnan(fit.t1_s[~fit.valid]).all()
    assert np.isnan(fit.m0[~fit.valid]).all()


def test_a_voxel_without_b1_is_marked() -> None:
    signal, _, _ = voxels(3)
    fit = fit_t1_vfa(signal, ANGLES_DEG, TR_S, b1=np.array([1.0, np.nan, 1.0]))
    assert fit.valid.tolist() == [True, False, True]


def test_progress_is_told_and_can_stop_the_fit() -> None:
    signal, _, _ = voxels(10)
    told: list[float] = []

    def stop(fraction: float, message: str) -> None:
        told.append(fraction)
        raise Cancelled

    with pytest.raises(Cancelled):
        fit_t1_vfa(signal, ANGLES_DEG, TR_S, report=stop)
    assert told == [1.0]


@pytest.mark.parametrize(
    ("angles", "tr_s", "b1", "message"),
    [
        ([5, 5, 5, 5, 5], 0.005, None, "two different flip angles at least, found 1"),
        ([5, 10], 0.005, None, "5 signals a voxel, but 2 flip angles"),
        (ANGLES_DEG, 5.0, None, r"repetition time is 5 s, .* if 5 is in ms, give 0.005 s"),
        (ANGLES_DEG, 0.0, None, "repetition time is 0 s"),
        ([2, 5, 10, 15, 200], 0.005, None, "flip angle is 200 degrees"),
        (ANGLES_DEG, 0.005, np.full(3, 100.0), "median is 100, expected about 1 .* percent by 100"),
        (ANGLES_DEG, 0.005, np.ones(7), r"B1 map has shape \(7,\), the signal \(3,\) voxels"),
    ],
)
def test_what_allows_no_t1_is_refused(
    angles: np.ndarray | list[float], tr_s: float, b1: np.ndarray | None, message: str
) -> None:
    with pytest.raises(PerfusionError, match=message):
        fit_t1_vfa(voxels(3)[0], angles, tr_s, b1=b1)
