"""The page that lists the reports of several cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brachyresponse import __version__
from brachyresponse.report.document import RESEARCH_USE, document, table
from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.report.response_words import DASH, category_mark
from brachyresponse.response.vocabulary import Category


@dataclass(frozen=True)
class IndexRow:
    """One case on the page.

    Parameters
    ----------
    name, title, criteria
        Which case, by which criteria.
    category, reader
        At the last visit: computed, and the reader's own if there is one.
    sentence
        Why.
    best, progression
        Best overall response, and the day of progression; empty for none.
    findings
        How many things need a person.
    truth
        What is true, for a case whose answer is known.
    note
        What stands under the category, as that it deviates from the criteria; empty for nothing.
    link
        Address of its report, relative to the page.
    """

    name: str
    title: str
    criteria: str
    category: Category | None
    reader: Category | None
    sentence: str
    best: str
    progression: str
    findings: int
    truth: str = ""
    link: str = ""
    note: str = ""


def response_index_html(
    rows: Sequence[IndexRow], *, title: str = "Response of several cases", sections: Sequence[Markup] = ()
) -> str:
    """Return the page as one self-contained HTML document, but for its links; ``sections`` stand below the table."""
    has_truth = any(row.truth for row in rows)
    headings = ["Case", "Last visit", "Why", "Best", "Progression", "To look at"]
    headings += ["Truth"] if has_truth else []
    body = [[*_cells(row), *([row.truth or DASH] if has_truth else [])] for row in rows]
    return document(
        title,
        element(
            "main",
            element("h1", title),
            element("p", RESEARCH_USE, class_="research"),
            element("p", _counted(rows)),
            table(headings, body, numbers=(5,)),
            *sections,
            element("footer", f"BrachyResponse {__version__}. {RESEARCH_USE}"),
            class_="verification response listing",
        ),
    )


def _cells(row: IndexRow) -> list[object]:
    name = element("a", row.name, href=row.link) if row.link else row.name
    about = [element("span", text, class_="quiet") for text in (row.criteria, row.title) if text]
    case = joined(name, *about, separator=element("br"))
    notes = [element("span", row.note, class_="stamp")] if row.note else []
    mark = joined(category_mark(row.category, row.reader), *notes, separator=element("br"))
    return [case, mark, row.sentence, row.best or DASH, row.progression or DASH, row.findings or DASH]


def _counted(rows: Sequence[IndexRow]) -> Markup:
    looked = sum(1 for row in rows if row.findings)
    counts = {one: [row.category for row in rows].count(one) for one in dict.fromkeys(row.category for row in rows)}
    marks = (joined(category_mark(category), f" {count}") for category, count in counts.items())
    said = f"{len(rows)} cases; {looked} with something that needs a person. At the last visit: "
    return joined(said, joined(*marks, separator=", "), ".")
