"""Which of the fitted seeds are seeds: by what the image shows beyond and below the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.seeds.detection.detected import RejectionReason
from brachyresponse.seeds.detection.fitting import OUTLIER, Patch, PoseFit, Poses, pose_covariance
from brachyresponse.seeds.detection.template import Template
from brachyresponse.types import BoolArray, FloatArray

OWN_MM = 2.4
LEAST_METAL_HU = 100.0
LARGEST_MISFIT = 6.0
AMPLITUDE = (0.7, 1.35)
EXTENDED_MISFIT = 12.0


@dataclass(frozen=True, eq=False)
class Verdict:
    """What speaks for and against one fitted seed.

    Parameters
    ----------
    misfit
        Squared residuals a voxel round the seed, outliers counted linearly.
    amplitude
        By how much the model would have to be brighter to fit the image best.
    axis_error_deg
        Standard error of the axis, from the fit.
    reason
        Why it is no seed; none for a seed.
    """

    misfit: float
    amplitude: float
    axis_error_deg: float
    reason: RejectionReason | None

    @property
    def confidence(self) -> float:
        """0 to 1: high where the model explains the image."""
        strange = max(self.misfit - 1.5, 0) / LARGEST_MISFIT + abs(np.log(max(self.amplitude, 1e-3))) / 0.4
        return float(np.exp(-0.7 * strange))

    @property
    def axis_confidence(self) -> float:
        """0 to 1: about the chance that the axis is right within ten degrees."""
        return float(1 - np.exp(-0.5 * (10 / max(self.axis_error_deg, 0.1)) ** 2))


def judge(template: Template, patch: Patch, fit: PoseFit, seed_length_mm: float) -> list[Verdict]:
    """Return a verdict on each seed of a patch."""
    covariance = pose_covariance(template, patch, fit)
    amplitudes = _amplitudes(patch, fit)
    verdicts = []
    for index in range(len(fit.poses)):
        own = own_voxels(patch, fit.poses.select(np.array([index])), seed_length_mm)
        misfit, amplitude = _misfit(fit, own), amplitudes[index]
        axis_error = float(np.rad2deg(np.sqrt(np.trace(covariance[index, 3:, 3:]))))
        verdicts.append(Verdict(misfit, amplitude, axis_error, _reason(misfit, amplitude)))
    return verdicts


def _reason(misfit: float, amplitude: float) -> RejectionReason | None:
    if amplitude < AMPLITUDE[0]:
        return RejectionReason.FAINTER
    if amplitude > AMPLITUDE[1]:
        return RejectionReason.BRIGHTER
    if misfit > EXTENDED_MISFIT:
        return RejectionReason.EXTENDED
    if misfit > LARGEST_MISFIT:
        return RejectionReason.WRONG_SHAPE
    return None


def own_voxels(patch: Patch, poses: Poses, seed_length_mm: float) -> BoolArray:
    """Return which voxels lie within the bloom of any of some seeds, (N,); all where none does."""
    near = np.zeros(len(patch.points_mm), bool)
    for centre, axis in zip(poses.centres_mm, poses.axes, strict=True):
        away = patch.points_mm - centre
        along = np.clip(away @ axis, -seed_length_mm / 2, seed_length_mm / 2)
        near |= np.linalg.norm(away - along[:, None] * axis, axis=1) < OWN_MM
    return near if near.any() else np.ones(len(near), bool)


def _misfit(fit: PoseFit, own: BoolArray) -> float:
    size = np.abs(fit.residual[own])
    return float(np.where(size < OUTLIER, size**2, 2 * OUTLIER * size - OUTLIER**2).mean())


def _amplitudes(patch: Patch, fit: PoseFit) -> FloatArray:
    """Scales of the seeds' images that together fit best, (K,), over voxels that are not clipped."""
    free = (patch.values_hu < patch.ceiling_hu - 1) & (fit.each_hu.sum(axis=0) > LEAST_METAL_HU)
    images = fit.each_hu[:, free]
    rest = (patch.values_hu - patch.other_hu - fit.tissue_hu)[free] - images.sum(axis=0)
    correlation = images @ images.T
    stiffness = 1e-3 * np.trace(correlation) / len(images) + 1.0  # holds what is clipped everywhere at 1
    scales: FloatArray = 1 + np.linalg.solve(correlation + stiffness * np.eye(len(images)), images @ rest)
    return scales
