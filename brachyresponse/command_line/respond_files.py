"""The result files of assessed cases, and what is printed of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from brachyresponse.command_line.messages import warn
from brachyresponse.command_line.respond_case import RespondCase
from brachyresponse.command_line.respond_evidence import print_evidence
from brachyresponse.command_line.respond_findings import findings_of
from brachyresponse.command_line.respond_truth import differences, truth_rows, truth_words
from brachyresponse.errors import InputFileError
from brachyresponse.pictures.response_pictures import response_pictures
from brachyresponse.planning import Table, write_csv
from brachyresponse.report.response_index import IndexRow, response_index_html
from brachyresponse.report.response_report import write_response_report
from brachyresponse.report.response_truth import response_truth_section
from brachyresponse.report.response_words import unit_text
from brachyresponse.report.verification_truth import TruthRow
from brachyresponse.response.criteria import VisitAssessment
from brachyresponse.response.study import ResponseStudy, write_study

REPORT, INDEX, SUMMARY = "report.html", "index.html", "cases.csv"
COLUMNS = (
    "case", "criteria", "date", "category", "note", "reader", "why", "best", "progression", "next scan", "to look at",
)  # fmt: skip
UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, eq=False)
class AssessedCase:
    """A case with its study, and truth beside result where the answer is known."""

    case: RespondCase
    study: ResponseStudy

    @property
    def name(self) -> str:
        """The case's id."""
        return self.study.case.id

    @property
    def truth(self) -> tuple[TruthRow, ...]:
        """Truth beside result; none where no answer is known."""
        return truth_rows(self.study, self.case.truth)

    @property
    def findings(self) -> tuple[str, ...]:
        """What needs a person, one sentence each."""
        wrong = (f"{row.quantity} is {row.result}, expected {row.truth}." for row in differences(self.truth))
        return tuple(dict.fromkeys((*findings_of(self.study), *self.case.doubts, *wrong)))

    @property
    def remarks(self) -> tuple[str, ...]:
        """Warnings that a person should read, and that are no findings."""
        return tuple(sentence for sentence in self.study.warnings if sentence not in self.findings)


def folder_names(names: Sequence[str]) -> list[str]:
    """Return a folder's name for each case.

    Raises
    ------
    InputFileError
        Two cases would have the same.
    """
    folders = [UNSAFE.sub("_", name).strip("._") or "case" for name in names]
    for folder, name in zip(folders, names, strict=True):
        if [one.lower() for one in folders].count(folder.lower()) > 1:
            raise InputFileError(f"Two cases are called {name!r}, or nearly so: give each an id of its own.")
    return folders


def write_case(assessed: AssessedCase, folder: Path) -> None:
    """Write all files of one case into a folder.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    study, case = assessed.study, assessed.case
    write_study(study, folder)
    sections = [section for section in [response_truth_section(assessed.truth)] if section]
    pictures = response_pictures(study, case.pictured)
    write_response_report(study, pictures, folder / REPORT, sections=sections)


def write_list(cases: Sequence[AssessedCase], folders: Sequence[str], title: str, folder: Path) -> None:
    """Write the page and the table that list several cases.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    rows = [_index_row(one, f"{name}/{REPORT}") for one, name in zip(cases, folders, strict=True)]
    (folder / INDEX).write_text(response_index_html(rows, title=title), encoding="utf-8")
    write_csv(Table(title, COLUMNS, tuple(_cells(one) for one in cases)), folder / SUMMARY)


def print_case(assessed: AssessedCase) -> None:
    """Print one row a visit, the result, and what needs a person."""
    study = assessed.study
    print(f"{assessed.name}: {study.assessment.criteria.title}{_badge(study)}")
    for line in _lines(study):
        print(f"  {line}")
    progression = study.assessment.progression_date
    print(f"  best {study.assessment.best_overall_response}, progression {progression or 'none'}")
    for line in _beside(study):
        print(f"  {line}")
    if study.schedule is not None:
        print(f"  {study.schedule.sentence}")
    print_evidence(study.evidence, indent="  ")
    for line in dict.fromkeys(sentence for visit in study.assessment.visits for sentence in visit.deviations):
        print(f"  {line}")
    for sentence in assessed.findings:
        print(f"  to look at: {sentence}")
    for sentence in assessed.remarks:
        warn(sentence)


