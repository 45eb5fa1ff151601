"""Edits of a plan's needles and seeds: written to their nodes as one, kept for undo, and followed in the views."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import slicer

from brachyresponse.planning.implant import Implant
from brachyresponse.scene.needles import read_needles, write_needles
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.seeds import adopt_clicked_seeds, read_seeds, write_seeds
from brachyresponse.seeds import History, Seeds


@dataclass
class _Edited:
    """What is remembered of a plan between edits."""

    plan_node: slicer.vtkMRMLScriptedModuleNode
    history: History[Implant]
    known: Implant
    """What the nodes held when we last looked or wrote."""
    dragged: bool = False
    """Whether ``known`` is on the way to a step that is not over yet."""


class PlanEditor:
    """Changes needles and seeds of plans, and takes changes back.

    The nodes are the truth: what somebody else has changed in them since the last edit is found and kept, as a step
    of its own that can be undone. Nothing of this is saved with the scene.
    """

    def __init__(self) -> None:
        self._edited: dict[str, _Edited] = {}

    def implant(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> Implant:
        """Return the needles and seeds that the nodes of a plan hold now.

        Raises
        ------
        SceneError, PlanError, SeedsError, GeometryError
            There is no such plan, or its needles or seeds cannot be read.
        """
        return Implant(read_needles(plan_node), read_seeds(seeds_node_of(plan_node)))

    def edit(self, plan_node: slicer.vtkMRMLScriptedModuleNode, implant: Implant) -> Implant:
        """Write another implant into the nodes of a plan, as one step that can be undone, and return it.

        Raises
        ------
        SceneError, PlanError, SeedsError, GeometryError
            There is no such plan, or its nodes cannot be read or written.
        """
        edited = self._look(plan_node)
        self._write(edited, implant)
        edited.history.record(edited.known)
        return edited.known

    def change_seeds(
        self,
        plan_node: slicer.vtkMRMLScriptedModuleNode,
        indices: Iterable[int],
        change: Callable[[Seeds, int], Seeds],
    ) -> Implant:
        """Change seeds one after the other, the last first, as one step, and return the implant.

        Parameters
        ----------
        change
            Takes all seeds and the index of the one to be changed; that one may be gone afterwards.

        Raises
        ------
        SceneError, PlanError, SeedsError, GeometryError
            There is no such plan or seed, or a node cannot be read or written.
        """
        implant = self.implant(plan_node)
        seeds = implant.seeds
        for index in sorted(set(indices), reverse=True):
            seeds = change(seeds, index)
        return self.edit(plan_node, implant.with_seeds(seeds))

    def undo(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> Implant:
        """Take the last step back, and return what is there now; without effect at the oldest."""
        edited = self._look(plan_node)
        return self._write(edited, edited.history.undo())

    def redo(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> Implant:
        """Do again what was taken back, and return what is there now; without effect at the newest."""
        edited = self._look(plan_node)
        return self._write(edited, edited.history.redo())

    def can_undo(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
        """Tell whether there is a step to take back."""
        edited = self._find(plan_node)
        return edited is not None and edited.history.can_undo

    def can_redo(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
        """Tell whether an undone step can come back."""
        edited = self._find(plan_node)
        return edited is not None and edited.history.can_redo

    def follow(self, plan_node: slicer.vtkMRMLScriptedModuleNode, strength_u: float, *, final: bool = True) -> bool:
        """Make needles and seeds agree after the user moved, added or removed points, and tell whether he did.

        A seed that was dragged is put back onto its needle; a needle that was moved takes its seeds along; a point
        that was clicked becomes a free seed.

        Parameters
        ----------
        strength_u
            Of a clicked seed.
        final
            Whether the user has let go: then this is a step that can be undone.

        Raises
        ------
        SceneError, PlanError, SeedsError, GeometryError
            There is no such plan, or its needles or seeds cannot be read.
        """
        edited = self._find(plan_node)
        if edited is None:
            self._look(plan_node)
            return False
        adopt_clicked_seeds(seeds_node_of(plan_node), strength_u)
        now = self.implant(plan_node)
        changed = now != edited.known
        if changed:
            self._write(edited, _followed(now, edited))
            edited.dragged = True
        if final and edited.dragged:
            edited.history.record(edited.known)
            edited.dragged = False
        return changed

    def _find(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> _Edited | None:
        """What is remembered of a plan; an ID is used again after a scene was closed, a node is not."""
        edited = self._edited.get(plan_node.GetID() or "")
        return edited if edited is not None and edited.plan_node is plan_node else None

    def _look(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> _Edited:
        """What is remembered of a plan; what somebody else has done to its nodes becomes a step."""
        now = self.implant(plan_node)
        edited = self._find(plan_node)
        if edited is None:
            edited = self._edited[plan_node.GetID()] = _Edited(plan_node, History(now), now)
        elif now != edited.known or edited.dragged:
            edited.history.record(now)
            edited.known, edited.dragged = now, False
        return edited

    def _write(self, edited: _Edited, implant: Implant) -> Implant:
        if implant.needles != read_needles(edited.plan_node):
            write_needles(implant.needles, edited.plan_node)
        seeds_node = seeds_node_of(edited.plan_node)
        if implant.seeds != read_seeds(seeds_node):
            write_seeds(implant.seeds, seeds_node)
        edited.known = self.implant(edited.plan_node)  # as the nodes give it back, rounded under a transform
        return edited.known


def _followed(now: Implant, edited: _Edited) -> Implant:
    """What the user's change means. Moved needles carry the seeds from where they were before the drag began."""
    if now.seeds == edited.known.seeds:
        return edited.history.current.with_needles(now.needles)
    return now.with_seeds(now.seeds)
