"""Air-kerma strength and apparent activity: U, MBq, mCi.

Activity is *apparent* throughout: that of a bare point source of the radionuclide with the same air-kerma strength,
as manufacturers and planning systems quote it. It is not the activity contained in the capsule.
"""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TypeVar

import numpy as np

from brachyresponse.errors import SourceError
from brachyresponse.types import FloatArray

Amount = TypeVar("Amount", float, FloatArray)


class StrengthUnit(StrEnum):
    """Units in which the strength of a seed is quoted."""

    U = "U"
    """Air-kerma strength, 1 U = 1 cGy cm2/h = 1 uGy m2/h."""
    MBQ = "MBq"
    """Apparent activity."""
    MCI = "mCi"
    """Apparent activity, 1 mCi = 37 MBq."""


def convert_strength(value: Amount, unit: str, to_unit: str, radionuclide: str) -> Amount:
    """Return a strength or apparent activity in another unit of :class:`StrengthUnit`.

    Parameters
    ----------
    value
        One number or an array.
    unit, to_unit
        Of ``value`` and of the result: ``"U"``, ``"MBq"`` or ``"mCi"``.
    radionuclide
        As ``I-125``: 1 mCi apparent is 1.270 U of I-125 and 1.293 U of Pd-103.

    Raises
    ------
    SourceError
        An unknown unit or radionuclide, or a value that is negative or not finite.

    References
    ----------
    Rivard et al. 2004, Med Phys 31:633 (TG-43U1).
    """
    if not (np.isfinite(value).all() and np.min(value, initial=0.0) >= 0):
        raise SourceError(f"A seed's strength is {value} {unit}: give a finite number that is not negative.")
    factor = _u_per(_as_unit(unit), radionuclide) / _u_per(_as_unit(to_unit), radionuclide)
    return value * factor


def mbq_to_u(activity_mbq: Amount, radionuclide: str) -> Amount:
    """Return the air-kerma strength, U, of an apparent activity in MBq."""
    return convert_strength(activity_mbq, StrengthUnit.MBQ, StrengthUnit.U, radionuclide)


def mci_to_u(activity_mci: Amount, radionuclide: str) -> Amount:
    """Return the air-kerma strength, U, of an apparent activity in mCi."""
    return convert_strength(activity_mci, StrengthUnit.MCI, StrengthUnit.U, radionuclide)


def u_to_mbq(air_kerma_strength_u: Amount, radionuclide: str) -> Amount:
    """Return the apparent activity, MBq, of an air-kerma strength in U."""
    return convert_strength(air_kerma_strength_u, StrengthUnit.U, StrengthUnit.MBQ, radionuclide)


def u_to_mci(air_kerma_strength_u: Amount, radionuclide: str) -> Amount:
    """Return the apparent activity, mCi, of an air-kerma strength in U."""
    return convert_strength(air_kerma_strength_u, StrengthUnit.U, StrengthUnit.MCI, radionuclide)


def _as_unit(unit: str) -> StrengthUnit:
    try:
        return StrengthUnit(unit)
    except ValueError as error:
        raise SourceError(f"A seed's strength in {unit!r} is not known: give it in U, MBq or mCi.") from error


def _u_per(unit: StrengthUnit, radionuclide: str) -> float:
    if unit is StrengthUnit.U:
        return 1.0
    mbq_per_mci, u_per_mci = _conversions()
    if radionuclide not in u_per_mci:
        raise SourceError(
            f"No activity conversion is known for {radionuclide!r} (known: {', '.join(u_per_mci)}): "
            "give the air-kerma strength in U."
        )
    return u_per_mci[radionuclide] / (mbq_per_mci if unit is StrengthUnit.MBQ else 1.0)


@cache
def _conversions() -> tuple[float, dict[str, float]]:
    """MBq in a mCi, and U in a mCi apparent of each radionuclide."""
    text = (files("brachyresponse.sources") / "data/radionuclides/activity_conversions.json").read_text("utf-8")
    data = json.loads(text)
    return float(data["mbq_per_mci"]), {name: float(u) for name, u in data["u_per_mci_apparent"].items()}
