"""A seed model: what TG-43 needs to know of it."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from brachyresponse.errors import SourceError
from brachyresponse.sources.checks import check_tables
from brachyresponse.types import FloatArray, frozen_array

HOURS_PER_DAY = 24.0


@dataclass(frozen=True, eq=False)
class Source:
    """TG-43 data of one seed model, in the units they are published in.

    Parameters
    ----------
    name
        Stem of the data file, as ``amersham_6711``: what :func:`load_source` takes and a plan stores.
    model, manufacturer, radionuclide
        As written by the manufacturer; radionuclide as ``I-125``.
    half_life_days
        Of the radionuclide, as used with these data.
    dose_rate_constant
        Lambda, cGy/h/U.
    effective_length_cm
        L of the line-source geometry function.
    radial_radius_cm, radial_dose
        The radial dose function g_L, (R,) each.
    anisotropy_radius_cm, anisotropy_theta_deg, anisotropy
        The 2D anisotropy function F, (P,), (T,) and (P, T); angles from 0 to 90 (symmetric) or to 180.
    citation
        Where the data were published.
    notes
        Corrections and doubts, one sentence each.
    surrogate_for
        The seed that these data stand in for, in words; None when the implanted model is this one.

    Raises
    ------
    SourceError
        A table is not usable; the message names the field.
    """

    name: str
    model: str
    manufacturer: str
    radionuclide: str
    half_life_days: float
    dose_rate_constant: float
    effective_length_cm: float
    radial_radius_cm: FloatArray
    radial_dose: FloatArray
    anisotropy_radius_cm: FloatArray
    anisotropy_theta_deg: FloatArray
    anisotropy: FloatArray
    citation: str
    notes: tuple[str, ...] = ()
    surrogate_for: str | None = None

    def __post_init__(self) -> None:
        for field in fields(self):
            if field.type == "FloatArray":
                object.__setattr__(self, field.name, frozen_array(getattr(self, field.name), np.float64))
        check_tables(self)

    @property
    def label(self) -> str:
        """Model and manufacturer for people, with the surrogate said when there is one."""
        label = f"{self.model} ({self.manufacturer}, {self.radionuclide})"
        return label if self.surrogate_for is None else f"{label} as surrogate for {self.surrogate_for}"

    @property
    def decay_constant_per_h(self) -> float:
        """Lambda of the radionuclide's decay, 1/h."""
        return float(np.log(2)) / (self.half_life_days * HOURS_PER_DAY)

    @property
    def is_symmetric(self) -> bool:
        """Whether both ends of the seed are alike: the anisotropy table ends at 90 degrees."""
        return bool(self.anisotropy_theta_deg[-1] <= 90.0)

    def as_surrogate_for(self, description: str) -> Source:
        """Return the same data marked as standing in for another seed, described in words.

        Raises
        ------
        SourceError
            The description is empty.
        """
        if not description.strip():
            raise SourceError(f"Source {self.name!r}: say which seed it stands in for, the description is empty.")
        return replace(self, surrogate_for=description.strip())
