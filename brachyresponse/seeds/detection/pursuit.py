"""How many seeds a patch holds: seeds are added while they explain what the others leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.seeds.detection.amplitude import all_plausible
from brachyresponse.seeds.detection.fitting import Patch, PoseFit, Poses, fit_poses
from brachyresponse.seeds.detection.pair_search import pair_starts
from brachyresponse.seeds.detection.template import Template
from brachyresponse.types import FloatArray

Stages = tuple[tuple[int, int], ...]
LARGEST_COST_RATIO = 0.72
"""One seed more must lower the cost at least to this share; more is expected where the count says so."""
LARGEST_ODD_COST_RATIO = 0.4
EXPLAINED_MISFIT = 3.0
"""A patch with less than this is explained: touching seeds taken for one lie above 8."""
CLOSEST_MM = 0.7
"""Two capsules of 0.8 mm cannot lie closer; the rest is error."""
NEARLY_AS_GOOD = 1.2
"""A fit whose seeds have the right brightness may cost this much more than one whose have not."""
STAGES_OF_ONE = ((0, 5), (2, 3))
STAGES_OF_MORE = ((2, 12), (4, 4))
"""After so many rounds, so many of the starts go on."""
STARTS_OF_PAIRS = 10
MANY_PAIRS = 30
SPARED_HU = 1500.0
"""Where the other seeds are brighter, one of a new pair is not looked for."""
GATHER_MM = 1.0


@dataclass(frozen=True)
class Search:
    """How hard to look.

    Parameters
    ----------
    template
        What a seed looks like.
    seed_length_mm
        Its length.
    most_seeds
        Of one patch.
    closest_mm
        Least distance of two centres.
    pairs_tried
        Starts for two seeds in the place of one: from this number on, the best first, up to that one.
    """

    template: Template
    seed_length_mm: float
    most_seeds: int = 8
    closest_mm: float = CLOSEST_MM
    pairs_tried: tuple[int, int] = (0, STARTS_OF_PAIRS)


def explain(search: Search, patch: Patch, weights: FloatArray, expected: float) -> PoseFit:
    """Return the seeds that explain a patch.

    Parameters
    ----------
    weights
        (N,) how much each voxel of the patch tells of where the metal is.
    expected
        Number of seeds by volume; twice as many and one more are tried at most.
    """
    fit = best_single(search, patch, weights)
    most = min(search.most_seeds, int(np.ceil(1.6 * expected)) + 1)
    while len(fit.poses) < most and fit.misfit > EXPLAINED_MISFIT:
        more = _one_more_thoroughly(search, patch, weights, fit)
        if more is None or more.cost > _largest_ratio(patch, more) * fit.cost:
            break
        fit = more
    return fit


def _one_more_thoroughly(search: Search, patch: Patch, weights: FloatArray, fit: PoseFit) -> PoseFit | None:
    """Return the best fit with one seed more, from more starts where the first ones do not explain the patch."""
    more = one_more(search, patch, weights, fit)
    if more is not None and more.misfit < EXPLAINED_MISFIT:
        return more
    found = [more, one_more(replace(search, pairs_tried=(STARTS_OF_PAIRS, MANY_PAIRS)), patch, weights, fit)]
    return min((other for other in found if other is not None), key=_cost, default=None)


def _largest_ratio(patch: Patch, fit: PoseFit) -> float:
    """Return to which share a fit must lower the cost; less where its seeds have not the brightness of seeds."""
    return LARGEST_COST_RATIO if all_plausible(patch, fit) else LARGEST_ODD_COST_RATIO


def best_single(search: Search, patch: Patch, weights: FloatArray) -> PoseFit:
    """Return the best fit of one seed, from several tilts."""
    centre = weights @ patch.points_mm / weights.sum()
    away = patch.points_mm - centre
    spread = np.linalg.eigh((away * weights[:, None]).T @ away / weights.sum())[1]
    starts = (Poses(centre[None], axis[None]) for axis in trial_axes(spread[:, 2]))
    fits = fits_of(search.template, patch, starts, STAGES_OF_ONE)
    return _likeliest(patch, fits) or fits[0]


def trial_axes(axis: FloatArray) -> FloatArray:
    """Return the tilts from which a fit starts: as given, and at its azimuth flat, tilted either way, upright."""
    level = np.hypot(axis[0], axis[1])
    azimuth = axis[:2] / level if level > 0.05 else np.array([1.0, 0.0])
    tilts = np.deg2rad([0.0, 25.0, -25.0, 55.0, -55.0, 90.0])
    turned = np.concatenate([np.cos(tilts)[:, None] * azimuth, np.sin(tilts)[:, None]], axis=1)
    across = np.array([[-azimuth[1], azimuth[0], 0.0]])
    return np.concatenate([axis[None], turned, across])


def fits_of(template: Template, patch: Patch, starts: Iterable[Poses], stages: Stages) -> list[PoseFit]:
    """Return fits from several starts, the best first: all go a few rounds, the better ones to the end."""
    going = list(starts)
    for rounds, kept in stages:
        fits = sorted((fit_poses(template, patch, start, rounds=rounds) for start in going), key=_cost)
        going = [fit.poses for fit in fits[:kept]]
    return sorted((fit_poses(template, patch, start) for start in going), key=_cost)


def _cost(fit: PoseFit) -> float:
    return fit.cost


def one_more(search: Search, patch: Patch, weights: FloatArray, fit: PoseFit) -> PoseFit | None:
    """Return the best fit with one seed more, none where all of them put two seeds into one place."""
    starts = _added(patch, fit) if search.pairs_tried[0] == 0 else []
    for index in range(len(fit.poses)):
        starts += _split(search, patch, weights, fit, index)
    fits = fits_of(search.template, patch, starts, STAGES_OF_MORE)
    return _likeliest(patch, [fit for fit in fits if not too_close(fit.poses, search.closest_mm)])


def _likeliest(patch: Patch, fits: list[PoseFit]) -> PoseFit | None:
    """Return the best of some fits, sorted by cost; one with the right brightness may cost a little more."""
    near_best = [fit for fit in fits if fit.cost < NEARLY_AS_GOOD * fits[0].cost]
    return next((fit for fit in near_best if all_plausible(patch, fit)), fits[0] if fits else None)


def too_close(poses: Poses, closest_mm: float) -> bool:
    """Tell whether two seeds share a place."""
    gaps = np.linalg.norm(poses.centres_mm[:, None] - poses.centres_mm[None], axis=-1)
    gaps[np.diag_indices(len(poses))] = np.inf
    return bool(gaps.min() < closest_mm)


def _added(patch: Patch, fit: PoseFit) -> list[Poses]:
    """A seed where the image is brightest beyond the model, at several tilts."""
    missing = np.maximum(-fit.residual, 0)
    near = missing > 0.25 * missing.max()
    points, amount = patch.points_mm[near], missing[near]
    apart = np.linalg.norm(points[:, None] - points[None], axis=-1) < GATHER_MM
    gathered = apart @ amount
    seed = int(np.argmax(gathered))
    part = apart[seed]
    centre = amount[part] @ points[part] / amount[part].sum()
    around = np.linalg.norm(points - centre, axis=1) < 3.5
    away = points[around] - centre
    axis = np.linalg.eigh((away * amount[around, None]).T @ away + 1e-9 * np.eye(3))[1][:, 2]
    return [fit.poses.joined(Poses(centre[None], tilt[None])) for tilt in trial_axes(axis)]


def _split(search: Search, patch: Patch, weights: FloatArray, fit: PoseFit, index: int) -> list[Poses]:
    """One seed replaced by two, the others as they are."""
    others = np.arange(len(fit.poses)) != index
    explained = fit.each_hu[others].sum(axis=0)
    left = replace(patch, neighbours_hu=patch.neighbours_hu + explained)
    metal = np.where(explained < SPARED_HU, weights, 0)
    pairs = pair_starts(search.template, left, metal, fit.tissue_hu, ranks=search.pairs_tried)
    return [fit.poses.select(others).joined(pair) for pair in pairs]
