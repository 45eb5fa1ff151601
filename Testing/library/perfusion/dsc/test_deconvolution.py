"""Volume, flow and transit time against published data, an own simulation and plain singular value decomposition."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import Cancelled, PerfusionError
from brachyresponse.perfusion.dsc import Deconvolution, DscFit, deconvolve_dsc
from brachyresponse.perfusion.dsc.artery_curve import even_times
from brachyresponse.perfusion.dsc.residue import FINER, CircularDeconvolution
from dsc_curves import gamma_bolus, tissue_curve
from osipi import Tolerance, column, curve, needs_osipi, rows

OSIPI_FILE = "dsc_models/dsc_data.csv"
STEP_S = 1.243
TIME_S = STEP_S * np.arange(100)
ARTERY = gamma_bolus(TIME_S)
TRANSITS_S = (4.0, 6.0, 12.0, 24.0)
VOLUME = 4.0


def tissues(time_s: np.ndarray, delay_s: float = 0.0, noise: float = 0.0, count: int = 1) -> np.ndarray:
    """Curves of every transit time, (transits, count, T), with the same noise at every delay."""
    clean = np.stack([tissue_curve(time_s, VOLUME, each, delay_s=delay_s) for each in TRANSITS_S])
    random = np.random.default_rng(0)
    return clean[:, None] + random.normal(scale=noise, size=(len(TRANSITS_S), count, len(time_s)))


TRUE_FLOW = np.array([60 * VOLUME / each for each in TRANSITS_S])


@pytest.fixture(scope="module")
def osipi_curves() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    table = rows(OSIPI_FILE)
    artery = curve(table[0]["C_aif"])
    return np.stack([curve(row["C_tis"]) for row in table]), artery, STEP_S * np.arange(len(artery))


@pytest.fixture(scope="module")
def osipi_fit(osipi_curves: tuple[np.ndarray, np.ndarray, np.ndarray]) -> DscFit:
    return deconvolve_dsc(*osipi_curves)


@needs_osipi(OSIPI_FILE)
def test_every_published_row_is_well_within_its_tolerance(osipi_fit: DscFit) -> None:
    flow, volume = column(OSIPI_FILE, "cbf"), column(OSIPI_FILE, "cbv")
    assert Tolerance(15, 0.1).shares(osipi_fit.cbf_ml_per_100ml_per_min, flow).max() < 0.6
    assert Tolerance(1, 0.1).shares(osipi_fit.cbv_ml_per_100ml, volume).max() < 0.6


@needs_osipi(OSIPI_FILE)
def test_the_published_flow_has_little_error_and_bias(osipi_fit: DscFit) -> None:
    flow = column(OSIPI_FILE, "cbf")
    errors = osipi_fit.cbf_ml_per_100ml_per_min - flow
    assert np.median(np.abs(errors)) < 3
    assert abs(np.mean(errors / flow)) < 0.08


@needs_osipi(OSIPI_FILE)
def test_the_excess_of_the_published_volumes_is_that_of_their_making(osipi_fit: DscFit) -> None:
    flow, volume = column(OSIPI_FILE, "cbf"), column(OSIPI_FILE, "cbv")
    # The rows are sums over frames with the whole residue in the first: its area is too large by half a frame's flow.
    made = volume + flow / 60 * STEP_S / 2
    np.testing.assert_allclose(osipi_fit.cbv_ml_per_100ml, made, rtol=0.1)
    assert abs(np.mean(osipi_fit.cbv_ml_per_100ml / made) - 1) < 0.02


@needs_osipi(OSIPI_FILE)
def test_the_flow_of_the_published_rows_does_not_depend_on_the_delay(
    osipi_curves: tuple[np.ndarray, np.ndarray, np.ndarray], osipi_fit: DscFit
) -> None:
    tissue, artery, time_s = osipi_curves
    flow = column(OSIPI_FILE, "cbf")
    bias = np.mean(osipi_fit.cbf_ml_per_100ml_per_min / flow)
    for frames in (-3, -2, -1, 1, 2, 3):
        moved = deconvolve_dsc(np.roll(tissue, frames, axis=1), artery, time_s)
        assert abs(np.mean(moved.cbf_ml_per_100ml_per_min / flow) - bias) < 0.01
        np.testing.assert_allclose(moved.tmax_s - osipi_fit.tmax_s, frames * STEP_S, atol=0.7)  # half a frame


@pytest.mark.parametrize("delay_s", [-4.0, -2.7, -1.0, 0.6, 2.0, 4.0])
def test_the_flow_of_simulated_tissue_does_not_depend_on_the_delay(delay_s: float) -> None:
    at_once, later = (
        deconvolve_dsc(tissues(TIME_S, delay, noise=0.0005, count=30), ARTERY, TIME_S) for delay in (0.0, delay_s)
    )
    change = later.cbf_ml_per_100ml_per_min.mean(axis=1) - at_once.cbf_ml_per_100ml_per_min.mean(axis=1)
    assert abs(np.mean(change / TRUE_FLOW)) < 0.02
    assert np.mean(later.tmax_s - at_once.tmax_s) == pytest.approx(delay_s, abs=0.35)  # a quarter of a frame


@pytest.mark.parametrize("step_s", [1.0, 1.5, 2.0])
def test_the_flow_is_recovered_at_clinical_frame_times(step_s: float) -> None:
    time_s = np.arange(0, 120, step_s)
    fit = deconvolve_dsc(tissues(time_s, noise=0.001, count=30), gamma_bolus(time_s), time_s)
    bias = fit.cbf_ml_per_100ml_per_min.mean(axis=1) / TRUE_FLOW - 1
    assert abs(bias.mean()) < 0.15
    assert np.abs(bias).max() < 0.35  # short transits are cut off with the noise


def test_the_volume_of_simulated_tissue_has_no_bias_and_the_transit_follows() -> None:
    time_s = 1.2 * np.arange(250)  # until the slowest tissue is empty
    fit = deconvolve_dsc(tissues(time_s)[:, 0], gamma_bolus(time_s), time_s)
    np.testing.assert_allclose(fit.cbv_ml_per_100ml, VOLUME, rtol=2e-3)  # of the sampled bolus by the trapezoid rule
    np.testing.assert_allclose(fit.mtt_s, 60 * fit.cbv_ml_per_100ml / fit.cbf_ml_per_100ml_per_min, rtol=1e-5)


@pytest.mark.parametrize("method", Deconvolution)
def test_every_method_recovers_the_order_of_flows_without_delay(method: str) -> None:
    fit = deconvolve_dsc(tissues(TIME_S)[:, 0], ARTERY, TIME_S, method=method)
    assert (np.diff(fit.cbf_ml_per_100ml_per_min) < 0).all()
    assert fit.method is Deconvolution(method)
    np.testing.assert_allclose(fit.cbf_ml_per_100ml_per_min, TRUE_FLOW, rtol=0.5)


def test_causal_deconvolution_depends_on_the_delay_where_the_circular_does_not() -> None:
    flow = {
        method: [
            deconvolve_dsc(tissues(TIME_S, delay)[:, 0], ARTERY, TIME_S, method=method).cbf_ml_per_100ml_per_min
            for delay in (0.0, -3.0)
        ]
        for method in ("ssvd", "csvd")
    }
    assert np.abs(flow["ssvd"][1] / flow["ssvd"][0] - 1).max() > 0.1
    assert np.abs(flow["csvd"][1] / flow["csvd"][0] - 1).max() < 0.02


def circulant(artery: np.ndarray, step_s: float) -> np.ndarray:
    """The block-circulant matrix of the smoothed arterial curve, as it is written down."""
    length = 2 * len(artery)
    padded = np.concatenate([artery, np.zeros(length - len(artery))])
    smooth = (np.roll(padded, 1) + 4 * padded + np.roll(padded, -1)) / 6
    return step_s * np.stack([np.roll(smooth, shift) for shift in range(length)], axis=1)


def test_the_division_in_fourier_space_is_the_pseudo_inverse_of_the_block_circulant_matrix() -> None:
    time_s = 1.5 * np.arange(40)
    artery, cutoff = gamma_bolus(time_s, 12.0), 0.1
    tissue = tissue_curve(time_s, 4.0, 5.0)
    left, singular, right = np.linalg.svd(circulant(artery, 1.5))
    kept = singular >= cutoff * singular[0]
    residue = right.T[:, kept] @ ((left.T[kept] @ np.append(tissue, np.zeros(40))) / singular[kept])
    circle = CircularDeconvolution.of(artery, 1.5)
    spectra = circle.coefficients(tissue[None].astype(np.float32))
    found = circle.residues(spectra, circle.count_above(cutoff))[0, ::FINER]
    np.testing.assert_allclose(found, residue, atol=2e-6)  # single precision of 0.05


def test_a_residue_of_all_frequencies_is_that_of_the_plain_division() -> None:
    circle = CircularDeconvolution.of(gamma_bolus(TIME_S[:20], 5.0, scale_s=0.5), STEP_S)
    spectra = circle.coefficients(tissue_curve(TIME_S[:20], 4.0, 5.0)[None].astype(np.float32))
    plain = np.fft.irfft(spectra[0], circle.length)
    np.testing.assert_allclose(circle.residues(spectra, len(circle.order))[0, ::FINER], plain, atol=1e-4 * plain.max())


def test_the_most_frequencies_below_the_limit_are_kept() -> None:
    circle = CircularDeconvolution.of(ARTERY, STEP_S)
    spectra = circle.coefficients(tissues(TIME_S, noise=0.001, count=5).reshape(-1, len(TIME_S)).astype(np.float32))
    limit = 0.035
    kept = circle.steadiest_count(spectra, limit)
    for row, count in enumerate(kept):
        indices = [
            oscillation_index(circle, spectra[row : row + 1], number) for number in range(1, len(circle.order) + 1)
        ]
        below = [number for number, index in enumerate(indices, start=1) if index < limit]
        assert count == max(below)


def oscillation_index(circle: CircularDeconvolution, spectrum: np.ndarray, count: int) -> float:
    """Wu's index of a residue, round the circle, at and between the frames, for steps of 1 s."""
    fine = circle.residues(spectrum, count)[0, ::2]  # two points a frame
    bending = np.abs(np.roll(fine, 2) - 2 * fine + np.roll(fine, -2))
    return float(bending.mean() / fine.max() / circle.step_s**2)


