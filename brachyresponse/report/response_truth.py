"""Truth beside result, for a patient whose course was made, or a worked case whose answer is known."""

from __future__ import annotations

from collections.abc import Sequence

from brachyresponse.report.document import section, table
from brachyresponse.report.markup import NOTHING, Markup, element
from brachyresponse.report.verification_truth import DASH, TruthRow

KNOWN = (
    "The answer of this case is known beforehand: sizes by the law that the lesions were made by, categories by the "
    "rules read by hand. On clinical scans readers differ: of one lesion by -22 to +25 % (Yoon 2016)."
)


def response_truth_section(rows: Sequence[TruthRow]) -> Markup:
    """Return the section as a table; nothing without rows."""
    body = [[row.quantity, row.truth or DASH, row.result or DASH, row.apart or NOTHING] for row in rows]
    if not body:
        return NOTHING
    return section(
        "Truth beside result",
        element("p", KNOWN, class_="quiet"),
        table(["Quantity", "Truth", "Result", "Apart"], body, numbers=(3,)),
    )
