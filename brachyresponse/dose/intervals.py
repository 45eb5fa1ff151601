"""A number of a dose-volume histogram that is not sure: as found, and the ends of what was sampled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import FloatArray


@dataclass(frozen=True)
class Interval:
    """A number as found, and the median and ends of what was sampled."""

    label: str
    unit: str
    as_found: float
    low: float
    median: float
    high: float

    @property
    def text(self) -> str:
        """The interval as shown: ``D90 142.1 Gy (135.0 to 148.3)``."""
        return f"{self.label} {self.as_found:.1f} {self.unit} ({self.low:.1f} to {self.high:.1f})"


def interval_of(label: str, unit: str, as_found: float, sampled: FloatArray, coverage_percent: float) -> Interval:
    """Return the interval that leaves equal parts of the sampled numbers out at both ends."""
    tail = (100 - coverage_percent) / 2
    low, median, high = np.percentile(sampled, [tail, 50, 100 - tail])
    return Interval(label, unit, as_found, float(low), float(median), float(high))
