"""The maps of a study: what they are called, in which unit, and how they are coded and shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from brachyresponse.perfusion.vocabulary import Vocabulary


class MapName(Vocabulary):
    """What a map shows; :func:`map_facts` has its label, unit and codes."""

    T1 = "t1"
    KTRANS = "ktrans"
    KTRANS_ERROR = "ktrans_error"
    KEP = "kep"
    VE = "ve"
    VP = "vp"
    VP_ERROR = "vp_error"
    FP = "fp"
    PS = "ps"
    DELAY = "delay"
    RESIDUAL = "residual"
    R_SQUARED = "r_squared"
    AT_BOUND = "at_bound"
    PATLAK_WEIGHT = "patlak_weight"
    RCBV = "rcbv"
    RCBV_UNCORRECTED = "rcbv_uncorrected"
    NRCBV = "nrcbv"
    """rCBV over its mean in white matter."""
    K1 = "k1"
    K2 = "k2"
    CBV = "cbv"
    CBF = "cbf"
    MTT = "mtt"
    TMAX = "tmax"
    PSR = "psr"
    RPH = "rph"


@dataclass(frozen=True)
class Code:
    """A coded entry as DICOM and Slicer write it."""

    value: str
    scheme: str
    meaning: str


@dataclass(frozen=True)
class MapFacts:
    """How a map is named, coded and shown.

    Parameters
    ----------
    label
        For people.
    unit
        For people, empty where there is none.
    quantity, units
        Codes of DICOM PS3.16 (CID 7180, 7181), else of our own scheme.
    window
        Lowest and highest value that are shown; None where it goes by the values.
    colour
        Name of the colour table, as Slicer calls it.
    decimals
        With which values are written.
    ratio_label
        What lesion over white matter is called; empty where this ratio says nothing.
    """

    name: MapName
    label: str
    unit: str
    quantity: Code
    units: Code
    window: tuple[float, float] | None
    colour: str
    decimals: int
    ratio_label: str = ""

    @property
    def title(self) -> str:
        """Label with the unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


def map_facts(name: MapName | str) -> MapFacts:
    """Return the facts of a map.

    Raises
    ------
    ValueError
        There is no map of this name.
    """
    return _table()[MapName(name)]


@cache
def _table() -> dict[MapName, MapFacts]:
    text = files("brachyresponse.perfusion.study").joinpath("data", "maps.json").read_text(encoding="utf-8")
    return {MapName(row["id"]): _facts(row) for row in json.loads(text)["maps"]}


def _facts(row: dict[str, object]) -> MapFacts:
    window = row["window"]
    return MapFacts(
        name=MapName(str(row["id"])),
        label=str(row["label"]),
        unit=str(row["unit"]),
        quantity=Code(*row["quantity"]),  # type: ignore[misc]
        units=Code(*row["units"]),  # type: ignore[misc]
        window=(float(window[0]), float(window[1])) if isinstance(window, list) else None,
        colour=str(row["colour"]),
        decimals=int(str(row["decimals"])),
        ratio_label=str(row.get("ratio", "")),
    )
