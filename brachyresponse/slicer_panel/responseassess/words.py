"""The words of the vocabularies as a reader says them."""

from __future__ import annotations

from slicer.i18n import tr as _

from brachyresponse.response.vocabulary import (
    Category,
    Certainty,
    ClinicalStatus,
    FieldPosition,
    LesionKind,
    LesionRole,
    LesionState,
    NonTargetStatus,
    SteroidTrend,
    T2Flair,
    VisitRole,
)
from brachyresponse.slicer_panel.choice import UNKNOWN

ROLES: dict[str, str] = {
    VisitRole.PRE_BASELINE: _("Before baseline"),
    VisitRole.BASELINE: _("Baseline"),
    VisitRole.FOLLOW_UP: _("Follow-up"),
}
CLINICAL: dict[str, str] = {
    ClinicalStatus.NOT_ASSESSED: _("unknown"),
    ClinicalStatus.STABLE_OR_IMPROVED: _("stable or improved"),
    ClinicalStatus.WORSE: _("worse, from the tumour"),
}
STEROIDS: dict[str, str] = {
    UNKNOWN: _("trend unknown"),
    SteroidTrend.STABLE: _("stable"),
    SteroidTrend.INCREASED: _("increased"),
    SteroidTrend.DECREASED: _("decreased"),
}
T2_FLAIR: dict[str, str] = {
    T2Flair.NOT_ASSESSED: _("not assessed"),
    T2Flair.STABLE_OR_IMPROVED: _("stable or improved"),
    T2Flair.WORSE: _("worse"),
}
NON_TARGET: dict[str, str] = {
    NonTargetStatus.NONE: _("there is none"),
    NonTargetStatus.CR: _("all gone (CR)"),
    NonTargetStatus.NON_CR_NON_PD: _("neither gone nor worse"),
    NonTargetStatus.PD: _("unequivocally worse (PD)"),
    NonTargetStatus.NE: _("not evaluable"),
}
HISTOLOGY: dict[str, str] = {UNKNOWN: _("none, or no tumour found"), "tumour": _("tumour")}
PART = "part"
"""Stands among the states for a part of a lesion that fell apart."""
LESION_ROLES: dict[str, str] = {
    UNKNOWN: _("by the criteria"),
    LesionRole.TARGET: _("target"),
    LesionRole.NON_TARGET: _("non-target"),
}
KINDS: dict[str, str] = {
    LesionKind.ENHANCING: _("enhancing"),
    LesionKind.SOFT_TISSUE: _("soft tissue"),
    LesionKind.NODE: _("lymph node"),
}
STATES: dict[str, str] = {
    LesionState.MEASURED: _("measured"),
    LesionState.ABSENT: _("absent"),
    LesionState.TOO_SMALL: _("too small to measure"),
    LesionState.NOT_EVALUABLE: _("not evaluable"),
    LesionState.MERGED: _("merged into"),
    PART: _("part of"),
}
FIELDS: dict[str, str] = {
    FieldPosition.NOT_APPLICABLE: _("not applicable"),
    FieldPosition.INSIDE: _("inside the field"),
    FieldPosition.OUTSIDE: _("outside the field"),
    FieldPosition.STRADDLES: _("straddles the edge"),
}
CERTAINTIES: dict[str, str] = {Certainty.UNEQUIVOCAL: _("unequivocal"), Certainty.EQUIVOCAL: _("equivocal")}
PLANES: dict[str, str] = {"axial": _("axial"), "sagittal": _("sagittal"), "coronal": _("coronal")}
HOLES: dict[str, str] = {"exclude": _("not lesion"), "fill": _("filled")}
CATEGORIES: dict[str, str] = {
    Category.CR: _("CR, complete response"),
    Category.PR: _("PR, partial response"),
    Category.SD: _("SD, stable disease"),
    Category.PD: _("PD, progression"),
    Category.PRELIMINARY_PD: _("pPD, possible pseudoprogression"),
    Category.NE: _("NE, not evaluable"),
    Category.NON_CR_NON_PD: _("non-CR/non-PD"),
}


def capital(text: str) -> str:
    """Return a text with a capital letter before it."""
    return text[:1].upper() + text[1:]
