"""The values of assessments and visits that are attributes of their nodes: text in the scene, typed here."""

from __future__ import annotations

from enum import StrEnum

from brachyresponse.errors import ResponseError
from brachyresponse.scene.owners import FieldsOf
from brachyresponse.scene.parts import OwnerKind


class ResponseField(StrEnum):
    """A value of an assessment; the enum's value is the attribute's name without our prefix."""

    CREATED = "Created"
    PATIENT_ID = "PatientId"
    CRITERIA = "Criteria"
    ASSESSED_BY = "AssessedBy"
    """The criteria of the first assessment."""
    AGREED_TO = "AgreedTo"
    """The other criteria by which all visits are assessed anew, as the user agreed."""
    OPTIONS = "Options"
    REFERENCE = "EndOfRadiation"
    TREATMENTS = "Treatments"
    TUMOUR = "Tumour"
    SCHEDULE = "Schedule"


class VisitField(StrEnum):
    """A value of a visit; the enum's value is the attribute's name without our prefix."""

    DATE = "Date"
    ROLE = "VisitRole"
    NON_TARGET = "NonTarget"
    T2_FLAIR = "T2Flair"
    STEROID_DOSE = "SteroidDoseMg"
    STEROID_TREND = "SteroidTrend"
    CLINICAL_STATUS = "ClinicalStatus"
    HISTOLOGY = "HistologyOfTumour"
    LESIONS = "Lesions"
    ADJUDICATION = "Adjudication"


RESPONSE_FIELDS: FieldsOf[ResponseField] = FieldsOf(OwnerKind.RESPONSE, ResponseError)
response_text, set_response_field = RESPONSE_FIELDS.text, RESPONSE_FIELDS.put
response_day, response_json = RESPONSE_FIELDS.day, RESPONSE_FIELDS.json

VISIT_FIELDS: FieldsOf[VisitField] = FieldsOf(OwnerKind.VISIT, ResponseError)
visit_text, set_visit_field, visit_day, visit_json = (
    VISIT_FIELDS.text,
    VISIT_FIELDS.put,
    VISIT_FIELDS.day,
    VISIT_FIELDS.json,
)
