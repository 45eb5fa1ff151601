"""Sentences on a panel."""

from __future__ import annotations

import qt


def say(label: qt.QLabel, text: str) -> None:
    """Show a sentence; without one the label takes no room."""
    label.text = text
    label.visible = bool(text)


def tell_in(box: qt.QTextEdit, text: str) -> None:
    """Show sentences in a box that scrolls; without any the box takes no room."""
    box.setPlainText(text)
    box.visible = bool(text)
