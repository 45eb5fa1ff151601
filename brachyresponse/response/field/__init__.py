"""What was irradiated, on a follow-up scan, and where a lesion lies against it."""

from brachyresponse.response.field.course import Course
from brachyresponse.response.field.irradiated import FIELD_LEVEL, IrradiatedField, irradiated_field
from brachyresponse.response.field.placement import FieldPlacement, place_lesion
from brachyresponse.response.field.site import FailureDefinition, FailureSite, failure_definition, site_of_failure
from brachyresponse.response.field.vocabulary import SiteOfFailure

__all__ = [
    "FIELD_LEVEL",
    "Course",
    "FailureDefinition",
    "FailureSite",
    "FieldPlacement",
    "IrradiatedField",
    "SiteOfFailure",
    "failure_definition",
    "irradiated_field",
    "place_lesion",
    "site_of_failure",
]
