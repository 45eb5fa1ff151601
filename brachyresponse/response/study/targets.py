"""Which lesions of the baseline are summed: the largest measurable ones, as many as the criteria allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from brachyresponse.errors import ResponseError
from brachyresponse.response.case import CaseOptions
from brachyresponse.response.criteria import criteria_set
from brachyresponse.response.criteria.measurability import (
    Measurability,
    MeasurabilityItem,
    MeasurabilityResult,
    judge_measurability,
)
from brachyresponse.response.study.findings import LesionFinding, MeasuredVisit
from brachyresponse.response.vocabulary import CriteriaName, LesionKind, LesionRole, LesionState

NODES = "all lymph nodes"


@dataclass(frozen=True)
class TargetChoice:
    """Which lesions are summed.

    Parameters
    ----------
    targets
        The largest first.
    others
        Lesions that are followed but not summed.
    sentences
        Why, one a lesion.
    """

    targets: tuple[str, ...]
    others: tuple[str, ...]
    sentences: tuple[str, ...]


def choose_targets(baseline: MeasuredVisit, criteria: CriteriaName, options: CaseOptions | None = None) -> TargetChoice:
    """Return the targets of a baseline visit by the criteria; what the reader chose stays as chosen.

    Where the protocol says so (``options.has_protocol_targets``) lesions below the criteria's size are taken as well.

    Raises
    ------
    ResponseError
        The reader's target was not measured, or there are more of them than the criteria allow.
    """
    options = options or CaseOptions()
    judged = [_judge(name, found, criteria, options) for name, found in baseline.lesions.items()]
    ranked = sorted(judged, key=lambda each: (-each.rank, -each.size, each.name))
    limits = _Limits.of(criteria)
    taken: list[_Judged] = []
    sentences = []
    for each in ranked:
        obstacle = each.obstacle or limits.obstacle(taken, each)
        if each.is_chosen and obstacle:
            raise ResponseError(
                f"Lesion {each.name!r} was chosen as a target, but {obstacle}: choose another, or make it non-target."
            )
        if obstacle:
            sentences.append(f"{each.name!r} is followed but not summed: {obstacle}.")
            continue
        taken.append(each)
        sentences.append(f"{each.name!r} is a target: {each.sentence}")
    targets = tuple(each.name for each in taken)
    others = tuple(each.name for each in ranked if each.name not in targets and not each.is_no_disease)
    return TargetChoice(targets, others, tuple(sentences))


def judge_lesion(found: LesionFinding, criteria: CriteriaName, kind: LesionKind) -> MeasurabilityResult:
    """Return whether a lesion, as it was found, may be a target by its size, and why."""
    size = found.measurement
    if size is None:
        return MeasurabilityResult(Measurability.NON_TARGET, f"It is {found.state}.")
    is_node = kind is LesionKind.NODE
    item = MeasurabilityItem(
        criteria=criteria,
        kind=kind,
        longest_mm=size.longest_mm,
        perpendicular_mm=None if is_node else size.perpendicular_mm,
        short_axis_mm=size.short_axis_mm if is_node else None,
        slices=size.slices,
        slice_thickness_mm=size.slice_thickness_mm,
    )
    return judge_measurability(item)


@dataclass(frozen=True)
class _Judged:
    """A lesion of the baseline; ``obstacle`` says why it cannot be a target, if it cannot."""

    name: str
    size: float
    organ: str
    is_chosen: bool
    is_no_disease: bool
    obstacle: str
    sentence: str

    @property
    def rank(self) -> int:
        return int(self.is_chosen)


@dataclass(frozen=True)
class _Limits:
    """How many targets there may be, in all and in one organ; None where that is not known for sure."""

    in_all: int | None
    in_organ: int | None
    title: str

    @classmethod
    def of(cls, criteria: CriteriaName) -> _Limits:
        found = criteria_set(criteria)
        numbers = {
            name: int(found.facts[name].value)
            for name in ("max_targets", "max_per_organ")
            if name in found.facts and found.facts[name].is_verified
        }
        return cls(numbers.get("max_targets"), numbers.get("max_per_organ"), found.title)

    def obstacle(self, taken: Sequence[_Judged], each: _Judged) -> str:
        if self.in_all is not None and len(taken) >= self.in_all:
            return f"{self.title} sums at most {self.in_all} targets"
        same = [other.name for other in taken if other.organ == each.organ]
        if self.in_organ is not None and len(same) >= self.in_organ:
            return f"{self.title} sums at most {self.in_organ} targets of one organ ({each.organ}: {', '.join(same)})"
        return ""


def _judge(name: str, found: LesionFinding, criteria: CriteriaName, options: CaseOptions) -> _Judged:
    kind = found.kind or LesionKind.ENHANCING
    is_chosen = found.role is LesionRole.TARGET
    result = judge_lesion(found, criteria, kind)
    is_measurable, sentence = result.word is Measurability.TARGET, result.sentence
    obstacle = ""
    if found.state is not LesionState.MEASURED or found.measurement is None:
        obstacle = f"at baseline it is {found.state}, not measured"
    elif found.role is LesionRole.NON_TARGET:
        obstacle = "the reader chose so"
    elif not is_measurable and not (options.has_protocol_targets or is_chosen):
        obstacle = sentence.rstrip(".")
    if is_chosen:
        sentence = f"the reader chose it. {sentence}" if not is_measurable else "the reader chose it."
    elif not is_measurable and not obstacle:
        sentence = f"the protocol says so. {sentence}"
    is_no_disease = result.word is Measurability.NOT_DISEASE
    organ = NODES if kind is LesionKind.NODE else found.organ or "brain"
    return _Judged(name, _size(found, kind), organ, is_chosen, is_no_disease, obstacle, sentence)


def _size(found: LesionFinding, kind: LesionKind) -> float:
    size = found.measurement
    if size is None:
        return 0.0
    if kind is LesionKind.NODE:
        return size.short_axis_mm or 0.0
    return size.longest_mm * (size.perpendicular_mm or size.longest_mm)
