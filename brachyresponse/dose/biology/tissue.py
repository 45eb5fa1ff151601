"""What a tissue's answer to dose depends on: each parameter with the range that it is known to, and where from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite
from typing import Any

from brachyresponse.errors import DoseError


class ParameterStatus(StrEnum):
    """How far a parameter's source was followed."""

    READ = "read"
    """The value was read in the source that is named."""
    UNVERIFIED = "unverified"
    """The source is named from memory, or the range is assumed: check it before it is relied on."""
    ENTERED = "entered"
    """Given by the user."""


@dataclass(frozen=True)
class ParameterRange:
    """A parameter's likely value and the range around it.

    Raises
    ------
    DoseError
        Not ``low <= mid <= high``, or a value that is negative or not finite.
    """

    low: float
    mid: float
    high: float
    source: str = "entered by the user"
    status: ParameterStatus = ParameterStatus.ENTERED

    def __post_init__(self) -> None:
        if not (all(isfinite(value) for value in self.values) and 0 <= self.low <= self.mid <= self.high):
            raise DoseError(
                f"The range {self} is not usable: give three finite numbers, low, likely and high, none below the one "
                "before it and none negative."
            )

    @classmethod
    def of(cls, value: float) -> ParameterRange:
        """Return a value that is known without a range."""
        return cls(value, value, value)

    @property
    def values(self) -> tuple[float, float, float]:
        """Low, likely and high."""
        return self.low, self.mid, self.high

    @property
    def is_wide(self) -> bool:
        """Whether there is a range at all."""
        return self.low < self.high

    def __str__(self) -> str:
        return f"{self.low:g} to {self.mid:g} to {self.high:g}"


NO_KICK_OFF = ParameterRange(0, 0, 0, "regrowth is taken to begin at once", ParameterStatus.UNVERIFIED)
UNITS = {
    "alpha_beta_gy": ("α/β", "Gy"),
    "repair_half_time_h": ("repair half-time", "h"),
    "alpha_per_gy": ("α", "/Gy"),
    "doubling_time_days": ("doubling time Tp", "d"),
    "kick_off_days": ("kick-off of regrowth Tk", "d"),
}
"""Names and units of the parameters, as shown."""
MAY_BE_ZERO = ("kick_off_days",)
LEAST, MOST = 1e-3, 1e6
"""Beyond these no parameter of a tissue lies, in its unit: a slip of the unit or of the keyboard."""

CHANGED = ", changed"


@dataclass(frozen=True)
class TissueBiology:
    """Parameters of the linear-quadratic model with repair and regrowth, for one tissue.

    Parameters
    ----------
    name
        As ``late_brain``: what the presets and the command line call it.
    label
        In words.
    alpha_beta_gy, repair_half_time_h
        Of every tissue.
    alpha_per_gy, doubling_time_days
        Of a tumour, which regrows; None for a tissue that does not.
    kick_off_days
        When regrowth begins.

    Raises
    ------
    DoseError
        A range reaches 0 where it must not, or only one of alpha and doubling time is given.
    """

    name: str
    label: str
    alpha_beta_gy: ParameterRange
    repair_half_time_h: ParameterRange
    alpha_per_gy: ParameterRange | None = None
    doubling_time_days: ParameterRange | None = None
    kick_off_days: ParameterRange = NO_KICK_OFF

    def __post_init__(self) -> None:
        for name, values in self.parameters.items():
            shown, unit = UNITS[name]
            if values.low == 0 and name not in MAY_BE_ZERO:
                raise DoseError(f"The {shown} of {self.label} reaches down to 0 {unit}: give a positive range.")
            if values.high > MOST or (values.low < LEAST and name not in MAY_BE_ZERO):
                raise DoseError(
                    f"The {shown} of {self.label} is {values} {unit}: expected {LEAST:g} to {MOST:g} {unit}; check the "
                    "number and its unit."
                )
        if (self.alpha_per_gy is None) != (self.doubling_time_days is None):
            raise DoseError(
                f"{self.label} has only one of α and doubling time: a tumour that regrows has both, other tissue none."
            )

    @property
    def regrows(self) -> bool:
        """Whether cells lost are replaced during the implant."""
        return self.doubling_time_days is not None

    @property
    def parameters(self) -> Mapping[str, ParameterRange]:
        """The parameters that the tissue has, by their names."""
        every = {name: getattr(self, name) for name in UNITS}
        given = {name: values for name, values in every.items() if values is not None}
        if not self.regrows:
            given.pop("kick_off_days")
        return given

    def changed(self, **ranges: ParameterRange | None) -> TissueBiology:
        """Return the tissue with other parameters; what was a preset keeps its name and says that it was changed.

        Raises
        ------
        DoseError
            There is no such parameter, or it cannot be used.
        """
        for name in ranges:
            if name not in UNITS:
                raise DoseError(f"There is no parameter {name!r} of a tissue: expected one of {', '.join(UNITS)}.")
        label = self.label if self.label.endswith(CHANGED) else self.label + CHANGED
        fields: dict[str, Any] = {"label": label, **ranges}
        return replace(self, **fields)
