"""Needles and seeds that stay as they are: Slicer's own padlock on a line or a control point, in another colour.

The views refuse to move what is locked, and the planner plans round it. Who opens the padlock in the Markups module
has unlocked it for the planner too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning import Needle, find_needle
from brachyresponse.planning.implant import Implant
from brachyresponse.planning.inverse import Locked
from brachyresponse.scene.needles import COLOUR as NEEDLE_COLOUR
from brachyresponse.scene.needles import NUMBER, is_drawn, read_needle, read_needles, write_needle
from brachyresponse.scene.nodes import get_attribute, modify, set_attribute
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plan_part, plan_parts
from brachyresponse.scene.seed_points import seed_indices
from brachyresponse.scene.seeds import read_seeds
from brachyresponse.seeds import Seeds
from brachyresponse.types import BoolArray, FloatArray

LOADABLE = "Loadable"
"""Attribute of a locked line on which the planner may lay further seeds."""
LOCKED_COLOUR = (0.95, 0.70, 0.20)
SAME_MM = 0.01
"""Seeds nearer than this are the same one: files and transforms keep fewer digits than a double has."""


@dataclass(frozen=True, eq=False)
class PlanLocks:
    """What is locked in a plan.

    Parameters
    ----------
    needles
        Numbers of locked needles, each with whether seeds may be added on it.
    seeds_mm
        Where the locked seeds lie, (N, 3) RAS.
    """

    needles: dict[int, bool]
    seeds_mm: FloatArray

    def holds(self, positions_mm: FloatArray) -> BoolArray:
        """Tell which positions (N, 3) are those of locked seeds."""
        apart = np.linalg.norm(positions_mm[:, None] - self.seeds_mm[None], axis=2)
        return np.asarray((apart < SAME_MM).any(axis=1))


def read_locks(plan_node: slicer.vtkMRMLScriptedModuleNode) -> PlanLocks:
    """Return what is locked in a plan: a locked seed keeps its needle where it is, too.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    lines = [node for node in plan_parts(plan_node, PlanRole.NEEDLE) if node.GetLocked() and is_drawn(node)]
    needles = {int(get_attribute(node, NUMBER, "0")): bool(get_attribute(node, LOADABLE)) for node in lines}
    return PlanLocks(needles, np.array(_locked_places(plan_part(plan_node, PlanRole.SEEDS)), float).reshape(-1, 3))


def write_locks(plan_node: slicer.vtkMRMLScriptedModuleNode, locks: PlanLocks) -> None:
    """Lock these needles and the seeds at these places, and no others; what is no longer there is passed over.

    Raises
    ------
    SceneError
        There is no such plan.
    """
    for line in plan_parts(plan_node, PlanRole.NEEDLE):
        number = int(get_attribute(line, NUMBER, "0"))
        _lock_line(line, number in locks.needles, locks.needles.get(number, False))
    node = plan_part(plan_node, PlanRole.SEEDS)
    if node is not None:
        _lock_points(node, locks)


