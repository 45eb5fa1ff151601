"""How the dose rate of an implant falls, and when it ends: what leads from a dose to the dose rate it began with."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, isinf, log
from typing import Protocol

import numpy as np

from brachyresponse.dose.bed import CGY_PER_GY, HOURS_PER_DAY
from brachyresponse.dose.repair import decay_integral_h
from brachyresponse.errors import DoseError
from brachyresponse.types import AnyArray, FloatArray


class Decaying(Protocol):
    """A source model, as far as its decay goes."""

    @property
    def radionuclide(self) -> str: ...  # noqa: D102
    @property
    def half_life_days(self) -> float: ...  # noqa: D102


@dataclass(frozen=True)
class Exposure:
    """Irradiation by sources of one radionuclide, which all decay alike whatever their strengths.

    Parameters
    ----------
    half_life_days
        Of the radionuclide.
    duration_days
        Until the sources are removed; infinite for a permanent implant.

    Raises
    ------
    DoseError
        The half-life or the duration is not positive.
    """

    half_life_days: float
    duration_days: float = inf

    def __post_init__(self) -> None:
        if not (isfinite(self.half_life_days) and self.half_life_days > 0):
            raise DoseError(f"The half-life is {self.half_life_days:g} days: give a positive number.")
        if not self.duration_days > 0:
            raise DoseError(
                f"The implant lasts {self.duration_days:g} days: give a positive number, or none for a permanent one."
            )

    @classmethod
    def of(cls, *sources: Decaying, duration_days: float = inf) -> Exposure:
        """Return the exposure to sources of one radionuclide.

        Raises
        ------
        DoseError
            There is no source, or the sources are of several radionuclides.
        """
        if not sources:
            raise DoseError("No source is given: the fall of the dose rate is that of its radionuclide.")
        kinds = {source.radionuclide: source.half_life_days for source in sources}
        if len(kinds) > 1 or any(source.half_life_days != sources[0].half_life_days for source in sources):
            named = ", ".join(f"{source.radionuclide} ({source.half_life_days:g} d)" for source in sources)
            raise DoseError(
                f"The sources are {named}: the biological dose is of one radionuclide with one half-life, since the "
                "dose rate of a mixture falls differently in every voxel."
            )
        return cls(sources[0].half_life_days, duration_days)

    @property
    def is_permanent(self) -> bool:
        """Whether the sources stay."""
        return isinf(self.duration_days)

    @property
    def hours(self) -> float:
        """Time, h, that at the initial dose rate gives the dose."""
        per_h = log(2) / (self.half_life_days * HOURS_PER_DAY)
        return float(decay_integral_h(per_h, np.asarray(self.duration_days * HOURS_PER_DAY)))

    def initial_rate_cgy_per_h(self, dose_gy: AnyArray | float) -> FloatArray:
        """Return the initial dose rates of the doses given by the end; the shape is that of ``dose_gy``."""
        return np.asarray(dose_gy, float) * (CGY_PER_GY / self.hours)

    @property
    def description(self) -> str:
        """In words, ``permanent implant, half-life 59.4 d``."""
        kind = "permanent implant" if self.is_permanent else f"temporary implant of {self.duration_days:.4g} d"
        return f"{kind}, half-life {self.half_life_days:g} d"
