"""The words for where a failure lies."""

from __future__ import annotations

from enum import StrEnum


class SiteOfFailure(StrEnum):
    """Where a new or grown lesion lies against the dose."""

    IN_FIELD = "in_field"
    MARGINAL = "marginal"
    DISTANT = "distant"
