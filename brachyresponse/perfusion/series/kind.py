"""Which kind a dynamic series is, DCE or DSC, from its echo time and from what the agent does to its signal."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.series.dynamic_series import DynamicSeries, SeriesKind
from brachyresponse.types import BoolArray, FloatArray

LONGEST_DCE_TE_S, SHORTEST_DSC_TE_S = 0.008, 0.015
"""DCE wants as short an echo time as there is, DSC 20 to 50 ms (Boxerman 2020, Neuro-Oncology 22:1262)."""
LOOKED_AT = 20_000
"""Voxels that are looked at: enough to find the vessels, of any series at once."""
CHANGING_SHARE = 0.02
"""Share of them that changes most and is averaged: mostly vessels."""
TISSUE_SHARE = 0.1
"""Voxels above this share of the brightest are looked at, not air."""
LEAST_CHANGE = 0.05
"""Change of their signal, as a share, that is more than drift and noise."""


def proposed_kind(series: DynamicSeries) -> tuple[SeriesKind, str]:
    """Return which kind a series is, and the reason as a sentence.

    The echo time decides where it is known and not between both; which way the signal goes where it changes most is
    told beside it, and decides otherwise.

    Raises
    ------
    PerfusionError
        Neither the echo time nor the signal tells it.
    """
    by_echo, by_signal, change = kind_of_echo_time(series.acquisition.te_s), None, signal_change(series)
    if abs(change) >= LEAST_CHANGE:
        by_signal = SeriesKind.DCE if change > 0 else SeriesKind.DSC
    kind = by_echo or by_signal
    if kind is None:
        raise PerfusionError(
            f"Series {series.name!r} does not tell whether it is DCE or DSC: its echo time is "
            f"{_milliseconds(series.acquisition.te_s)}, and its signal changes by {100 * abs(change):.0f} % only; "
            "choose."
        )
    return kind, _sentence(kind, series.acquisition.te_s if by_echo else None, by_signal, change)


def kind_of_echo_time(te_s: float | None) -> SeriesKind | None:
    """Return the kind that an echo time is usual for; None where it is unknown, or between both."""
    if te_s is None or LONGEST_DCE_TE_S < te_s < SHORTEST_DSC_TE_S:
        return None
    return SeriesKind.DCE if te_s <= LONGEST_DCE_TE_S else SeriesKind.DSC


def signal_change(series: DynamicSeries) -> float:
    """Return by which share the signal rises (positive) or falls where it changes most; 0 where nothing is seen."""
    curves = series.samples(_looked_at(series)).astype(float)
    curves = curves[np.isfinite(curves).all(axis=1) & (curves > 0).all(axis=1)]
    if len(curves) < 2:
        return 0.0
    before = max(2, series.frame_count // 20)
    relative = curves / curves[:, :before].mean(axis=1, keepdims=True)
    smooth = _median_of_three(relative)
    change = np.abs(smooth - 1).max(axis=1)
    most = np.argsort(change)[-max(1, int(CHANGING_SHARE * len(change))) :]
    mean_curve = smooth[most].mean(axis=0) - 1
    return float(mean_curve[np.abs(mean_curve).argmax()])


def _looked_at(series: DynamicSeries) -> BoolArray:
    """Return some voxels that are not air, [k, j, i]."""
    first = np.nan_to_num(series.frames[0].astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    tissue = np.flatnonzero(first > TISSUE_SHARE * np.percentile(first, 99.5))
    mask = np.zeros(first.size, bool)
    mask[tissue[:: max(1, tissue.size // LOOKED_AT)]] = True
    return mask.reshape(first.shape)


def _median_of_three(curves: FloatArray) -> FloatArray:
    """Return the curves without spikes of one frame; the ends are dropped."""
    return (
        np.asarray(np.median([curves[:, :-2], curves[:, 1:-1], curves[:, 2:]], axis=0))
        if curves.shape[1] > 2
        else curves
    )


def _sentence(kind: SeriesKind, te_s: float | None, by_signal: SeriesKind | None, change: float) -> str:
    seen = f"the signal, where it changes most, {'rises' if change > 0 else 'falls'} by {100 * abs(change):.0f} %"
    if te_s is None:
        return f"{kind.upper()}: {seen}; the echo time does not tell."
    echo = f"{kind.upper()}: the echo time is {_milliseconds(te_s)}"
    if by_signal is None:
        return f"{echo}, but the signal hardly changes: check that the contrast agent passed during the series."
    if by_signal is kind:
        return f"{echo}, and {seen}."
    return f"{echo}, but {seen}: check the echo time, and that the right series is chosen."


def _milliseconds(te_s: float | None) -> str:
    return "not known" if te_s is None else f"{1000 * te_s:g} ms"
