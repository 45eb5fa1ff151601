"""How a ratio is named, coded and shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from brachyresponse.perfusion.study import Code
from brachyresponse.spectroscopy.vocabulary import RatioName


@dataclass(frozen=True)
class RatioFacts:
    """Facts of a ratio.

    Parameters
    ----------
    file
        Name of the file of its map, without the ending.
    quantity, units
        Codes of DICOM PS3.16 (CID 7180, 7181) where there is one, else of our own scheme.
    window
        Lowest and highest value that are shown.
    colour
        Name of the colour table, as Slicer calls it.
    """

    name: RatioName
    label: str
    file: str
    quantity: Code
    units: Code
    window: tuple[float, float]
    colour: str


@cache
def ratio_facts() -> dict[RatioName, RatioFacts]:
    """Return the facts of all ratios by name."""
    text = files("brachyresponse.spectroscopy.study").joinpath("data", "ratios.json").read_text(encoding="utf-8")
    return {RatioName(row["id"]): _facts(row) for row in json.loads(text)["ratios"]}


def _facts(row: dict[str, object]) -> RatioFacts:
    low, high = row["window"]  # type: ignore[misc]
    return RatioFacts(
        name=RatioName(str(row["id"])),
        label=str(row["label"]),
        file=str(row["file"]),
        quantity=Code(*row["quantity"]),  # type: ignore[misc]
        units=Code(*row["units"]),  # type: ignore[misc]
        window=(float(low), float(high)),  # type: ignore[has-type]
        colour=str(row["colour"]),
    )
