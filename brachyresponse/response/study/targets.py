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
NOT_SAID = "not said"
"""An organ that nobody named: how many targets share it is not known."""


@dataclass(frozen=True)
class Nature:
    """What a lesion is at every visit, and in which organ."""

    kind: LesionKind
    organ: str

    @property
    def counted_organ(self) -> str:
        """The organ as the criteria count it: all lymph nodes are one."""
        return NODES if self.kind is LesionKind.NODE else self.organ


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
    """Return the targets of a baseline visit: the reader's, then the largest that the criteria take.

    Where the protocol says so (``options.has_protocol_targets``) lesions below the criteria's size are taken as well.
    A number of targets that was not verified is no limit.

    Raises
    ------
    ResponseError
        The reader's target was not measured.
    """
    options = options or CaseOptions()
    judged = [_judge(name, found, criteria, options) for name, found in baseline.lesions.items()]
    limits = _Limits.of(criteria)
    taken: list[_Judged] = []
    others, sentences = [], []
    for each in sorted(judged, key=lambda one: (not one.is_chosen, -one.size, one.name)):
        obstacle = each.obstacle or ("" if each.is_chosen else limits.obstacle(taken, each))
        if not obstacle:
            taken.append(each)
            sentences.append(f"{each.name!r} is a target: {each.sentence}")
        elif each.is_no_disease:
            sentences.append(f"{each.name!r} is no disease: {obstacle}.")
        else:
            others.append(each.name)
            sentences.append(f"{each.name!r} is followed but not summed: {obstacle}.")
    return TargetChoice(tuple(each.name for each in taken), tuple(others), tuple(sentences))


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
    nature: Nature
    is_chosen: bool
    is_no_disease: bool
    obstacle: str
    sentence: str


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
        organ = each.nature.counted_organ
        same = [other.name for other in taken if other.nature.counted_organ == organ]
        if self.in_organ is not None and organ != NOT_SAID and len(same) >= self.in_organ:
            return f"{self.title} sums at most {self.in_organ} targets of one organ ({organ}: {', '.join(same)})"
        return ""


def nature_of(criteria: CriteriaName, kind: LesionKind | None, organ: str | None) -> Nature:
    """Return what a lesion is, and where: the usual for the criteria where it was not said."""
    if kind is None:
        kind = LesionKind.SOFT_TISSUE if criteria is CriteriaName.RECIST_1_1 else LesionKind.ENHANCING
    usual = {LesionKind.NODE: "lymph node", LesionKind.ENHANCING: "brain", LesionKind.SOFT_TISSUE: NOT_SAID}
    return Nature(kind, organ or usual[kind])


def _judge(name: str, found: LesionFinding, criteria: CriteriaName, options: CaseOptions) -> _Judged:
    nature = nature_of(criteria, found.kind, found.organ)
    is_chosen = found.role is LesionRole.TARGET
    if found.state is not LesionState.MEASURED:
        obstacle = f"at baseline it is {found.state}, not measured"
        if is_chosen:
            raise ResponseError(
                f"Lesion {name!r} was chosen as a target, but {obstacle}: measure it, or make it non-target."
            )
        return _Judged(name, 0.0, nature, is_chosen, False, obstacle, "")
    word, reason = judge_lesion(found, criteria, nature.kind)
    is_measurable = word == Measurability.TARGET
    obstacle, sentence = "", reason
    if found.role is LesionRole.NON_TARGET:
        obstacle = "the reader chose so"
    elif is_chosen:
        sentence = "the reader chose it." if is_measurable else f"the reader chose it. {reason}"
    elif not is_measurable and options.has_protocol_targets:
        sentence = f"the protocol says so. {reason}"
    elif not is_measurable:
        obstacle = reason.rstrip(".")
    return _Judged(name, _size(found, nature), nature, is_chosen, word == Measurability.NOT_DISEASE, obstacle, sentence)


def _size(found: LesionFinding, nature: Nature) -> float:
    size = found.measurement
    if size is None:
        return 0.0
    if nature.kind is LesionKind.NODE:
        return size.short_axis_mm or 0.0
    return size.longest_mm * (size.perpendicular_mm or size.longest_mm)
