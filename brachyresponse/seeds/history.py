"""Undo and redo of seed edits: states are immutable, so a history is a list and a place in it."""

from __future__ import annotations

from typing import Generic, TypeVar

from brachyresponse.seeds.seeds import Seeds

State = TypeVar("State")


class History(Generic[State]):
    """The states a value went through, oldest first.

    Parameters
    ----------
    state
        The immutable state to start from.
    depth
        How many states are kept; the oldest are forgotten first.
    """

    def __init__(self, state: State, *, depth: int = 100) -> None:
        self._states = [state]
        self._place = 0
        self._depth = depth

    @property
    def current(self) -> State:
        """The state now."""
        return self._states[self._place]

    @property
    def can_undo(self) -> bool:
        """Whether there is an earlier state."""
        return self._place > 0

    @property
    def can_redo(self) -> bool:
        """Whether an undone state can come back."""
        return self._place < len(self._states) - 1

    def record(self, state: State) -> None:
        """Take a new state; what was undone before is forgotten, and an unchanged state is not recorded."""
        if state == self.current:
            return
        self._states = [*self._states[: self._place + 1], state][-self._depth :]
        self._place = len(self._states) - 1

    def undo(self) -> State:
        """Go back one state and return it; at the oldest one nothing changes."""
        self._place = max(self._place - 1, 0)
        return self.current

    def redo(self) -> State:
        """Go forward one state and return it; at the newest one nothing changes."""
        self._place = min(self._place + 1, len(self._states) - 1)
        return self.current


class SeedHistory(History[Seeds]):
    """The states the seeds of an implant went through."""
