"""How the scanner blurred this image, from its own lone seeds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.seeds.detection.fitting import Patch, Poses, fit_poses
from brachyresponse.seeds.detection.metal import MetalObject
from brachyresponse.seeds.detection.template import ScannerImage, Template, make_template

USUAL_BLUR_MM = 0.5
"""Where there is no lone seed to learn from."""
TRIED_BLUR_MM = (0.3, 0.5, 0.75)
NARROWEST_TO_WIDEST_MM = (0.2, 1.2)
REFINEMENTS = 4
FINEST_STEP_MM = 0.02
MOST_SEEDS = 16


def estimate_blur(metal: MetalObject, slice_mm: float, patches: Sequence[Patch], poses: Sequence[Poses]) -> float:
    """Return the blur in the slice plane that explains some lone seeds best, mm.

    Parameters
    ----------
    slice_mm
        Thickness of the slices.
    patches, poses
        One seed each, found with a blur near the right one.
    """

    def cost(blur_mm: float) -> float:
        template = make_template(metal, ScannerImage(slice_mm, blur_mm))
        return float(np.median([_cost(template, patch, pose) for patch, pose in zip(patches, poses, strict=True)]))

    costs = {blur_mm: cost(blur_mm) for blur_mm in TRIED_BLUR_MM}
    for _ in range(REFINEMENTS):
        blur_mm = _vertex(costs)
        if min(abs(blur_mm - tried) for tried in costs) < FINEST_STEP_MM:
            break
        costs[blur_mm] = cost(blur_mm)
    return min(costs, key=costs.__getitem__)


def _vertex(costs: dict[float, float]) -> float:
    """Return where a parabola through the best value and its neighbours is lowest, inside the range tried."""
    tried = sorted(costs)
    middle = int(np.clip(tried.index(min(costs, key=costs.__getitem__)), 1, len(tried) - 2))
    three = tried[middle - 1 : middle + 2]
    curved, slope, _ = np.polyfit(three, [costs[blur_mm] for blur_mm in three], 2)
    lowest = -slope / (2 * curved) if curved > 0 else min(three, key=costs.__getitem__)
    return float(np.clip(lowest, *NARROWEST_TO_WIDEST_MM))


def _cost(template: Template, patch: Patch, poses: Poses) -> float:
    return fit_poses(template, patch, poses, rounds=4).misfit
