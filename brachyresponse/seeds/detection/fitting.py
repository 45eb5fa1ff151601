"""Poses of seeds that explain a patch of an image best, all seeds of the patch at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.seeds.detection.template import Template
from brachyresponse.types import AnyArray, FloatArray

NOISE_HU = 80.0
MODEL_ERROR = 0.03
"""A voxel's standard error is noise and this share of the metal's HU, added in squares."""
OUTLIER = 4.0
"""Residuals beyond this many standard errors count linearly (Huber 1964), so that a streak does not pull a seed."""
POSITION_STEP_MM, AXIS_STEP = 0.05, 0.03
LONGEST_MOVE_MM, LARGEST_TURN = 1.0, 0.5
POSE = 5
"""Parameters of a seed: centre (3) and two small turns of its axis."""


@dataclass(frozen=True, eq=False)
class Patch:
    """Voxels of an image that are explained together, in the scanner's frame.

    Parameters
    ----------
    points_mm
        (N, 3)
    values_hu
        As measured, (N,).
    neighbours_hu
        What seeds outside the patch add, (N,).
    uneven_hu
        How far the tissue differs from its mean, (N,).
    ceiling_hu
        Where the scanner clips; infinity where it does not.
    """

    points_mm: FloatArray
    values_hu: FloatArray
    neighbours_hu: FloatArray
    uneven_hu: FloatArray
    ceiling_hu: float

    @property
    def other_hu(self) -> FloatArray:
        """What is there beside the patch's own seeds and its mean tissue, (N,)."""
        return self.neighbours_hu + self.uneven_hu


@dataclass(frozen=True, eq=False)
class Poses:
    """Centres (K, 3) in mm and unit axes (K, 3), in the scanner's frame."""

    centres_mm: FloatArray
    axes: FloatArray

    def __len__(self) -> int:
        return len(self.centres_mm)

    def joined(self, other: Poses) -> Poses:
        """Return these poses followed by others."""
        return Poses(np.concatenate([self.centres_mm, other.centres_mm]), np.concatenate([self.axes, other.axes]))

    def select(self, index: AnyArray) -> Poses:
        """Return the poses at an index array or a mask."""
        return Poses(self.centres_mm[index], self.axes[index])


@dataclass(frozen=True, eq=False)
class PoseFit:
    """Seeds fitted to a patch.

    Parameters
    ----------
    poses
        The seeds.
    tissue_hu
        What lies round them.
    each_hu
        The image of each seed, unclipped, (K, N).
    residual
        Model minus image in standard errors, (N,); 0 where both are clipped.
    cost
        Sum over the voxels of the squared residuals, outliers counted linearly.
    """

    poses: Poses
    tissue_hu: float
    each_hu: FloatArray
    residual: FloatArray
    cost: float

    @property
    def misfit(self) -> float:
        """Cost a voxel."""
        return self.cost / max(len(self.residual), 1)


def fit_poses(template: Template, patch: Patch, start: Poses, *, rounds: int = 12) -> PoseFit:
    """Fit seeds to a patch by damped least squares (Levenberg 1944, Marquardt 1963), from one start."""
    each = template.hu(patch.points_mm, start.centres_mm, start.axes)
    fit = _evaluate(patch, start, _tissue_hu(patch, each), each)
    damping = 1e-3
    for _ in range(rounds):
        jacobian = _jacobian(template, patch, fit)
        better, damping = _step(template, patch, fit, jacobian, damping)
        if better is None:
            break
        converged = fit.cost - better.cost < 1e-4 * fit.cost
        fit = better
        if converged:
            break
    return fit


def _tissue_hu(patch: Patch, each_hu: FloatArray) -> float:
    """Median of what the metal's model leaves, where there is little of it."""
    metal = each_hu.sum(axis=0) + patch.other_hu
    weak = metal <= max(200.0, float(np.quantile(metal, 0.3)))
    return float(np.median((patch.values_hu - metal)[weak]))


def _evaluate(patch: Patch, poses: Poses, tissue_hu: float, each_hu: FloatArray) -> PoseFit:
    residual = _residuals(patch, each_hu.sum(axis=0), tissue_hu)
    return PoseFit(poses, tissue_hu, each_hu, residual, float(robust(residual).sum()))


def evaluate_images(patch: Patch, images_hu: FloatArray, tissue_hu: float) -> FloatArray:
    """Return the cost of each of some images of the patch's metal, (P, N) HU: (P,)."""
    cost: FloatArray = robust(_residuals(patch, images_hu, tissue_hu)).sum(axis=-1)
    return cost


def _residuals(patch: Patch, metal_hu: FloatArray, tissue_hu: float) -> FloatArray:
    seen = np.minimum(metal_hu + patch.other_hu + tissue_hu, patch.ceiling_hu)
    residual: FloatArray = (seen - patch.values_hu) / _standard_error(seen, tissue_hu)
    return residual


