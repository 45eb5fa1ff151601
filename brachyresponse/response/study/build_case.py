"""From measured visits to a case: which lesions are targets, which are new, and what became of the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from brachyresponse.errors import ResponseError
from brachyresponse.response.case import (
    CaseLesion,
    CaseOptions,
    CaseVisit,
    LesionPart,
    NewLesion,
    ResponseCase,
    check_case,
)
from brachyresponse.response.criteria import criteria_set
from brachyresponse.response.criteria.measurability import Measurability
from brachyresponse.response.matching.match import check_known
from brachyresponse.response.study.findings import LesionFinding, MeasuredVisit
from brachyresponse.response.study.targets import Nature, TargetChoice, choose_targets, judge_lesion, nature_of
from brachyresponse.response.vocabulary import (
    CriteriaName,
    LesionKind,
    LesionRole,
    LesionState,
    NonTargetStatus,
    VisitRole,
)

NORMAL_NODE = "node_pathological_short_axis_mm"
"""The fact of RECIST 1.1 with the short axis below which a node is normal."""
SEEN = (LesionState.MEASURED, LesionState.TOO_SMALL, LesionState.SPLIT)


@dataclass(frozen=True)
class CaseFrame:
    """What a case says beside its visits; see :class:`ResponseCase`."""

    id: str
    criteria: CriteriaName
    title: str = ""
    options: CaseOptions = field(default_factory=CaseOptions)
    radiation_end: date | None = None
    treatment_start: date | None = None


def case_from_visits(
    visits: Sequence[MeasuredVisit], frame: CaseFrame, *, targets: TargetChoice | None = None
) -> ResponseCase:
    """Return the checked case of measured visits.

    Lesions of the baseline are targets or not; what a later visit shows beside them is new, at every visit that shows
    it. Without the reader's word the lesions that are not summed are CR when all are gone (nodes below 10 mm), NE
    when one cannot be judged, non-CR/non-PD otherwise: that they clearly progressed only the reader can say.

    Parameters
    ----------
    visits
        In order of date.
    targets
        Chosen targets; by the criteria without it (:func:`choose_targets`), the reader's roles first.

    Raises
    ------
    ResponseError
        There is no baseline, a lesion changes its organ or kind, a lesion of the baseline is missing later, or the
        case contradicts itself otherwise.
    """
    baseline = _baseline(visits, frame)
    choice = targets or choose_targets(baseline, frame.criteria, frame.options)
    check_known(f"the baseline of {baseline.date}", (*choice.targets, *choice.others), tuple(baseline.lesions))
    builder = _Builder(frame, choice, _natures(visits, frame.criteria))
    case = ResponseCase(
        id=frame.id,
        criteria=frame.criteria,
        visits=tuple(builder.visit(visit) for visit in visits),
        title=frame.title,
        options=frame.options,
        radiation_end=frame.radiation_end,
        treatment_start=frame.treatment_start,
    )
    check_case(case)
    return case


@dataclass(frozen=True)
class _Builder:
    frame: CaseFrame
    choice: TargetChoice
    natures: Mapping[str, Nature]

    @property
    def known(self) -> tuple[str, ...]:
        """The disease of the baseline: a normal node is none."""
        return (*self.choice.targets, *self.choice.others)

    def visit(self, visit: MeasuredVisit) -> CaseVisit:
        """Return one visit of the case."""
        targets = self.choice.targets
        settled = replace(visit, lesions=carried_by_targets(visit.lesions, targets))
        known = [self._lesion(name, settled) for name in self.known if self._is_due(name, settled)]
        others = [lesion for lesion in known if not lesion.is_target]
        return CaseVisit(
            date=visit.date,
            role=visit.role,
            lesions=tuple(each for each in known if each.is_target or each.merged_into not in targets),
            non_target=visit.non_target or non_target_status(others, visit.role),
            t2_flair=visit.t2_flair,
            steroid_dose_mg=visit.steroid_dose_mg,
            steroid_trend=visit.steroid_trend,
            clinical_status=visit.clinical_status,
            has_histology_of_tumour=visit.has_histology_of_tumour,
            new_lesions=self._new(settled) if visit.role is VisitRole.FOLLOW_UP else (),
        )

    def _is_due(self, name: str, visit: MeasuredVisit) -> bool:
        if name in visit.lesions:
            return True
        if visit.role is VisitRole.PRE_BASELINE:
            return False
        raise ResponseError(
            f"Case {self.frame.id!r}: lesion {name!r} of the baseline is missing at the visit of {visit.date}: measure "
            "it, or say that it is absent, too small or not evaluable."
        )

    def _lesion(self, name: str, visit: MeasuredVisit) -> CaseLesion:
        found, nature = visit.lesions[name], self.natures[name]
        lesion = CaseLesion(
            id=name,
            role=LesionRole.TARGET if name in self.choice.targets else LesionRole.NON_TARGET,
            organ=nature.organ,
            kind=nature.kind,
            state=found.state,
            parts=tuple(_part(found, place) for place in range(len(found.parts))),
            merged_into=found.merged_into,
        )
        return _sized(lesion, found)

    def _new(self, visit: MeasuredVisit) -> tuple[NewLesion, ...]:
        found = {name: each for name, each in visit.lesions.items() if name not in self.known and each.state in SEEN}
        words = {name: judge_lesion(each, self.frame.criteria, self.natures[name].kind) for name, each in found.items()}
        return tuple(
            NewLesion(name, each.field, words[name].word is Measurability.TARGET, each.certainty)
            for name, each in found.items()
            if words[name].word is not Measurability.NOT_DISEASE
        )


def carried_by_targets(lesions: Mapping[str, LesionFinding], targets: Sequence[str]) -> dict[str, LesionFinding]:
    """Return the findings of a visit in which what merged with a target is carried on by that target."""
    settled = dict(lesions)
    for target in targets:
        bearer = settled[target].merged_into if target in settled else None
        if bearer is None or bearer in targets or bearer not in settled:
            continue
        settled[target], settled[bearer] = settled[bearer], LesionFinding(state=LesionState.MERGED, merged_into=target)
        for name, found in settled.items():
            if found.merged_into == bearer:
                settled[name] = replace(found, merged_into=target)
    return settled


def non_target_status(lesions: Sequence[CaseLesion], role: VisitRole) -> NonTargetStatus:
    """Return the state of lesions that are not summed, as far as their own states tell; never progression."""
    if not lesions:
        return NonTargetStatus.NONE
    if role is not VisitRole.FOLLOW_UP:
        return NonTargetStatus.NON_CR_NON_PD
    if any(lesion.state is LesionState.NOT_EVALUABLE for lesion in lesions):
        return NonTargetStatus.NE
    is_gone = all(lesion.state is LesionState.ABSENT or _is_normal_node(lesion) for lesion in lesions)
    return NonTargetStatus.CR if is_gone else NonTargetStatus.NON_CR_NON_PD


def _is_normal_node(lesion: CaseLesion) -> bool:
    short_mm, normal_mm = lesion.short_axis_mm, criteria_set(CriteriaName.RECIST_1_1).number(NORMAL_NODE)
    return lesion.kind is LesionKind.NODE and short_mm is not None and short_mm < normal_mm


def _baseline(visits: Sequence[MeasuredVisit], frame: CaseFrame) -> MeasuredVisit:
    found = [visit for visit in visits if visit.role is VisitRole.BASELINE]
    if len(found) != 1:
        days = f" ({', '.join(str(visit.date) for visit in found)})" if found else ""
        raise ResponseError(
            f"Case {frame.id!r} has {len(found)} baseline visits{days}, expected one: say which sets the reference."
        )
    return found[0]


def _natures(visits: Sequence[MeasuredVisit], criteria: CriteriaName) -> dict[str, Nature]:
    """What each lesion is; as first said."""
    said: dict[tuple[str, str], tuple[str, date]] = {}
    for visit in visits:
        for name, found in visit.lesions.items():
            for what, word in (("kind", found.kind), ("organ", found.organ)):
                if word is not None:
                    _check_same(name, what, said.setdefault((name, what), (word, visit.date)), (word, visit.date))
    words = {key: word for key, (word, _) in said.items()}
    kinds = {name: LesionKind(words[name, "kind"]) for name, what in words if what == "kind"}
    names = {name for visit in visits for name in visit.lesions}
    return {name: nature_of(criteria, kinds.get(name), words.get((name, "organ"))) for name in names}


def _check_same(name: str, what: str, first: tuple[str, date], now: tuple[str, date]) -> None:
    if first[0] != now[0]:
        raise ResponseError(
            f"The {what} of lesion {name!r} is {str(first[0])!r} on {first[1]} and {str(now[0])!r} on {now[1]}: one "
            "lesion has one; correct it, or give two lesions two names."
        )


def _part(found: LesionFinding, place: int) -> LesionPart:
    size = found.parts[place]
    return LesionPart(size.longest_mm, size.perpendicular_mm, size.short_axis_mm, size.volume_ml)


def _sized(lesion: CaseLesion, found: LesionFinding) -> CaseLesion:
    """The lesion with the sizes that its kind is judged by, and its volume."""
    size = found.measurement
    if size is None:
        return lesion
    is_node = lesion.kind is LesionKind.NODE
    return replace(
        lesion,
        longest_mm=size.longest_mm,
        perpendicular_mm=None if is_node else size.perpendicular_mm,
        short_axis_mm=size.short_axis_mm if is_node else None,
        volume_ml=size.volume_ml,
    )
