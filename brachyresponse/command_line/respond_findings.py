"""What of an assessment needs a person."""

from __future__ import annotations

from collections.abc import Iterator

from brachyresponse.command_line.respond_evidence import evidence_findings
from brachyresponse.response.study import ResponseStudy
from brachyresponse.response.vocabulary import Category, FieldPosition

OPEN_CATEGORIES = {
    Category.PRELIMINARY_PD: "possible pseudoprogression",
    Category.NE: "not evaluable",
}
OPEN = "from what is known"


def findings_of(study: ResponseStudy) -> Iterator[str]:
    """Yield what a person has to look at, one sentence each: most of it of the last visit."""
    yield from _of_last_visit(study)
    yield from _of_reader(study)
    if study.schedule is not None:
        yield from (row.sentence for row in study.schedule.overdue)
    if _has_open_reference(study):
        yield study.radiation_end.sentence
    for entry in study.measurements:
        yield from (f"{entry.visit}, {entry.lesion}: {warning}" for warning in entry.warnings)
    yield from evidence_findings(study.evidence)


def _of_last_visit(study: ResponseStudy) -> Iterator[str]:
    last, visit = study.assessment.visits[-1], study.case.visits[-1]
    if last.category in OPEN_CATEGORIES:
        yield f"{last.date} is {last.category}, {OPEN_CATEGORIES[last.category]}."
    if last.if_known:
        outcomes = " ".join(outcome.sentence for outcome in last.if_known)
        yield f"{last.date} is {last.category} ({last.label or OPEN}). {outcomes}"
    for lesion in visit.new_lesions:
        if lesion.field is FieldPosition.STRADDLES:
            yield f"New lesion {lesion.id!r} of {visit.date} lies astride the field's edge: the reader decides."


def _of_reader(study: ResponseStudy) -> Iterator[str]:
    for visit in study.assessment.visits:
        reader = study.adjudication(visit.date)
        if reader is not None and reader.category != visit.category:
            yield f"{visit.date}: computed {visit.category}. {reader.describe()}"


def _has_open_reference(study: ResponseStudy) -> bool:
    """Whether there was radiation, the criteria look at the weeks after it, and nobody said when it ended."""
    has_courses = study.treatments is not None and bool(study.treatments.courses)
    has_window = study.assessment.criteria.early_window is not None
    return has_courses and has_window and study.radiation_end.date is None
