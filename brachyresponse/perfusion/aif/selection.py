"""The arterial input function found in a series, by rules that can be told."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif.aif import Aif
from brachyresponse.perfusion.aif.search import ArterySearch, VesselCandidates
from brachyresponse.perfusion.aif.selection_rules import SelectionRules, default_rules
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.signal.blocks import row_blocks
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import AnyArray, BoolArray, FloatArray


def find_aif(
    concentration: AnyArray,
    time_s: FloatArray,
    *,
    mask: BoolArray | None = None,
    kind: str = SeriesKind.DCE,
    rules: SelectionRules | None = None,
    report: Report = ignore_progress,
) -> Aif:
    """Find the arterial input function in the curves of a whole image; see :func:`find_aif_in_samples`.

    Parameters
    ----------
    concentration
        ([k, j, i], T); fewer axes of space are taken as the last ones.
    mask
        Where to look, in the shape of space; None looks everywhere.
    """
    concentration = np.asarray(concentration)
    space = concentration.shape[:-1]
    chosen = np.ones(space, bool) if mask is None else np.asarray(mask, bool)
    if chosen.shape != space or not 1 <= len(space) <= 3:
        raise PerfusionError(
            f"The curves have shape {concentration.shape}, the mask of the artery search {chosen.shape}: use one grid "
            "[k, j, i], time last."
        )
    within = chosen.reshape((1,) * (3 - len(space)) + space)
    return find_aif_in_samples(concentration[chosen], within, time_s, kind=kind, rules=rules, report=report)


def find_aif_in_samples(  # noqa: PLR0913 - the curves, where they lie, and what is known of them
    samples: AnyArray,
    mask: BoolArray,
    time_s: FloatArray,
    *,
    kind: str = SeriesKind.DCE,
    saturated: BoolArray | None = None,
    dark: BoolArray | None = None,
    rules: SelectionRules | None = None,
    report: Report = ignore_progress,
) -> Aif:
    """Find the arterial input function in the curves of a mask's voxels, in single precision and in blocks.

    Rule by rule, each with the count of what it leaves out: curves that are not defined, constant or saturated; that
    do not rise above their noise; that are too low for a vessel; that are high in the first frame; that come later
    than the earliest vessels; that are rough; that are broad; that touch too few others. The group of touching voxels
    with the highest merit, peak / (width x time to peak), is the artery.

    Parameters
    ----------
    samples
        (N, T) concentration, mmol/L, or dR2*, 1/s; NaN where it is not defined.
    mask
        [k, j, i] with N voxels, in whose order the samples are.
    time_s
        (T,) s.
    kind
        :class:`SeriesKind`.
    saturated
        (N,) voxels not to be trusted for another reason: see
        :func:`~brachyresponse.perfusion.dsc.saturated_voxels`.
    dark
        (N,) voxels with less signal before the bolus than blood has: air or bone for a part, where what little vessel
        there is makes a high curve of a low signal. They are no candidates, and count for nothing.
    rules
        Other numbers than the default ones.

    Returns
    -------
    Aif
        Its verdict is ``failed`` where the best group of voxels has no arterial curve: do not compute with it.

    Raises
    ------
    PerfusionError
        Nothing can be chosen: no voxel enhances, the bolus came before the first frame, every artery is saturated,
        or no curve falls to half its peak.
    """
    samples, time_s = np.asarray(samples), np.asarray(time_s, float)
    _check(samples, mask, time_s)
    usable = np.empty(len(samples), bool)
    for rows in row_blocks(len(samples)):
        is_defined = np.isfinite(samples[rows]).all(axis=1)
        usable[rows] = is_defined & (samples[rows] != samples[rows, :1]).any(axis=1)
    if saturated is not None:
        usable &= ~np.asarray(saturated, bool)
    bright = np.ones(len(samples), bool) if dark is None else ~np.asarray(dark, bool)
    search = ArterySearch(
        samples, VesselCandidates(usable & bright, ~usable & bright), time_s, rules or default_rules()
    )
    return search.run(mask, SeriesKind(kind), report)


def _check(samples: AnyArray, mask: BoolArray, time_s: FloatArray) -> None:
    if samples.ndim != 2 or samples.shape != (np.count_nonzero(mask), len(time_s)):
        raise PerfusionError(
            f"The curves have shape {samples.shape}, but the mask has {np.count_nonzero(mask)} voxels and there are "
            f"{len(time_s)} times: give one curve a voxel and one value a frame."
        )
    if not len(samples):
        raise PerfusionError("The mask of the artery search has no voxel: draw one that holds an artery.")
