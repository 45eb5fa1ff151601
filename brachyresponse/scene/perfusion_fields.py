"""The values of a perfusion study that are attributes of its node: text in the scene, typed here."""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum
from typing import Any

import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.perfusion_parts import require_perfusion


class PerfusionField(StrEnum):
    """A value of a study; the enum's value is the attribute's name without our prefix."""

    CREATED = "Created"
    PATIENT_ID = "PatientId"
    SCAN_DATE = "ScanDate"
    KIND = "SeriesKind"
    ACQUISITION = "Acquisition"
    TIMES = "FrameTimes"
    T1 = "T1"
    AIF = "Aif"
    SETTINGS = "Settings"
    TREATMENT_DATE = "TreatmentDate"
    PROGRESSION_DATE = "ProgressionDate"
    SURGERY_DATE = "SurgeryDate"
    DRUG = "Drug"


def perfusion_text(perfusion_node: slicer.vtkMRMLScriptedModuleNode, field: PerfusionField) -> str:
    """Return a value of a study as text; empty when it is not set."""
    require_perfusion(perfusion_node)
    return get_attribute(perfusion_node, field)


def set_perfusion_field(perfusion_node: slicer.vtkMRMLScriptedModuleNode, field: PerfusionField, value: object) -> None:
    """Set a value of a study; None and empty text take it away, what is not text is kept as JSON or a date."""
    require_perfusion(perfusion_node)
    if value is None or isinstance(value, str):
        text = value or None
    else:
        text = value.isoformat() if isinstance(value, date) else json.dumps(value)
    set_attribute(perfusion_node, field, text)


def perfusion_day(perfusion_node: slicer.vtkMRMLScriptedModuleNode, field: PerfusionField) -> date | None:
    """Return a date of a study, or None while it is not set.

    Raises
    ------
    PerfusionError
        The attribute is no date.
    """
    text = perfusion_text(perfusion_node, field)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise PerfusionError(
            f"Perfusion study {perfusion_node.GetName()!r}: its date {text!r} is not written as 2026-03-06; set it."
        ) from error


def perfusion_json(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, field: PerfusionField, default: object = None
) -> Any:
    """Return a value of a study that is kept as JSON, or a default while it is not set.

    Raises
    ------
    PerfusionError
        The attribute is damaged.
    """
    text = perfusion_text(perfusion_node, field)
    try:
        return json.loads(text) if text else default
    except ValueError as error:
        raise PerfusionError(
            f"Perfusion study {perfusion_node.GetName()!r}: its attribute {field} {text!r} is damaged; set it again."
        ) from error
