"""The part of a report that tells of biological dose: ranges, an earlier beam, and all that they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets, section, table
from brachyresponse.report.markup import NOTHING, Markup, element, joined

if TYPE_CHECKING:
    from brachyresponse.dose.biology import BiologyEvaluation
    from brachyresponse.planning.exports import Cell, Table

TITLE = "Biological dose: a range, not a verdict"
CAPTION = (
    "BED over time at the dose of D90. It is counted up to its highest point, the effective time, or to the end of the "
    "implant; what is given later is outgrown."
)


def biology_section(evaluation: BiologyEvaluation, chart: Markup = NOTHING) -> Markup:
    """Return the section: figures as ranges, what regrowth does, the sum with an earlier beam, parameters, limits."""
    from brachyresponse.planning import biology_tables as tables

    return section(
        TITLE,
        bullets(element("span", sentence, class_="fail") for sentence in evaluation.warnings),
        _ranges(tables.biology_table(evaluation), (("Dose Gy", 1), ("BED Gy", 3), ("EQD2 Gy", 3))),
        _ranges(tables.regrowth_table(evaluation), (("Range", 3), ("Unit", 1))),
        element("figure", chart, element("figcaption", CAPTION)) if chart else NOTHING,
        _beam(tables.sum_table(evaluation)),
        element("h3", "Parameters"),
        _plain(tables.parameters_table(evaluation)),
        bullets(evaluation.assumptions),
        class_="biology",
    )


def _beam(found: Table) -> Markup:
    if not found.rows:
        return NOTHING
    columns = (("Beam EQD2 Gy", 3), ("Implant EQD2 Gy", 3), ("Sum EQD2 Gy", 3))
    return joined(element("h3", "With the earlier external beam"), _ranges(found, columns))


def _ranges(found: Table, columns: Sequence[tuple[str, int]]) -> Markup:
    """Return a table whose cells from the fourth on are shown as ranges: of each heading so many cells, then notes."""
    if not found.rows:
        return NOTHING
    headings = [heading.capitalize() for heading in found.columns[:3]] + [heading for heading, _ in columns]
    rows = []
    for cells in found.rows:
        place, row = 3, list(cells[:3])
        for _, count in columns:
            row.append(_range(cells[place : place + count]))
            place += count
        rows.append(row)
    notes = dict.fromkeys(f"{cells[2]} of {cells[0]}: {cells[-1]}" for cells in found.rows if _is_note(found, cells))
    return joined(table(headings, rows, numbers=range(3, len(headings))), bullets(notes))


def _is_note(found: Table, cells: Sequence[Cell]) -> bool:
    return found.columns[-1] == "note" and bool(cells[-1])


def _range(cells: Sequence[Cell]) -> str:
    """Return ``37.8 (12.0 to 60.1)``, the likely value first; a dash where nothing is known."""
    numbers = [cell for cell in cells if isinstance(cell, int | float)]
    if len(numbers) == 3:
        low, likely, high = (f"{number:.1f}" for number in numbers)
        return likely if low == high else f"{likely} ({low} to {high})"
    return f"{numbers[0]:.1f}" if numbers else str(cells[0]) or "–"


def _shown(cell: Cell) -> object:
    if cell == "unverified":
        return element("span", cell, class_="unverified")
    return f"{cell:g}" if isinstance(cell, float) else cell


def _plain(found: Table) -> Markup:
    rows = ([_shown(cell) for cell in row] for row in found.rows)
    return table([column.capitalize() for column in found.columns], rows, numbers=(2, 3, 4))
