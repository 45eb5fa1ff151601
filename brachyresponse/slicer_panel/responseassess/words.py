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

ROLES = {
    VisitRole.PRE_BASELINE: _("Before baseline"),
    VisitRole.BASELINE: _("Baseline"),
    VisitRole.FOLLOW_UP: _("Follow-up"),
}
CLINICAL = {
    ClinicalStatus.NOT_ASSESSED: _("unknown"),
    ClinicalStatus.STABLE_OR_IMPROVED: _("stable or improved"),
    ClinicalStatus.WORSE: _("worse, from the tumour"),
}
STEROIDS = {
    UNKNOWN: _("trend unknown"),
    SteroidTrend.STABLE: _("stable"),
    SteroidTrend.INCREASED: _("increased"),
    SteroidTrend.DECREASED: _("decreased"),
}
T2_FLAIR = {
    T2Flair.NOT_ASSESSED: _("not assessed"),
    T2Flair.STABLE_OR_IMPROVED: _("stable or improved"),
    T2Flair.WORSE: _("worse"),
}
NON_TARGET = {
    NonTargetStatus.NONE: _("there is none"),
    NonTargetStatus.CR: _("all gone (CR)"),
    NonTargetStatus.NON_CR_NON_PD: _("neither gone nor worse"),
    NonTargetStatus.PD: _("unequivocally worse (PD)"),
    NonTargetStatus.NE: _("not evaluable"),
}
HISTOLOGY = {UNKNOWN: _("none, or no tumour found"), "tumour": _("tumour")}
LESION_ROLES = {UNKNOWN: _("by the criteria"), LesionRole.TARGET: _("target"), LesionRole.NON_TARGET: _("non-target")}
KINDS = {
    LesionKind.ENHANCING: _("enhancing"),
    LesionKind.SOFT_TISSUE: _("soft tissue"),
    LesionKind.NODE: _("lymph node"),
}
STATES = {
    LesionState.MEASURED: _("measured"),
    LesionState.ABSENT: _("absent"),
    LesionState.TOO_SMALL: _("too small to measure"),
    LesionState.NOT_EVALUABLE: _("not evaluable"),
    LesionState.SPLIT: _("split"),
    LesionState.MERGED: _("merged into"),
}
FIELDS = {
    FieldPosition.NOT_APPLICABLE: _("not applicable"),
    FieldPosition.INSIDE: _("inside the field"),
    FieldPosition.OUTSIDE: _("outside the field"),
    FieldPosition.STRADDLES: _("straddles it"),
}
CERTAINTIES = {Certainty.UNEQUIVOCAL: _("unequivocal"), Certainty.EQUIVOCAL: _("equivocal")}
PLANES = {"axial": _("axial"), "sagittal": _("sagittal"), "coronal": _("coronal")}
HOLES = {"exclude": _("not lesion"), "fill": _("filled")}
CATEGORIES = {
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