def test_voxels_have_any_shape_and_do_not_see_each_other() -> None:
    curves = np.tile(tissues(TIME_S)[:, 0], (700, 1)).reshape(2, 35, 40, -1).astype(np.float32)
    curves[1, 3, 4, 50] = np.nan
    fit = deconvolve_dsc(curves, ARTERY, TIME_S)
    one = deconvolve_dsc(curves[0, 0, 1], ARTERY, TIME_S)
    assert fit.cbf_ml_per_100ml_per_min.shape == (2, 35, 40)
    assert fit.cbf_ml_per_100ml_per_min.dtype == np.float32
    assert fit.cbf_ml_per_100ml_per_min[0, 0, 1] == pytest.approx(float(one.cbf_ml_per_100ml_per_min), rel=1e-5)
    assert np.count_nonzero(~fit.valid) == 1
    assert np.isnan(fit.cbf_ml_per_100ml_per_min[1, 3, 4])
    assert np.isfinite(fit.tmax_s[fit.valid]).all()


def test_empty_voxels_have_no_transit_time_but_no_invented_flow_either() -> None:
    curves = np.stack([np.zeros(100), -tissues(TIME_S)[0, 0]])
    fit = deconvolve_dsc(curves, ARTERY, TIME_S)
    assert fit.cbf_ml_per_100ml_per_min[0] == 0
    assert fit.cbv_ml_per_100ml[1] == pytest.approx(-VOLUME, rel=0.01)
    assert np.isnan(fit.mtt_s).all()


