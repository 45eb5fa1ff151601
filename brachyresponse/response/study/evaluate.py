"""Assess a patient: criteria, treatment record, schedule and the reader's word, put together. No images."""

from __future__ import annotations

import platform
from dataclasses import replace
from datetime import date

import numpy as np

import brachyresponse
from brachyresponse.errors import ResponseError
from brachyresponse.response.case import CaseOptions, ResponseCase
from brachyresponse.response.criteria import ResponseAssessment, assess_response
from brachyresponse.response.field.vocabulary import SiteOfFailure
from brachyresponse.response.schedule import ScheduleState, ambiguity, anchors_of, load_schedule, schedule_state
from brachyresponse.response.study.assumptions import assumptions_of
from brachyresponse.response.study.filled_case import fill_case
from brachyresponse.response.study.request import ResponseRequest
from brachyresponse.response.study.study import ResponseStudy, VersionEntry
from brachyresponse.response.study.warnings import study_warnings
from brachyresponse.response.treatment import propose_criteria
from brachyresponse.response.vocabulary import Category, FieldPosition

IN_THE_DOSE = {SiteOfFailure.IN_FIELD: FieldPosition.INSIDE, SiteOfFailure.MARGINAL: FieldPosition.STRADDLES}
"""Sites of failure at which growth may be necrosis, as positions against the field."""


def evaluate_response(request: ResponseRequest) -> ResponseStudy:
    """Return the assessment of a patient.

    Raises
    ------
    ResponseError
        The patient was assessed by other criteria before and nobody agreed to change them, the schedule or the
        reference date is not known, or the criteria cannot be applied to the case.
    """
    check_same_criteria(request)
    filled = fill_case(request)
    assessment = assess_response(filled.case)
    beside, not_beside = _beside(request, filled.case)
    today = request.today or filled.case.visits[-1].date
    return ResponseStudy(
        request=request,
        case=filled.case,
        assessment=assessment,
        beside=tuple(beside),
        radiation_end=filled.radiation_end,
        schedule=_schedule(request, assessment, today),
        assumptions=assumptions_of(request, filled, assessment),
        warnings=tuple(dict.fromkeys([*study_warnings(request, filled, assessment, beside), *not_beside])),
        versions=versions(assessment),
        today=today,
    )


def check_same_criteria(request: ResponseRequest) -> None:
    """Check that criteria were not changed half way, or that the user agreed to it.

    Raises
    ------
    ResponseError
        They were changed.
    """
    earlier, chosen = request.earlier_criteria, request.case.criteria
    if earlier not in (None, chosen) and not request.accepts_new_criteria:
        raise ResponseError(
            f"Case {request.case.id!r} was assessed by {earlier} before and is to be assessed by {chosen} now, whose "
            f"sums and categories cannot be compared with them: keep {earlier}, or agree that all visits are assessed "
            f"anew by {chosen}."
        )


def versions(assessment: ResponseAssessment) -> tuple[VersionEntry, ...]:
    """Return the versions of the software and of the rules."""
    return (
        VersionEntry("BrachyResponse", brachyresponse.__version__),
        VersionEntry("Python", platform.python_version()),
        VersionEntry("numpy", np.__version__),
        VersionEntry("Criteria", assessment.criteria.title),
    )


def _beside(request: ResponseRequest, case: ResponseCase) -> tuple[list[ResponseAssessment], list[str]]:
    """The case by the criteria that its treatments ask to show beside, and why those that cannot be are not shown.

    After a removed source that is the short RANO of the GliaSite protocol.
    """
    record = request.treatments
    shown: list[ResponseAssessment] = []
    warnings: list[str] = []
    if record is None or record.tumour is None:
        return shown, warnings
    for name in propose_criteria(record.tumour, record).beside:
        if name is case.criteria:
            continue
        try:
            shown.append(assess_response(replace(case, criteria=name, options=CaseOptions())))
        except ResponseError as error:
            warnings.append(f"{name} cannot be shown beside {case.criteria}. {error}")
    return shown, warnings


def _schedule(request: ResponseRequest, assessment: ResponseAssessment, today: date) -> ScheduleState | None:
    if not request.schedule:
        return None
    return schedule_state(
        load_schedule(request.schedule),
        anchors_of(request.treatments or ()),
        [visit.date for visit in request.case.visits],
        today,
        is_ambiguous=_is_ambiguous(request, assessment),
    )


def _is_ambiguous(request: ResponseRequest, assessment: ResponseAssessment) -> bool:
    """Whether the last visit leaves open what it shows, and no reader has said."""
    last, visit = assessment.visits[-1], request.case.visits[-1]
    if any(said.visit == last.date for said in request.adjudications):
        return False
    positions = [lesion.field for lesion in visit.new_lesions]
    positions += [IN_THE_DOSE[one.site] for one in request.sites if one.visit == last.date and one.site in IN_THE_DOSE]
    is_growing = bool(visit.new_lesions) or last.target_response is Category.PD
    return any(ambiguity(last.category, position, is_growing=is_growing) for position in (*positions, None))
