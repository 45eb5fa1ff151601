"""Cases as JSON objects: what :func:`read_case` reads back to the same case."""

from __future__ import annotations

from datetime import date
from typing import Any

from brachyresponse.response.case.case import CaseLesion, CaseOptions, CaseVisit, LesionPart, NewLesion, ResponseCase
from brachyresponse.response.case.keys import DRUG_FLAGS, FLAGS, HISTOLOGY_OF_TUMOUR, SIZES


def as_json(case: ResponseCase) -> dict[str, Any]:
    """Return a case in the schema that :func:`read_case` reads."""
    return {
        "id": case.id,
        "title": case.title,
        "criteria": str(case.criteria),
        "options": _options(case.options),
        "radiation_end": _day(case.radiation_end),
        "treatment_start": _day(case.treatment_start),
        "visits": [_visit(visit) for visit in case.visits],
    }


def _options(options: CaseOptions) -> dict[str, Any]:
    flags = {key: getattr(options, name) for key, name in FLAGS.items()}
    return {"measure": str(options.measure), "min_sd_weeks": options.min_sd_weeks, **flags}


def _visit(visit: CaseVisit) -> dict[str, Any]:
    drugs = {key: getattr(visit, name) for key, name in DRUG_FLAGS.items() if getattr(visit, name) is not None}
    return {
        "date": visit.date.isoformat(),
        "role": str(visit.role),
        "lesions": [_lesion(lesion) for lesion in visit.lesions],
        "non_target": str(visit.non_target),
        "t2_flair": str(visit.t2_flair),
        "steroid_dose_mg": visit.steroid_dose_mg,
        "steroid_trend": None if visit.steroid_trend is None else str(visit.steroid_trend),
        "clinical_status": str(visit.clinical_status),
        "histology": HISTOLOGY_OF_TUMOUR if visit.has_histology_of_tumour else None,
        "new_lesions": [_new_lesion(lesion) for lesion in visit.new_lesions],
        **drugs,
    }


def _lesion(lesion: CaseLesion) -> dict[str, Any]:
    parts = {"parts": [_sizes(part) for part in lesion.parts]} if lesion.parts else {}
    merged = {"merged_into": lesion.merged_into} if lesion.merged_into is not None else {}
    return {
        "id": lesion.id,
        "role": str(lesion.role),
        "organ": lesion.organ,
        "kind": str(lesion.kind),
        **_sizes(lesion),
        "state": str(lesion.state),
        **parts,
        **merged,
    }


def _new_lesion(lesion: NewLesion) -> dict[str, Any]:
    return {
        "id": lesion.id,
        "field": str(lesion.field),
        "measurable": lesion.is_measurable,
        "certainty": str(lesion.certainty),
    }


def _sizes(sized: CaseLesion | LesionPart) -> dict[str, float]:
    return {size: getattr(sized, size) for size in SIZES if getattr(sized, size) is not None}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
