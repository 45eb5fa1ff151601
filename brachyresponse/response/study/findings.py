"""What was found at a visit, before it becomes part of a case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from brachyresponse.errors import ResponseError
from brachyresponse.response.matching import LesionDecision, LesionMatch, MatchKind, check_one_frame
from brachyresponse.response.vocabulary import (
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

if TYPE_CHECKING:
    from brachyresponse.response.measurement import LesionMeasurement


@dataclass(frozen=True, eq=False)
class LesionFinding:
    """A lesion as found at one visit.

    Parameters
    ----------
    measurement
        Its size; None where its state says why there is none.
    state
        How it was found.
    parts
        Sizes of the parts, of one that fell apart.
    merged_into
        The lesion that carries on its size, of one that merged.
    kind, organ
        What and where it is; None: as at the earlier visits.
    role
        The reader's choice; None: by the criteria.
    field, certainty
        Of a new lesion: where it lies against the irradiated volume, and whether the reader is sure of it.
    frame_of_reference_uid
        Of the scan it was drawn on; empty where not known.
    """

    measurement: LesionMeasurement | None = None
    state: LesionState = LesionState.MEASURED
    parts: tuple[LesionMeasurement, ...] = ()
    merged_into: str | None = None
    kind: LesionKind | None = None
    organ: str | None = None
    role: LesionRole | None = None
    field: FieldPosition = FieldPosition.NOT_APPLICABLE
    certainty: Certainty = Certainty.UNEQUIVOCAL
    frame_of_reference_uid: str = ""


@dataclass(frozen=True, eq=False)
class MeasuredVisit:
    """A visit with its lesions; None stands for unknown, never for none.

    Parameters
    ----------
    lesions
        By the names they have at all visits: findings, or for short a measurement or a state.
    non_target
        The reader's word on all lesions that are not summed; None: from their states.

    Raises
    ------
    ResponseError
        Lesions lie in different frames of reference, or a finding contradicts itself.
    """

    date: date
    role: VisitRole
    lesions: Mapping[str, LesionFinding]
    non_target: NonTargetStatus | None = None
    t2_flair: T2Flair = T2Flair.NOT_ASSESSED
    steroid_dose_mg: float | None = None
    steroid_trend: SteroidTrend | None = None
    clinical_status: ClinicalStatus = ClinicalStatus.NOT_ASSESSED
    has_histology_of_tumour: bool = False

    def __post_init__(self) -> None:
        found = {name: _finding(value) for name, value in self.lesions.items()}
        object.__setattr__(self, "lesions", found)
        check_one_frame(
            {f"lesion {name!r} of {self.date}": each.frame_of_reference_uid for name, each in found.items()}
        )
        for name, each in found.items():
            _check_finding(f"Visit {self.date}: lesion {name!r}", each)


def findings_of_match(
    match: LesionMatch, measured: Mapping[str, LesionMeasurement | LesionState]
) -> dict[str, LesionFinding]:
    """Return the findings of a later visit, by the names that its lesions have at all visits.

    Parameters
    ----------
    measured
        Sizes of the later visit's lesions by their names there; a state (too small) of one that has none.

    Raises
    ------
    ResponseError
        A lesion, or a part of one, was not measured, or lesions are tangled: the reader has to say first which became
        which.
    """
    missing = [name for name in match.after if name not in measured]
    if missing:
        raise ResponseError(f"Lesion {missing[0]!r} of the later visit is matched but not measured: measure it.")
    names = match.names()
    found: dict[str, LesionFinding] = {}
    for decision in match.decisions:
        if decision.kind is MatchKind.NEW:
            found[names[decision.after[0]]] = _finding(measured[decision.after[0]])
        else:
            found |= _known(decision, measured)
    return found


def _known(
    decision: LesionDecision, measured: Mapping[str, LesionMeasurement | LesionState]
) -> dict[str, LesionFinding]:
    """Findings of the earlier lesions of one decision."""
    first, *others = decision.before
    if decision.kind is MatchKind.TANGLED:
        raise ResponseError(f"{decision.reason} Say by overrule which belong together.")
    if decision.kind is MatchKind.ABSENT:
        return {first: LesionFinding(state=LesionState.ABSENT)}
    if decision.kind is MatchKind.NOT_EVALUABLE:
        return {first: LesionFinding(state=LesionState.NOT_EVALUABLE)}
    if decision.kind is MatchKind.SPLIT:
        return {first: LesionFinding(state=LesionState.SPLIT, parts=tuple(_parts(decision, measured)))}
    merged = {name: LesionFinding(state=LesionState.MERGED, merged_into=first) for name in others}
    return {first: _finding(measured[decision.after[0]]), **merged}


def _parts(
    decision: LesionDecision, measured: Mapping[str, LesionMeasurement | LesionState]
) -> Iterator[LesionMeasurement]:
    for name in decision.after:
        size = measured[name]
        if isinstance(size, LesionState):
            raise ResponseError(
                f"{name!r}, a part of {decision.before[0]!r}, is {size}, but parts are summed: measure it, or take it "
                "out of the match."
            )
        yield size


def _finding(value: object) -> LesionFinding:
    if isinstance(value, LesionFinding):
        return value
    if isinstance(value, LesionState):
        return LesionFinding(state=value)
    return LesionFinding(value)  # type: ignore[arg-type]  # a measurement, for short


def _check_finding(where: str, found: LesionFinding) -> None:
    needs = {
        LesionState.MEASURED: ("a measurement", found.measurement is not None),
        LesionState.SPLIT: ("the sizes of its parts", bool(found.parts)),
        LesionState.MERGED: ("the lesion it merged into", found.merged_into is not None),
    }
    what, is_there = needs.get(found.state, ("", True))
    if not is_there:
        raise ResponseError(f"{where} is {found.state} but has not {what}: give it, or another state.")
    if found.measurement is not None and found.state is not LesionState.MEASURED:
        raise ResponseError(f"{where} is {found.state} and has a measurement: leave one of them out.")
