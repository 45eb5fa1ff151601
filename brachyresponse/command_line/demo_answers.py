"""The answers of the demo's courses beside the truth: printed, and as a page."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from brachyresponse import __version__
from brachyresponse.command_line.demo_evidence import AskedCourse
from brachyresponse.digital_patient.response import ResponseVariant
from brachyresponse.report.document import RESEARCH_USE, document
from brachyresponse.report.markup import element
from brachyresponse.report.response_evidence_index import FAVOURED, EvidenceRow, evidence_truth_section
from brachyresponse.response.evidence import LesionEvidence, Verdict
from brachyresponse.response.study import read_response_record

TITLE = "Recurrence or radiation necrosis: the answers beside the truth"
ABOUT = (
    "What the evidence says of one lesion of each course of the digital patient, and what it truly is. No published "
    "cut-off of ADC or of choline ratios holds beyond one study, so they are shown in the reports and not weighed: "
    "where nothing else can be weighed, 'not evaluable' is the right answer."
)
ABSENCE_UNRELIABLE = "absence_unreliable"
NOT_TRUSTED = "Perfusion cannot be trusted here:"
"""Said where the lesion never had the blood whose absence would tell of necrosis."""


@dataclass(frozen=True)
class CourseAnswer:
    """What was found of a course; ``found`` is None where nothing could be asked."""

    asked: AskedCourse
    found: LesionEvidence | None = None
    link: str = ""

    @property
    def verdict(self) -> Verdict:
        """What is favoured, if anything; where nothing could be asked it is not evaluable."""
        return Verdict.NOT_EVALUABLE if self.found is None else self.found.verdict

    @property
    def word(self) -> str:
        """The verdict for people."""
        return str(self.verdict).replace("_", " ")

    @property
    def interval(self) -> str:
        """The probability of recurrence with its range; of what was not weighed, that it is the prior's."""
        if self.found is None:
            return "–"
        low, mid, high = self.found.evidence.interval
        said = f"{100 * mid:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
        return said if self.found.evidence.used else f"prior only: {said}"

    @property
    def weighed(self) -> str:
        """The markers that were weighed."""
        if self.found is None:
            return "none"
        return ", ".join(one.marker.title for one in self.found.evidence.used) or "none"

    @property
    def against_truth(self) -> str:
        """Whether a class is favoured, and whether it is the right one."""
        if self.verdict not in FAVOURED:
            return "takes no side"
        return "WRONG" if EvidenceRow(self.asked.title, self.verdict, truth=self.asked.truth).is_wrong else "right"

    @property
    def remarks(self) -> tuple[str, ...]:
        """What has to be said beside the answer: why nothing is asked, and that perfusion cannot be trusted."""
        if self.found is None:
            return (self.asked.why_not,)
        return tuple(_not_trusted(self.found))


def _not_trusted(found: LesionEvidence) -> Iterator[str]:
    for finding in found.request.findings:
        if finding.details.get("perfusion_verdict") == ABSENCE_UNRELIABLE:
            yield f"{NOT_TRUSTED} {finding.details['perfusion_sentences'].splitlines()[0]}"
            return


def read_answers(
    asked: Iterable[AskedCourse], results: Mapping[ResponseVariant, Path], page: Path
) -> list[CourseAnswer]:
    """Return the answers that ``respond`` wrote; ``results`` are its folders, ``page`` is where links start."""
    answers = []
    for course in asked:
        folder = results.get(course.variant)
        if course.file is None or folder is None:
            answers.append(CourseAnswer(course))
            continue
        weighed = read_response_record(folder).request.evidence
        found = next(one for one in weighed if (one.lesion, one.visit) == (course.lesion, course.visit))
        answers.append(CourseAnswer(course, found, Path(os.path.relpath(folder, page), "report.html").as_posix()))
    return answers


def print_answers(answers: Sequence[CourseAnswer]) -> None:
    """Print a line a course, and what has to be said beside it."""
    print(TITLE)
    width = max(len(str(one.asked.variant)) for one in answers)
    for one in answers:
        print(
            f"  {one.asked.variant!s:<{width}}  {one.word:<18}  {one.interval:<30}  truth: {one.asked.truth:<16}  "
            f"{one.against_truth}"
        )
        for remark in one.remarks:
            print(f"  {'':<{width}}  {remark}")


def answers_html(answers: Sequence[CourseAnswer]) -> str:
    """Return the page: a row a course, with a link to its report."""
    return document(
        TITLE,
        element(
            "main",
            element("h1", TITLE),
            element("p", RESEARCH_USE, class_="research"),
            element("p", ABOUT),
            evidence_truth_section(list(map(_row, answers)), title="Answer and truth"),
            element("footer", f"BrachyResponse {__version__}. {RESEARCH_USE}"),
            class_="verification response",
        ),
    )


def _row(one: CourseAnswer) -> EvidenceRow:
    asked = f" ({one.asked.lesion}, {one.asked.visit})" if one.asked.visit else ""
    is_weighed = one.found is not None and bool(one.found.evidence.used)
    weighed = f"Weighed: {one.weighed}." if one.found is not None else ""
    return EvidenceRow(
        name=f"{one.asked.title}{asked}",
        verdict=one.verdict,
        interval=one.found.evidence.interval if one.found is not None and is_weighed else None,
        truth=one.asked.truth,
        because=" ".join((*one.remarks, weighed)).strip(),
        link=one.link,
    )
