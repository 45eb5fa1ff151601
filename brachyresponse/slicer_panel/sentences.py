"""Sentences as the HTML of a text box."""

from __future__ import annotations

import html
from collections.abc import Iterable


def headline(text: str) -> str:
    """Return a bold line."""
    return f"<p><b>{html.escape(text)}</b></p>"


def paragraph(text: str) -> str:
    """Return a paragraph; nothing for no text."""
    return f"<p>{html.escape(text)}</p>" if text else ""


def bullets(sentences: Iterable[str]) -> str:
    """Return a list; nothing for no sentences."""
    lines = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences)
    return f"<ul style='margin-left: 12px; -qt-list-indent: 0'>{lines}</ul>" if lines else ""
