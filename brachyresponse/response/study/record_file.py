"""Assessed patients in files: ``response.json``, schema 1.

One JSON object, UTF-8; what is not known is null. Dates are ISO 8601.

- ``patient_id``, ``criteria``, ``title``, ``today``.
- ``visits``, ``best_overall_response``, ``progression_date``: the result in the keys of the worked examples
  (``date``, ``category``, ``sum``, ``target_response``, ``percent_from_baseline``, ``percent_from_nadir``,
  ``confirmed``, ``why``), with the reasons. ``beside``: the same by the criteria shown beside the chosen ones.
- ``radiation_end``: ``date``, ``sentence``, ``choice``, ``delivered_share``.
- ``case``: what was assessed, as it was given; see :func:`brachyresponse.response.case.read_case`.
- ``tumour``, ``treatments``, ``reference``, ``adjudications``, ``schedule``, ``measurements``, ``perfusion``,
  ``sites``, ``inputs``, ``notes`` and what else a request has; see :mod:`brachyresponse.response.study.request_json`.
- ``evidence``: one object a lesion and visit: the request in the keys of ``evidence.json``
  (:mod:`brachyresponse.response.evidence.gathering.request_json`), and ``result`` with ``verdict``, ``headline``,
  ``probability_of_recurrence`` (``low``, ``mid``, ``high``), ``used``, ``left_out``, ``questions`` and what has to be
  said; on reading it is weighed anew.
- ``schedule_state``: null, or ``next_due``, ``overdue``, ``sequences``, ``advanced_imaging``, ``sentence``, ``notes``.
- ``assumptions``: ``about``, ``sentence``, ``is_verified``. ``warnings``: sentences. ``versions``: ``name`` and
  ``version``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from brachyresponse.perfusion.study.record_fields import read_fields
from brachyresponse.planning.record import Record, read_result
from brachyresponse.response.case import as_json
from brachyresponse.response.case.keys import STUDY_KEYS
from brachyresponse.response.schedule import ScheduleState
from brachyresponse.response.study.assumption import Assumption
from brachyresponse.response.study.request import ResponseRequest
from brachyresponse.response.study.request_json import plain, request_from_json, study_fields
from brachyresponse.response.study.study import ResponseStudy, VersionEntry
from brachyresponse.response.vocabulary import Category, CriteriaName

NAME = "response.json"
SCHEMA = 1


@dataclass(frozen=True)
class VisitRecord:
    """What was said of a visit."""

    date: date
    category: Category | None
    sum: float | None
    target_response: Category | None
    percent_from_baseline: float | None
    percent_from_nadir: float | None
    why: str


@dataclass(frozen=True)
class ResponseRecord:
    """An assessment as it was written: the result, and the request that gives it again."""

    criteria: CriteriaName
    visits: tuple[VisitRecord, ...]
    best_overall_response: Category | None
    progression_date: date | None
    request: ResponseRequest
    assumptions: tuple[Assumption, ...]
    warnings: tuple[str, ...]
    versions: tuple[VersionEntry, ...]


def study_as_json(study: ResponseStudy) -> dict[str, Any]:
    """Return the object of ``response.json``."""
    request = study.request
    return {
        "schema": SCHEMA,
        "patient_id": request.patient_id,
        "criteria": str(request.case.criteria),
        "title": request.case.title,
        **study.assessment.as_json(),
        "beside": [assessment.as_json() for assessment in study.beside],
        "radiation_end": plain(study.radiation_end),
        "case": as_json(request.case),
        **study_fields(request),
        "schedule_state": _schedule(study.schedule),
        "assumptions": plain(study.assumptions),
        "warnings": list(study.warnings),
        "versions": plain(study.versions),
    }


def record_text(study: ResponseStudy) -> str:
    """Return the JSON text of a study."""
    return json.dumps(study_as_json(study), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def read_response_record(path: str | Path) -> ResponseRecord:
    """Return the assessment of a JSON file, or of the folder that :func:`write_study` wrote.

    Raises
    ------
    InputFileError
        The file cannot be read, is damaged, of another schema, or a field is missing or wrong; the message names the
        file and the field.
    """
    return read_result(path, NAME, SCHEMA, _read)


def _read(record: Record) -> ResponseRecord:
    return ResponseRecord(
        criteria=record.choice("criteria", CriteriaName),
        visits=tuple(read_fields(VisitRecord, visit) for visit in record.records("visits")),
        best_overall_response=_optional_category(record, "best_overall_response"),
        progression_date=record.optional_day("progression_date"),
        request=request_from_json(_request_fields(record)),
        assumptions=tuple(read_fields(Assumption, each) for each in record.records("assumptions")),
        warnings=record.texts("warnings"),
        versions=tuple(read_fields(VersionEntry, each) for each in record.records("versions")),
    )


def _request_fields(record: Record) -> dict[str, Any]:
    """The request of a file: the case, and what stands beside it."""
    beside = {key: record.fields[key] for key in STUDY_KEYS if key in record.fields}
    return {**record.part("case").fields, **beside}


def _optional_category(record: Record, key: str) -> Category | None:
    return record.choice(key, Category) if record.has(key) else None


def _schedule(state: ScheduleState | None) -> Mapping[str, Any] | None:
    if state is None:
        return None
    return {
        "id": state.schedule.id,
        "next_due": plain(state.next_due),
        "overdue": [{"id": row.visit.id, "due": plain(row.due), "sentence": row.sentence} for row in state.overdue],
        "sequences": list(state.sequences),
        "advanced_imaging": list(state.advanced_imaging),
        "is_beyond_protocol": state.is_beyond_protocol,
        "sentence": state.sentence,
        "notes": list(state.notes),
    }
