"""Truth beside result, for a patient whose course was made, or a worked case whose answer is known."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.report.markup import Markup
from brachyresponse.report.verification_truth import TruthRow, known_truth_section

KNOWN = (
    "The answer of this case is known beforehand: sizes by the law that the lesions were made by, categories by the "
    "rules read by hand. On clinical scans readers differ: of one lesion by -22 to +25 % (Yoon 2016)."
)


def response_truth_section(rows: Sequence[TruthRow]) -> Markup:
    """Return the section as a table; nothing without rows."""
    return known_truth_section(rows, KNOWN)
