"""What is known of a voxel's spectrum, wherever it was fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from brachyresponse.spectroscopy.fitting.spectrum_fit import MetaboliteRatio, SpectrumFit
from brachyresponse.spectroscopy.study.record import MetaboliteEntry, RatioEntry
from brachyresponse.spectroscopy.vocabulary import RatioName


@dataclass(frozen=True)
class VoxelValues:
    """Amplitudes, ratios and quality of one voxel.

    Parameters
    ----------
    line_width_hz, snr
        None where not known.
    """

    is_good: bool
    reasons: tuple[str, ...]
    line_width_hz: float | None
    snr: float | None
    metabolites: tuple[MetaboliteEntry, ...]
    ratios: tuple[RatioEntry, ...]


def values_of_fit(fit: SpectrumFit) -> VoxelValues:
    """Return the values of a fitted spectrum."""
    metabolites = tuple(
        MetaboliteEntry(
            metabolite=name,
            amplitude=float(amplitude),
            crb_percent=known(fit.crb_percent.get(name)),
            is_used=name not in fit.refused,
            reason=fit.refused.get(name, ""),
        )
        for name, amplitude in fit.amplitude.items()
    )
    return VoxelValues(
        is_good=fit.quality.is_good,
        reasons=fit.quality.reasons,
        line_width_hz=known(fit.line_width_hz),
        snr=known(fit.snr),
        metabolites=metabolites,
        ratios=ratio_entries(fit.ratios, fit.quality.is_good, fit.quality.reasons),
    )


def ratio_entries(
    ratios: Mapping[RatioName, MetaboliteRatio], is_good: bool, reasons: tuple[str, ...]
) -> tuple[RatioEntry, ...]:
    """Return ratios as plain values; those of a spectrum that cannot be used are not evaluable."""
    return tuple(
        RatioEntry(name, known(one.value), known(one.low), known(one.high), one.reasons, known(one.at_least))
        if is_good
        else RatioEntry(name, None, None, None, reasons or ("The spectrum cannot be used.",))
        for name, one in ratios.items()
    )


def known(value: float | None) -> float | None:
    """Return a number that can be written; None for none and for what is not finite."""
    return float(value) if value is not None and np.isfinite(value) else None
