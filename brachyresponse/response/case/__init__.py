"""A patient's history as the response criteria need it: visits, lesions, and what else they ask for."""

from brachyresponse.response.case.case import CaseLesion, CaseOptions, CaseVisit, LesionPart, NewLesion, ResponseCase
from brachyresponse.response.case.checks import check_case
from brachyresponse.response.case.keys import KEYS_OF_OTHERS
from brachyresponse.response.case.reading import read_case
from brachyresponse.response.case.sizes import SizeKind, needed_sizes, size_kind
from brachyresponse.response.case.writing import as_json

__all__ = [
    "KEYS_OF_OTHERS",
    "CaseLesion",
    "CaseOptions",
    "CaseVisit",
    "LesionPart",
    "NewLesion",
    "ResponseCase",
    "SizeKind",
    "as_json",
    "check_case",
    "needed_sizes",
    "read_case",
    "size_kind",
]
