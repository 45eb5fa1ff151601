"""A patient's history as the response criteria need it."""

from brachyresponse.response.case.case import CaseLesion, CaseOptions, CaseVisit, LesionPart, NewLesion, ResponseCase

__all__ = ["CaseLesion", "CaseOptions", "CaseVisit", "LesionPart", "NewLesion", "ResponseCase"]
