"""Evidence on recurrence or radiation necrosis: markers, their validity, and their combination with its interval."""

from brachyresponse.response.evidence.finding import ConditionAnswer, Finding, OwnCutoff, Prior
from brachyresponse.response.evidence.vocabulary import (
    Answer,
    FigureStatus,
    LesionClass,
    MarkerGroup,
    Quality,
    Side,
    Verdict,
)

__all__ = [
    "Answer",
    "ConditionAnswer",
    "FigureStatus",
    "Finding",
    "LesionClass",
    "MarkerGroup",
    "OwnCutoff",
    "Prior",
    "Quality",
    "Side",
    "Verdict",
]
