"""Truth beside result, for a perfusion scan that was made."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.report.markup import Markup
from brachyresponse.report.verification_truth import TruthRow, known_truth_section

MADE = (
    "This scan was made by the software, so its perfusion is known: noise, motion, drift, partial voxels and the dark "
    "round the seeds are in it. A clinical scan is harder: these figures say what the method can do at best."
)


def perfusion_truth_section(rows: Sequence[TruthRow]) -> Markup:
    """Return the section as a table; nothing without rows."""
    return known_truth_section(rows, MADE)