def print_list(cases: Sequence[AssessedCase]) -> None:
    """Print one row a case, and what is to be known of the criteria."""
    width = max(len(one.name) for one in cases)
    for one in cases:
        found = one.study.assessment
        last = found.visits[-1]
        looked = "".join(f"  {words}" for words in _beside_category(one.study, last))
        looked += f"  {len(one.findings)} to look at" if one.findings else ""
        print(
            f"{one.name:<{width}}  {found.criteria.name:<13}  {last.date}  {last.category or '–'!s:<13}"
            f"  best {found.best_overall_response!s:<13}  progression {found.progression_date or 'none'!s:<10}{looked}"
        )
    criteria = {one.study.assessment.criteria.name: one.study.assessment.criteria for one in cases}
    for each in criteria.values():
        if each.badge:
            print(f"{each.name}: {each.badge}")


def _lines(study: ResponseStudy) -> Iterator[str]:
    unit = study.assessment.visits[-1].unit
    yield f"{'visit':<10}  {f'sum ({unit_text(unit)})':>12}  {'baseline':>9}  {'nadir':>9}  category"
    for visit in study.assessment.visits:
        reader = study.adjudication(visit.date)
        said = [
            str(visit.category or "before the baseline"),
            *_beside_category(study, visit),
            f"reader: {reader.category}" if reader else "",
        ]
        total = "–" if visit.sum is None else f"{visit.sum:.4g}"
        changes = (f"{_percent(one):>9}" for one in (visit.percent_from_baseline, visit.percent_from_nadir))
        yield f"{visit.date}  {total:>12}  {'  '.join(changes)}  {', '.join(word for word in said if word)}"


def _beside_category(study: ResponseStudy, visit: VisitAssessment) -> list[str]:
    """Return what must not be left out beside a category: what is not known, and deviations from the criteria."""
    deviates = f"deviates from {study.assessment.criteria.title}" if visit.deviations else ""
    return [words for words in (visit.label, deviates) if words]


def _beside(study: ResponseStudy) -> Iterator[str]:
    for other in study.beside:
        said = ", ".join(f"{visit.date} {visit.category or '–'}" for visit in other.visits)
        yield f"beside, {other.criteria.title}: {said}; best {other.best_overall_response}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:+.1f} %"


def _badge(study: ResponseStudy) -> str:
    badge = study.assessment.criteria.badge
    return f" ({badge})" if badge else ""


def _index_row(one: AssessedCase, link: str) -> IndexRow:
    study, found = one.study, one.study.assessment
    last = found.visits[-1]
    reader, rule = study.adjudication(last.date), last.deciding_rule
    return IndexRow(
        name=one.name,
        title=study.case.title,
        criteria=found.criteria.title + _badge(study),
        category=last.category,
        reader=reader.category if reader else None,
        sentence=str(rule or ""),
        best=str(found.best_overall_response or ""),
        progression=str(found.progression_date or ""),
        findings=len(one.findings),
        truth=truth_words(one.truth) if one.truth else "",
        link=link,
        note=", ".join(_beside_category(study, last)),
    )


def _cells(one: AssessedCase) -> tuple[str | int, ...]:
    row = _index_row(one, "")
    due = one.study.schedule.next_due if one.study.schedule else None
    last = one.study.assessment.visits[-1].date
    return (
        row.name, row.criteria, str(last), str(row.category or ""), row.note, str(row.reader or ""), row.sentence,
        row.best, row.progression, str(due or ""), row.findings,
    )  # fmt: skip
