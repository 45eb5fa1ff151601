"""The laws by which the digital patient's lesions shrink, grow and swell."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, isinf


@dataclass(frozen=True)
class Swelling:
    """A passing rise of the volume: a factor 1 + height exp(-((day - peak_day) / width_days)^2 / 2)."""

    height: float
    peak_day: float
    width_days: float

    def factor(self, day: float) -> float:
        """Return how many times larger a lesion is on a day after the implant."""
        return 1 + self.height * exp(-(((day - self.peak_day) / self.width_days) ** 2) / 2)


@dataclass(frozen=True)
class VolumeLaw:
    """Two parts of a lesion: one dies after the implant by halves, the other resists and grows by doubling.

    With r the resistant share, T the half-life, D the doubling time on day 0 and S the time in which growth slows to
    1/e of its rate (Gompertz; without end it is exponential), t days after the implant::

        V(t) / V(0) = [(1 - r) 2^(-max(t, 0) / T) + r 2^(g / D)] swelling(t),  g = S (1 - exp(-t / S))

    Made up, not fitted to patients. A part that rests has an infinite time.
    """

    resistant_share: float = 1.0
    half_life_days: float = inf
    doubling_days: float = inf
    slowing_days: float = inf
    swelling: Swelling | None = None

    def share(self, day: float) -> float:
        """Return the volume on a day after the implant as a share of that on day 0."""
        dying = (1 - self.resistant_share) * 2 ** (-max(day, 0.0) / self.half_life_days)
        growing_days = day if isinf(self.slowing_days) else self.slowing_days * (1 - exp(-day / self.slowing_days))
        resisting = self.resistant_share * 2 ** (growing_days / self.doubling_days)
        return (dying + resisting) * (self.swelling.factor(day) if self.swelling else 1.0)
