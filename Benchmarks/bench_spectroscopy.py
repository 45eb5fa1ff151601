"""Spectra: time and memory of a grid, and how right ratios of simulated spectra are."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from figures import Figure, peak_megabytes, seconds

from brachyresponse.geometry import Grid
from brachyresponse.spectroscopy import Spectra, fit_grid, fit_spectrum

PROJECT = Path(__file__).resolve().parent.parent
sys.path.append(str(PROJECT / "Testing"))
from simulated_spectra import ACQUISITION, disturbed  # noqa: E402 - the simulated cases belong to the tests
from spectrum_accuracy import TISSUES, accuracies  # noqa: E402

SHAPE = (1, 25, 40)
DIFFERENT = 40
"""Spectra that are simulated; the grid repeats them."""
SEEDS = range(60)


def grid(echo_time_ms: float) -> Spectra:
    """Return a CSI grid of 1,000 voxels of tumour and white matter, each with 1,024 points."""
    kinds = [TISSUES[n % 2] for n in range(DIFFERENT)]
    decays = [disturbed(kind, seed=n, echo_time_ms=echo_time_ms).fid for n, kind in enumerate(kinds)]
    fid = np.stack([decays[n % DIFFERENT] for n in range(int(np.prod(SHAPE)))]).reshape(*SHAPE, -1)
    return Spectra("CSI", fid, Grid(SHAPE, np.diag([10.0, 10, 15, 1])), echo_time_ms=echo_time_ms, **ACQUISITION)


def bench_grid() -> list[Figure]:
    """A CSI grid on one core."""
    figures = []
    for echo_time_ms in (144.0, 30.0):
        spectra = grid(echo_time_ms)
        fit_spectrum(spectra.fid[0, 0, 0], **ACQUISITION, echo_time_ms=echo_time_ms)  # the basis is made once
        took_s = seconds(lambda spectra=spectra: fit_grid(spectra), 1)
        figures.append(Figure(f"1,000 spectra at {echo_time_ms:.0f} ms, one core", took_s, "s", 60))
    figures.append(Figure("the same: peak memory above", peak_megabytes(lambda: fit_grid(spectra)), "MB", 100))
    return figures


def bench_one_spectrum() -> list[Figure]:
    """One spectrum, with the basis already there and without."""
    spectra = grid(30.0)
    first_s = seconds(lambda: fit_spectrum(spectra.fid[0, 0, 0], **ACQUISITION, echo_time_ms=30.0), 1)
    again_s = seconds(lambda: fit_spectrum(spectra.fid[0, 0, 0], **ACQUISITION, echo_time_ms=30.0))
    return [Figure("one spectrum, first of a session", first_s, "s"), Figure("one more", 1000 * again_s, "ms", 100)]


def bench_accuracy() -> list[Figure]:
    """SNR 20 in tumour and white matter; the whole table is in the long validation."""
    figures = []
    for tissue in TISSUES:
        for echo_time_ms in (144.0, 30.0):
            for pair, accuracy in accuracies(tissue, echo_time_ms, 20, 8, SEEDS).items():
                if accuracy is not None:
                    what = f"{'/'.join(pair)} of {tissue}, {echo_time_ms:.0f} ms, SNR 20, 8 Hz"
                    figures.append(Figure(f"{what}: median error", 100 * accuracy.median, "%", 10))
                    figures.append(Figure(f"{what}: truth in the 95 % interval", 100 * accuracy.held, "%", 90, True))
    return figures
