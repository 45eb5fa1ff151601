"""An arterial input function of a segment: the mean of its voxels, with the report of an automatic one."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif.aif import NO_VOXELS, Aif, AifMethod, Rejection
from brachyresponse.perfusion.aif.quality import judge, shape_of
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import AnyArray, BoolArray, FloatArray, IntArray


def measured_aif(
    samples: AnyArray,
    time_s: FloatArray,
    *,
    kind: str = SeriesKind.DCE,
    voxels: IntArray | None = None,
    saturated: BoolArray | None = None,
) -> Aif:
    """Return the mean curve of a segment's voxels with the same report as an automatic one.

    Parameters
    ----------
    samples
        (N, T) concentration or dR2* of the segment's voxels. One with NaN is saturated: it is left out and counted.
    time_s
        (T,) s.
    kind
        :class:`SeriesKind`.
    voxels
        (N, 3) their indices [k, j, i], for the report.
    saturated
        (N,) voxels that are not to be trusted for another reason: see
        :func:`~brachyresponse.perfusion.dsc.saturated_voxels`.

    Raises
    ------
    PerfusionError
        The segment has no voxel, or none that is not saturated; or its curve has no bolus, or one that came before
        the first frame.
    """
    samples, time_s = np.asarray(samples), np.asarray(time_s, float)
    if samples.ndim != 2 or samples.shape[1] != len(time_s):
        raise PerfusionError(
            f"The curves of the artery have shape {samples.shape}, expected (voxels, {len(time_s)} frames)."
        )
    usable = np.isfinite(samples).all(axis=1)
    if saturated is not None:
        usable &= ~np.asarray(saturated, bool)
    count = int(np.count_nonzero(usable))
    left_out = len(samples) - count
    values = vessel_curve(samples[usable], what=f"artery, {left_out} of whose {len(samples)} voxels are saturated,")
    shape = shape_of(values, time_s)
    series_kind = SeriesKind(kind)
    further = {"voxel_count": count, "saturated_share": left_out / len(samples)}
    verdict, reasons = judge(shape, series_kind, further)
    where = NO_VOXELS if voxels is None else np.asarray(voxels, np.int64)[usable]
    rejections = (Rejection("saturated", left_out, f"{left_out} voxels are saturated."),) if left_out else ()
    return Aif(time_s, values, series_kind, AifMethod.SEGMENT, count, where, shape, verdict, reasons, rejections)


def vessel_curve(samples: AnyArray, what: str = "vessel") -> FloatArray:
    """Return the mean (T,) of the curves (N, T) of a vessel that are defined at every frame.

    Parameters
    ----------
    what
        Completes "The ... has no voxel".

    Raises
    ------
    PerfusionError
        There is none.
    """
    usable = samples[np.isfinite(samples).all(axis=1)]
    if not len(usable):
        raise PerfusionError(
            f"The {what} has no voxel with a curve at every frame: draw it elsewhere, or use a population AIF."
        )
    mean: FloatArray = usable.mean(axis=0, dtype=float)
    return mean
