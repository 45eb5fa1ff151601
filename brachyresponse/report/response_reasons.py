"""Why each visit has its category: the rules walked, what would change it, what it would become."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brachyresponse.report.document import bullets, section, table
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.response_rules import rule_mark, rule_numbers
from brachyresponse.report.response_words import category_mark, found_text, if_known, unverified
from brachyresponse.response.vocabulary import Category

if TYPE_CHECKING:
    from collections.abc import Sequence

    from brachyresponse.response.criteria import Reason, RowFinding, VisitAssessment
    from brachyresponse.response.study import ResponseStudy

RULES = "Numbers in brackets lead to the rules, which stand in words further down."
NO_CATEGORY = "no category fits"
RANKS = (Category.CR, Category.PR, Category.SD)
"""Best first; progression goes before all of them."""


def reasons_section(study: ResponseStudy) -> Markup:
    """Return the reasons of every visit that has a category, the last one first."""
    visits = [visit for visit in reversed(study.assessment.visits) if visit.category is not None]
    numbers = rule_numbers(study.assessment)
    return section(
        "Category and why, the last visit first",
        element("p", RULES, class_="quiet lead"),
        *(_visit(study, visit, numbers) for visit in visits),
    )


def _visit(study: ResponseStudy, visit: VisitAssessment, numbers: dict[str, int]) -> Markup:
    reader = study.adjudication(visit.date)
    mark = category_mark(visit.category, reader.category if reader else None)
    notes = ", ".join(word for word in (visit.label, _confirmed(visit)) if word)
    heading = element("p", f"{visit.date}: ", mark, element("span", f" {notes}", class_="quiet"), class_="verdict")
    return element(
        "div",
        heading,
        element("p", element("b", "The reader's word: "), reader.describe()) if reader else NOTHING,
        bullets(_reason(one, numbers) for one in visit.reasons),
        _walked(visit),
        joined(element("p", element("b", "If it were known:")), if_known(visit)) if visit.if_known else NOTHING,
        _titled("What would change it", _changes(visit)),
        _titled("Confirmation", [visit.confirmation.sentence] if visit.confirmation.sentence else []),
        bullets(visit.deviations),
        _titled("Readings that the papers leave open", visit.conventions),
        class_="reading why",
    )


def _confirmed(visit: VisitAssessment) -> str:
    return "" if visit.confirmed is None else "confirmed" if visit.confirmed else "not confirmed"


def _reason(one: Reason, numbers: dict[str, int]) -> Markup:
    return joined(one.sentence, " ", rule_mark(one, numbers), unverified(one))


def _walked(visit: VisitAssessment) -> Markup:
    """Return the rows of the criteria's table with what each leaves open, and in bold those that decided."""
    if not visit.rows:
        return NOTHING
    body = [
        [*_bold_if(_has_decided(row, visit.category), row.row, found_text(row.found)), _allows(row)]
        for row in visit.rows
    ]
    return element("div", table(["Row of the table", "Found", "Leaves open"], body), class_="walked")


def _has_decided(row: RowFinding, category: Category | None) -> bool:
    """Whether a row left the category and nothing better; for NE, whether it left nothing."""
    if category is Category.NE:
        return not row.allows
    better = RANKS[: RANKS.index(category)] if category in RANKS else RANKS
    return category in row.allows and bool(better) and not any(one in row.allows for one in better)


def _bold_if(is_bold: bool, *words: str) -> list[Markup]:
    return [element("b", word) if is_bold else joined(word) for word in words]


def _allows(row: RowFinding) -> Markup:
    if not row.allows:
        return element("span", NO_CATEGORY, class_="quiet")
    return joined(*(category_mark(category) for category in row.allows), separator=" ")


def _changes(visit: VisitAssessment) -> list[str]:
    said = [change.sentence for change in visit.changes]
    return [*said, visit.reader_variability] if visit.is_near_threshold and visit.reader_variability else said


def _titled(title: str, sentences: Sequence[object]) -> Markup:
    """Return sentences under a small title; a single one in its line."""
    if not sentences:
        return NOTHING
    if len(sentences) == 1:
        return element("p", element("b", f"{title}: "), sentences[0])
    return joined(element("p", element("b", f"{title}:")), bullets(sentences))
