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
    t2_ms
        By which the lines differ in width, so far as it is known; the rest of the width all share.
    area_protons
        So many protons have the area 1: the amplitude is the area of the line the metabolite is known by.
    systems, gaussians
        What it consists of.
    freedom
        Of its shift and width.
    source
        Where its figures come from.
    """

    name: str
    metabolite: Metabolite | None
    t2_ms: float
    area_protons: float
    systems: tuple[SpinSystem, ...]
    gaussians: tuple[GaussianLine, ...]
    freedom: Freedom
    source: str


@dataclass(frozen=True)
class ExpectedRatio:
    """What one component (a column by number) is expected to be of the sum of others, and how sure that is."""

    column: int
    to: tuple[int, ...]
    ratio: float
    sd: float


@cache
def expected_ratios() -> tuple[ExpectedRatio, ...]:
    """Return what is expected of the components."""
    place = {each.name: n for n, each in enumerate(components())}
    return tuple(
        ExpectedRatio(place[each["name"]], tuple(place[name] for name in each["to"]), each["ratio"], each["sd"])
        for each in _table()["expected_ratios"]["of"]
    )


@cache
def components() -> tuple[Component, ...]:
    """Return all components; at every echo time, as what has decayed is found to be small."""
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
        t2_ms=record.get("t2_ms", float("inf")),
        area_protons=record.get("area_protons", 1.0),
        systems=systems,
        gaussians=tuple(GaussianLine(*each) for each in record.get("gaussians", ())),
        freedom=Freedom(record["freedom"]),
        source=record["source"],
    )


@cache
def _table() -> dict[str, Any]:
    text = files("brachyresponse.spectroscopy").joinpath("data", "metabolites.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
