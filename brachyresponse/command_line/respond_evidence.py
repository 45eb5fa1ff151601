"""Evidence on recurrence or necrosis in ``respond``: beside a case, or alone."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from brachyresponse.command_line.outputs import result_folder
from brachyresponse.errors import BrachyResponseError, InputFileError, reason_of
from brachyresponse.planning import write_csv
from brachyresponse.response.evidence import EvidenceRequest, LesionEvidence, evidence_table, weigh_request
from brachyresponse.response.evidence.gathering import EvidenceFile, read_evidence_file
from brachyresponse.response.evidence.gathering.request_file import NAME, SCHEMA
from brachyresponse.response.evidence.markers import condition
from brachyresponse.response.evidence.weighing.statements import prior_statement
from brachyresponse.response.evidence.weighing.validity import ASKED
from brachyresponse.response.evidence.weighing.words import grouped_left_out, left_out_together
from brachyresponse.response.study import ResponseRequest, add_evidence

REPORT = "report.html"
OF_A_CASE = (
    "criteria", "option", "radiation_end", "schedule", "today", "patient_id", "new_criteria", "treatments", "perfusion",
    "earlier", "truth", "visit", "label", "node", "dose", "prescription_gy",
)  # fmt: skip
"""Options that belong to a case."""


def asked_evidence(options: argparse.Namespace) -> EvidenceFile | None:
    """Return what ``--evidence`` asks; None without it.

    Raises
    ------
    InputFileError
        The file cannot be read, or something in it is wrong.
    """
    return None if options.evidence is None else read_evidence_file(options.evidence)


def is_alone(options: argparse.Namespace, asked: EvidenceFile | None) -> bool:
    """Tell whether there is nothing but evidence: neither a case nor images to measure."""
    return asked is not None and asked.case is None and options.case is None and not options.lesions


def refuse_beside_evidence_alone(options: argparse.Namespace) -> None:
    """Refuse options that would do nothing where only evidence is weighed.

    Raises
    ------
    InputFileError
        There is such an option.
    """
    given = [f"--{name.replace('_', '-')}" for name in OF_A_CASE if getattr(options, name)]
    if given:
        raise InputFileError(
            f"Without a case only the evidence is weighed, and {', '.join(given)} would do nothing: give a case, or "
            "leave that out; treatments, perfusion and the patient's id may stand in the evidence itself."
        )


def with_evidence(request: ResponseRequest, asked: Sequence[EvidenceRequest], name: str) -> ResponseRequest:
    """Return a request with its evidence weighed, what the case holds itself and what is asked beside it.

    Parameters
    ----------
    name
        Of the file with what is asked, for errors; empty without one.

    Raises
    ------
    InputFileError
        A lesion or a visit is not in the case, or the evidence is of another patient; the message names the file.
    """
    known = {(one.visit, one.lesion): one.request for one in request.evidence}
    new = {(one.visit, one.lesion) for one in asked}
    kept = [one for place, one in known.items() if place not in new]
    try:
        return add_evidence(request, [*kept, *asked])
    except InputFileError:
        raise
    except BrachyResponseError as error:
        raise InputFileError(f"{name}: {error}" if name else str(error)) from error


def run_alone(asked: EvidenceFile, out: Path | None) -> bool:
    """Weigh, print and, where a folder is given, write; return whether something needs a person.

    Raises
    ------
    InputFileError
        A file cannot be written.
    """
    weighed = tuple(map(weigh_request, asked.requests))
    if out is not None:
        with result_folder(out) as folder:
            _write(weighed, folder)
    print_evidence(weighed)
    for finding in evidence_findings(weighed):
        print(f"to look at: {finding}")
    if out is not None:
        print(f"Report: {out / REPORT}")
    return any(one.needs_person for one in weighed)


def print_evidence(evidence: Sequence[LesionEvidence], indent: str = "") -> None:
    """Print the answer on each lesion: what was used, what was left out and why, what is asked."""
    for one in evidence:
        print(f"{indent}{one.lesion}, {one.visit}: {one.evidence.headline}")
        for line in _lines(one):
            print(f"{indent}  {line}")


def evidence_findings(evidence: Sequence[LesionEvidence]) -> Iterator[str]:
    """Yield what a person has to look at; an inconclusive answer is an answer."""
    for one in evidence:
        if not one.needs_person:
            continue
        where = f"{one.visit}, {one.lesion}"
        if one.evidence.conflicting:
            yield f"{where}: markers conflict. {' '.join(one.evidence.conflicting)}"
        elif not one.evidence.used:
            yield f"{where}: no marker could be weighed."
        if one.questions:
            asked = ", ".join(question.id for question in one.questions)
            number = len(one.questions)
            are = "conditions are" if number > 1 else "condition is"
            yield f"{where}: {number} {are} not answered: {asked}."


def _lines(one: LesionEvidence) -> Iterator[str]:
    """Yield everything that has to be said once: prior, markers and questions by name, the rest as it stands."""
    evidence = one.evidence
    used, prior = [marker.sentence for marker in evidence.used], prior_statement(evidence.prior)
    disclaimer, *others = evidence.statements
    told = {evidence.headline, prior, *used, *evidence.left_out_sentences}
    yield from (disclaimer, prior)
    yield from (f"used: {sentence}" for sentence in used)
    yield from (f"left out: {sentence}" for sentence in _left_out(one))
    for number, question in enumerate(one.questions, start=1):
        yield f"asked, {number}: {question.question} ({question.id})"
    yield from (f"against the record: {sentence}" for sentence in _against_the_record(one))
    yield from (f"beside: {sentence}" for sentence in one.context)
    yield from (f"taken from: {sentence}" for sentence in one.request.inputs)
    yield f"what would change this: {evidence.what_would_change}"
    yield from (sentence for sentence in others if sentence not in told)


def _left_out(one: LesionEvidence) -> Iterator[str]:
    """Yield what was left out and why; questions, which stand below in full, by their numbers."""
    numbers = {f"{ASKED}{question.question}": number for number, question in enumerate(one.questions, start=1)}
    shortened = [replace(each, reasons=_with_numbers(each.reasons, numbers)) for each in one.evidence.left_out]
    yield from map(left_out_together, grouped_left_out(shortened))


def _with_numbers(reasons: Sequence[str], numbers: Mapping[str, int]) -> tuple[str, ...]:
    plain = [reason for reason in reasons if reason not in numbers]
    asked = [str(numbers[reason]) for reason in reasons if reason in numbers]
    if not asked:
        return tuple(plain)
    return (*plain, f"Asked below: {', '.join(asked)}.")


def _against_the_record(one: LesionEvidence) -> Iterator[str]:
    """Yield answers of a person that a record contradicts, where a marker depends on them."""
    evidence = one.evidence
    markers = [each.marker for each in evidence.used] + [each.marker for each in evidence.left_out]
    asked = {name for each in markers for name in each.conditions}
    for each in one.request.answers:
        if each.otherwise and each.condition in asked:
            yield f"{condition(each.condition).question} {each.source.rstrip('.')}: {each.answer}. {each.otherwise}"


def _write(weighed: Sequence[LesionEvidence], folder: Path) -> None:
    from brachyresponse.pictures.evidence_pictures import evidence_pictures
    from brachyresponse.report.document import RESEARCH_USE, document
    from brachyresponse.report.markup import element
    from brachyresponse.report.response_evidence import evidence_sections

    contents = {"schema": SCHEMA, "lesions": [one.as_json() for one in weighed]}
    page = document(
        "Evidence on recurrence or necrosis",
        element(
            "main",
            element("p", RESEARCH_USE, class_="research"),
            evidence_sections(weighed, evidence_pictures(weighed)),
            class_="verification response",
        ),
    )
    try:
        text = json.dumps(contents, indent=1, ensure_ascii=False, allow_nan=False)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")
        (folder / REPORT).write_text(page, encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"The evidence cannot be written: {reason_of(error)}; choose another folder.") from error
    write_csv(evidence_table(weighed), folder / "evidence.csv")
