"""The height of an arterial curve, mended by the area of a vein."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif.aif import Aif, AifMethod, AifVerdict
from brachyresponse.perfusion.aif.quality import judge, shape_of
from brachyresponse.types import FloatArray

MOST_RESCALED = 3.0
"""An artery whose area is less than a third of a vein's is mostly something else."""


def rescale_to_vein(aif: Aif, vein: FloatArray) -> Aif:
    """Return the arterial curve multiplied so that its area is that of a vein: what partial volume took from it.

    All that enters the brain leaves it, so both areas are equal, each from its own arrival and over the same time.

    Parameters
    ----------
    aif
        A measured one.
    vein
        (T,) of a large venous sinus, in the same unit and at the same times; see :func:`vessel_curve`.

    Raises
    ------
    PerfusionError
        The vein has no bolus, or the artery is of a population.
    """
    if aif.method is AifMethod.POPULATION:
        raise PerfusionError("A population AIF is not rescaled to a vein: its height is not that of a measurement.")
    vein = np.asarray(vein, float)
    vein_shape = shape_of(vein, aif.time_s)
    duration_s = aif.time_s[-1] - max(vein_shape.arrival_s, aif.arrival_s)
    own_area = _area(aif.values, aif.time_s, aif.arrival_s, duration_s)
    if not own_area > 0:
        raise PerfusionError(
            f"The area under the arterial curve is {own_area:.3g}, not above 0: choose another artery."
        )
    factor = _area(vein, aif.time_s, vein_shape.arrival_s, duration_s) / own_area
    shape = replace(aif.shape, peak=aif.peak * factor, first_pass_area=aif.first_pass_area * factor)
    rescaled = replace(aif, values=aif.values * factor, shape=shape, vein_factor=float(factor))
    return _judged_again(rescaled, aif)


def _judged_again(rescaled: Aif, aif: Aif) -> Aif:
    """Return the rescaled curve with the verdict on its new height, and what was said of the voxels."""
    _, said_of_shape = judge(aif.shape, aif.kind, {})
    verdict, reasons = judge(rescaled.shape, aif.kind, {})
    of_voxels = tuple(reason for reason in aif.reasons if reason not in said_of_shape)
    if of_voxels:
        verdict = verdict.or_worse(aif.verdict)
    factor = rescaled.vein_factor or 0.0
    if not 1 / MOST_RESCALED <= factor <= MOST_RESCALED:
        verdict = verdict.or_worse(AifVerdict.DOUBTFUL)
        reasons += (f"The vein's area is {factor:.2g} times the artery's: one of them is not what it should be.",)
    return replace(rescaled, verdict=verdict, reasons=of_voxels + reasons)


def _area(curve: FloatArray, time_s: FloatArray, start_s: float, duration_s: float) -> float:
    """Return the area of a curve (T,) between two times that may lie between frames."""
    end_s = start_s + duration_s
    inside = time_s[(time_s > start_s) & (time_s < end_s)]
    times = np.concatenate([[start_s], inside, [end_s]])
    return float(np.trapezoid(np.interp(times, time_s, curve), times))
