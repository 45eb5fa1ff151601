"""Metabolite amplitudes that another program fitted, as a CSV file.

Columns, in any order, comma or semicolon between them, a dot in numbers:

- ``metabolite`` (needed): Cho, Cr, NAA, Lac, Lip13, Lip09, Ins or Glx, or the names in ``data/metabolite_names.json``
  that programs use for them (tCho, GPC+PCh, ...).
- ``amplitude`` (needed) and ``unit`` (one for all rows; empty is allowed: ratios need none).
- ``crb_percent`` (needed): Cramer-Rao bound, percent of the amplitude.
- ``te_ms`` (needed): echo time, the same in all rows.
- ``i``, ``j``, ``k``: index of the voxel from 0; left out for a single voxel.
- ``line_width_hz``, ``snr``: of the voxel; left out where not known.

Other columns are left alone. A row a metabolite and voxel.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import TypeVar

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.geometry import Grid
from brachyresponse.spectroscopy.vocabulary import Metabolite

NEEDED = ("metabolite", "amplitude", "crb_percent", "te_ms")
INDEX = ("i", "j", "k")
Cell = TypeVar("Cell")


@dataclass(frozen=True)
class TableValue:
    """One row: a metabolite in a voxel."""

    voxel: tuple[int, int, int]
    metabolite: Metabolite
    amplitude: float
    crb_percent: float
    line_width_hz: float | None = None
    snr: float | None = None


@dataclass(frozen=True, eq=False)
class MetaboliteTable:
    """Amplitudes of one or many voxels.

    Parameters
    ----------
    unit
        As the file states it; empty where it does not.
    grid
        Where the voxels lie; None where it is not known.
    """

    name: str
    values: tuple[TableValue, ...]
    echo_time_ms: float
    unit: str = ""
    grid: Grid | None = None

    @property
    def voxels(self) -> tuple[tuple[int, int, int], ...]:
        """Indices (i, j, k), in the order of the file."""
        return tuple(dict.fromkeys(value.voxel for value in self.values))

    def of(self, voxel: tuple[int, int, int]) -> tuple[TableValue, ...]:
        """Return the rows of a voxel."""
        return tuple(value for value in self.values if value.voxel == voxel)


def read_metabolite_table(path: str | Path) -> MetaboliteTable:
    """Return the amplitudes of a CSV file as the module describes it.

    Raises
    ------
    InputFileError
        The file cannot be read, a column is missing, or a row is wrong or there twice; the message names the row.
    """
    path = Path(path)
    try:
        return parse_metabolite_table(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(f"{path.name} cannot be read: {reason_of(error)}.") from error


def parse_metabolite_table(text: str, name: str) -> MetaboliteTable:
    """Return the amplitudes of a CSV text; ``name`` is the file's, for errors.

    Raises
    ------
    InputFileError
        As :func:`read_metabolite_table`.
    """
    cells = _rows(text, name)
    values = tuple(_value(row) for row in cells)
    _refuse_repeated(name, values)
    return MetaboliteTable(
        name=name,
        values=values,
        echo_time_ms=_common(name, "te_ms", [row.number("te_ms", above=0.0) for row in cells]),
        unit=_common(name, "unit", [row.text("unit") for row in cells]),
    )


def _rows(text: str, name: str) -> list[_Row]:
    """The rows of a text that has the needed columns."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    heading = lines[0] if lines else ""
    separator = ";" if heading.count(";") > heading.count(",") else ","
    _check_columns(name, [column.strip() for column in heading.split(separator)])
    rows = csv.DictReader(StringIO("\n".join(lines)), delimiter=separator, skipinitialspace=True)
    found = [_Row(f"{name}, row {number}", row) for number, row in enumerate(rows, start=2)]
    if not found:
        raise InputFileError(f"{name} has columns and no rows: export the table again.")
    return found


def _check_columns(name: str, columns: Sequence[str]) -> None:
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise InputFileError(
            f"{name} has no column {', '.join(missing)} (it has {', '.join(columns)}): a metabolite table needs "
            f"{', '.join(NEEDED)}."
        )
    if len(set(INDEX) & set(columns)) not in (0, len(INDEX)):
        raise InputFileError(f"{name} has some of the columns i, j, k: give all three, or none for a single voxel.")


@cache
def metabolite_by_name() -> dict[str, Metabolite]:
    """Return which metabolite a name means, in lower case."""
    text = files("brachyresponse.spectroscopy.reading").joinpath("data", "metabolite_names.json").read_text("utf-8")
    names = {Metabolite(key): words for key, words in json.loads(text)["names"].items()}
    return {word.lower(): metabolite for metabolite, words in names.items() for word in (metabolite, *words)}


@dataclass(frozen=True)
class _Row:
    """A row of the file and what errors call it."""

    where: str
    cells: dict[str, str | None]

    def text(self, column: str) -> str:
        found = next((value for key, value in self.cells.items() if str(key).strip() == column), None)
        return (found or "").strip() if isinstance(found, str) or found is None else ""

    def number(self, column: str, *, above: float | None = None) -> float:
        text = self.text(column)
        try:
            value = float(text)
        except ValueError as error:
            raise InputFileError(f"{self.where}: {column} is {text!r}, expected a number.") from error
        if not abs(value) < 1e300 or value < 0 or (above is not None and value <= above):
            raise InputFileError(f"{self.where}: {column} is {text}, expected a number above 0.")
        return value

    def optional(self, column: str) -> float | None:
        return self.number(column) if self.text(column) else None

    def index(self, column: str) -> int:
        text = self.text(column) or "0"
        if not text.isdigit():
            raise InputFileError(f"{self.where}: {column} is {text!r}, expected a whole number from 0.")
        return int(text)


def _value(row: _Row) -> TableValue:
    name = row.text("metabolite")
    metabolite = metabolite_by_name().get(name.lower())
    if metabolite is None:
        known = ", ".join(Metabolite)
        raise InputFileError(f"{row.where}: metabolite {name!r} is not known; expected {known}, or leave the row out.")
    i, j, k = (row.index(column) for column in INDEX)
    return TableValue(
        voxel=(i, j, k),
        metabolite=metabolite,
        amplitude=row.number("amplitude"),
        crb_percent=row.number("crb_percent"),
        line_width_hz=row.optional("line_width_hz"),
        snr=row.optional("snr"),
    )


def _refuse_repeated(name: str, values: Sequence[TableValue]) -> None:
    seen = set()
    for value in values:
        key = (value.voxel, value.metabolite)
        if key in seen:
            raise InputFileError(
                f"{name} has {value.metabolite} of voxel {value.voxel} twice: give one row for each (a sum such as "
                "GPC+PCh is one)."
            )
        seen.add(key)


def _common(name: str, column: str, values: Sequence[Cell]) -> Cell:
    found = list(dict.fromkeys(values))
    if len(found) > 1:
        raise InputFileError(f"{name}: {column} is {' and '.join(map(str, found[:3]))}, expected one for all rows.")
    return found[0]
