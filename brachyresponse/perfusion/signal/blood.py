"""T1 and hematocrit of blood, with their sources."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.signal.relaxivity import is_nominal_field


@dataclass(frozen=True)
class BloodT1:
    """T1 of blood without contrast agent.

    Parameters
    ----------
    t1_s, uncertainty_s
        T1 and its standard deviation as published; None where none is known.
    source
        The publication, and whose blood it was.
    verified
        Whether the figure was read in the publication.
    """

    field_strength_t: float
    t1_s: float
    uncertainty_s: float | None
    source: str
    verified: bool


@dataclass(frozen=True)
class Hematocrit:
    """The share of red cells in the blood of large vessels, and where the figure comes from."""

    value: float
    source: str


def blood_t1(field_strength_t: float) -> BloodT1:
    """Return the default T1 of blood at a field: the table's first verified one.

    Raises
    ------
    PerfusionError
        The table has none at this field; it is not interpolated.
    """
    for row in blood_t1_table():
        if row.verified and is_nominal_field(row.field_strength_t, field_strength_t):
            return row
    known = " and ".join(f"{field:g}" for field in sorted({row.field_strength_t for row in blood_t1_table()}))
    raise PerfusionError(
        f"T1 of blood at {field_strength_t:g} T is not in the table, which has {known} T: enter T1 of blood; it is "
        "not interpolated between fields."
    )


@cache
def blood_t1_table() -> tuple[BloodT1, ...]:
    """Return all rows of the table, the preferred one of each field first."""
    table = _table()
    return tuple(
        BloodT1(
            row["field_strength_t"],
            row["t1_s"],
            row["uncertainty_s"],
            table["sources"][row["source"]],
            row["status"] == "verified",
        )
        for row in table["t1"]
    )


@cache
def default_hematocrit() -> Hematocrit:
    """Return the hematocrit of large vessels that is taken where none is measured."""
    row = _table()["hematocrit"]
    return Hematocrit(row["large_vessels"], row["source"])


@cache
def _table() -> dict[str, Any]:
    text = (files("brachyresponse.perfusion.signal") / "data" / "blood.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


DEFAULT_HEMATOCRIT = default_hematocrit().value
"""The figure of :func:`default_hematocrit`, which also tells its source."""
