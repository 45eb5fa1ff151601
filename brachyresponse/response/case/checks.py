"""A case that contradicts itself is refused, with what to do."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from brachyresponse.errors import ResponseError
from brachyresponse.response.case.case import CaseVisit, ResponseCase
from brachyresponse.response.case.checks_of_lesions import check_lesion
from brachyresponse.response.case.sizes import size_kind
from brachyresponse.response.vocabulary import CriteriaName, LesionState, Measure, VisitRole


def check_case(case: ResponseCase) -> None:
    """Refuse a case that no criteria can be applied to.

    Raises
    ------
    ResponseError
        Visits out of order or two on one date, not exactly one baseline or one out of its place, options that
        contradict the case, a lesion twice or missing at a visit, in two places, of impossible size or of mixed units.
    """
    _check_dates(case)
    _check_roles(case)
    _check_options(case)
    _check_places(case)
    for visit in case.visits:
        _check_visit(case, visit)


def _check_dates(case: ResponseCase) -> None:
    if not case.visits:
        raise ResponseError(f"Case {case.id} has no visits, expected a baseline at least: add the visits.")
    for before, after in pairwise(case.visits):
        if after.date == before.date:
            raise ResponseError(
                f"Case {case.id}: two visits on {after.date}, expected one a day: put their findings into one visit."
            )
        if after.date < before.date:
            raise ResponseError(
                f"Case {case.id}: the visit of {after.date} stands after that of {before.date}, expected visits in "
                "order of date: sort them, or correct the date."
            )


def _check_roles(case: ResponseCase) -> None:
    baselines = [visit for visit in case.visits if visit.role is VisitRole.BASELINE]
    if len(baselines) != 1:
        found = " and ".join(str(visit.date) for visit in baselines) or "none"
        raise ResponseError(
            f"Case {case.id}: {len(baselines)} baselines ({found}), expected exactly one: give one visit the role "
            "'baseline'."
        )
    (baseline,) = baselines
    for visit in case.visits:
        expected = _role_at(visit, baseline)
        if visit.role is not expected:
            raise ResponseError(
                f"Case {case.id}: the visit of {visit.date} is a {visit.role}, but the baseline is of "
                f"{baseline.date}, expected {expected}: correct its role or its date."
            )


def _role_at(visit: CaseVisit, baseline: CaseVisit) -> VisitRole:
    if visit.date == baseline.date:
        return VisitRole.BASELINE
    return VisitRole.PRE_BASELINE if visit.date < baseline.date else VisitRole.FOLLOW_UP


def _check_options(case: ResponseCase) -> None:
    options = case.options
    if options.measure is Measure.THREE_D and case.criteria is not CriteriaName.RANO_2_0:
        raise ResponseError(
            f"Case {case.id}: measure is 3D, but {case.criteria} knows no volumes, expected 2D: choose "
            f"{CriteriaName.RANO_2_0} or leave the option out."
        )
    if options.min_sd_weeks < 0:
        raise ResponseError(
            f"Case {case.id}: min_sd_weeks is {options.min_sd_weeks}, expected 0 or more: correct the option."
        )
    targets = case.baseline.targets
    if options.is_non_measurable_only and targets:
        raise ResponseError(
            f"Case {case.id}: non_measurable_only is set, but {targets[0].id} is a target at baseline, expected no "
            "targets: leave the option out, or make the lesion non-target."
        )


def _check_places(case: ResponseCase) -> None:
    """A lesion keeps its organ and its kind; otherwise two lesions share a name."""
    first = {lesion.id: (visit, lesion) for visit in reversed(case.visits) for lesion in visit.lesions}
    for visit in case.visits:
        for lesion in visit.lesions:
            earlier, known = first[lesion.id]
            for what in ("organ", "kind", "role"):
                was, is_now = getattr(known, what), getattr(lesion, what)
                if was != is_now:
                    raise ResponseError(
                        f"Case {case.id}: lesion {lesion.id} has {what} {was!s} on {earlier.date} and {is_now!s} on "
                        f"{visit.date}, expected one and the same: correct it, or give the two lesions their own names."
                    )


def _check_visit(case: ResponseCase, visit: CaseVisit) -> None:
    where = f"Case {case.id}, visit {visit.date}"
    if visit.steroid_dose_mg is not None and not visit.steroid_dose_mg >= 0:
        raise ResponseError(
            f"{where}: steroid_dose_mg is {visit.steroid_dose_mg:g}, expected 0 or more, or null where it is not "
            "known: correct it."
        )
    names = Counter([lesion.id for lesion in visit.lesions] + [lesion.id for lesion in visit.new_lesions])
    twice = next((name for name, count in names.items() if count > 1), None)
    if twice is not None:
        raise ResponseError(
            f"{where}: lesion {twice} is there twice, expected once: rename one, or give the parts of one lesion as "
            "state 'split'."
        )
    if visit.role is not VisitRole.PRE_BASELINE:
        _check_targets(case, visit, where)
    for lesion in visit.lesions:
        check_lesion(lesion, visit, size_kind(case), f"{where}, lesion {lesion.id}")


def _check_targets(case: ResponseCase, visit: CaseVisit, where: str) -> None:
    """The targets of the baseline are stated at every visit, and no others."""
    expected = {lesion.id for lesion in case.baseline.targets}
    found = {lesion.id for lesion in visit.targets}
    for name in sorted(expected - found):
        raise ResponseError(
            f"{where}: target {name} is missing, expected every target of the baseline: measure it, or state it as "
            "absent, too_small, not_evaluable or merged."
        )
    for name in sorted(found - expected):
        raise ResponseError(
            f"{where}: target {name} is not among the targets of the baseline ({', '.join(sorted(expected))}): give "
            "it under 'new_lesions', or correct its name."
        )
    if visit.role is VisitRole.BASELINE:
        for lesion in visit.targets:
            if lesion.state not in (LesionState.MEASURED, LesionState.SPLIT, LesionState.ABSENT):
                raise ResponseError(
                    f"{where}: target {lesion.id} is {lesion.state}, but the baseline sets the reference, expected a "
                    "size: measure it, or make it non-target."
                )
