"""Where a seed is on average over all poses that the image allows, and how sure its axis is.

A seed in the plane of a thick slice looks alike wherever it lies within the slice and however little it is tilted. The
pose that fits best is then an accident; the mean over the poses that fit about as well is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.seeds.detection.fitting import (
    Patch,
    PoseFit,
    Poses,
    evaluate_images,
    fit_poses,
    pose_covariance,
)
from brachyresponse.seeds.detection.template import Template
from brachyresponse.types import FloatArray

STEPS = 9
HEIGHTS = 41
WIDEST_TURN = np.deg2rad(45.0)
CORRELATED = 3.0
"""Neighbouring voxels err together: so many count as one."""
LEAST_SCALE = 0.3
FEWEST_FOR_PRIOR = 8
NARROWEST = np.deg2rad(15.0)
"""Spread of the axes of an implant, at least."""
FLAT_SHARE = 0.7
"""Of the spread of a place anywhere in a slice, found for seeds flat in slices of 2 mm (0.33 mm in phantoms)."""
DISTINCT_COSINE = np.cos(np.deg2rad(12.0))


@dataclass(frozen=True, eq=False)
class AxisPrior:
    """How the seeds of an implant lie: about one direction, with a share of any direction.

    Parameters
    ----------
    direction
        Principal axis of the sure seeds, (3,).
    spread
        Standard deviation from it, radians.
    """

    direction: FloatArray
    spread: float

    def penalty(self, axes: FloatArray) -> FloatArray:
        """Return minus twice the logarithm of the density of axes (P, 3), up to a constant."""
        angle = np.arccos(np.minimum(np.abs(axes @ self.direction), 1.0))
        result: FloatArray = -2 * np.log(0.9 * np.exp(-0.5 * (angle / self.spread) ** 2) + 0.1)
        return result


ANY_DIRECTION = AxisPrior(np.array([0.0, 0.0, 1.0]), np.pi)


@dataclass(frozen=True, eq=False)
class MeanPose:
    """The mean pose of a seed: centre (3,), axis (3,), and spreads of the axis (degrees) and the centre (mm)."""

    centre_mm: FloatArray
    axis: FloatArray
    axis_spread_deg: float
    centre_spread_mm: float


def mean_poses(template: Template, patch: Patch, fit: PoseFit, prior: AxisPrior, slice_mm: float) -> list[MeanPose]:
    """Return the mean pose of each seed of a patch."""
    covariance = pose_covariance(template, patch, fit)
    poses = []
    for index in range(len(fit.poses)):
        rest = np.arange(len(fit.poses)) != index
        alone = replace(patch, neighbours_hu=patch.neighbours_hu + fit.each_hu[rest].sum(axis=0))
        lone, spread = _Lone(template, alone, fit.tissue_hu), _Spread.of(covariance[index], slice_mm)
        poses.append(_mean_pose(fit, index, lone, spread, prior))
    return poses


@dataclass(frozen=True, eq=False)
class _Lone:
    """One seed of a fit, the others taken as they are."""

    template: Template
    patch: Patch
    tissue_hu: float

    def minus_twice_log(self, poses: Poses, prior: AxisPrior) -> FloatArray:
        """Return minus twice the logarithm of how likely poses are, (P,), up to a constant."""
        images = self.template.hu(self.patch.points_mm, poses.centres_mm, poses.axes)
        costs = evaluate_images(self.patch, images, self.tissue_hu)
        scale = CORRELATED * max(float(costs.min()) / len(self.patch.values_hu), LEAST_SCALE)
        result: FloatArray = costs / scale + prior.penalty(poses.axes)
        return result


def _mean_pose(fit: PoseFit, index: int, lone: _Lone, spread: _Spread, prior: AxisPrior) -> MeanPose:
    start = fit.poses.select(np.array([index]))
    modes = [start]
    tilted = start.axes * [1.0, 1.0, -1.0]
    if abs(float(tilted[0] @ start.axes[0])) < DISTINCT_COSINE:
        modes.append(fit_poses(lone.template, lone.patch, Poses(start.centres_mm, tilted), rounds=6).poses)
    tried = [_around(*_in_the_middle(mode, lone, spread, prior), spread.turn) for mode in modes]
    poses = Poses(np.concatenate([t.centres_mm for t in tried]), np.concatenate([t.axes for t in tried]))
    minus_twice_log = lone.minus_twice_log(poses, prior)
    return _weighted(poses, _shares(minus_twice_log), poses.axes[np.argmin(minus_twice_log)])


@dataclass(frozen=True)
class _Spread:
    """How far poses are tried: mm along the scanner's axis as the fit and as the slice have it, and turn in radians."""

    height_mm: float
    slice_mm: float
    turn: float

    @classmethod
    def of(cls, covariance: FloatArray, slice_mm: float) -> _Spread:
        height, turn = np.sqrt(covariance[2, 2]), np.sqrt(np.trace(covariance[3:, 3:]))
        return cls(float(np.clip(3 * height, 0.02, 0.5)), slice_mm, float(np.clip(4 * turn, 0.01, WIDEST_TURN)))


