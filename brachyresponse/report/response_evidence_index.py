"""Several cases with the answer of the evidence, the truth beside it where it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brachyresponse.report.document import section, table
from brachyresponse.report.markup import NOTHING, Markup, element, joined
from brachyresponse.report.response_evidence_words import range_words, verdict_mark
from brachyresponse.report.response_words import DASH
from brachyresponse.response.evidence.vocabulary import LesionClass, Verdict

TITLE = "Recurrence or radiation necrosis"
KNOWN = (
    "These cases were made, so what they are is known. An answer may be inconclusive or not evaluable where the "
    "evidence is thin; it must not favour the wrong class."
)
FAVOURED = {
    Verdict.FAVOURS_RECURRENCE: LesionClass.RECURRENCE,
    Verdict.FAVOURS_NECROSIS: LesionClass.NECROSIS,
}


@dataclass(frozen=True)
class EvidenceRow:
    """One case with its answer.

    Parameters
    ----------
    name
        Of the case.
    verdict
        None where nothing was asked of it.
    interval
        Percentiles 2.5, 50 and 97.5 of the probability of recurrence; None without weighed markers.
    truth
        What the lesion is, in a word; empty where that is not known. What is no recurrence counts with necrosis, as a
        treatment effect does.
    because
        What it rests on, or why nothing was asked.
    link
        Address of its report, relative to the page.
    """

    name: str
    verdict: Verdict | None
    interval: tuple[float, float, float] | None = None
    truth: str = ""
    because: str = ""
    link: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether it favours the class that the lesion is not."""
        favoured = None if self.verdict is None else FAVOURED.get(self.verdict)
        is_recurrence = self.truth == LesionClass.RECURRENCE
        return favoured is not None and self.truth != "" and (favoured is LesionClass.RECURRENCE) != is_recurrence


def evidence_truth_section(rows: Sequence[EvidenceRow], *, title: str = TITLE) -> Markup:
    """Return the cases as a table, truth beside answer; nothing without rows."""
    if not rows:
        return NOTHING
    headings = ["Case", "Answer", "Probability of recurrence", "Truth", "What it rests on"]
    note = element("p", KNOWN, class_="quiet")
    return section(title, note, table(headings, [_cells(row) for row in rows]), class_="answers")


def _cells(row: EvidenceRow) -> list[object]:
    name = element("a", row.name, href=row.link) if row.link else row.name
    answer: object = DASH if row.verdict is None else verdict_mark(row.verdict)
    if row.is_wrong:
        answer = joined(answer, element("br"), element("span", "wrong class", class_="fail"))
    interval = DASH if row.interval is None else range_words(*row.interval)
    return [name, answer, interval, row.truth or DASH, row.because or DASH]
