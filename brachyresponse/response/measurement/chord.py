"""A straight segment in the plane of a slice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import FloatArray


@dataclass(frozen=True, eq=False)
class Chord:
    """A segment in the plane of a slice; (2,) each, mm."""

    start_mm: FloatArray
    end_mm: FloatArray

    @property
    def length_mm(self) -> float:
        """Length, mm."""
        return float(np.hypot(*(self.end_mm - self.start_mm)))
