"""A patient to be assessed as a JSON object: a case, and beside it what a study adds.

To the keys of a case (:func:`brachyresponse.response.case.read_case`) it adds, all optional:

- ``patient_id``: text.
- ``tumour``, ``treatments``: as :func:`brachyresponse.response.treatment.record_as_json` writes them.
- ``reference``: which day counts as the end of radiation, where ``radiation_end`` is null: words of
  :class:`~brachyresponse.response.treatment.ReferenceChoice`, or a date.
- ``adjudications``: objects with ``visit``, ``category``, ``reason``, and ``by`` and ``on`` where known.
- ``schedule``: id of a schedule that comes with the library, or the path of one. ``today``: date.
- ``measurements``, ``perfusion``, ``sites``: objects with the fields of :class:`MeasurementEntry`,
  :class:`PerfusionEntry` and :class:`SiteEntry`; what is not known is null or left out.
- ``evidence``: objects of one lesion each, as in ``evidence.json``, without files
  (:mod:`brachyresponse.response.evidence.gathering.request_json`).
- ``earlier_criteria``, ``accepts_new_criteria``: by what the patient was assessed before, and whether others are
  agreed to.
- ``inputs``: objects with ``name`` and ``what``. ``notes``: sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any, TypeVar

from brachyresponse.errors import InputFileError
from brachyresponse.perfusion.study.record_fields import read_fields
from brachyresponse.planning.record import Record
from brachyresponse.response.case import as_json, read_case
from brachyresponse.response.case.keys import CASE_KEYS, KEYS_OF_OTHERS, STUDY_KEYS
from brachyresponse.response.evidence import LesionEvidence, lesion_evidence_from_json
from brachyresponse.response.study.adjudication import Adjudication
from brachyresponse.response.study.entries import InputEntry, MeasurementEntry, PerfusionEntry, SiteEntry
from brachyresponse.response.study.request import ResponseRequest
from brachyresponse.response.treatment import ReferenceChoice, TreatmentRecord, record_as_json, record_from_json
from brachyresponse.response.vocabulary import CriteriaName

Entry = TypeVar("Entry")


def request_as_json(request: ResponseRequest) -> dict[str, Any]:
    """Return the object that :func:`request_from_json` reads back to the same request."""
    return {"patient_id": request.patient_id, **as_json(request.case), **study_fields(request)}


def study_fields(request: ResponseRequest) -> dict[str, Any]:
    """Return what a request adds to its case, without the patient's id."""
    return {
        **record_as_json(request.treatments or TreatmentRecord()),
        "reference": plain(request.reference),
        "adjudications": plain(request.adjudications),
        "schedule": request.schedule or None,
        "today": plain(request.today),
        "measurements": plain(request.measurements),
        "perfusion": plain(request.perfusion),
        "sites": plain(request.sites),
        "evidence": [one.as_json() for one in request.evidence],
        "earlier_criteria": plain(request.earlier_criteria),
        "accepts_new_criteria": request.accepts_new_criteria,
        "inputs": plain(request.inputs),
        "notes": list(request.notes),
    }


def request_from_json(item: Mapping[str, Any]) -> ResponseRequest:
    """Return the request of a JSON object.

    Raises
    ------
    InputFileError
        A key or a word is not known, or a value is of the wrong type; the message names it and the nearest right one.
    ResponseError
        The case, the treatments or what belongs to them contradict themselves.
    """
    record = Record(f"Case {item.get('id') or 'without id'}", item)
    record.refuse_unknown((*CASE_KEYS, *KEYS_OF_OTHERS))
    case = read_case({key: value for key, value in item.items() if key not in STUDY_KEYS})
    treated = record_from_json(item)
    return ResponseRequest(
        case=case,
        patient_id=record.text("patient_id") if record.has("patient_id") else "",
        treatments=treated or None,
        reference=_reference(record),
        adjudications=_entries(record, "adjudications", Adjudication),
        schedule=record.text("schedule") if record.has("schedule") else "",
        today=record.optional_day("today"),
        measurements=_entries(record, "measurements", MeasurementEntry),
        perfusion=_entries(record, "perfusion", PerfusionEntry),
        sites=_entries(record, "sites", SiteEntry),
        evidence=_evidence(record),
        earlier_criteria=record.choice("earlier_criteria", CriteriaName) if record.has("earlier_criteria") else None,
        accepts_new_criteria=record.flag("accepts_new_criteria", False),
        inputs=_entries(record, "inputs", InputEntry),
        notes=record.texts("notes") if record.has("notes") else (),
    )


def plain(value: Any) -> Any:
    """Return a value as JSON knows it; dataclasses become objects, dates texts."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, str) else value


def _entries(record: Record, key: str, kind: type[Entry]) -> tuple[Entry, ...]:
    if not record.has(key):
        return ()
    known = [field.name for field in fields(kind)]  # type: ignore[arg-type]
    found = []
    for item in record.records(key):
        item.refuse_unknown(known)
        found.append(read_fields(kind, item))
    return tuple(found)


def _evidence(record: Record) -> tuple[LesionEvidence, ...]:
    items = record.records("evidence") if record.has("evidence") else ()
    return tuple(lesion_evidence_from_json(item.fields, item.where) for item in items)


def _reference(record: Record) -> ReferenceChoice | date | None:
    if not record.has("reference"):
        return None
    words = record.text("reference")
    if words in tuple(ReferenceChoice):
        return ReferenceChoice(words)
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise InputFileError(
            f"{record.where}: 'reference' is {words!r}, expected a date such as 2026-01-31 or one of "
            f"{', '.join(ReferenceChoice)}."
        ) from error
