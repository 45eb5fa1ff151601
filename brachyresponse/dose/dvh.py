"""The dose-volume histogram of a structure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brachyresponse.errors import DoseError
from brachyresponse.types import AnyArray, FloatArray

LINEAR_POINTS = 400
TAIL_POINTS = 60
NATURAL_BINS = 100
ROUNDING = 1e-6
"""Doses are interpolated in float32: 110.1 Gy everywhere shall reach 110.1 Gy."""


@dataclass(frozen=True, eq=False)
class Dvh:
    """Dose and volume of the samples of a structure, and what is read from them.

    Every dose statistic, and every volume in percent, is of the part of the structure inside the dose grid; the dose
    outside is unknown. Where a part is outside, :attr:`warning` says so and belongs beside every number.

    Parameters
    ----------
    name
        Of the structure.
    sample_dose_gy
        (N,), ascending.
    sample_volume_cc
        (N,), the volume of each sample.
    volume_cc
        Of the whole structure, the part outside the dose grid included.
    outside_fraction
        Share of the volume, 0 to 1, outside the dose grid.
    """

    name: str
    sample_dose_gy: AnyArray
    sample_volume_cc: FloatArray
    volume_cc: float
    outside_fraction: float = 0.0

    @property
    def warning(self) -> str:
        """One sentence when a part of the structure is outside the dose grid, else empty."""
        if self.outside_fraction == 0:
            return ""
        return (
            f"{100 * self.outside_fraction:.2g} % of {self.name} lies outside the dose grid: "
            "dose and volume in percent are of the part inside; enlarge the dose grid."
        )

    @property
    def inside_cc(self) -> float:
        """Volume of the part inside the dose grid, cm3."""
        return float(self._below_cc[-1])

    @property
    def min_gy(self) -> float:
        """Lowest dose of a sample, Gy."""
        return float(self.sample_dose_gy[0])

    @property
    def max_gy(self) -> float:
        """Highest dose of a sample, Gy; near seeds it depends on the sampling, D0.1cc hardly does."""
        return float(self.sample_dose_gy[-1])

    @cached_property
    def mean_gy(self) -> float:
        """Mean dose, Gy."""
        return float(self.sample_dose_gy @ self.sample_volume_cc) / self.inside_cc

    def d(self, percent: float) -> float:
        """Return Dx: the least dose, Gy, to the hottest ``percent`` of the structure (D0 maximum, D100 minimum).

        Raises
        ------
        DoseError
            The percentage is not 0 to 100.
        """
        if not 0 <= percent <= 100:
            raise DoseError(f"D{percent:g} of {self.name} is not defined: give 0 to 100 percent of the volume.")
        if percent == 0:
            return self.max_gy
        return self.min_gy if percent == 100 else self._dose_of_hottest(percent / 100 * self.inside_cc)

    def d_cc(self, volume_cc: float) -> float:
        """Return the least dose, Gy, to the hottest ``volume_cc`` cm3 of the structure.

        Raises
        ------
        DoseError
            The volume is negative, or larger than the structure (its part inside the dose grid).
        """
        if not 0 <= volume_cc <= self.inside_cc:
            raise DoseError(f"D{volume_cc:g}cc is not defined: {self.name} has {self.inside_cc:.3g} cc in the grid.")
        return self._dose_of_hottest(volume_cc)

    def v(self, dose_gy: float) -> float:
        """Return Vx: percent of the volume that receives at least ``dose_gy``."""
        return 100 * self.v_cc(dose_gy) / self.inside_cc

    def v_cc(self, dose_gy: float) -> float:
        """Return the volume, cm3, that receives at least ``dose_gy``; the part outside the dose grid is not counted."""
        return float(self.cumulative_cc(np.array([dose_gy]))[0])

    def cumulative_cc(self, dose_gy: AnyArray) -> FloatArray:
        """Return the volumes, cm3, that receive at least each of the doses, Gy; the shape is that of ``dose_gy``."""
        dose = np.asarray(dose_gy, float) * (1 - ROUNDING)
        volume_cc: FloatArray = self.inside_cc - self._below_cc[np.searchsorted(self.sample_dose_gy, dose)]
        return volume_cc

    @cached_property
    def dose_gy(self) -> FloatArray:
        """Doses of the cumulative curve, Gy: even steps from 0 to D1, then wider ones to the maximum near seeds."""
        knee = self.d(1)
        even = np.linspace(0, knee, LINEAR_POINTS)
        if not 0 < knee < self.max_gy:
            return even
        return np.concatenate([even, np.geomspace(knee, self.max_gy, TAIL_POINTS)[1:]])

    @cached_property
    def volume_cc_above(self) -> FloatArray:
        """Volume, cm3, that receives at least each dose of :attr:`dose_gy`: the cumulative curve."""
        return self.cumulative_cc(self.dose_gy)

    def differential(self) -> tuple[FloatArray, FloatArray]:
        """Return the differential histogram: dose in the middle of each step of :attr:`dose_gy`, Gy, and cm3 per Gy."""
        steps_gy = np.diff(self.dose_gy)
        width = np.where(steps_gy > 0, steps_gy, 1.0)  # all steps are 0 where the dose is 0: so is the histogram
        volume_cc = np.diff(-self.volume_cc_above)
        return (self.dose_gy[1:] + self.dose_gy[:-1]) / 2, volume_cc / width

    def natural(self) -> tuple[FloatArray, FloatArray]:
        """Return the natural histogram: u in Gy^(-3/2), the middle of each step, and the volume per u, cm3 Gy^(3/2).

        With u = D^(-3/2) the volume per u is constant round a lone point source without attenuation (D as 1/r^2); a
        peak over that level is the uniform part of an implant. Even steps in u from the maximum to D99.

        Raises
        ------
        DoseError
            D99 is zero: u would be infinite.

        References
        ----------
        Anderson 1986, Med. Phys. 13:898 (natural volume-dose histogram).
        """
        lowest_gy = self.d(99)
        if lowest_gy <= 0:
            raise DoseError(f"The natural histogram of {self.name} is not defined: its D99 is 0 Gy.")
        u = np.linspace(self.max_gy**-1.5, lowest_gy**-1.5, NATURAL_BINS + 1)
        if u[-1] <= u[0] * (1 + 2 * ROUNDING):
            raise DoseError(f"The natural histogram of {self.name} is not defined: its dose is the same everywhere.")
        volume_cc = np.diff(self.cumulative_cc(u ** (-2 / 3)))
        return (u[1:] + u[:-1]) / 2, volume_cc / np.diff(u)

    @cached_property
    def _below_cc(self) -> FloatArray:
        """Volume of all samples colder than sample n, (N + 1,)."""
        below = np.zeros(len(self.sample_volume_cc) + 1)
        np.cumsum(self.sample_volume_cc, out=below[1:])
        return below

    @cached_property
    def _middle_cc(self) -> FloatArray:
        """Volume up to the middle of each sample, from the coldest, (N,)."""
        middle: FloatArray = self._below_cc[:-1] + self.sample_volume_cc / 2
        return middle

    def _dose_of_hottest(self, volume_cc: float) -> float:
        """Dose read from the line through the middles of the samples: no steps where samples are few."""
        return float(np.interp(self.inside_cc - volume_cc, self._middle_cc, self.sample_dose_gy))
