"""How a series was acquired, each figure with where it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType

from brachyresponse.errors import PerfusionError

ENTERED = "entered"
"""Where a figure comes from that a person gave."""


@dataclass(frozen=True)
class _Limits:
    """Between what a figure lies in any perfusion scan of a person; what is outside was given in another unit."""

    label: str
    unit: str
    lowest: float
    highest: float
    smaller_unit: str = ""
    otherwise: str = ""

    def refusal(self, value: float) -> str:
        """Return why a value cannot be, and what it may have been."""
        meant = []
        if self.smaller_unit and self.lowest <= value / 1000 <= self.highest:
            meant.append(f"if {value:g} is in {self.smaller_unit}, give {value / 1000:g} {self.unit}")
        if self.smaller_unit and self.lowest <= value * 1000 <= self.highest:
            meant.append(f"it seems divided by 1000 once too often, and is {value * 1000:g} {self.unit}")
        return (
            f"The {self.label} is {value:g} {self.unit}, expected {self.lowest:g} to {self.highest:g} {self.unit}: "
            f"{'; '.join(filter(None, [*meant, self.otherwise])) or 'correct it'}."
        )


LIMITS: Mapping[str, _Limits] = MappingProxyType(
    {
        "tr_s": _Limits(
            "repetition time", "s", 0.0005, 4, "ms", "if it is the time between frames, give that between excitations"
        ),
        "te_s": _Limits("echo time", "s", 0.00005, 0.2, "ms"),
        "flip_angle_deg": _Limits("flip angle", "degrees", 0.1, 180),
        "field_strength_t": _Limits("field strength", "T", 0.05, 25),
        "dose_mmol_per_kg": _Limits("dose", "mmol/kg", 0, 1),
        "preload_dose_mmol_per_kg": _Limits("preload dose", "mmol/kg", 0, 1),
    }
)


@dataclass(frozen=True)
class Acquisition:
    """The parameters that perfusion needs; what is not known is None, never a default.

    Parameters
    ----------
    tr_s, te_s
        Repetition time, from one excitation to the next of the same slice, and echo time.
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
    notes
        What was found but could not be taken, a sentence each.

    Raises
    ------
    PerfusionError
        A figure is outside what any scanner does, as a repetition time of 5 s: it has another unit.
    """

    tr_s: float | None = None
    te_s: float | None = None
    flip_angle_deg: float | None = None
    field_strength_t: float | None = None
    agent: str | None = None
    dose_mmol_per_kg: float | None = None
    preload_dose_mmol_per_kg: float | None = None
    origins: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, limits in LIMITS.items():
            value = getattr(self, name)
            if value is not None and not limits.lowest <= value <= limits.highest:
                origin = self.origins.get(name, ENTERED)
                raise PerfusionError(
                    limits.refusal(value) + ("" if origin == ENTERED else f" It was read from {origin}.")
                )

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the figures, in the order in which they are shown."""
        return tuple(each.name for each in fields(cls) if each.name not in ("origins", "notes"))

    def with_value(self, name: str, value: float | str | None, origin: str = ENTERED) -> Acquisition:
        """Return the acquisition with one figure changed, and where it comes from.

        Raises
        ------
        PerfusionError
            There is no figure of this name, or it cannot have this value.
        """
        if name not in self.names():
            raise PerfusionError(
                f"There is no acquisition parameter {name!r}: choose one of {', '.join(self.names())}."
            )
        origins = {key: text for key, text in self.origins.items() if key != name}
        if value is not None:
            origins[name] = origin
        return replace(self, origins=MappingProxyType(origins), **{name: value})  # type: ignore[arg-type]

    def completed_by(self, other: Acquisition) -> Acquisition:
        """Return the acquisition with what it does not know taken from another one."""
        missing = [name for name in self.names() if getattr(self, name) is None and getattr(other, name) is not None]
        result = replace(self, notes=(*self.notes, *other.notes))
        for name in missing:
            result = result.with_value(name, getattr(other, name), other.origins.get(name, ENTERED))
        return result

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
            limits = LIMITS[name]
            raise PerfusionError(
                f"The series does not tell its {limits.label}, needed for {what_for}: enter {name}, in {limits.unit}."
            )
        return float(value)