def robust(residual: FloatArray) -> FloatArray:
    """Return the squares of residuals, those of outliers growing linearly (Huber 1964)."""
    size = np.abs(residual)
    cost: FloatArray = np.where(size < OUTLIER, size**2, 2 * OUTLIER * size - OUTLIER**2)
    return cost


def _standard_error(seen_hu: FloatArray, tissue_hu: float) -> FloatArray:
    error: FloatArray = np.hypot(NOISE_HU, MODEL_ERROR * (seen_hu - tissue_hu))
    return error


def _jacobian(template: Template, patch: Patch, fit: PoseFit) -> FloatArray:
    """Change of the residuals with each seed's five parameters and the tissue, (N, 5 K + 1)."""
    metal = fit.each_hu.sum(axis=0) + patch.other_hu
    seen = np.minimum(metal + fit.tissue_hu, patch.ceiling_hu)
    error = _standard_error(seen, fit.tissue_hu)
    columns = []
    for index in range(len(fit.poses)):
        moved = _neighbours(fit.poses.centres_mm[index], fit.poses.axes[index])
        images = template.hu(patch.points_mm, moved.centres_mm, moved.axes) - fit.each_hu[index]
        change = np.minimum(metal + images + fit.tissue_hu, patch.ceiling_hu) - seen
        columns.append(change / (np.array([POSITION_STEP_MM] * 3 + [AXIS_STEP] * 2)[:, None] * error))
    columns.append((seen < patch.ceiling_hu)[None] / error)
    jacobian: FloatArray = np.concatenate(columns).T
    return jacobian


def _neighbours(centre_mm: FloatArray, axis: FloatArray) -> Poses:
    """Return five poses, each one step away along one parameter."""
    centres = np.tile(centre_mm, (POSE, 1))
    centres[:3] += np.eye(3) * POSITION_STEP_MM
    axes = np.tile(axis, (POSE, 1))
    axes[3:] += AXIS_STEP * _normals(axis[None])[0]
    return Poses(centres, _unit(axes))


def _step(
    template: Template, patch: Patch, fit: PoseFit, jacobian: FloatArray, damping: float
) -> tuple[PoseFit | None, float]:
    """Return the next fit, none where no step lowers the cost, and the damping to go on with."""
    size = np.maximum(np.abs(fit.residual), 1e-9)
    weighted = jacobian * np.minimum(1, OUTLIER / size)[:, None]
    curvature, slope = jacobian.T @ weighted, weighted.T @ fit.residual
    ridge = 1e-9 * np.trace(curvature) + 1e-12
    for _ in range(6):
        damped = curvature + np.diag(damping * np.diag(curvature) + ridge)
        poses, tissue_hu = _moved(fit, -np.linalg.solve(damped, slope))
        each = template.hu(patch.points_mm, poses.centres_mm, poses.axes)
        tried = _evaluate(patch, poses, tissue_hu, each)
        if tried.cost < fit.cost:
            return tried, max(damping / 4, 1e-5)
        damping *= 6
    return None, damping


def _moved(fit: PoseFit, change: AnyArray) -> tuple[Poses, float]:
    each = change[:-1].reshape(-1, POSE)
    shift, turn = _limited(each[:, :3], LONGEST_MOVE_MM), _limited(each[:, 3:], LARGEST_TURN)
    axes = fit.poses.axes + (turn[:, :, None] * _normals(fit.poses.axes)).sum(axis=1)
    return Poses(fit.poses.centres_mm + shift, _unit(axes)), fit.tissue_hu + float(change[-1])


def _limited(steps: FloatArray, longest: float) -> FloatArray:
    length = np.linalg.norm(steps, axis=1, keepdims=True)
    limited: FloatArray = steps * np.minimum(1, longest / np.maximum(length, 1e-12))
    return limited


def _normals(axes: FloatArray) -> FloatArray:
    """Two unit vectors at right angles to each axis (K, 3) and to each other, (K, 2, 3); Duff et al. 2017, JCGT 6:1."""
    x, y, z = axes.T
    side = np.copysign(1.0, z)
    scale = -1 / (side + z)
    mixed = x * y * scale
    first = np.stack([1 + side * x * x * scale, side * mixed, -side * x], axis=1)
    second = np.stack([mixed, side + y * y * scale, -y], axis=1)
    return np.stack([first, second], axis=1)


def _unit(vectors: FloatArray) -> FloatArray:
    unit: FloatArray = vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    return unit


def pose_covariance(template: Template, patch: Patch, fit: PoseFit) -> FloatArray:
    """Return the covariance of each seed's parameters as the residuals bear it out, (K, 5, 5); mm and radians."""
    jacobian = _jacobian(template, patch, fit)
    curvature = jacobian.T @ jacobian
    curvature += np.diag(1e-9 * np.trace(curvature) * np.ones(len(curvature)))
    covariance = np.linalg.inv(curvature) * max(fit.misfit, 1.0)
    parts = [covariance[POSE * k : POSE * (k + 1), POSE * k : POSE * (k + 1)] for k in range(len(fit.poses))]
    return np.array(parts)