def test_uneven_times_are_brought_to_an_even_step() -> None:
    uneven_s = np.cumsum(np.where(np.arange(120) % 5 == 0, 1.5, 1.0))
    assert np.ptp(np.diff(even_times(uneven_s))) < 1e-9
    assert even_times(TIME_S) is TIME_S
    fine_s = np.arange(0, uneven_s[-1], 0.01)
    artery = np.interp(uneven_s, fine_s, gamma_bolus(fine_s))
    fit = deconvolve_dsc(tissues(uneven_s)[:, 0], artery, uneven_s)
    np.testing.assert_allclose(fit.cbv_ml_per_100ml, VOLUME, rtol=0.05)  # the slowest is not empty at the end
    np.testing.assert_allclose(fit.cbf_ml_per_100ml_per_min, TRUE_FLOW, rtol=0.35)


def test_density_and_hematocrit_scale_volume_and_flow_alike() -> None:
    plain = deconvolve_dsc(tissues(TIME_S)[:, 0], ARTERY, TIME_S)
    scaled = deconvolve_dsc(tissues(TIME_S)[:, 0], ARTERY, TIME_S, kappa=0.733, density=1.04)
    for name in ("cbv_ml_per_100ml", "cbf_ml_per_100ml_per_min"):
        np.testing.assert_allclose(getattr(scaled, name), 0.733 / 1.04 * getattr(plain, name), rtol=1e-5)
    np.testing.assert_allclose(scaled.mtt_s, plain.mtt_s, rtol=1e-5)


@pytest.mark.parametrize(
    ("artery", "message"),
    [
        (np.zeros(100), "has no bolus, choose another artery"),
        (-ARTERY, "not above 0: it has no bolus"),
        (np.where(ARTERY > 0.9, np.nan, ARTERY), "choose an artery that is not saturated"),
        (ARTERY[:50], "give one value a frame"),
    ],
    ids=["zero", "negative", "saturated", "short"],
)
def test_an_artery_that_cannot_be_one_is_refused(artery: np.ndarray, message: str) -> None:
    with pytest.raises(PerfusionError, match=message):
        deconvolve_dsc(tissues(TIME_S), artery, TIME_S)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "tsvd"}, "no deconvolution 'tsvd': choose one of osvd, csvd, ssvd"),
        ({"oscillation_limit": 0.0}, "oscillation limit is 0: give one above 0"),
        ({"cutoff": 20.0}, "cut-off is 20: give a share between 0 and 1"),
        ({"kappa": -1.0}, "kappa is -1"),
        ({"density": 0.0}, "density 0 g/mL"),
    ],
)
def test_settings_out_of_their_range_are_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(PerfusionError, match=message):
        deconvolve_dsc(tissues(TIME_S), ARTERY, TIME_S, **settings)


def test_times_and_frames_that_do_not_fit_are_refused() -> None:
    with pytest.raises(PerfusionError, match="do not rise from frame to frame"):
        deconvolve_dsc(tissues(TIME_S), ARTERY, TIME_S[::-1])
    with pytest.raises(PerfusionError, match="the last axis must be time"):
        deconvolve_dsc(tissues(TIME_S)[..., :99], ARTERY, TIME_S)


def test_the_user_can_stop_it() -> None:
    def stop(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        deconvolve_dsc(np.ones((3000, 100), np.float32), ARTERY, TIME_S, report=stop)
