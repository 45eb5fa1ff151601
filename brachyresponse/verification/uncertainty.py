"""How far found seeds may lie and point from the truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.errors import VerificationError
from brachyresponse.seeds import Seeds

FEWEST_SAMPLES = 20
FEWEST_POINTS = 200


@dataclass(frozen=True)
class SeedUncertainty:
    """How far found seeds may lie and point from the truth: independent normal errors of each seed.

    The defaults are assumptions of this software, of the order of a finder's error on thick slices; give those of
    your own images.

    Parameters
    ----------
    position_sd_mm
        Standard deviation along each of the patient's axes.
    axis_sd_deg
        Standard deviation of the tilt about each of two axes across the seed. Leclerc et al. 2004 (Radiother Oncol
        72:213) found seeds 23 to 27 degrees (sd) off the implant's axis: what it is when the axis is not measured.
    common_sd_mm
        Standard deviation, along each axis, of a shift of all seeds together against the target: of the contour.
    samples
        How many implants are drawn.
    points
        About how many points of the target are looked at.
    coverage_percent
        Of the interval.
    random_seed
        The same number gives the same interval.

    Raises
    ------
    VerificationError
        A number cannot be used.
    """

    position_sd_mm: float = 0.5
    axis_sd_deg: float = 10.0
    common_sd_mm: float = 0.0
    samples: int = 200
    points: int = 3000
    coverage_percent: float = 95.0
    random_seed: int = 0

    def __post_init__(self) -> None:
        for name in ("position_sd_mm", "axis_sd_deg", "common_sd_mm"):
            value = getattr(self, name)
            if not (np.isfinite(value) and value >= 0):
                raise VerificationError(f"Robustness: {name} is {value}; give 0 or a positive number.")
        if self.samples < FEWEST_SAMPLES or self.points < FEWEST_POINTS:
            raise VerificationError(
                f"Robustness: {self.samples} samples at {self.points} points are too few for an interval; give at "
                f"least {FEWEST_SAMPLES} and {FEWEST_POINTS}."
            )
        if not 0 < self.coverage_percent < 100:
            raise VerificationError(f"Robustness: an interval covers 0 to 100 %, not {self.coverage_percent} %.")


def disturbed(seeds: Seeds, assumed: SeedUncertainty, random: np.random.Generator) -> Seeds:
    """Return the seeds after random errors of their positions and axes."""
    offset_mm = random.normal(0, assumed.position_sd_mm, (seeds.count, 3))
    common_mm = random.normal(0, assumed.common_sd_mm, 3)
    tilt = random.normal(0, np.deg2rad(assumed.axis_sd_deg), (seeds.count, 3))
    axis = seeds.directions
    across = tilt - (tilt * axis).sum(axis=1, keepdims=True) * axis  # normal in both directions across the axis
    angle = np.linalg.norm(across, axis=1, keepdims=True)
    turned = np.cos(angle) * axis + np.sinc(angle / np.pi) * across
    return replace(seeds, positions_mm=seeds.positions_mm + offset_mm + common_mm, directions=turned)
