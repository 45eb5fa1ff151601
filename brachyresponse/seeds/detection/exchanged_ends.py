"""How unsure the axes of two touching seeds are because they could have exchanged their ends.

Two seeds side by side bloom into one bright band. Two crossed ones with the same four ends look much the same, the
more so the thicker the slices are; a spread round the best pose alone does not know of them.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np

from brachyresponse.seeds.detection.fitting import Patch, PoseFit, Poses, fit_poses
from brachyresponse.seeds.detection.template import Template
from brachyresponse.types import FloatArray

TOUCHING_MM = 2.5
ROUNDS = 6
CORRELATED = 9.0
"""So many voxels count as one: more than for a lone seed, as the model errs more where seeds overlap."""
LEAST_SHARE, LEAST_SHARE_SLICE_MM = 0.05, 3.0
"""At least so many axes of touching seeds are off in slices of 3 mm (2 of 46 in phantoms), whatever the costs say."""


def exchange_spread_deg(
    template: Template, patch: Patch, fit: PoseFit, length_mm: float, slice_mm: float
) -> FloatArray:
    """Return how far each axis is expected to be off because of exchanged ends, root mean square, degrees, (K,)."""
    variance = np.zeros(len(fit.poses))
    centres = fit.poses.centres_mm
    least = min(LEAST_SHARE * (slice_mm / LEAST_SHARE_SLICE_MM) ** 2, 0.25)
    for one, other in combinations(range(len(centres)), 2):
        apart_mm = float(np.linalg.norm(centres[one] - centres[other]))
        if apart_mm < TOUCHING_MM:
            crossed = fit_poses(template, patch, _exchanged(fit.poses, one, other, length_mm), rounds=ROUNDS)
            odds = np.exp(-0.5 * max(crossed.cost - fit.cost, 0) / (CORRELATED * max(fit.misfit, 1.0)))
            cosine = np.abs((crossed.poses.axes * fit.poses.axes).sum(axis=1))
            variance += odds / (1 + odds) * np.arccos(np.minimum(cosine, 1.0)) ** 2
            variance[[one, other]] += least * np.arctan2(apart_mm, length_mm) ** 2
    spread: FloatArray = np.rad2deg(np.sqrt(variance))
    return spread


def _exchanged(poses: Poses, one: int, other: int, length_mm: float) -> Poses:
    """Return poses of which two seeds have exchanged their upper ends."""
    centres, axes = poses.centres_mm.copy(), poses.axes.copy()
    second = axes[other] * (1.0 if axes[one] @ axes[other] > 0 else -1.0)
    apart = centres[other] - centres[one]
    first_axis = length_mm * (axes[one] + second) / 2 + apart
    second_axis = length_mm * (axes[one] + second) / 2 - apart
    turn = length_mm * (second - axes[one]) / 4
    middle = (centres[one] + centres[other]) / 2
    axes[one], axes[other] = first_axis / np.linalg.norm(first_axis), second_axis / np.linalg.norm(second_axis)
    centres[one], centres[other] = middle + turn, middle - turn
    return Poses(centres, axes)
