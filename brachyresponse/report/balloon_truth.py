"""Truth beside result, for a balloon that was made."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.report.document import section, table
from brachyresponse.report.markup import NOTHING, Markup, element
from brachyresponse.report.verification_truth import DASH, TruthRow

MADE = (
    "This balloon was made by the software, so its volume, shape and activity are known, and the dose of the sphere "
    "that holds as much follows from an integral: what stands apart is the drawing on voxels, and that the balloon is "
    "no sphere. A clinical image is harder."
)


def balloon_truth_section(rows: Sequence[TruthRow]) -> Markup:
    """Return the section as a table; nothing without rows."""
    body = [[row.quantity, row.truth or DASH, row.result or DASH, row.apart or NOTHING] for row in rows]
    if not body:
        return NOTHING
    return section(
        "Truth beside result",
        element("p", MADE, class_="quiet"),
        table(["Quantity", "Truth", "Result", "Apart"], body, numbers=(1, 2, 3)),
    )
