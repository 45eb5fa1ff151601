"""Logic: the assessment, its reasons, and the files."""

from __future__ import annotations


class ResultLogic:
    """The assessment, its reasons, and the files."""
