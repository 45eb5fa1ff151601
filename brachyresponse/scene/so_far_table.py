"""What a CT of the procedure shows, as a table in the scene: needles and seeds found, each to be used or not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning import ImplantPlan, Needle, Table
from brachyresponse.planning.inverse.replanning.so_far import ImplantedSoFar
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.results import write_plan_table
from brachyresponse.scene.tables import Cell, column_of, read_table
from brachyresponse.seeds import Seeds
from brachyresponse.seeds.seeds import FREE
from brachyresponse.types import FloatArray

NEEDLE, SEED = "needle", "seed"
YES, NO = "yes", "no"
COLUMNS = (
    "kind", "number", "place (mm)", "confidence", "used", "note", "needle", "entry (mm)", "direction", "strength (U)",
    "in place", "hole",
)  # fmt: skip
IN_PLACE, OUT, ON_NO_NEEDLE = "in place", "out again", "on no needle"
LENGTH_FORMAT, DIRECTION_FORMAT, STRENGTH_FORMAT = "{:.2f}", "{:.6f}", "{:.6f}"


@dataclass(frozen=True)
class _Row:
    """One row of the table as text; see ``COLUMNS``."""

    kind: str
    number: str
    place: str
    confidence: str
    used: str
    note: str
    needle: str
    entry: str
    direction: str
    strength: str
    in_place: str
    hole: str

    @property
    def is_used(self) -> bool:
        return self.used == YES

    def vector(self, text: str) -> FloatArray:
        """Three numbers of a cell."""
        found = np.array([self.number_of(each) for each in text.split()])
        if found.shape != (3,):
            raise self._damaged()
        return found

    @property
    def unit_direction(self) -> FloatArray:
        """The direction, of length 1."""
        direction = self.vector(self.direction)
        length = float(np.linalg.norm(direction))
        if not length:
            raise self._damaged()
        return direction / length

    def number_of(self, text: str) -> float:
        """A number of a cell."""
        try:
            found = float(text)
        except ValueError as error:
            raise self._damaged() from error
        if not isfinite(found):
            raise self._damaged()
        return found

    def needle_number(self) -> int:
        """The number of the needle that it is, or came from."""
        return int(self.number_of(self.needle))

    def _damaged(self) -> PlanError:
        return PlanError(f"The {self.kind} {self.number} found on the CT is damaged in its table: find it again.")


def write_so_far(plan_node: slicer.vtkMRMLScriptedModuleNode, found: ImplantedSoFar) -> slicer.vtkMRMLTableNode:
    """Write needles and seeds that were found, all of them to be used, and return the table.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    rows = (*_needle_rows(found), *_seed_rows(found))
    return write_plan_table(Table("Found so far", COLUMNS, rows), plan_node, PlanRole.SO_FAR, editable=("used",))


def set_used(plan_node: slicer.vtkMRMLScriptedModuleNode, row: int, used: bool) -> bool:
    """Use a needle or seed that was found, or not, by its row from 0, and return whether it was used before.

    Raises
    ------
    PlanError
        Nothing was found yet, or there is no such row.
    """
    node = _need_table(plan_node)
    if not 0 <= row < node.GetNumberOfRows():
        raise PlanError(f"There is no row {row + 1}: {node.GetNumberOfRows()} needles and seeds were found.")
    cells = node.GetTable().GetColumn(COLUMNS.index("used"))
    before = bool(cells.GetValue(row) == YES)
    cells.SetValue(row, YES if used else NO)
    node.GetTable().Modified()
    node.Modified()
    return before


def read_so_far(plan_node: slicer.vtkMRMLScriptedModuleNode, plan: ImplantPlan) -> ImplantedSoFar:
    """Return what was found and is to be used. A used seed of a needle that is not used counts as on no needle.

    Parameters
    ----------
    plan
        As it is now: its needles that hold seeds and are not among those found are still to be inserted.

    Raises
    ------
    PlanError
        Nothing was found yet, or the table is damaged.
    """
    used = [row for row in _rows(plan_node) if row.is_used]
    needles = tuple(_needle(row) for row in used if row.kind == NEEDLE)
    known = {needle.number for needle in needles}
    seeds = _seeds([row for row in used if row.kind == SEED], known)
    in_place = frozenset(row.needle_number() for row in used if row.kind == NEEDLE and row.in_place == YES)
    holding = set(plan.seeds.needle.tolist())
    missing = tuple(n.number for n in plan.needles if n.number in holding and n.number not in known)
    return ImplantedSoFar(needles, seeds, in_place, missing)


def _needle_rows(found: ImplantedSoFar) -> Iterable[tuple[Cell, ...]]:
    for needle in found.needles:
        is_in = needle.number in found.in_place
        yield (
            NEEDLE, str(needle.number), _text(needle.tip_mm), "", YES, IN_PLACE if is_in else OUT, str(needle.number),
            _text(needle.entry_mm), "", "", YES if is_in else NO, needle.hole,
        )  # fmt: skip


def _seed_rows(found: ImplantedSoFar) -> Iterable[tuple[Cell, ...]]:
    seeds = found.seeds
    sure = [f"{value:.2f}" for value in found.seed_confidence] or [""] * seeds.count
    for index in range(seeds.count):
        needle = int(seeds.needle[index])
        note = f"of needle {needle}" if needle != FREE else ON_NO_NEEDLE
        yield (
            SEED, str(index + 1), _text(seeds.positions_mm[index]), sure[index], YES, note, str(needle), "",
            _text(seeds.directions[index], DIRECTION_FORMAT),
            STRENGTH_FORMAT.format(float(seeds.air_kerma_strength_u[index])), "", "",
        )  # fmt: skip


def _rows(plan_node: slicer.vtkMRMLScriptedModuleNode) -> list[_Row]:
    table = read_table(_need_table(plan_node))
    columns = [column_of(table, heading) for heading in COLUMNS]
    return [_Row(*map(str, cells)) for cells in zip(*columns, strict=True)]


def _need_table(plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLTableNode:
    node = plan_part(plan_node, PlanRole.SO_FAR)
    if node is None:
        raise PlanError(
            f"Nothing was looked for in plan {plan_node.GetName()!r}: choose the CT of the procedure, and find needles "
            "and seeds on it first."
        )
    return node


def _needle(row: _Row) -> Needle:
    return Needle(row.needle_number(), row.vector(row.entry), row.vector(row.place), row.hole)


def _seeds(rows: Sequence[_Row], known: set[int]) -> Seeds:
    if not rows:
        return Seeds.none()
    numbers = [row.needle_number() for row in rows]
    return Seeds(
        np.array([row.vector(row.place) for row in rows]),
        np.array([row.unit_direction for row in rows]),
        np.array([row.number_of(row.strength) for row in rows]),
        needle=np.array([number if number in known else FREE for number in numbers]),
    )


def _text(vector: FloatArray, number: str = LENGTH_FORMAT) -> str:
    return " ".join(number.format(float(each)) for each in vector)
