"""The values of some voxels in all frames, gathered slice by slice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.types import AnyArray, BoolArray, Float32Array


def gather(frames: Sequence[AnyArray], mask: BoolArray, name: str, report: Report = ignore_progress) -> Float32Array:
    """Return the values of the voxels of a mask, (N, T), in the mask's order [k, j, i].

    A slice of all frames at once: its values pass from frames to curves within the processor's cache, which is seven
    times faster than filling whole columns frame by frame.

    Raises
    ------
    PerfusionError
        The mask has another shape than the frames.
    """
    if mask.shape != frames[0].shape:
        raise PerfusionError(f"The mask has shape {mask.shape}, series {name!r} {frames[0].shape}: resample the mask.")
    counts = np.count_nonzero(mask, axis=(1, 2))
    curves = np.empty((counts.sum(), len(frames)), np.float32)
    of_slice = np.empty((len(frames), counts.max()), np.float32)
    start = 0
    for k, count in enumerate(counts):
        for number, frame in enumerate(frames):
            of_slice[number, :count] = frame[k][mask[k]]
        curves[start : start + count] = of_slice[:, :count].T
        start += count
        report((k + 1) / len(counts), f"{name}: reading frames")
    return curves
