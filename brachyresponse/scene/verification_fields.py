"""The values of a verification that are attributes of its node: text in the scene, typed here."""

from __future__ import annotations

from enum import StrEnum

from brachyresponse.errors import VerificationError
from brachyresponse.scene.owners import FieldsOf
from brachyresponse.scene.parts import OwnerKind


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


FIELDS: FieldsOf[VerificationField] = FieldsOf(OwnerKind.VERIFICATION, VerificationError)
verification_text, set_verification_field, verification_day, verification_json = (
    FIELDS.text,
    FIELDS.put,
    FIELDS.day,
    FIELDS.json,
)
