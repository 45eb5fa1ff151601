"""What a visit shows, in the words of the tables' rows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from brachyresponse.response.case import CaseVisit, NewLesion, ResponseCase
from brachyresponse.response.criteria.criteria_set import CriteriaSet
from brachyresponse.response.criteria.row_keys import (
    CLINICAL,
    HISTOLOGY,
    NEW_LESION,
    NON_TARGET,
    SIZE,
    STEROIDS,
    T2_FLAIR,
)
from brachyresponse.response.criteria.target_response import SizeFinding
from brachyresponse.response.vocabulary import (
    Certainty,
    ClinicalStatus,
    CriteriaName,
    FieldPosition,
    SteroidTrend,
    T2Flair,
)

UNKNOWN = "unknown"
"""Of a row that was not assessed; what is known of the steroids may be half of it, see :class:`Steroids`."""
NONE, EQUIVOCAL, NOT_MEASURABLE = "none", "equivocal", "not measurable"
NOT_PLACED, UNDER_IMMUNOTHERAPY, PRESENT = "not placed", "under immunotherapy", "present"

Findings = Mapping[str, frozenset[str]]
"""By row of the table; several words where there are several new lesions."""


class Steroids(StrEnum):
    """Corticosteroids at a visit; the words of the tables' row."""

    NONE = "none"
    """Off steroids, as at baseline."""
    STOPPED = "stopped"
    """Off steroids, which were given at baseline."""
    STABLE = "stable"
    DECREASED = "decreased"
    FALLEN = "stopped or decreased"
    """Less than at baseline, the dose not known."""
    INCREASED = "increased"


WITH_TREND = {
    SteroidTrend.STABLE: (Steroids.NONE, Steroids.STABLE),
    SteroidTrend.DECREASED: (Steroids.STOPPED, Steroids.DECREASED),
    SteroidTrend.INCREASED: (Steroids.INCREASED, Steroids.INCREASED),
}
"""By trend: off steroids, and on them."""


def findings_at(visit: CaseVisit, size: SizeFinding, case: ResponseCase, criteria: CriteriaSet) -> Findings:
    """Return what a visit shows, row by row; ``unknown`` where it was not assessed."""
    return {
        SIZE: frozenset([size]),
        NON_TARGET: frozenset([visit.non_target]),
        T2_FLAIR: frozenset([_known(visit.t2_flair, T2Flair.NOT_ASSESSED)]),
        NEW_LESION: new_lesion_words(visit, case, criteria),
        STEROIDS: frozenset(_steroids(visit)),
        CLINICAL: frozenset([_known(visit.clinical_status, ClinicalStatus.NOT_ASSESSED)]),
        HISTOLOGY: frozenset(["tumour"] if visit.has_histology_of_tumour else [NONE]),
    }


def new_lesion_words(visit: CaseVisit, case: ResponseCase, criteria: CriteriaSet) -> frozenset[str]:
    """Return what the new lesions of a visit are."""
    return frozenset(_new_lesion(lesion, case, criteria) for lesion in visit.new_lesions) or frozenset([NONE])


def steroid_alternatives(visit: CaseVisit) -> tuple[Steroids, ...]:
    """Return what the steroids may be at a visit, as far as they are known."""
    trends = tuple(SteroidTrend) if visit.steroid_trend is None else (visit.steroid_trend,)
    offs = (True, False) if visit.steroid_dose_mg is None else (visit.steroid_dose_mg == 0,)
    return tuple(dict.fromkeys(WITH_TREND[trend][0 if is_off else 1] for trend in trends for is_off in offs))


def _steroids(visit: CaseVisit) -> list[str]:
    alternatives = steroid_alternatives(visit)
    if alternatives == WITH_TREND[SteroidTrend.DECREASED]:
        return [Steroids.FALLEN]
    return [alternatives[0]] if len(alternatives) == 1 else [UNKNOWN]


def _known(word: StrEnum, not_known: StrEnum) -> str:
    return UNKNOWN if word == not_known else word


def _new_lesion(lesion: NewLesion, case: ResponseCase, criteria: CriteriaSet) -> str:
    if lesion.certainty is Certainty.EQUIVOCAL:
        return EQUIVOCAL
    if criteria.is_recist:
        return PRESENT
    if criteria.name is CriteriaName.RANO_2_0 and not lesion.is_measurable:
        return NOT_MEASURABLE
    if criteria.name is CriteriaName.RANO_BM and case.options.is_immunotherapy:
        return UNDER_IMMUNOTHERAPY
    return NOT_PLACED if lesion.field is FieldPosition.NOT_APPLICABLE else lesion.field
