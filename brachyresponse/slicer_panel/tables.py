"""Filling the tables of a panel: text, tool tips and verdicts, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import qt


class Verdict(StrEnum):
    """How a value stands to its limit."""

    MET = "met"
    WARNING = "warning"
    NOT_MET = "not met"
    NONE = ""


# Icons of the style, because they are drawn to be seen on a dark background as well.
_ICONS = {
    Verdict.MET: "SP_DialogApplyButton",
    Verdict.WARNING: "SP_MessageBoxWarning",
    Verdict.NOT_MET: "SP_MessageBoxCritical",
}


@dataclass(frozen=True)
class Cell:
    """What one cell of a table shows.

    Parameters
    ----------
    text
        As shown.
    tool_tip
        Formula, source or reason behind the text.
    verdict
        Shown as an icon before the text.
    checked
        A check box with this state; None for none.
    editable
        Whether the user may type into it.
    number
        Numbers stand at the right of their column.
    fill, ink
        Colours of the cell and of its text, as ``#c04f00``; empty for those of the theme.
    """

    text: str = ""
    tool_tip: str = ""
    verdict: Verdict = Verdict.NONE
    checked: bool | None = None
    editable: bool = False
    number: bool = False
    fill: str = ""
    ink: str = ""


def fill_table(table: qt.QTableWidget, rows: Sequence[Sequence[Cell]]) -> None:
    """Show rows in a QTableWidget; the selected rows stay selected and no signal says that cells have changed."""
    selected = selected_rows(table)
    was_blocked = table.blockSignals(True)
    table.setRowCount(len(rows))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            _show(table, row, column, cell)
    table.clearSelection()
    for row in selected:
        if row < len(rows):
            _select(table, row)
    table.blockSignals(was_blocked)


def selected_rows(table: qt.QTableWidget) -> list[int]:
    """Return the selected rows of a QTableWidget, ascending."""
    return sorted({index.row() for index in table.selectionModel().selectedRows()})


def fill_matrix(
    table: qt.QTableWidget, columns: Sequence[str], rows: Sequence[str], cells: Sequence[Sequence[Cell]]
) -> None:
    """Show rows and columns with their headings, each column as wide as its content."""
    was_blocked = table.blockSignals(True)
    table.setColumnCount(len(columns))
    table.setHorizontalHeaderLabels(list(columns))
    table.horizontalHeader().setSectionResizeMode(qt.QHeaderView.ResizeToContents)
    fill_table(table, cells)
    table.setVerticalHeaderLabels(list(rows))
    table.resizeColumnsToContents()
    table.blockSignals(was_blocked)


def select_cell(table: qt.QTableWidget, row: int, column: int) -> None:
    """Select one cell of a QTableWidget without telling anybody; a cell that is not there selects none."""
    was_blocked = table.blockSignals(True)
    table.clearSelection()
    if 0 <= row < table.rowCount and 0 <= column < table.columnCount:
        table.setCurrentCell(row, column)
        table.scrollToItem(table.item(row, column))
    table.blockSignals(was_blocked)


def fit_columns(table: qt.QTableWidget, stretched: int | None = None) -> None:
    """Make every column as wide as its content, and give one the room that is left; without one, make all equal."""
    header = table.horizontalHeader()
    for column in range(table.columnCount):
        stretch = stretched is None or column == stretched
        mode = qt.QHeaderView.Stretch if stretch else qt.QHeaderView.ResizeToContents
        header.setSectionResizeMode(column, mode)


def limit_column(table: qt.QTableWidget, column: int, width: int) -> None:
    """Make a column that is wider than some pixels as wide; the user can still widen it."""
    if table.columnWidth(column) > width:
        table.horizontalHeader().setSectionResizeMode(column, qt.QHeaderView.Interactive)
        table.setColumnWidth(column, width)


def _show(table: qt.QTableWidget, row: int, column: int, cell: Cell) -> None:
    item = table.item(row, column)
    if item is None:
        item = qt.QTableWidgetItem()
        table.setItem(row, column, item)
    item.setText(cell.text)
    item.setToolTip(cell.tool_tip)
    flags = qt.Qt.ItemIsEnabled | qt.Qt.ItemIsSelectable
    if cell.editable:
        flags = flags | qt.Qt.ItemIsEditable
    if cell.checked is not None:
        flags = flags | qt.Qt.ItemIsUserCheckable
        item.setCheckState(qt.Qt.Checked if cell.checked else qt.Qt.Unchecked)
    item.setFlags(flags)
    item.setTextAlignment((qt.Qt.AlignRight if cell.number else qt.Qt.AlignLeft) | qt.Qt.AlignVCenter)
    item.setBackground(_brush(cell.fill))
    item.setForeground(_brush(cell.ink))
    icon = _ICONS.get(cell.verdict)
    item.setIcon(table.style().standardIcon(getattr(qt.QStyle, icon)) if icon else qt.QIcon())


def _brush(colour: str) -> qt.QBrush:
    """A brush of a colour; without one the theme paints."""
    return qt.QBrush(qt.QColor(colour)) if colour else qt.QBrush()


def _select(table: qt.QTableWidget, row: int) -> None:
    model = table.selectionModel()
    model.select(table.model().index(row, 0), qt.QItemSelectionModel.Select | qt.QItemSelectionModel.Rows)
