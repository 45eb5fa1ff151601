"""A radioactive liquid: what the dose of a balloon filled with it needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from brachyresponse.errors import SourceError
from brachyresponse.types import FloatArray, frozen_array

MBQ_PER_MCI = 37.0
TABLE_STEP_CM = 0.002
TABLE_END_CM = 60.0
"""Beyond it the dose rate of I-125 is below a billionth of that at 1 cm."""


@dataclass(frozen=True, eq=False)
class LiquidSource:
    """Isotropic point kernel of a bare radionuclide in water, and its strength by the activity contained.

    Parameters
    ----------
    name, model, description, radionuclide
        For programs, and for people.
    half_life_days
        Of the radionuclide.
    strength_u_per_mci_contained
        Air-kerma strength, U, of 1 mCi contained in the liquid; seeds have another number, of apparent activity.
    dose_rate_constant
        Lambda, cGy/h/U.
    radial_radius_cm, radial_dose
        The radial dose function g of a point source, (R,) each.
    uncertainty_percent
        Systematic, of the dose rate at 1 cm.
    citation, notes
        Origin of the numbers, and what was checked.
    stands_in
        What the data stand in for, in words; empty for data of the liquid itself.

    Raises
    ------
    SourceError
        A number is not positive, or the radii do not rise.
    """

    name: str
    model: str
    description: str
    radionuclide: str
    half_life_days: float
    strength_u_per_mci_contained: float
    dose_rate_constant: float
    radial_radius_cm: FloatArray
    radial_dose: FloatArray
    uncertainty_percent: float
    citation: str
    notes: tuple[str, ...] = ()
    stands_in: str = ""

    def __post_init__(self) -> None:
        for field in ("radial_radius_cm", "radial_dose"):
            object.__setattr__(self, field, frozen_array(getattr(self, field), np.float64))
        for field in ("half_life_days", "strength_u_per_mci_contained", "dose_rate_constant"):
            number = getattr(self, field)
            if not (np.isfinite(number) and number > 0):
                raise SourceError(f"Liquid {self.name!r}: {field} is {number}; give a positive number.")
        self._check_table()

    @property
    def label(self) -> str:
        """Model and radionuclide for people."""
        return f"{self.model} (liquid {self.radionuclide})"

    @property
    def strength_u_per_mbq_contained(self) -> float:
        """Air-kerma strength, U, of 1 MBq contained."""
        return self.strength_u_per_mci_contained / MBQ_PER_MCI

    @property
    def rate_at_1_cm(self) -> float:
        """Dose rate at 1 cm from a point of the liquid, cGy/h per MBq contained, where g is 1."""
        return self.strength_u_per_mbq_contained * self.dose_rate_constant

    def radial(self, radius_cm: FloatArray) -> FloatArray:
        """Return g at distances in cm, any shape; 0 beyond 60 cm.

        ln g is a monotone cubic between the table's radii, which keeps a straight line straight, and goes on as a
        straight line outside them.
        """
        found: FloatArray = np.interp(radius_cm, *self._fine_table, right=0.0)
        return found

    @cached_property
    def _fine_table(self) -> tuple[FloatArray, FloatArray]:
        """Radii and g, close enough together for linear interpolation."""
        from scipy.interpolate import PchipInterpolator

        radii, log_g = self.radial_radius_cm, np.log(self.radial_dose)
        fine = np.linspace(0.0, TABLE_END_CM, round(TABLE_END_CM / TABLE_STEP_CM) + 1)
        slopes = np.diff(log_g) / np.diff(radii)
        outside = slopes[0] * np.minimum(fine - radii[0], 0) + slopes[-1] * np.maximum(fine - radii[-1], 0)
        return fine, np.exp(PchipInterpolator(radii, log_g)(np.clip(fine, radii[0], radii[-1])) + outside)

    def _check_table(self) -> None:
        radii, g = self.radial_radius_cm, self.radial_dose
        if radii.ndim != 1 or radii.shape != g.shape or radii.size < 2:
            raise SourceError(
                f"Liquid {self.name!r}: {radii.size} radii and {g.size} values of g; give one g a radius, at least two."
            )
        if not (np.isfinite(radii).all() and radii[0] > 0 and (np.diff(radii) > 0).all()):
            raise SourceError(f"Liquid {self.name!r}: the radii of g do not rise from above 0; sort them.")
        if not (np.isfinite(g).all() and (g > 0).all()):
            raise SourceError(f"Liquid {self.name!r}: g holds values that are not positive; correct the table.")


def mci_to_mbq(activity_mci: float) -> float:
    """Return an activity of any kind in MBq: 1 mCi is 37 MBq."""
    return activity_mci * MBQ_PER_MCI


def contained_mbq_to_u(activity_mbq: float, liquid: LiquidSource) -> float:
    """Return the air-kerma strength, U, of an activity contained in a liquid, MBq.

    Not to be mixed with :func:`brachyresponse.sources.mbq_to_u`, which is of the apparent activity of a seed.

    Raises
    ------
    SourceError
        The activity is negative or not finite.
    """
    if not (np.isfinite(activity_mbq) and activity_mbq >= 0):
        raise SourceError(f"The contained activity is {activity_mbq} MBq: give a finite number that is not negative.")
    return activity_mbq * liquid.strength_u_per_mbq_contained
