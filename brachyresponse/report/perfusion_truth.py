"""Truth beside result, for a perfusion scan that was made."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.report.document import section, table
from brachyresponse.report.markup import NOTHING, Markup, element
from brachyresponse.report.verification_truth import DASH, TruthRow

MADE = (
    "This scan was made by the software, so its perfusion is known: noise, motion, drift, partial voxels and the dark "
    "round the seeds are in it. A clinical scan is harder: these figures say what the method can do at best."
)


def perfusion_truth_section(rows: Sequence[TruthRow]) -> Markup:
    """Return the section as a table; nothing without rows."""
    body = [[row.quantity, row.truth or DASH, row.result or DASH, row.apart or NOTHING] for row in rows]
    if not body:
        return NOTHING
    return section(
        "Truth beside result",
        element("p", MADE, class_="quiet"),
        table(["Quantity", "Truth", "Result", "Apart"], body, numbers=(3,)),
    )
