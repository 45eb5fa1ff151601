"""Response of lesions over time: measuring, matching from visit to visit, the criteria, the schedule."""

from brachyresponse.response.matching import (
    Confidence,
    LesionDecision,
    LesionMatch,
    MatchKind,
    ScanKind,
    VisitLesions,
    VisitRegistration,
    check_one_frame,
    match_lesions,
    not_evaluable,
    overrule,
    register_visits,
    unregistered,
)

__all__ = [
    "Confidence",
    "LesionDecision",
    "LesionMatch",
    "MatchKind",
    "ScanKind",
    "VisitLesions",
    "VisitRegistration",
    "check_one_frame",
    "match_lesions",
    "not_evaluable",
    "overrule",
    "register_visits",
    "unregistered",
]
