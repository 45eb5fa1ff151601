"""How a seed came into a list."""

from __future__ import annotations

from enum import StrEnum


class Origin(StrEnum):
    """How a seed came into a list."""

    PLANNED = "planned"
    MANUAL = "manual"
    DETECTED = "detected"
    CONFIRMED = "confirmed"
    """Found by the finder, and accepted by a reader who looked at it."""
