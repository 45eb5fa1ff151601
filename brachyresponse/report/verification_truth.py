"""Truth beside result, for an image that was made: what a finder and a verification got right, and by how much not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brachyresponse.report.document import section, table
from brachyresponse.report.markup import NOTHING, Markup, element

MADE = (
    "This image was made by the software, so its seeds are known. A clinical image is harder: figures of made images "
    "say what the method can do at best."
)
DASH = "–"


@dataclass(frozen=True)
class TruthRow:
    """One quantity: what is true, what was found, and how far both lie apart, in words."""

    quantity: str
    truth: str
    result: str
    apart: str = ""


def truth_section(rows: Sequence[TruthRow], pictures: Sequence[Markup] = ()) -> Markup:
    """Return the section: a table, and pictures of the found seeds over the true ones."""
    body = ([row.quantity, row.truth or DASH, row.result or DASH, row.apart or NOTHING] for row in rows)
    figures = element("div", *(element("figure", picture) for picture in pictures), class_="pictures three")
    caption = "Found seeds (yellow) over the true ones (blue), seen through the patient."
    return section(
        "Truth beside result",
        element("p", MADE, class_="quiet"),
        table(["Quantity", "Truth", "Result", "Apart"], body),
        element("figure", figures, element("figcaption", caption)) if pictures else NOTHING,
    )


def known_truth_section(rows: Sequence[TruthRow], known: str, numbers: Sequence[int] = (3,)) -> Markup:
    """Return the section as a table under what is ``known`` and how; nothing without rows.

    ``numbers`` are the columns set flush right.
    """
    if not rows:
        return NOTHING
    body = ([row.quantity, row.truth or DASH, row.result or DASH, row.apart or NOTHING] for row in rows)
    return section(
        "Truth beside result",
        element("p", known, class_="quiet"),
        table(["Quantity", "Truth", "Result", "Apart"], body, numbers=numbers),
    )
