"""The values of a plan that are attributes of its node: text in the scene, typed here, with errors that name them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar

import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning import ActivityBasis
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.seed_source import REFERENCE_TIME, SOURCE, SURROGATE_FOR

Value = TypeVar("Value")


class PlanField(StrEnum):
    """A value of a plan; the enum's value is the attribute's name without our prefix."""

    PATIENT_ID = "PatientId"
    FRAME_OF_REFERENCE_UID = "FrameOfReferenceUid"
    CREATED = "Created"
    IMPLANT_DATE = "ImplantDate"
    PLANNING_IMAGE_DATE = "PlanningImageDate"
    SOURCE = "Source"
    SURROGATE_FOR = "SurrogateFor"
    ACTIVITY_BASIS = "ActivityBasis"
    PRESCRIPTION_GY = "PrescriptionGy"
    PROFILE = "Profile"
    NOTES = "Notes"


def set_plan_field(plan_node: slicer.vtkMRMLScriptedModuleNode, field: PlanField, value: object) -> None:
    """Set a value of a plan: text, a number, a date or time; None and empty text take it away.

    What says which seeds these are is said of the plan's list of seeds as well, which can be used by itself.
    """
    text = _as_text(value) or None
    set_attribute(plan_node, field, text)
    seeds_node = plan_part(plan_node, PlanRole.SEEDS)
    if field in _SEEDS_ATTRIBUTES and seeds_node is not None:
        set_attribute(seeds_node, _SEEDS_ATTRIBUTES[field], text)


def plan_text(plan_node: slicer.vtkMRMLScriptedModuleNode, field: PlanField) -> str:
    """Return a value of a plan as text; empty when it is not set."""
    return get_attribute(plan_node, field)


def plan_number(plan_node: slicer.vtkMRMLScriptedModuleNode, field: PlanField) -> float:
    """Return a number of a plan.

    Raises
    ------
    PlanError
        It is not set, or not a number.
    """
    return _parsed(plan_node, field, float, "a number")


def plan_day(plan_node: slicer.vtkMRMLScriptedModuleNode, field: PlanField) -> date:
    """Return a date of a plan.

    Raises
    ------
    PlanError
        It is not set, or not a date as 2026-01-31.
    """
    return _parsed(plan_node, field, date.fromisoformat, "a date as 2026-01-31")


def plan_moment(plan_node: slicer.vtkMRMLScriptedModuleNode, field: PlanField) -> datetime:
    """Return a date and time of a plan.

    Raises
    ------
    PlanError
        It is not set, or not a time as 2026-01-31T14:05:00.
    """
    return _parsed(plan_node, field, datetime.fromisoformat, "a time as 2026-01-31T14:05:00")


def plan_activity_basis(plan_node: slicer.vtkMRMLScriptedModuleNode) -> ActivityBasis:
    """Return what activities shown with a plan mean; apparent when it is not set.

    Raises
    ------
    PlanError
        The attribute holds another word.
    """
    if not plan_text(plan_node, PlanField.ACTIVITY_BASIS):
        return ActivityBasis.APPARENT
    return _parsed(plan_node, PlanField.ACTIVITY_BASIS, ActivityBasis, " or ".join(ActivityBasis))


def _parsed(
    plan_node: slicer.vtkMRMLScriptedModuleNode, field: PlanField, parse: Callable[[str], Value], expected: str
) -> Value:
    text = plan_text(plan_node, field)
    label = _LABELS.get(field, str(field))
    if not text:
        raise PlanError(f"Plan {plan_node.GetName()!r} has no {label}: set it.")
    try:
        return parse(text)
    except ValueError as error:
        raise PlanError(f"Plan {plan_node.GetName()!r}: its {label} is {text!r}, expected {expected}.") from error


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


_SEEDS_ATTRIBUTES = {
    PlanField.SOURCE: SOURCE,
    PlanField.SURROGATE_FOR: SURROGATE_FOR,
    PlanField.IMPLANT_DATE: REFERENCE_TIME,
}

_LABELS = {
    PlanField.CREATED: "time of creation",
    PlanField.IMPLANT_DATE: "implant date",
    PlanField.PLANNING_IMAGE_DATE: "date of the planning image",
    PlanField.ACTIVITY_BASIS: "activity basis",
    PlanField.PRESCRIPTION_GY: "prescription",
}
