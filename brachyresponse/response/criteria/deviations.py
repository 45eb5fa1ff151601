"""Targets that the criteria would not take, summed because the protocol says so."""

from __future__ import annotations

from collections.abc import Iterator

from brachyresponse.response.case import CaseLesion, ResponseCase
from brachyresponse.response.criteria.loading import criteria_set
from brachyresponse.response.criteria.wording import number, say
from brachyresponse.response.vocabulary import CriteriaName, LesionKind


def deviations_of(case: ResponseCase) -> tuple[str, ...]:
    """Return what stands beside every category of a case whose protocol defines its targets; empty otherwise."""
    return tuple(_deviations(case)) if case.options.has_protocol_targets else ()


def _deviations(case: ResponseCase) -> Iterator[str]:
    if case.criteria is not CriteriaName.RECIST_1_1:
        yield say("protocol_targets_elsewhere", criteria=case.criteria)
        return
    criteria = criteria_set(case.criteria)
    target_mm = criteria.number("node_target_short_axis_mm")
    for lesion in case.baseline.targets:
        if _is_small_node(lesion, target_mm):
            axis = number(lesion.short_axis_mm or 0.0)
            yield say("small_node_summed", lesion=lesion.id, axis=axis, target=number(target_mm))
        if _is_small_node(lesion, criteria.number("node_pathological_short_axis_mm")):
            yield say("tiny_node_summed", lesion=lesion.id)
    yield say("treated_lesion_summed")


def _is_small_node(lesion: CaseLesion, target_mm: float) -> bool:
    axis = lesion.short_axis_mm
    return lesion.kind is LesionKind.NODE and axis is not None and axis < target_mm
