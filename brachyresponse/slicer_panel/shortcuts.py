"""Keys that press the buttons of a part of a panel, while the user works in it."""

from __future__ import annotations

from collections.abc import Mapping

import qt


class Shortcuts:
    """Binds keys to buttons; a key does nothing where its button cannot be pressed or the focus is elsewhere.

    Parameters
    ----------
    part
        The keys hold while the focus is in this widget.
    buttons
        The button that a key such as ``Ctrl+Z`` presses.
    """

    def __init__(self, part: qt.QWidget, buttons: Mapping[str, qt.QAbstractButton]) -> None:
        self.keys: dict[str, qt.QShortcut] = {}
        for key, button in buttons.items():
            shortcut = qt.QShortcut(qt.QKeySequence(key), part)
            shortcut.setContext(qt.Qt.WidgetWithChildrenShortcut)
            shortcut.connect("activated()", button.click)
            self.keys[key] = shortcut
