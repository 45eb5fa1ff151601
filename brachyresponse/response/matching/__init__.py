"""Lesions from visit to visit: scans brought together, lesions matched, the reader's word above all."""

from brachyresponse.response.matching.decide import MAX_DISTANCE_MM, VisitLesions, match_lesions
from brachyresponse.response.matching.known import known_lesions
from brachyresponse.response.matching.match import Confidence, LesionDecision, LesionMatch, MatchKind
from brachyresponse.response.matching.overrule import not_evaluable, overrule
from brachyresponse.response.matching.visits import (
    ScanKind,
    VisitRegistration,
    check_one_frame,
    register_visits,
    unregistered,
)

__all__ = [
    "MAX_DISTANCE_MM",
    "Confidence",
    "LesionDecision",
    "LesionMatch",
    "MatchKind",
    "ScanKind",
    "VisitLesions",
    "VisitRegistration",
    "check_one_frame",
    "known_lesions",
    "match_lesions",
    "not_evaluable",
    "overrule",
    "register_visits",
    "unregistered",
]
