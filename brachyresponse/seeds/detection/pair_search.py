"""Starts for two seeds in one place: every pair of poses that the image allows, the best first.

A seed cannot lie where the image is darker than the seed would be. That leaves few poses of a coarse set, few enough
to try them two by two.
"""

from __future__ import annotations

import numpy as np

from brachyresponse.seeds.detection.fitting import MODEL_ERROR, NOISE_HU, Patch, Poses, robust
from brachyresponse.seeds.detection.template import Template
from brachyresponse.types import AnyArray, FloatArray

PLACE_STEP_MM = 0.8
MOST_VOXELS = 220
MISSING_COUNTS = (0.0, 0.3)
MOST_POSES = 170
"""Poses that overshoot the image least go on, and those that also explain most of it: so many of either sort.

What a seed leaves to the other one counts by the share above beside what it has too much.
"""
TILTS_DEG = (0.0, 30.0, 60.0)
AZIMUTHS = 6
CLOSEST_MM = 0.75


def hemisphere() -> FloatArray:
    """Return axes about 30 degrees apart, (19, 3)."""
    axes = [[0.0, 0.0, 1.0]]
    for tilt in np.deg2rad(TILTS_DEG):
        for turn in np.arange(AZIMUTHS) * (np.pi if tilt == 0 else 2 * np.pi) / AZIMUTHS:
            axes.append([np.cos(tilt) * np.cos(turn), np.cos(tilt) * np.sin(turn), np.sin(tilt)])
    return np.array(axes)


def pair_starts(
    template: Template, patch: Patch, weights: FloatArray, tissue_hu: float, *, ranks: tuple[int, int]
) -> list[Poses]:
    """Return the pairs of poses that explain a patch best, (2, 3) each, by two ways to choose the poses.

    Parameters
    ----------
    patch
        What is explained already is in its ``neighbours_hu``.
    weights
        (N,) positive where there is metal.
    tissue_hu
        What lies round the metal.
    ranks
        Which pairs of either way, the best one being 0: from the first of these ranks up to the second.
    """
    few = _thinned(patch, weights)
    chosen: list[Poses] = []
    for poses in _allowed(template, few, _places(patch.points_mm[weights > 0]), tissue_hu):
        best = _best_pairs(template, few, poses, tissue_hu, ranks[1])[ranks[0] :]
        chosen += [pair for pair in best if all(_differs(pair, other) for other in chosen)]
    return chosen


def _best_pairs(template: Template, patch: Patch, poses: Poses, tissue_hu: float, count: int) -> list[Poses]:
    images = template.hu(patch.points_mm, poses.centres_mm, poses.axes)
    first, second = np.triu_indices(len(poses), 1)
    apart = np.linalg.norm(poses.centres_mm[first] - poses.centres_mm[second], axis=1) >= CLOSEST_MM
    first, second = first[apart], second[apart]
    order = np.argsort(_costs(patch, images, (first, second), tissue_hu), kind="stable")
    chosen: list[Poses] = []
    for number in order:
        pair = poses.select(np.array([first[number], second[number]]))
        if all(_differs(pair, other) for other in chosen):
            chosen.append(pair)
        if len(chosen) == count:
            break
    return chosen


def _thinned(patch: Patch, weights: FloatArray) -> Patch:
    """Return evenly spread voxels of a patch, more of them where metal is."""
    step = max(1, int(np.ceil(len(weights) / MOST_VOXELS)))
    index = np.unique(np.concatenate([np.flatnonzero(weights > 0)[::step], np.flatnonzero(weights <= 0)[::step]]))
    return Patch(
        patch.points_mm[index],
        patch.values_hu[index],
        patch.neighbours_hu[index],
        patch.uneven_hu[index],
        patch.ceiling_hu,
    )


def _places(bright_mm: FloatArray) -> FloatArray:
    """Return places on a coarse raster near bright voxels, (P, 3)."""
    cell = np.rint(bright_mm / PLACE_STEP_MM).astype(int)
    shifts = np.array([[0, 0, up] for up in (-1, 0, 1)])  # slices may be thicker than the raster
    cells = np.unique((cell[:, None] + shifts).reshape(-1, 3), axis=0)
    return cells * PLACE_STEP_MM


def _allowed(template: Template, patch: Patch, places: FloatArray, tissue_hu: float) -> list[Poses]:
    axes = hemisphere()
    poses = Poses(np.repeat(places, len(axes), axis=0), np.tile(axes, (len(places), 1)))
    costs = np.empty((len(MISSING_COUNTS), len(poses)))
    for start in range(0, len(poses), 500):
        part = slice(start, start + 500)
        images = template.hu(patch.points_mm, poses.centres_mm[part], poses.axes[part])
        costs[:, part] = [_costs_of(patch, images, tissue_hu, missing_counts=share) for share in MISSING_COUNTS]
    return [poses.select(np.sort(np.argsort(cost, kind="stable")[:MOST_POSES])) for cost in costs]


def _costs(patch: Patch, images: FloatArray, pairs: tuple[AnyArray, AnyArray], tissue_hu: float) -> FloatArray:
    costs = np.empty(len(pairs[0]))
    for start in range(0, len(costs), 2000):
        part = slice(start, start + 2000)
        costs[part] = _costs_of(patch, images[pairs[0][part]] + images[pairs[1][part]], tissue_hu)
    return costs


def _costs_of(patch: Patch, metal_hu: FloatArray, tissue_hu: float, *, missing_counts: float = 1.0) -> FloatArray:
    """Cost of each image (P, N); where it is darker than what was measured, counted by a share."""
    seen = np.minimum(metal_hu + patch.other_hu + tissue_hu, patch.ceiling_hu)
    residual = (seen - patch.values_hu) / np.hypot(2 * NOISE_HU, 5 * MODEL_ERROR * (seen - tissue_hu))
    cost: FloatArray = (robust(residual) * np.where(residual > 0, 1.0, missing_counts)).sum(axis=1)
    return cost


def _differs(pair: Poses, other: Poses) -> bool:
    """Tell whether two pairs are different starts."""
    straight = np.linalg.norm(pair.centres_mm - other.centres_mm, axis=1).max()
    turned = np.abs((pair.axes * other.axes).sum(axis=1)).min()
    return bool(straight > 1.0 or turned < np.cos(np.deg2rad(40)))
