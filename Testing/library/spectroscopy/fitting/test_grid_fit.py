"""The fit of a grid of voxels."""

from __future__ import annotations

import numpy as np
import pytest

from brachyresponse.errors import Cancelled, SpectroscopyError
from brachyresponse.geometry import Grid
from brachyresponse.spectroscopy import GridFit, Metabolite, RatioName, Spectra, fit_grid, fit_spectrum
from simulated_spectra import ACQUISITION, disturbed

SHAPE = (1, 2, 3)
GOOD, EMPTY, TURNED, NOISE = (0, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 2)


@pytest.fixture(scope="module")
def spectra() -> Spectra:
    fid = np.stack([disturbed("tumour", seed=seed, snr=30).fid for seed in range(6)]).reshape(*SHAPE, 1024).copy()
    fid[EMPTY] = 0
    fid[TURNED] = fid[TURNED].conj()
    parts = np.random.default_rng(0).standard_normal((2, 1024))
    fid[NOISE] = parts[0] + 1j * parts[1]
    return Spectra("a grid", fid, Grid(SHAPE, np.diag([10.0, 10, 15, 1])), echo_time_ms=144.0, **ACQUISITION)


@pytest.fixture(scope="module")
def grid_fit(spectra: Spectra) -> GridFit:
    return fit_grid(spectra)


def test_a_voxel_of_a_grid_is_fitted_as_it_is_alone(spectra: Spectra, grid_fit: GridFit) -> None:
    alone = fit_spectrum(spectra.fid[GOOD], **ACQUISITION, echo_time_ms=144.0)
    for name, amplitude in alone.amplitude.items():
        assert grid_fit.amplitude[name][GOOD] == amplitude
        assert grid_fit.crb_percent[name][GOOD] == alone.crb_percent[name]
    ratio = grid_fit.ratios[RatioName.CHO_CR]
    assert (ratio.value[GOOD], ratio.low[GOOD], ratio.high[GOOD]) == alone.ratio("Cho", "Cr")
    assert ratio.is_given[GOOD]
    assert grid_fit.line_width_hz[GOOD] == alone.line_width_hz
    assert grid_fit.snr[GOOD] == alone.snr


def test_a_voxel_that_fails_is_marked_with_its_reason_and_the_others_are_fitted(grid_fit: GridFit) -> None:
    assert not grid_fit.is_fitted[TURNED]
    assert "conjugated" in grid_fit.reasons[TURNED][0]
    assert grid_fit.is_fitted[NOISE]
    assert not grid_fit.is_good[NOISE]
    assert grid_fit.is_good.sum() == 3
    assert EMPTY not in grid_fit.reasons


def test_no_figure_is_other_than_finite(grid_fit: GridFit) -> None:
    arrays = [*grid_fit.amplitude.values(), *grid_fit.crb_percent.values(), grid_fit.line_width_hz, grid_fit.snr]
    arrays += [part for ratio in grid_fit.ratios.values() for part in (ratio.value, ratio.low, ratio.high)]
    assert all(np.isfinite(array).all() for array in arrays)
    assert all((array[EMPTY] == 0) and (array[TURNED] == 0) for array in arrays)


def test_a_ratio_that_is_not_given_says_why(grid_fit: GridFit) -> None:
    for name, ratio in grid_fit.ratios.items():
        for place in map(tuple, np.argwhere(grid_fit.is_good & ~ratio.is_given)):
            assert any(reason.startswith(f"{name}: ") for reason in grid_fit.reasons[place])
    assert not grid_fit.is_used[Metabolite.CHO][NOISE]
    assert grid_fit.is_used[Metabolite.CHO][GOOD]


def test_only_the_region_is_fitted_and_progress_is_told(spectra: Spectra) -> None:
    region = np.zeros(SHAPE, bool)
    region[GOOD] = region[0, 0, 2] = True
    told = []
    found = fit_grid(spectra, region=region, report=lambda fraction, message: told.append((fraction, message)))
    np.testing.assert_array_equal(found.is_fitted, region)
    assert told == [(0.5, "Fitting spectra: voxel 1 of 2"), (1.0, "Fitting spectra: voxel 2 of 2")]


def test_a_wish_to_stop_is_followed(spectra: Spectra) -> None:
    def stop(fraction: float, message: str) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        fit_grid(spectra, report=stop)


@pytest.mark.parametrize(
    ("region", "sentence"),
    [
        (np.ones((2, 2, 2), bool), r"The region has the shape \(2, 2, 2\), the grid \(1, 2, 3\)"),
        (np.zeros(SHAPE, bool), "No voxel of 'a grid' is to be fitted"),
    ],
)
def test_a_region_without_a_voxel_is_refused(spectra: Spectra, region: np.ndarray, sentence: str) -> None:
    with pytest.raises(SpectroscopyError, match=sentence):
        fit_grid(spectra, region=region)
