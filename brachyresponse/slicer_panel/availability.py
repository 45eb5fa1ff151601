"""Buttons that say why they cannot be pressed."""

from __future__ import annotations

import qt

WHAT_IT_DOES = "whatItDoes"


def allow(button: qt.QAbstractButton, reason: str = "") -> None:
    """Let a button be pressed; with a reason it cannot be, and its tool tip says why, until it is allowed again."""
    if button.property(WHAT_IT_DOES) is None:
        button.setProperty(WHAT_IT_DOES, button.toolTip)
    button.enabled = not reason
    button.toolTip = reason or button.property(WHAT_IT_DOES)


def first_reason(*reasons: tuple[bool, str]) -> str:
    """Return the first reason whose condition holds, or an empty text."""
    return next((reason for holds, reason in reasons if holds), "")
