"""Which of the fitted seeds are seeds: by what the image shows beyond and below the model."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt

import numpy as np

from brachyresponse.seeds.detection.amplitude import amplitudes
from brachyresponse.seeds.detection.detected import RejectionReason
from brachyresponse.seeds.detection.fitting import Patch, PoseFit, Poses, robust
from brachyresponse.seeds.detection.template import Template
from brachyresponse.types import BoolArray

OWN_MM = 2.4
LARGEST_MISFIT = 10.0
LARGEST_SHARED_MISFIT = 7.0
"""Of a lone seed, and of one of several in a patch, where a wrong shape is more easily made up."""
MISFIT_FACTOR = 3.0
"""Images that all fit less well allow more: this many times the usual misfit."""
AMPLITUDE = (0.65, 1.5)
BONE_HU = 350.0
WELL_PLACED_MM = 0.5
"""A seed of whose place no more is known is one of less confidence."""
LEAST_CONTRAST_SHARE = 0.45
"""Of the faintest seed's peak, that the brightest voxel must rise above the tissue."""


@dataclass(frozen=True)
class Usual:
    """What the lone seeds of an image are like: median misfit and median brightness beside the model."""

    misfit: float = 1.0
    amplitude: float = 1.0


@dataclass(frozen=True, eq=False)
class Verdict:
    """What speaks for and against one fitted seed.

    Parameters
    ----------
    misfit
        Squared residuals a voxel round the seed, outliers counted linearly.
    amplitude
        By how much the model would have to be brighter to fit the image best, beside the image's other seeds.
    reason
        Why it is no seed; none for a seed.
    """

    misfit: float
    amplitude: float
    reason: RejectionReason | None

    @property
    def confidence(self) -> float:
        """0 to 1: high where the model explains the image; at most a half for what is rejected."""
        strange = max(self.misfit - 1.5, 0) / 6.0 + abs(np.log(np.clip(self.amplitude, 0.05, 20))) / 0.4
        return float(np.exp(-0.7 * strange)) * (1.0 if self.reason is None else 0.5)


def judge(template: Template, patch: Patch, fit: PoseFit, length_mm: float, usual: Usual) -> list[Verdict]:
    """Return a verdict on each seed of a patch."""
    scales = amplitudes(patch, fit) / usual.amplitude
    most = max(LARGEST_MISFIT if len(scales) == 1 else LARGEST_SHARED_MISFIT, MISFIT_FACTOR * usual.misfit)
    verdicts = []
    for index, amplitude in enumerate(scales):
        own = own_voxels(patch, fit.poses.select(np.array([index])), length_mm)
        misfit = float(robust(fit.residual[own]).mean())
        reason = _reason(misfit / most, amplitude)
        if not stands_out(template, patch, fit, own):
            reason = RejectionReason.EXTENDED if fit.tissue_hu > BONE_HU else RejectionReason.FAINTER
        verdicts.append(Verdict(misfit, float(amplitude), reason))
    return verdicts


def stands_out(template: Template, patch: Patch, fit: PoseFit, voxels: BoolArray) -> bool:
    """Tell whether any of some voxels (N,) rises above the tissue as far as the faintest seed would."""
    rise_hu = (patch.values_hu - patch.other_hu - fit.tissue_hu)[voxels].max()
    highest_hu = min(template.faintest_peak_hu, patch.ceiling_hu - fit.tissue_hu)
    return bool(rise_hu >= LEAST_CONTRAST_SHARE * highest_hu)


def _reason(share_of_largest_misfit: float, amplitude: float) -> RejectionReason | None:
    if amplitude < AMPLITUDE[0]:
        return RejectionReason.FAINTER
    if amplitude > AMPLITUDE[1]:
        return RejectionReason.BRIGHTER
    return RejectionReason.WRONG_SHAPE if share_of_largest_misfit > 1 else None


def seed_confidence(centre_spread_mm: float, verdict: Verdict) -> float:
    """Return the confidence in a seed at its place: less where the image does not say where that is."""
    return verdict.confidence * erf(WELL_PLACED_MM / (sqrt(2) * max(centre_spread_mm, 0.01)))


def axis_confidence(spread_deg: float, verdict: Verdict) -> float:
    """Return about the chance that an axis is right within ten degrees, less where the seed itself is in doubt."""
    return float(-np.expm1(-0.5 * (10 / max(spread_deg, 0.1)) ** 2) * np.sqrt(verdict.confidence))


def own_voxels(patch: Patch, poses: Poses, seed_length_mm: float) -> BoolArray:
    """Return which voxels lie within the bloom of any of some seeds, (N,); all where none does."""
    near = np.zeros(len(patch.points_mm), bool)
    for centre, axis in zip(poses.centres_mm, poses.axes, strict=True):
        away = patch.points_mm - centre
        along = np.clip(away @ axis, -seed_length_mm / 2, seed_length_mm / 2)
        near |= np.linalg.norm(away - along[:, None] * axis, axis=1) < OWN_MM
    return near if near.any() else np.ones(len(near), bool)
