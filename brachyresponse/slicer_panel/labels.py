"""Sentences on a panel."""

from __future__ import annotations

import qt


def say(label: qt.QLabel, text: str) -> None:
    """Show a sentence; without one the label takes no room."""
    label.text = text
    label.visible = bool(text)
