"""The values of a verification that are attributes of its node: text in the scene, typed here."""

from __future__ import annotations

import json
from datetime import date
from enum import StrEnum

import slicer

from brachyresponse.errors import VerificationError
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.verification_parts import require_verification


class VerificationField(StrEnum):
    """A value of a verification; the enum's value is the attribute's name without our prefix."""

    CREATED = "Created"
    PATIENT_ID = "PatientId"
    FRAME_OF_REFERENCE_UID = "FrameOfReferenceUid"
    SCAN_DATE = "ScanDate"
    IMPLANT_DATE = "ImplantDate"
    PROFILE = "Profile"
    EXPECTED_COUNT = "ExpectedCount"
    DETECTION_WARNINGS = "DetectionWarnings"
    MATCHING = "Matching"
    OEDEMA = "Oedema"


def verification_text(verification_node: slicer.vtkMRMLScriptedModuleNode, field: VerificationField) -> str:
    """Return a value of a verification as text; empty when it is not set."""
    require_verification(verification_node)
    return get_attribute(verification_node, field)


def set_verification_field(
    verification_node: slicer.vtkMRMLScriptedModuleNode, field: VerificationField, value: object
) -> None:
    """Set a value of a verification; None and empty text take it away, what is not text is kept as JSON or a date."""
    require_verification(verification_node)
    if value is None or isinstance(value, str):
        text = value or None
    else:
        text = value.isoformat() if isinstance(value, date) else json.dumps(value)
    set_attribute(verification_node, field, text)


def verification_day(verification_node: slicer.vtkMRMLScriptedModuleNode, field: VerificationField) -> date | None:
    """Return a date of a verification, or None while it is not set.

    Raises
    ------
    VerificationError
        The attribute is no date.
    """
    text = verification_text(verification_node, field)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise VerificationError(
            f"Verification {verification_node.GetName()!r}: its date {text!r} is not written as 2026-03-06; set it."
        ) from error


def verification_json(
    verification_node: slicer.vtkMRMLScriptedModuleNode, field: VerificationField, default: object = None
) -> object:
    """Return a value of a verification that is kept as JSON, or a default while it is not set.

    Raises
    ------
    VerificationError
        The attribute is damaged.
    """
    text = verification_text(verification_node, field)
    try:
        return json.loads(text) if text else default
    except ValueError as error:
        raise VerificationError(
            f"Verification {verification_node.GetName()!r}: its attribute {field} {text!r} is damaged; set it again."
        ) from error
