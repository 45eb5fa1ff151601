"""Stand-in for Slicer's ``slicer.i18n``: the same calls, no language but English."""

from __future__ import annotations

import slicer


def translate(context: str, text: str) -> str:
    """The text in the application's language."""
    return slicer.app.translate(context, text)


def tr(text: str) -> str:
    """The text in the application's language; the context is the caller's file in Slicer."""
    return translate("", text)
