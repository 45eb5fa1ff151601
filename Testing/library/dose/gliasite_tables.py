"""Dose-rate tables of the GliaSite reference, read from its page."""

from __future__ import annotations

import re

from reference import REFERENCE

PAGE = REFERENCE / "gliasite.md"


def dose_rates_per_mci() -> tuple[list[float], dict[float, list[float]]]:
    """Return the distances, cm, and by radius of the liquid, cm, the dose rates, cGy/h per contained mCi."""
    rows = _rows_after("Dose rate per contained mCi")
    distances = [float(cell.removesuffix(" cm")) for cell in rows[0][1:]]
    return distances, {_radius_cm(row[0]): [float(cell) for cell in row[1:]] for row in rows[2:]}


def relative_doses() -> dict[float, list[float]]:
    """Return, by radius in cm: surface / 1 cm, 0.5 / 1, 1.5 / 1, 2 / 1, surface / 0.5, surface rate per mCi/mL."""
    rows = _rows_after("Relative to the prescription point")
    return {_radius_cm(row[0]): [float(cell) for cell in row[1:]] for row in rows[2:]}


def _rows_after(heading: str) -> list[list[str]]:
    table = PAGE.read_text(encoding="utf-8").split(heading)[1].split("\n\n")[1]
    return [[cell.strip() for cell in line.strip("| ").split("|")] for line in table.strip().splitlines()]


def _radius_cm(name: str) -> float:
    """Radius of ``3 cm, 14.14 mL`` (a diameter) or of ``15 mL (R 1.5299)``."""
    if match := re.search(r"\(R ([\d.]+)\)", name):
        return float(match[1])
    return float(name.split(" cm")[0]) / 2
