"""The digital patient after the implant: visits with lesions that follow a known law, and their truth."""

from brachyresponse.digital_patient.response.course import (
    PerfusionPoint,
    ResponseCourse,
    perfusion_points,
    response_course,
)
from brachyresponse.digital_patient.response.laws import Swelling, VolumeLaw
from brachyresponse.digital_patient.response.lesion import CourseLesion, TrueSize
from brachyresponse.digital_patient.response.tables import ResponseVariant
from brachyresponse.digital_patient.response.true_case import case_options, expected_of, true_case
from brachyresponse.digital_patient.response.truth import Adjudicated, CourseTruth
from brachyresponse.digital_patient.response.visit import DigitalVisit, VisitReading

__all__ = [
    "Adjudicated",
    "CourseLesion",
    "CourseTruth",
    "DigitalVisit",
    "PerfusionPoint",
    "ResponseCourse",
    "ResponseVariant",
    "Swelling",
    "TrueSize",
    "VisitReading",
    "VolumeLaw",
    "case_options",
    "expected_of",
    "perfusion_points",
    "response_course",
    "true_case",
]
