"""How a series was acquired, from the attributes of Slicer's DICOM import and from BIDS side-cars."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from brachyresponse.perfusion.series.acquisition import Acquisition
from brachyresponse.perfusion.signal.relaxivity import agent_named, available_agents

PREFIX = "MultiVolume.DICOM."


@dataclass(frozen=True)
class _Source:
    """Where a figure is looked for: its name here, the key there, and how many of its units that one has."""

    name: str
    key: str
    scale: float = 1.0


DICOM_SOURCES = (
    _Source("tr_s", PREFIX + "RepetitionTime", 1e-3),
    _Source("te_s", PREFIX + "EchoTime", 1e-3),
    _Source("flip_angle_deg", PREFIX + "FlipAngle"),
    _Source("field_strength_t", PREFIX + "MagneticFieldStrength"),
)
BIDS_SOURCES = (
    _Source("tr_s", "RepetitionTimeExcitation"),
    _Source("tr_s", "RepetitionTime"),
    _Source("te_s", "EchoTime"),
    _Source("flip_angle_deg", "FlipAngle"),
    _Source("field_strength_t", "MagneticFieldStrength"),
    _Source("dose_mmol_per_kg", "ContrastBolusDosePerKg"),
    _Source("preload_dose_mmol_per_kg", "ContrastPreloadDosePerKg"),
)
"""The last two are ours, in mmol/kg: BIDS has no word for a dose by weight."""
DICOM_AGENT_KEYS = (PREFIX + "ContrastBolusAgent", PREFIX + "ContrastBolusIngredient")
BIDS_AGENT_KEYS = ("ContrastBolusAgent", "ContrastBolusIngredient")


def acquisition_from_attributes(attributes: Mapping[str, str]) -> Acquisition:
    """Return the acquisition from attributes ``MultiVolume.DICOM.*``, where times are in ms as in DICOM.

    Raises
    ------
    PerfusionError
        A figure is outside what any scanner does.
    """
    return _read(attributes, DICOM_SOURCES, DICOM_AGENT_KEYS, lambda key: f"DICOM {key.removeprefix(PREFIX)}")


def acquisition_from_bids(side_car: Mapping[str, Any]) -> Acquisition:
    """Return the acquisition from a BIDS side-car, where times are in s.

    ``RepetitionTimeExcitation`` goes before ``RepetitionTime``, which BIDS also uses for the time between frames.

    Raises
    ------
    PerfusionError
        A figure is outside what any scanner does: usually a time written in ms.
    """
    return _read(side_car, BIDS_SOURCES, BIDS_AGENT_KEYS, lambda key: f"BIDS {key}")


def _read(
    values: Mapping[str, Any],
    sources: tuple[_Source, ...],
    agent_keys: tuple[str, ...],
    origin: Callable[[str], str],
) -> Acquisition:
    acquisition, notes = Acquisition(), []
    for source in sources:
        given = values.get(source.key)
        if getattr(acquisition, source.name) is not None or given in (None, ""):
            continue
        number = _number(given)
        if number is None:
            notes.append(f"{origin(source.key)} is {given!r}, expected one number: enter it.")
        else:
            acquisition = acquisition.with_value(source.name, number * source.scale, origin(source.key))
    agent, note = _agent({key: values.get(key) for key in agent_keys}, origin)
    if agent is not None:
        acquisition = acquisition.with_value("agent", agent[0], agent[1])
    return replace(acquisition, notes=(*notes, *note))


def _number(given: Any) -> float | None:
    """Return one number from a header, which may also write it as text or as a list of one."""
    if isinstance(given, list) and len(set(given)) == 1:
        given = given[0]
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return None
    try:
        return float(given)
    except ValueError:
        return None


def _agent(given: Mapping[str, Any], origin: Callable[[str], str]) -> tuple[tuple[str, str] | None, tuple[str, ...]]:
    """Return the agent with its origin, or a note about what was written instead of one."""
    notes = []
    for key, text in given.items():
        if not text:
            continue
        name = agent_named(str(text))
        if name is not None:
            return (name, f"{origin(key)}: {text}"), ()
        notes.append(
            f"{origin(key)} is {str(text)!r}, which names no contrast agent of the relaxivity table: choose one of "
            f"{', '.join(available_agents())}."
        )
    return None, tuple(notes)
