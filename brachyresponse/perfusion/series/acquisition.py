"""How a series was acquired, each figure with where it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType

from brachyresponse.errors import PerfusionError

ENTERED = "entered"
"""Where a figure comes from that a person gave."""


@dataclass(frozen=True)
class Acquisition:
    """The parameters that perfusion needs; what is not known is None, never a default.

    Parameters
    ----------
    tr_s, te_s
        Repetition and echo time.
    flip_angle_deg
        Nominal flip angle.
    field_strength_t
        Static field.
    agent
        Contrast agent, by its name in the relaxivity table.
    dose_mmol_per_kg, preload_dose_mmol_per_kg
        Contrast agent of the bolus, and of the injection before it (DSC); 0 where there was none.
    origins
        Where each figure was read, by its name here: ``{"tr_s": "BIDS RepetitionTime"}``.
    """

    tr_s: float | None = None
    te_s: float | None = None
    flip_angle_deg: float | None = None
    field_strength_t: float | None = None
    agent: str | None = None
    dose_mmol_per_kg: float | None = None
    preload_dose_mmol_per_kg: float | None = None
    origins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the figures, in the order in which they are shown."""
        return tuple(each.name for each in fields(cls) if each.name != "origins")

    def with_value(self, name: str, value: float | str | None, origin: str = ENTERED) -> Acquisition:
        """Return the acquisition with one figure changed, and where it comes from.

        Raises
        ------
        PerfusionError
            There is no figure of this name.
        """
        if name not in self.names():
            raise PerfusionError(
                f"There is no acquisition parameter {name!r}: choose one of {', '.join(self.names())}."
            )
        origins = {key: text for key, text in self.origins.items() if key != name}
        if value is not None:
            origins[name] = origin
        return replace(self, origins=MappingProxyType(origins), **{name: value})  # type: ignore[arg-type]

    def needed(self, name: str, what_for: str) -> float:
        """Return a figure that a computation cannot do without.

        Parameters
        ----------
        what_for
            Completes "is needed for ...".

        Raises
        ------
        PerfusionError
            It is not known.
        """
        value = getattr(self, name)
        if value is None:
            raise PerfusionError(f"The series does not tell its {name}, needed for {what_for}: enter it.")
        return float(value)
