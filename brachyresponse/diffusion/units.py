"""The unit of an ADC map: never guessed, and held against what living tissue can have."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from brachyresponse.errors import DiffusionError
from brachyresponse.geometry import Volume
from brachyresponse.types import AnyArray

ADC_UNIT = "1e-6 mm2/s"
"""That of every ADC in the library; the same number in um2/s."""
SUPERSCRIPTS = str.maketrans({"²": "2", "⁻": "-", "³": "3", "⁵": "5", "⁶": "6", "µ": "u", "μ": "u", "−": "-"})
"""How units are written in other programs; u is how UCUM writes micro."""
NO_UNIT = ("", "1", "no units")
"""What stands in files whose unit nobody stated: DICOM's default of MR images among them."""


def unit_factor(unit: str) -> float:
    """Return by what an ADC in a unit is multiplied to be in 1e-6 mm2/s.

    Raises
    ------
    DiffusionError
        The unit is not given, or is none of an ADC.
    """
    words = _plain(unit)
    if words in NO_UNIT:
        raise DiffusionError(
            f"The ADC map has no unit: give it, as {ADC_UNIT} where white matter has about 800; it is not guessed."
        )
    known = _factors()
    if words not in known:
        names = ", ".join(str(each["names"][0]) for each in diffusion_data()["units"])
        raise DiffusionError(f"The unit {unit!r} of the ADC map is not known: give one of {names}.")
    return known[words]


def adc_in_um2_per_s(adc: Volume, unit: str = "") -> Volume:
    """Return an ADC map in 1e-6 mm2/s; by its own unit, or the one given, which goes first.

    Raises
    ------
    DiffusionError
        There is no unit, it is not known, or no voxel holds a number.
    """
    factor = unit_factor(unit or adc.unit)
    if not np.isfinite(adc.values).any():
        raise DiffusionError(f"The ADC map {adc.name!r} holds no number: choose another one, or compute it again.")
    values = adc.values if factor == 1 else adc.values * np.float64(factor)
    return replace(adc, values=values, unit=ADC_UNIT)


def check_magnitude(values_um2_per_s: AnyArray, what: str, *, is_reference: bool, unit: str = ADC_UNIT) -> None:
    """Refuse values (N,) that living tissue cannot have: the unit is another one, or it is no ADC.

    Parameters
    ----------
    what
        Where they were taken, for the sentence.
    is_reference
        White matter, which has narrower bounds than a lesion.
    unit
        As which the map was read.

    Raises
    ------
    DiffusionError
        Their median lies outside the bounds; the message names the factor by which the unit is likely to be wrong.
    """
    known = values_um2_per_s[np.isfinite(values_um2_per_s)]
    if not known.size:
        return
    low, high = diffusion_data()["plausible"]["reference_um2_per_s" if is_reference else "lesion_um2_per_s"]
    median = float(np.median(known))
    if low <= median <= high:
        return
    raise DiffusionError(
        f"The median ADC of {what} is {median:.3g} x {ADC_UNIT}, expected {low:g} to {high:g}, with the map read in "
        f"{unit or ADC_UNIT}: {_likely(median, low, high)}"
    )


def _likely(median: float, low: float, high: float) -> str:
    powers = [power for power in range(-12, 13) if power and low <= median * 10.0**power <= high]
    if median <= 0 or not powers:
        return "it is no ADC map, or not scaled; choose another one."
    power = min(powers, key=abs)
    off = f"{10 ** abs(power):,} times too {'small' if power > 0 else 'large'}"
    return f"its values are likely {off}; correct the unit."


def _plain(unit: str) -> str:
    text = unit.strip().lower().translate(SUPERSCRIPTS).replace("×", "x").replace("*", "").replace("^2", "2")
    return " ".join(text.replace("x 10", "x10").split())


@cache
def _factors() -> dict[str, float]:
    return {_plain(name): float(each["factor"]) for each in diffusion_data()["units"] for name in each["names"]}


@cache
def diffusion_data() -> dict[str, Any]:
    """Return the data file of diffusion: codes, units and bounds."""
    text = resources.files(__package__).joinpath("data", "maps.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
