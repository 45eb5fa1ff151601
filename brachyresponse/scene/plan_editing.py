"""Edits of a plan's needles and seeds: written to their nodes as one, kept for undo, and followed in the views."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import slicer

from brachyresponse.planning.implant import Implant
from brachyresponse.scene.needles import read_needles, write_needles
from brachyresponse.scene.node_editing import Edited, NodeEditor
from brachyresponse.scene.plan_locks import check_locked_stay, put_back_locked, read_locks, write_locks
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.seeds import adopt_clicked_seeds, read_seeds, write_seeds
from brachyresponse.seeds import Seeds


class PlanEditor(NodeEditor[Implant]):
    """Changes needles and seeds of plans, and takes changes back."""

    def read(self, owner: slicer.vtkMRMLScriptedModuleNode) -> Implant:
        """Return the needles and seeds that the nodes of a plan hold now.

        Raises
        ------
        SceneError, PlanError, SeedsError, GeometryError
            There is no such plan, or its needles or seeds cannot be read.
        """
        return Implant(read_needles(owner), read_seeds(seeds_node_of(owner)))

    def put(self, owner: slicer.vtkMRMLScriptedModuleNode, state: Implant) -> None:
        """Make the nodes of a plan hold an implant; those that hold it already are left alone.

        What was locked and is still there stays locked.
        """
        locks = read_locks(owner)
        if state.needles != read_needles(owner):
            write_needles(state.needles, owner)
        seeds_node = seeds_node_of(owner)
        if state.seeds != read_seeds(seeds_node):
            write_seeds(state.seeds, seeds_node)
        write_locks(owner, locks)

    def edit(self, owner: slicer.vtkMRMLScriptedModuleNode, state: Implant) -> Implant:
        """Write another implant into the nodes of a plan, as one step that can be undone, and return it.

        Raises
        ------
        PlanError
            A locked needle or seed would be changed.
        BrachyResponseError
            As :meth:`NodeEditor.edit`.
        """
        check_locked_stay(owner, self.read(owner), state)
        return super().edit(owner, state)

    def implant(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> Implant:
        """Return the needles and seeds that the nodes of a plan hold now; raises as :meth:`read`."""
        return self.read(plan_node)

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

    def follow(self, plan_node: slicer.vtkMRMLScriptedModuleNode, strength_u: float, *, final: bool = True) -> bool:
        """Make needles and seeds agree after the user moved, added or removed points, and tell whether he did.

        A seed that was dragged is put back onto its needle; a needle that was moved takes its seeds along; a point
        that was clicked becomes a free seed. What is locked goes back to where it was.

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
        put_back_locked(plan_node, edited.known)
        now = self.implant(plan_node)
        changed = now != edited.known
        if changed:
            self._write(edited, _followed(now, edited))
            edited.dragged = True
        if final and edited.dragged:
            edited.history.record(edited.known)
            edited.dragged = False
        return changed


def _followed(now: Implant, edited: Edited[Implant]) -> Implant:
    """What the user's change means. Moved needles carry the seeds from where they were before the drag began."""
    if now.seeds == edited.known.seeds:
        return edited.history.current.with_needles(now.needles)
    return now.with_seeds(now.seeds)
