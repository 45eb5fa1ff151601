"""What every module's panel is: sections that show one node of the scene, run by one runner, drawn anew on change."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import qt
import slicer

from brachyresponse.errors import BrachyResponseError
from brachyresponse.slicer_panel.following import NodeFollower
from brachyresponse.slicer_panel.running import Runner
from brachyresponse.slicer_panel.sections import Accordion
from brachyresponse.slicer_panel.timing import CoalescingTimer


class ModulePanel(ABC):
    """Everything a module's widget does besides its life cycle.

    Parameters
    ----------
    ui
        The widgets of the module's ``.ui`` file by name; its ``statusLabel`` keeps the last message.
    logic
        The module's Logic; each button is one call of it.
    window
        Widget that holds the panel; keys in its window are for it, and it takes none while something runs.
    sections
        Object names of the collapsible sections, top to bottom.

    Attributes
    ----------
    parameters
        The module's parameter node, or None while a scene is being closed.
    refreshing
        Whether the panel itself is changing its widgets, so that their signals mean nothing.
    shown
        The node that the panel was last drawn from.
    """

    follower: NodeFollower

    def __init__(self, ui: Any, logic: Any, window: qt.QWidget, sections: tuple[str, ...]) -> None:
        self.ui, self.logic, self.window = ui, logic, window
        self.parameters: Any = None
        self.refreshing = False
        self.shown: slicer.vtkMRMLScriptedModuleNode | None = None
        self.runner = Runner(ui.statusLabel, window)
        self.redraw = CoalescingTimer(self.refresh, busy=lambda: self.runner.active)
        self.accordion = Accordion([getattr(ui, name) for name in sections], self._on_section_opened)

    @property
    @abstractmethod
    def node(self) -> slicer.vtkMRMLScriptedModuleNode | None:
        """What the panel shows: a plan, a verification."""

    @abstractmethod
    def sections(self) -> tuple[Any, ...]:
        """Return the sections, top to bottom."""

    @abstractmethod
    def stop_placing(self) -> None:
        """End placing by clicks, as Escape does."""

    def node_selectors(self) -> tuple[qt.QWidget, ...]:
        """Return the selectors of nodes that the panel itself sets."""
        return ()

    def show(self, parameters: Any) -> None:
        """Show another parameter node, or with None let go of the scene."""
        self.stop_placing()
        self.parameters = parameters
        if parameters:
            self.accordion.open(parameters.openSection)
        self.show_node()

    def show_node(self) -> None:
        """Watch and show the node that is chosen now."""
        self.follower.watch(self.node)
        self.refresh()

    def run(self, action: Callable[[], Any], failed: str) -> None:
        """Run what a widget asks for, show its error after ``failed``, and draw the panel anew."""
        with self.runner.action(failed):
            action()
        self.show_node()

    def request_refresh(self) -> None:
        """Draw the panel anew soon, once for a burst of events."""
        self.redraw.request()

    def refresh(self) -> None:
        """Draw the panel anew from the node; what cannot be read is said, and shown as if it were not there."""
        node = self.shown = self.node
        with self._refreshing():
            try:
                self.draw(node)
            except BrachyResponseError as error:
                self.draw(None)
                self.runner.tell(str(error), quietly=True)

    def draw(self, node: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show a node, or that there is none."""
        for section in self.sections():
            section.refresh(node)

    def close(self) -> None:
        """Let go of every node and timer; the panel is about to be deleted."""
        self.stop_placing()
        self.follower.watch(None)
        self.redraw.cancel()
        self.parameters = None

    @contextmanager
    def _refreshing(self) -> Iterator[None]:
        was, self.refreshing = self.refreshing, True
        try:
            yield
        finally:
            self.refreshing = was

    def _on_section_opened(self, name: str) -> None:
        if self.parameters:
            self.parameters.openSection = name
