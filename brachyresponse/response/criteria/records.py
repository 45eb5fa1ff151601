"""Assessments as JSON objects."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from brachyresponse.response.criteria.assessment import VisitAssessment

SAID_OF_A_REASON = ("sentence", "source", "checked", "is_verified")


def visit_record(visit: VisitAssessment) -> dict[str, Any]:
    """Return a visit as the response schema has it, with the reasons.

    Beside the schema's keys it has one for each further field of the visit, and ``is_imaging_only`` and ``label``.
    """
    record = {field.name: plain(getattr(visit, field.name)) for field in fields(visit)}
    reasons = [{"rule": one.rule_id, **{key: getattr(one, key) for key in SAID_OF_A_REASON}} for one in visit.reasons]
    more = {"why": visit.sentence, "is_imaging_only": visit.is_imaging_only, "label": visit.label}
    return {**record, **more, "reasons": reasons}


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: dataclasses as objects, dates and words as text."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, StrEnum):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
