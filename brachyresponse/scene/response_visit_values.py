"""The reader's words on a visit: by name as they are set, and as the library reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.vocabulary import (
    ClinicalStatus,
    NonTargetStatus,
    SteroidTrend,
    T2Flair,
    VisitRole,
)
from brachyresponse.scene.response_fields import VisitField, set_visit_field, visit_json, visit_text
from brachyresponse.scene.response_parts import assessment_of, require_visit
from brachyresponse.scene.response_visits import check_days, day_of_visit, rename_visits, role_of
from brachyresponse.scene.response_words import needed_day, number_of, word_of

TUMOUR = "tumour"
"""What histology is said to have shown; nothing else changes a category."""


@dataclass(frozen=True)
class VisitValue:
    """A value of a visit that people set: where it is kept, and how what they give is read; None where unknown."""

    field: VisitField
    read: Callable[[Any], Any]
    is_text: bool = True


VISIT_VALUES = {
    "date": VisitValue(VisitField.DATE, lambda value: needed_day(value, "visit")),
    "role": VisitValue(VisitField.ROLE, lambda value: word_of(VisitRole, value, "role of a visit").value),
    "nonTarget": VisitValue(
        VisitField.NON_TARGET, lambda value: word_of(NonTargetStatus, value, "state of the non-target lesions").value
    ),
    "t2Flair": VisitValue(VisitField.T2_FLAIR, lambda value: word_of(T2Flair, value, "state of T2/FLAIR").value),
    "steroidDose": VisitValue(
        VisitField.STEROID_DOSE, lambda value: number_of(value, "Steroid dose", "mg a day"), is_text=False
    ),
    "steroidTrend": VisitValue(
        VisitField.STEROID_TREND,
        lambda value: word_of(SteroidTrend, value, "trend of steroids").value,
    ),
    "clinicalStatus": VisitValue(
        VisitField.CLINICAL_STATUS, lambda value: word_of(ClinicalStatus, value, "clinical status").value
    ),
    "histology": VisitValue(VisitField.HISTOLOGY, lambda value: _histology(value)),
}
"""By the Logic's names."""


def set_visit_value(visit_node: slicer.vtkMRMLScriptedModuleNode, name: str, value: object) -> None:
    """Set a value of a visit by one of :data:`VISIT_VALUES`; None or empty text is not known.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit or value, or what is given is none that it can have.
    """
    require_visit(visit_node)
    write_visit_values([(visit_node, {name: parsed_visit_value(name, value)})])


def parsed_visit_value(name: str, value: object) -> object:
    """Return what is given for a value of a visit as it is kept.

    Raises
    ------
    ResponseError
        There is no such value, or what is given is none that it can have.
    """
    if name not in VISIT_VALUES:
        raise ResponseError(f"A visit has no {name!r}: choose one of {', '.join(VISIT_VALUES)}.")
    known = VISIT_VALUES[name]
    if name not in ("date", "role") and (value is None or str(value).strip() == ""):
        return None
    return known.read(value)


def write_visit_values(changes: Sequence[tuple[slicer.vtkMRMLScriptedModuleNode, Mapping[str, object]]]) -> None:
    """Keep values of visits of one assessment that were read by :func:`parsed_visit_value`.

    Raises
    ------
    ResponseError
        Two visits would be on one day; then the visits are as they were.
    """
    days = [(node, day) for node, values in changes if isinstance(day := values.get("date"), date)]
    owner = assessment_of(days[0][0]) if days else None
    if owner is not None:
        check_days(owner, days)
    for node, values in changes:
        for name, value in values.items():
            set_visit_field(node, VISIT_VALUES[name].field, value)
    if owner is not None:
        rename_visits(owner)


def visit_value(visit_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> str | float | date | None:
    """Return a value of a visit by one of :data:`VISIT_VALUES`; None where it is not known.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit or value, or it is damaged.
    """
    if name not in VISIT_VALUES:
        raise ResponseError(f"A visit has no {name!r}: choose one of {', '.join(VISIT_VALUES)}.")
    if name == "date":
        return day_of_visit(visit_node)
    if name == "role":
        return role_of(visit_node)
    kept = VISIT_VALUES[name]
    if kept.is_text:
        return visit_text(visit_node, kept.field) or None
    found: float | None = visit_json(visit_node, kept.field)
    return found


def _histology(value: object) -> str | None:
    text = str(value).strip().lower()
    if text in ("yes", "true", TUMOUR):
        return TUMOUR
    if text in ("no", "false"):
        return None
    raise ResponseError(f"Histology {value!r} is neither {TUMOUR!r} nor empty: give one.")


def visit_word(visit_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> str:
    """Return a word of a visit by one of :data:`VISIT_VALUES`; empty where it is not known."""
    return visit_text(visit_node, VISIT_VALUES[name].field)