def _in_the_middle(mode: Poses, lone: _Lone, spread: _Spread, prior: AxisPrior) -> tuple[Poses, float]:
    """Return a seed in the middle of the heights at which it looks alike, and how far to try others, mm."""
    heights = np.linspace(-1, 1, HEIGHTS) * spread.slice_mm
    up = np.array([0.0, 0.0, 1.0])
    moved = Poses(mode.centres_mm + heights[:, None] * up, np.repeat(mode.axes, HEIGHTS, axis=0))
    share = _shares(lone.minus_twice_log(moved, prior))
    middle = float(share @ heights)
    deviation = float(np.sqrt(share @ (heights - middle) ** 2))
    if deviation < heights[1] - heights[0]:
        return mode, spread.height_mm
    return Poses(mode.centres_mm + middle * up, mode.axes), 2.5 * deviation


def _shares(minus_twice_log: FloatArray) -> FloatArray:
    likely = np.exp(-0.5 * (minus_twice_log - minus_twice_log.min()))
    share: FloatArray = likely / likely.sum()
    return share


def flat_spread_mm(axis: FloatArray, length_mm: float, slice_mm: float) -> float:
    """Return how far the height of a seed is unknown because the seed does not reach beyond its slice, mm."""
    inside = max(1 - length_mm * abs(float(axis[2])) / slice_mm, 0.0)
    return float(FLAT_SHARE * inside * slice_mm / np.sqrt(12))


def _around(mode: Poses, height_mm: float, widest_turn: float) -> Poses:
    """Return a seed moved along the scanner's axis and tilted out of the slice plane, STEPS^2 poses."""
    heights, turns = np.linspace(-1, 1, STEPS) * height_mm, np.linspace(-1, 1, STEPS) * widest_turn
    height, turn = (part.ravel() for part in np.meshgrid(heights, turns))
    centre, axis = mode.centres_mm[0], mode.axes[0]
    level = np.hypot(axis[0], axis[1])
    azimuth = axis[:2] / level if level > 1e-6 else np.array([1.0, 0.0])
    elevation = np.arctan2(axis[2], level) + turn
    axes = np.concatenate([np.cos(elevation)[:, None] * azimuth, np.sin(elevation)[:, None]], axis=1)
    return Poses(centre + height[:, None] * [0.0, 0.0, 1.0], axes)


def _weighted(poses: Poses, share: FloatArray, best_axis: FloatArray) -> MeanPose:
    """Return the mean of poses; the axis is the mean of those on the side of the best one."""
    cosine = np.abs(poses.axes @ best_axis)
    spread = float(np.sqrt(share @ np.arccos(np.minimum(cosine, 1.0)) ** 2))
    near = share * (cosine > np.cos(WIDEST_TURN))
    tensor = (poses.axes * near[:, None]).T @ poses.axes
    axis = np.linalg.eigh(tensor)[1][:, 2]
    centre = share @ poses.centres_mm
    centre_spread = float(np.sqrt(share @ ((poses.centres_mm - centre) ** 2).sum(axis=1)))
    return MeanPose(centre, axis, float(np.rad2deg(spread)), centre_spread)


def axis_prior(axes: FloatArray) -> AxisPrior:
    """Return how some sure seeds lie, (S, 3); any direction where there are too few."""
    if len(axes) < FEWEST_FOR_PRIOR:
        return ANY_DIRECTION
    direction = np.linalg.eigh(axes.T @ axes)[1][:, 2]
    angle = np.arccos(np.minimum(np.abs(axes @ direction), 1.0))
    return AxisPrior(direction, float(max(np.sqrt(np.mean(angle**2)), NARROWEST)))
