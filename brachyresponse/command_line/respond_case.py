"""From options and files to cases that can be evaluated."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from brachyresponse.command_line.respond_dose import with_doses
from brachyresponse.command_line.respond_evidence import with_evidence
from brachyresponse.command_line.respond_images import MeasuredVisits, measure_visits
from brachyresponse.command_line.respond_told import ToldVisit, fill_in, told_visits
from brachyresponse.command_line.respond_truth import checked_truth, read_truth_of_case
from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.perfusion.study import MapName, read_study_record
from brachyresponse.pictures.response_pictures import MeasuredLesion
from brachyresponse.progress import Report
from brachyresponse.response.evidence.gathering import EvidenceFile
from brachyresponse.response.study import (
    InputEntry,
    PerfusionEntry,
    ResponseRequest,
    continue_record,
    read_items,
    read_request,
    read_response_record,
)
from brachyresponse.response.treatment import read_treatments_csv, treatments_as_json

EXPECTED = "expected"
RATIOS = frozenset({MapName.KTRANS, MapName.VP, MapName.RCBV})
"""Maps whose ratios stand on the time line."""
RECORD = frozenset({"treatments", "tumour"})
"""Keys of a treatment record."""
TRUE_WORDS, FALSE_WORDS = ("yes", "true", "1", "on"), ("no", "false", "0", "off")
Fields = dict[str, Any]


@dataclass(frozen=True, eq=False)
class RespondCase:
    """One case with what belongs to its report.

    Parameters
    ----------
    request
        What is assessed.
    truth
        The ``expected`` part of a worked case; empty for none.
    pictured
        Lesions that have a scan, for key images.
    doubts
        What was taken for granted in reading and needs a person.
    """

    request: ResponseRequest
    truth: Mapping[str, Any] = field(default_factory=dict)
    pictured: tuple[MeasuredLesion, ...] = ()
    doubts: tuple[str, ...] = ()


def read_cases(options: argparse.Namespace, evidence: EvidenceFile | None, report: Report) -> list[RespondCase]:
    """Return the cases that the options describe, or the one that the evidence names.

    Raises
    ------
    BrachyResponseError
        A file cannot be read, a key, a word or an option is not known, or a case contradicts itself.
    """
    options = _of_evidence(options, evidence)
    _refuse_alone(options)
    items, read = ([{}], ()) if options.case is None else _items(options.case)
    _refuse_for_many(options, len(items))
    told = told_visits(items[0], options)
    measured = measure_visits(options, report)
    named = [("Treatments", options.treatments), ("Truth", options.truth), ("Earlier", options.earlier)]
    named += [("Perfusion", path) for path in options.perfusion]
    named += [("Evidence", options.evidence)]
    beside = tuple(InputEntry(name, path.name) for name, path in named if path is not None)
    inputs = (*read, *beside, *measured.inputs)
    cases = [_case(item, options, told, measured, inputs) for item in items]
    asked = tuple(with_doses(evidence.requests, measured.courses, measured.days)) if evidence else ()
    name = options.evidence.name if evidence else ""
    return [replace(one, request=with_evidence(one.request, asked, name)) for one in cases]


def _of_evidence(options: argparse.Namespace, evidence: EvidenceFile | None) -> argparse.Namespace:
    """Return the options with the case that the evidence names, where no other one is given."""
    if evidence is None or evidence.case is None or options.case is not None or options.lesions:
        return options
    return argparse.Namespace(**{**vars(options), "case": evidence.case})


def _items(path: Path) -> tuple[list[Fields], tuple[InputEntry, ...]]:
    items, entry = read_items(path)
    return items, (entry,)


def _refuse_alone(options: argparse.Namespace) -> None:
    """Refuse options that would do nothing without another one."""
    if options.case is None and not options.lesions:
        raise InputFileError("There is nothing to assess: give a case file, or --visit and --lesions for each visit.")
    if options.case is None and options.criteria is None:
        raise InputFileError("--criteria is missing: without a case file it says what the lesions are assessed by.")
    if not options.lesions and (options.visit or options.label or options.node or options.dose):
        raise InputFileError(
            "--visit, --label, --node and --dose belong to the structures of --lesions: give these too."
        )


def _refuse_for_many(options: argparse.Namespace, count: int) -> None:
    of_one = {"--lesions": options.lesions, "--truth": options.truth, "--treatments": options.treatments}
    of_one |= {
        "--earlier": options.earlier,
        "--patient-id": options.patient_id,
        "--radiation-end": options.radiation_end,
    }
    of_one |= {"--perfusion": options.perfusion, "--evidence": options.evidence}
    for name, value in of_one.items():
        if value and count > 1:
            raise InputFileError(f"{name} belongs to one patient, but {options.case.name} holds {count} cases.")


def _case(
    item: Fields,
    options: argparse.Namespace,
    told: Mapping[date, ToldVisit],
    measured: MeasuredVisits,
    inputs: tuple[InputEntry, ...],
) -> RespondCase:
    changed, notes = _with_choices(item, options)
    filled = fill_in(changed, told, measured)
    request = _continued(measured.added_to(read_request(filled.fields, today=options.today)), options)
    request = replace(
        request,
        inputs=(*request.inputs, *inputs),
        notes=(*request.notes, *notes, *filled.targets, *measured.notes, *filled.doubts),
    )
    request = replace(request, perfusion=(*request.perfusion, *_ratios(options.perfusion, request.patient_id)))
    own = checked_truth(item.get(EXPECTED), f"Case {request.case.id}")
    truth = read_truth_of_case(options.truth) if options.truth else own
    return RespondCase(request, truth, measured.pictured, filled.doubts)


def _ratios(paths: Sequence[Path], patient_id: str) -> Iterator[PerfusionEntry]:
    """Yield the ratios of a patient's perfusion studies, those of the maps that lesions are judged by."""
    for path in paths:
        record = read_study_record(path)
        if patient_id and record.patient_id and record.patient_id != patient_id:
            raise InputFileError(
                f"{path.name} is of patient {record.patient_id!r}, the case of {patient_id!r}: give the same patient's."
            )
        yield from (entry for entry in PerfusionEntry.of_record(record) if entry.map in RATIOS)


