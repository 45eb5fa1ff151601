"""The components of a fitted spectrum, as the table of metabolites has them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from brachyresponse.spectroscopy.basis.spin_system import SpinSystem
from brachyresponse.spectroscopy.vocabulary import Metabolite


class Freedom(StrEnum):
    """What a component may do beside the shift and width that all share."""

    SINGLET = "singlet"
    LACTATE = "lactate"
    LIPID = "lipid"
    NONE = "none"


@dataclass(frozen=True)
class GaussianLine:
    """A broad line, its area a share of its component's."""

    shift_ppm: float
    width_ppm: float
    area: float


@dataclass(frozen=True)
class Component:
    """One column of the fit.

    Parameters
    ----------
    name
        Of the column; a metabolite may have several.
    metabolite
        Whose amplitude this is a part of; None for what is only there to be told apart.
    area_protons
        So many protons have the area 1: the amplitude is the area of the line the metabolite is known by.
    systems, gaussians
        What it consists of.
    freedom
        Of its shift and width.
    is_short_echo
        Whether it has decayed at a long echo time, and is left out there.
    source
        Where its figures come from.
    """

    name: str
    metabolite: Metabolite | None
    area_protons: float
    systems: tuple[SpinSystem, ...]
    gaussians: tuple[GaussianLine, ...]
    freedom: Freedom
    is_short_echo: bool
    source: str


def components_at(echo_time_ms: float) -> tuple[Component, ...]:
    """Return the components that are fitted at an echo time."""
    return tuple(each for each in _components() if is_short(echo_time_ms) or not each.is_short_echo)


def is_short(echo_time_ms: float) -> bool:
    """Whether macromolecules and strongly coupled metabolites are still there at this echo time."""
    return bool(echo_time_ms < _table()["long_echo_from_ms"])


@cache
def _components() -> tuple[Component, ...]:
    return tuple(_component(record) for record in _table()["components"])


def _component(record: dict[str, Any]) -> Component:
    systems = tuple(
        SpinSystem(
            shifts_ppm=tuple(each["shifts_ppm"]),
            couplings_hz=tuple((int(a), int(b), float(j)) for a, b, j in each["couplings_hz"]),
            protons=each["protons"],
        )
        for each in record.get("systems", ())
    )
    return Component(
        name=record["name"],
        metabolite=None if record["metabolite"] is None else Metabolite(record["metabolite"]),
        area_protons=record.get("area_protons", 1.0),
        systems=systems,
        gaussians=tuple(GaussianLine(*each) for each in record.get("gaussians", ())),
        freedom=Freedom(record["freedom"]),
        is_short_echo=record.get("echo") == "short",
        source=record["source"],
    )


@cache
def _table() -> dict[str, Any]:
    text = files("brachyresponse.spectroscopy").joinpath("data", "metabolites.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
