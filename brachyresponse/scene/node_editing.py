"""Edits of nodes that can be taken back: the nodes are the truth, and what was in them is remembered."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

import slicer

from brachyresponse.seeds import History

State = TypeVar("State")


@dataclass
class Edited(Generic[State]):
    """What is remembered of an owner's nodes between edits."""

    owner: slicer.vtkMRMLScriptedModuleNode
    history: History[State]
    known: State
    """What the nodes held when we last looked or wrote."""
    dragged: bool = False
    """Whether ``known`` is on the way to a step that is not over yet."""


class NodeEditor(ABC, Generic[State]):
    """Changes what the nodes of an owner hold, and takes changes back.

    What somebody else has changed in the nodes since the last edit is found and kept, as a step of its own that can
    be undone. Nothing of this is saved with the scene.
    """

    def __init__(self) -> None:
        self._edited: dict[str, Edited[State]] = {}

    @abstractmethod
    def read(self, owner: slicer.vtkMRMLScriptedModuleNode) -> State:
        """Return what the nodes hold now."""

    @abstractmethod
    def put(self, owner: slicer.vtkMRMLScriptedModuleNode, state: State) -> None:
        """Make the nodes hold a state."""

    def same(self, one: State, other: State) -> bool:
        """Tell whether two states are the same."""
        return bool(one == other)

    def edit(self, owner: slicer.vtkMRMLScriptedModuleNode, state: State) -> State:
        """Write another state into the nodes, as one step that can be undone, and return it as the nodes give it back.

        Raises
        ------
        BrachyResponseError
            There is no such owner, or its nodes cannot be read or written.
        """
        edited = self._look(owner)
        self._write(edited, state)
        self._record(edited)
        return edited.known

    def undo(self, owner: slicer.vtkMRMLScriptedModuleNode) -> State:
        """Take the last step back, and return what is there now; without effect at the oldest."""
        edited = self._look(owner)
        return self._write(edited, edited.history.undo())

    def redo(self, owner: slicer.vtkMRMLScriptedModuleNode) -> State:
        """Do again what was taken back, and return what is there now; without effect at the newest."""
        edited = self._look(owner)
        return self._write(edited, edited.history.redo())

    def can_undo(self, owner: slicer.vtkMRMLScriptedModuleNode) -> bool:
        """Tell whether there is a step to take back."""
        edited = self._find(owner)
        return edited is not None and edited.history.can_undo

    def can_redo(self, owner: slicer.vtkMRMLScriptedModuleNode) -> bool:
        """Tell whether an undone step can come back."""
        edited = self._find(owner)
        return edited is not None and edited.history.can_redo

    def _find(self, owner: slicer.vtkMRMLScriptedModuleNode) -> Edited[State] | None:
        """What is remembered of an owner; an ID is used again after a scene was closed, a node is not."""
        edited = self._edited.get(owner.GetID() or "")
        return edited if edited is not None and edited.owner is owner else None

    def _look(self, owner: slicer.vtkMRMLScriptedModuleNode) -> Edited[State]:
        """What is remembered of an owner; what somebody else has done to its nodes becomes a step."""
        now = self.read(owner)
        edited = self._find(owner)
        if edited is None:
            edited = self._edited[owner.GetID()] = Edited(owner, History(now), now)
        elif not self.same(now, edited.known) or edited.dragged:
            edited.known, edited.dragged = now, False
            self._record(edited)
        return edited

    def _record(self, edited: Edited[State]) -> None:
        if not self.same(edited.known, edited.history.current):
            edited.history.record(edited.known)

    def _write(self, edited: Edited[State], state: State) -> State:
        self.put(edited.owner, state)
        edited.known = self.read(edited.owner)  # as the nodes give it back, rounded under a transform
        return edited.known