def _continued(request: ResponseRequest, options: argparse.Namespace) -> ResponseRequest:
    """Return a request that follows on from ``--earlier``; other criteria than its are refused when it is assessed."""
    if options.new_criteria:
        request = replace(request, accepts_new_criteria=True)
    return request if options.earlier is None else continue_record(request, read_response_record(options.earlier))


def _with_choices(fields: Fields, options: argparse.Namespace) -> tuple[Fields, list[str]]:
    """Return a case with what the options say of it, and what was changed by them."""
    told = {key: value for key, value in _told(options).items() if value}
    notes = [
        f"The case has {key.replace('_', ' ')} {fields[key]}; it is {value} here, as the option says."
        for key, value in told.items()
        if fields.get(key) not in (None, "", value)
    ]
    changed = {**fields, **told}
    if options.option:
        changed["options"] = {**(fields.get("options") or {}), **dict(map(_option, options.option))}
    if options.treatments is not None:
        changed |= _treatments(options.treatments)
    if options.case is None:
        changed["id"] = options.patient_id or "patient"
    return changed, notes


def _told(options: argparse.Namespace) -> dict[str, str]:
    """Return what the options say of a case, by its keys; empty for nothing."""
    return {
        "criteria": str(options.criteria or ""),
        "radiation_end": str(options.radiation_end or ""),
        "schedule": options.schedule or "",
        "patient_id": options.patient_id,
    }


def _option(assignment: tuple[str, str]) -> tuple[str, Any]:
    """Return an option of the criteria with its value as JSON has it."""
    name, text = assignment
    if text.lower() in (*TRUE_WORDS, *FALSE_WORDS) and name != "min_sd_weeks":
        return name, text.lower() in TRUE_WORDS
    return name, int(text) if text.isdecimal() else text


def _treatments(path: Path) -> Fields:
    """Return the treatment record of a file in the form that cases hold it, with the tumour where it is told."""
    if path.suffix.lower() == ".csv":
        return {"treatments": treatments_as_json(read_treatments_csv(path))}
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        raise InputFileError(f"{path.name} cannot be read as JSON or CSV: {reason_of(error)}.") from error
    if isinstance(content, list):
        return {"treatments": content}
    if not isinstance(content, dict) or not RECORD & set(content):
        raise InputFileError(f"{path.name} has no 'treatments': give a list of treatments, or an object that has one.")
    return {key: content[key] for key in RECORD if key in content}
