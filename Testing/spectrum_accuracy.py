"""How right ratios of simulated spectra are, and how often their intervals hold the truth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.spectroscopy import SpectrumFit
from simulated_spectra import disturbed, fitted

RATIOS = (("Cho", "NAA"), ("Cho", "Cr"))
ECHO_TIMES_MS, SNRS, WIDTHS_HZ, TISSUES = (144, 30), (10, 20, 40), (4, 8), ("white matter", "tumour")
FEWEST = 40
"""Below so many ratios that are given, no figure is made of them."""


@dataclass(frozen=True)
class Accuracy:
    """Of one ratio in many spectra; errors as shares of the truth, of the ratios that are given.

    ``bound`` is the median half width of the intervals.
    """

    given: int
    count: int
    median: float
    ninetieth: float
    worst: float
    held: float
    bias: float
    bound: float


def accuracies(
    tissue: str, echo_time_ms: float, snr: float, line_width_hz: float, seeds: Iterable[int]
) -> dict[tuple[str, str], Accuracy | None]:
    """Return the accuracy of each ratio; None where too few are given."""
    rows: dict[tuple[str, str], list[tuple[float, float, float]]] = {pair: [] for pair in RATIOS}
    count = 0
    for seed in seeds:
        count += 1
        simulated = disturbed(tissue, seed=seed, echo_time_ms=echo_time_ms, snr=snr, line_width_hz=line_width_hz)
        fit = fitted(simulated)
        for pair in RATIOS:
            found = given(fit, pair)
            if found is not None:
                rows[pair].append(tuple(value / simulated.ratio(*pair) for value in found))
    return {pair: _accuracy(np.array(found), count) for pair, found in rows.items()}


def given(fit: SpectrumFit, pair: tuple[str, str]) -> tuple[float, float, float] | None:
    """Return a ratio with its interval, or None where it is refused."""
    try:
        return fit.ratio(*pair)
    except SpectroscopyError:
        return None


def _accuracy(found: np.ndarray, count: int) -> Accuracy | None:
    if len(found) < FEWEST:
        return None
    value, low, high = found.T
    error = np.abs(value - 1)
    return Accuracy(
        given=len(found),
        count=count,
        median=float(np.median(error)),
        ninetieth=float(np.quantile(error, 0.9)),
        worst=float(error.max()),
        held=float(np.mean((low <= 1) & (high >= 1))),
        bias=float(np.median(value) - 1),
        bound=float(np.median((high - low) / 2)),
    )
