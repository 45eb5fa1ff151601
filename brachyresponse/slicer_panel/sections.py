"""Collapsible sections of which one is open, so that a panel stays as high as its highest section."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import qt


class Accordion:
    """Closes the other sections when one is opened.

    Parameters
    ----------
    sections
        ctkCollapsibleButton widgets, top to bottom.
    opened
        Told the object name of a section that the user has opened, to be kept with the scene.
    """

    def __init__(self, sections: Sequence[qt.QAbstractButton], opened: Callable[[str], None]) -> None:
        self._sections = list(sections)
        self._opened = opened
        for section in self._sections:
            section.connect("contentsCollapsed(bool)", lambda collapsed, it=section: self._on_toggled(it, collapsed))

    def open(self, name: str) -> None:
        """Open the section with an object name and close the others; an unknown name closes all."""
        for section in self._sections:
            if section.collapsed == (section.name == name):
                section.collapsed = section.name != name

    def _on_toggled(self, section: qt.QAbstractButton, collapsed: bool) -> None:
        if collapsed:
            return
        for other in self._sections:
            if other.name != section.name and not other.collapsed:
                other.collapsed = True
        self._opened(section.name)
