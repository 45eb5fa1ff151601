"""How strongly a contrast agent shortens T1, by agent, field and medium: a table, never interpolated."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from brachyresponse.errors import PerfusionError

NOMINAL_FIELD_SHARE = 0.07
"""A magnet of 2.89 T is sold as 3 T: how far, as a share, a field may be from the table's nominal one."""


class Medium(StrEnum):
    """What the agent is dissolved in."""

    BLOOD = "blood"
    PLASMA = "plasma"


@dataclass(frozen=True)
class Relaxivity:
    """One row of the table.

    Parameters
    ----------
    per_s_per_mmol_l
        r1, L/(mmol s), at 37 C.
    uncertainty
        Its standard deviation as published, in the same unit; None where none is known.
    species
        Whose blood or plasma it was.
    source
        The publication.
    verified
        Whether the figure was read in the publication; one that was not is never a default.
    """

    agent: str
    medium: Medium
    field_strength_t: float
    per_s_per_mmol_l: float
    uncertainty: float | None
    species: str
    source: str
    verified: bool

    def describe(self) -> str:
        """Return the figure with its spread and source, for people."""
        spread = "" if self.uncertainty is None else f" +/- {self.uncertainty:g}"
        doubt = "" if self.verified else "; not verified"
        return (
            f"{self.agent} in {self.species} {self.medium} at {self.field_strength_t:g} T: "
            f"{self.per_s_per_mmol_l:g}{spread} L/(mmol s), {self.source}{doubt}"
        )


def available_agents() -> list[str]:
    """Return the names of the contrast agents in the table, sorted."""
    return sorted(agent["name"] for agent in _table()["agents"])


def agent_named(text: str) -> str | None:
    """Return the table's name of an agent from its generic name, chelate or trade name; None where it is none of them.

    Case, blanks and signs do not count, and what a header adds (``"GADAVIST 1.0 mmol/mL"``) does not either.
    """
    words = f" {_plain(text)} "
    matches = [(len(name), agent) for name, agent in _names().items() if f" {name} " in words]
    return max(matches)[1] if matches else None


def relaxivity(agent: str, field_strength_t: float, medium: Medium | str = Medium.BLOOD) -> Relaxivity:
    """Return the default relaxivity of an agent: the table's first verified one for this field and medium.

    Sources differ by up to 30 %: :func:`relaxivities` lists them all.

    Raises
    ------
    PerfusionError
        The agent, the medium or the field is not in the table, or its figure is not verified.
    """
    rows = relaxivities(agent, medium)
    fields = sorted({row.field_strength_t for row in rows if row.verified})
    at_field = [row for row in rows if is_nominal_field(row.field_strength_t, field_strength_t)]
    verified = [row for row in at_field if row.verified]
    if verified:
        return verified[0]
    if at_field:
        raise PerfusionError(
            f"The relaxivity table has only figures that are not verified for this: {at_field[0].describe()}; enter "
            "the relaxivity to use it."
        )
    known = ", ".join(f"{field:g}" for field in fields) or "no field"
    raise PerfusionError(
        f"The relaxivity of {agent} in {Medium(medium)} at {field_strength_t:g} T is not in the table, which has "
        f"{known} T: enter the relaxivity; it is not interpolated between fields."
    )


def relaxivities(agent: str, medium: Medium | str) -> tuple[Relaxivity, ...]:
    """Return all rows of an agent in a medium, the preferred source first, unverified ones last.

    Raises
    ------
    PerfusionError
        The agent or the medium is not in the table.
    """
    name = agent_named(agent)
    if name is None:
        raise PerfusionError(
            f"The relaxivity table has no contrast agent {agent!r}: choose one of {', '.join(available_agents())}."
        )
    if medium not in tuple(Medium):
        raise PerfusionError(f"The relaxivity table has no medium {medium!r}: choose one of {', '.join(Medium)}.")
    rows = [row for row in _rows() if row.agent == name and row.medium == medium]
    return tuple(sorted(rows, key=lambda row: not row.verified))


def is_nominal_field(nominal_t: float, field_strength_t: float) -> bool:
    """Tell whether a magnet of some field strength is sold as one of a nominal field."""
    return abs(field_strength_t - nominal_t) <= NOMINAL_FIELD_SHARE * nominal_t


@cache
def _table() -> dict[str, Any]:
    text = (files("brachyresponse.perfusion.signal") / "data" / "relaxivity.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table


@cache
def _rows() -> tuple[Relaxivity, ...]:
    return tuple(
        Relaxivity(
            agent=row["agent"],
            medium=Medium(row["medium"]),
            field_strength_t=row["field_strength_t"],
            per_s_per_mmol_l=row["r1_per_s_per_mmol_l"],
            uncertainty=row["uncertainty"],
            species=row["species"],
            source=_table()["sources"][row["source"]],
            verified=row["status"] == "verified",
        )
        for row in _table()["rows"]
    )


@cache
def _names() -> dict[str, str]:
    """Return the agent of every way to write one."""
    return {
        _plain(written): agent["name"]
        for agent in _table()["agents"]
        for written in (agent["name"], agent["chelate"], *agent["also_called"])
    }


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))
