"""The seed's capsule: inside it TG-43 is undefined, and the dose is that of its nearest surface point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.sources import Source
from brachyresponse.types import FloatArray

STANDARD_HALF_LENGTH_CM = 0.225
STANDARD_RADIUS_CM = 0.04
END_BEYOND_SOURCE_CM = 0.019
"""As short as keeps G_L finite: with L up to 4.56 mm the whole capsule lies within 2.5 mm of the seed's centre."""


@dataclass(frozen=True)
class Capsule:
    """A closed cylinder round the seed's axis.

    4.5 x 0.8 mm, the outer size of nearly every I-125 and Pd-103 seed, but never shorter than 0.19 mm beyond
    either end of the line source, so that G_L is finite on its surface.
    """

    half_length_cm: float
    radius_cm: float

    @classmethod
    def of(cls, source: Source) -> Capsule:
        """Return the capsule of a seed model."""
        reach_cm = source.effective_length_cm / 2 + END_BEYOND_SOURCE_CM
        return cls(max(STANDARD_HALF_LENGTH_CM, reach_cm), STANDARD_RADIUS_CM)

    def onto_surface(self, along_cm: FloatArray, away_cm: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return positions with those inside moved to the nearest point of the surface; the others as they are."""
        below_side = self.radius_cm - away_cm
        below_end = self.half_length_cm - np.abs(along_cm)
        inside = (below_side > 0) & (below_end > 0)
        to_side = inside & (below_side <= below_end)
        to_end = inside & ~to_side
        moved_away = np.where(to_side, self.radius_cm, away_cm)
        moved_along = np.where(to_end, np.copysign(self.half_length_cm, along_cm), along_cm)
        return moved_along, moved_away