def locked_seeds(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[int, ...]:
    """Return the indices of the locked seeds, in the order of :func:`read_seeds`."""
    node = plan_part(plan_node, PlanRole.SEEDS)
    if node is None:
        return ()
    return tuple(place for place, point in enumerate(seed_indices(node)) if node.GetNthControlPointLocked(point))


def locked_needles(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[int, ...]:
    """Return the numbers of the needles that stay: locked themselves, or holding a locked seed."""
    return tuple(needle.number for needle in read_locked(plan_node).needles)


def read_locked(plan_node: slicer.vtkMRMLScriptedModuleNode) -> Locked:
    """Return what the planner must leave as it is.

    Raises
    ------
    SceneError, PlanError, SeedsError, GeometryError
        There is no such plan, or its needles or seeds cannot be read.
    """
    locks, needles = read_locks(plan_node), read_needles(plan_node)
    seeds = read_seeds(need_plan_part(plan_node, PlanRole.SEEDS, "list of seeds"))
    kept = seeds.select(np.array(locked_seeds(plan_node), np.int64))
    holding = set(kept.needle.tolist()) - set(locks.needles)  # whoever locked only a seed still needs its needle
    numbers = {*locks.needles, *holding}
    loadable = {number for number, is_loadable in locks.needles.items() if is_loadable} | holding
    there = tuple(needle for needle in needles if needle.number in numbers)
    return Locked(there, kept, frozenset(loadable & {needle.number for needle in there}))


def lock(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    needles: Iterable[int] = (),
    seeds: Iterable[int] = (),
    *,
    loadable: bool = False,
) -> None:
    """Lock needles with the seeds on them, and seeds with the needles that hold them.

    Parameters
    ----------
    needles
        Numbers.
    seeds
        Indices; their needles stay open for further seeds.
    loadable
        Whether the planner may lay further seeds on the needles.

    Raises
    ------
    SceneError, PlanError, SeedsError, GeometryError
        There is no such plan, needle or seed.
    """
    before, present = read_locks(plan_node), read_seeds(need_plan_part(plan_node, PlanRole.SEEDS, "list of seeds"))
    implant = Implant(read_needles(plan_node), present)
    _check(implant, needles := tuple(needles), seeds := tuple(seeds))
    holding = {int(present.needle[index]) for index in seeds} - {0, *before.needles}
    locked = {**before.needles, **dict.fromkeys(holding, True), **dict.fromkeys(needles, loadable)}
    chosen = np.isin(present.needle, needles) if needles else np.zeros(present.count, bool)
    chosen[list(seeds)] = True
    places = np.concatenate([before.seeds_mm, present.positions_mm[chosen]])
    write_locks(plan_node, PlanLocks(locked, places))


def unlock(
    plan_node: slicer.vtkMRMLScriptedModuleNode, needles: Iterable[int] | None, seeds: Iterable[int] | None
) -> None:
    """Unlock needles with the seeds on them, and seeds; everything where neither is given.

    Raises
    ------
    SceneError, PlanError, SeedsError, GeometryError
        There is no such plan, needle or seed.
    """
    if needles is None and seeds is None:
        write_locks(plan_node, PlanLocks({}, np.empty((0, 3))))
        return
    before, present = read_locks(plan_node), read_seeds(need_plan_part(plan_node, PlanRole.SEEDS, "list of seeds"))
    needles, seeds = tuple(needles or ()), tuple(seeds or ())
    _check(Implant(read_needles(plan_node), present), needles, seeds)
    stay = before.holds(present.positions_mm) & ~np.isin(present.needle, needles)
    stay[list(seeds)] = False
    kept = {number: loadable for number, loadable in before.needles.items() if number not in needles}
    write_locks(plan_node, PlanLocks(kept, present.positions_mm[stay]))


def check_locked_stay(plan_node: slicer.vtkMRMLScriptedModuleNode, before: Implant, after: Implant) -> None:
    """Refuse a change of needles or seeds that are locked.

    Raises
    ------
    PlanError
        A locked needle or seed would move, go, or be another one; the message names it.
    """
    locks = read_locks(plan_node)
    for needle in before.needles:
        if needle.number in locks.needles and not any(_is_same(needle, other) for other in after.needles):
            raise PlanError(f"Needle {needle.label} is locked and stays as it is: unlock it first.")
    after_locked = after.seeds.select(locks.holds(after.seeds.positions_mm))
    for index in np.flatnonzero(locks.holds(before.seeds.positions_mm)):
        if not _is_among(before.seeds.select([index]), after_locked):
            raise PlanError(f"Seed {index + 1} is locked and stays as it is: unlock it first.")


def put_back_locked(plan_node: slicer.vtkMRMLScriptedModuleNode, before: Implant) -> None:
    """Put locked needles and seeds back where they were: views refuse to move them, tables and scripts do not.

    Where all have moved, a transform was applied, and they stay where it has put them.
    """
    lines = {int(get_attribute(n, NUMBER, "0")): n for n in plan_parts(plan_node, PlanRole.NEEDLE) if is_drawn(n)}
    there = [needle for needle in before.needles if needle.number in lines]
    moved = [needle for needle in there if not _is_same(needle, read_needle(lines[needle.number]))]
    for needle in moved if len(moved) < len(there) else ():
        if lines[needle.number].GetLocked():
            write_needle(needle, lines[needle.number])
    _put_seeds_back(plan_part(plan_node, PlanRole.SEEDS), before.seeds.positions_mm)


def _put_seeds_back(node: slicer.vtkMRMLMarkupsFiducialNode | None, before_mm: FloatArray) -> None:
    points = [] if node is None else seed_indices(node)
    if node is None or len(points) != len(before_mm):
        return  # one came or went: which is which cannot be told
    places = np.array([node.GetNthControlPointPositionWorld(point) for point in points], float).reshape(-1, 3)
    moved = np.linalg.norm(places - before_mm, axis=1) > SAME_MM
    for place in np.flatnonzero(moved & ~moved.all()):
        if node.GetNthControlPointLocked(points[place]):
            node.SetNthControlPointPositionWorld(points[place], *before_mm[place].tolist())


def _is_same(needle: Needle, other: Needle) -> bool:
    ends = np.array([[each.entry_mm, each.tip_mm] for each in (needle, other)])
    return needle.number == other.number and bool(np.abs(ends[0] - ends[1]).max() < SAME_MM)


def _is_among(seed: Seeds, others: Seeds) -> bool:
    apart = np.linalg.norm(others.positions_mm - seed.positions_mm, axis=1) < SAME_MM
    same = (others.needle == seed.needle) & np.isclose(others.air_kerma_strength_u, seed.air_kerma_strength_u)
    return bool((apart & same).any())


def _locked_places(node: slicer.vtkMRMLMarkupsFiducialNode | None) -> list[tuple[float, ...]]:
    if node is None:
        return []
    locked = [point for point in seed_indices(node) if node.GetNthControlPointLocked(point)]
    return [tuple(node.GetNthControlPointPositionWorld(point)) for point in locked]


def _check(implant: Implant, needles: Iterable[int], seeds: Iterable[int]) -> None:
    for number in needles:
        find_needle(implant.needles, number)
    for index in seeds:
        if not 0 <= index < implant.seeds.count:
            raise PlanError(f"There is no seed {index + 1}: the plan has {implant.seeds.count} seeds.")


def _lock_line(line: slicer.vtkMRMLMarkupsLineNode, locked: bool, loadable: bool) -> None:
    with modify(line):
        if bool(line.GetLocked()) != locked:
            line.SetLocked(locked)
        set_attribute(line, LOADABLE, "1" if loadable else None)
        if line.GetDisplayNode() is not None:
            line.GetDisplayNode().SetSelectedColor(*(LOCKED_COLOUR if locked else NEEDLE_COLOUR))


def _lock_points(node: slicer.vtkMRMLMarkupsFiducialNode, locks: PlanLocks) -> None:
    points = seed_indices(node)
    places = np.array([node.GetNthControlPointPositionWorld(n) for n in points], float).reshape(-1, 3)
    held = locks.holds(places)
    if node.GetDisplayNode() is not None:
        node.GetDisplayNode().SetColor(*LOCKED_COLOUR)  # of points that are not "selected": how locked ones are told
    with modify(node):
        for point, locked in zip(points, held.tolist(), strict=True):
            if bool(node.GetNthControlPointLocked(point)) != locked:
                node.SetNthControlPointLocked(point, locked)
                node.SetNthControlPointSelected(point, not locked)
