"""Truth beside result, for a balloon that was made."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.report.markup import Markup
from brachyresponse.report.verification_truth import TruthRow, known_truth_section

MADE = (
    "This balloon was made by the software, so its volume, shape and activity are known, and the dose of the sphere "
    "that holds as much follows from an integral: what stands apart is the drawing on voxels, and that the balloon is "
    "no sphere. A clinical image is harder."
)


def balloon_truth_section(rows: Sequence[TruthRow]) -> Markup:
    """Return the section as a table; nothing without rows."""
    return known_truth_section(rows, MADE, numbers=(1, 2, 3))
