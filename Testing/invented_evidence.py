"""Invented evidence on lesions: what is asked of each is made up, the weighing is the library's."""

from __future__ import annotations

from datetime import date

from brachyresponse.response.evidence import Answer, ConditionAnswer, Finding, MarkerGroup, Prior, Quality
from brachyresponse.response.evidence.gathering import (
    DoseContext,
    EvidenceContext,
    EvidenceRequest,
    LesionEvidence,
    T1Enhancement,
    persons_answer,
    weigh_request,
)
from brachyresponse.response.evidence.markers import condition, marker

WITH_REGION = (MarkerGroup.PET, MarkerGroup.PET_FDG, MarkerGroup.SPECT)
VISIT = date(2026, 8, 3)
PRIOR = Prior(0.31, 0.5, 0.69, "growing lesions that were biopsied (Narloch 2017, Hatzoglou 2016)", "Tumour board")
RCBV = Finding(
    "rcbv_mets_meta", 3.4, unit="1", statistic="mean", low=2.9, high=4.0, source="DSC of 2026-08-03, series 7"
)
FET = Finding(
    "fet_tbrmax_romagna",
    3.1,
    unit="1",
    statistic="maximum",
    source="typed in by A. Reader",
    details={"tracer": "18F-FET", "measure": "TBRmax", "reference_region": "contralateral crescent"},
)
LEFT_OUT_IDS = (
    "vp_ratio_hatzoglou",
    "seed_rvp_rktrans",
    "adc_glioma_li2016",
    "cho_naa_glioma_zhang",
    "lipid_lactate",
    "lesion_quotient_recurrence",
    "rcbv_max_gm_mets_hoefnagels",
    "fdg_suvratio_hatzoglou",
)


def met(*ids: str) -> tuple[ConditionAnswer, ...]:
    """Every condition of some markers, answered as they need it."""
    names = dict.fromkeys(name for one in ids for name in marker(one).conditions)
    return tuple(persons_answer(name, condition(name).holds_when, "A. Reader") for name in names)


def evidence(
    *findings: Finding,
    answers: tuple[ConditionAnswer, ...] = (),
    lesion: str = "T1",
    context: EvidenceContext | None = None,
) -> LesionEvidence:
    """What these findings say of a metastasis."""
    return weigh_request(
        EvidenceRequest(
            lesion,
            VISIT,
            PRIOR,
            findings,
            answers,
            population="brain metastasis",
            context=context or EvidenceContext(),
            inputs=("Perfusion of 2026-08-03 from perfusion.json.",),
        )
    )


def recurrence() -> LesionEvidence:
    """Two positive markers of different groups, all of whose conditions are met."""
    context = EvidenceContext(t1_enhancement=T1Enhancement.NODULAR, dose=DoseContext(74.2, 83.0, 60.0))
    return evidence(RCBV, FET, answers=met(RCBV.id, FET.id), context=context)


def conflicting() -> LesionEvidence:
    """A positive marker of perfusion and a negative one of PET."""
    negative = Finding(FET.id, 1.2, unit="1", statistic="maximum", details=FET.details)
    return evidence(RCBV, negative, answers=met(RCBV.id, FET.id), lesion="T3")


def left_out() -> LesionEvidence:
    """Eight markers with a value, none of which may be weighed; the lesion has a long name."""
    findings = tuple(_of(name) for name in LEFT_OUT_IDS)
    return evidence(*findings, lesion="T2, right temporal, at the posterior margin of the resection cavity")


def asked() -> LesionEvidence:
    """A good value, of which nobody has answered the conditions."""
    return evidence(RCBV, lesion="T4")


def poor() -> LesionEvidence:
    """One marker without a value because it could not be measured, and one that the user leaves out."""
    unmeasured = Finding(
        RCBV.id, quality=Quality.POOR, reason="rCBV is not evaluable: the leakage could not be fitted."
    )
    excluded = Finding(
        FET.id, 3.1, unit="1", statistic="maximum", details=FET.details, is_included=False, reason="wrong lesion"
    )
    several = ConditionAnswer("multiple_lesions", Answer.YES, "Three are known.")
    return evidence(unmeasured, excluded, answers=(several,), lesion="T5")


def _of(name: str) -> Finding:
    known = marker(name)
    details = {"reference_region": "contralateral grey matter"} if known.group in WITH_REGION else {}
    return Finding(name, 1.83, unit=known.unit, statistic=known.statistic or "mean", details=details)
