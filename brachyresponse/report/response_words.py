"""Words that the sections of a response report share: sizes, changes, categories, what is not verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.response.vocabulary import Category

if TYPE_CHECKING:
    from brachyresponse.response.criteria import Reason, VisitAssessment

DASH = "–"
BEFORE_BASELINE = "before baseline"
FOUND = {"between": "between the thresholds", "back": "back after it was gone"}
"""Findings whose word says too little."""
UNVERIFIED = element("span", "unverified", class_="unverified")
"""The mark of what was not checked against its publication."""


def size_text(value: float) -> str:
    """Return a size in mm, mm2 or mL: one decimal from 100, two below, without trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value < 100 else f"{value:.1f}".removesuffix(".0")


def percent(value: float | None) -> str:
    """Return a change with its sign; a dash for none."""
    return DASH if value is None else f"{value:+.1f} %"


def in_words(word: str) -> str:
    """Return a word of a vocabulary as text: "stable or improved"."""
    return str(word).replace("_", " ")


def found_text(found: str) -> str:
    """Return what was found of a row of the criteria's table as a reader would say it."""
    return FOUND.get(str(found), in_words(found))


def unit_text(unit: str) -> str:
    """Return a unit as it is printed."""
    return unit.replace("mm2", "mm²")


def category_mark(category: Category | None, reader: Category | None = None) -> Markup:
    """Return a category as a small coloured box, the reader's own beside it."""
    computed = element("span", category or BEFORE_BASELINE, class_=f"category {category_class(category)}")
    if reader is None:
        return computed
    said = element("span", reader, class_=f"category {category_class(reader)}")
    return joined(computed, " ", element("span", "reader: ", said, class_="place"))


def category_class(category: Category | None) -> str:
    """Return the style class of a category."""
    return f"of-{(category or 'none').lower().replace('/', '-')}"


def unverified(reason: Reason) -> Markup:
    """Return the mark of a rule that was not checked against a publication; nothing for others."""
    return NOTHING if reason.is_verified else joined(" ", UNVERIFIED)


def if_known(visit: VisitAssessment) -> Markup:
    """Return what a category would become if what is unknown were known, as a list."""
    return bullets(joined(one.condition, ": ", category_mark(one.category)) for one in visit.if_known)
