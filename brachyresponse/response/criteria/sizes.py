"""Sizes of the targets at a visit, and their sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from brachyresponse.response.case import CaseLesion, CaseVisit, ResponseCase, SizeKind, needed_sizes, size_kind
from brachyresponse.response.case.sizes import size_of
from brachyresponse.response.criteria.criteria_set import CriteriaSet
from brachyresponse.response.vocabulary import LesionKind, LesionState

NORMAL_NODE = "node_pathological_short_axis_mm"
TOLERANCE = 1e-9
"""Of ratios: an exact threshold counts as reached although floating point misses it."""
DIGITS = 12
"""Significant digits of a sum; the rest is floating-point noise of products and additions."""


@dataclass(frozen=True)
class SizeRules:
    """How the lesions of a case are sized.

    Parameters
    ----------
    kind
        What is summed.
    too_small
        Size of a lesion that is seen but cannot be measured; None where the criteria give none.
    normal_node_mm
        A node with a smaller short axis is no disease; 0 where nodes are not told apart.
    small_at_baseline
        Nodes that were that small at the baseline already, and are targets because the protocol says so.
    """

    kind: SizeKind
    too_small: float | None
    normal_node_mm: float
    small_at_baseline: frozenset[str]


@dataclass(frozen=True)
class VisitSizes:
    """The targets of one visit.

    Parameters
    ----------
    date
        Of the visit.
    sizes
        By lesion; None where it could not be measured.
    gone
        Lesions of which nothing is left that counts as disease.
    merged
        Lesions that others carry: their size is 0, and the carrier has the whole's.
    volume_ml
        Sum of the volumes; None where one is not known.
    too_small
        Lesions that are seen, but were too small to measure.
    """

    date: date
    sizes: Mapping[str, float | None]
    gone: frozenset[str]
    merged: Mapping[str, str]
    volume_ml: float | None
    too_small: tuple[str, ...] = ()

    @property
    def measured(self) -> float:
        """Sum of what was measured."""
        return _without_noise(sum(size for size in self.sizes.values() if size is not None))

    @property
    def missing(self) -> tuple[str, ...]:
        """Lesions that could not be measured."""
        return tuple(name for name, size in self.sizes.items() if size is None)

    @property
    def total(self) -> float | None:
        """The sum; None without targets, or where one is missing."""
        return self.measured if self.sizes and not self.missing else None

    @property
    def is_all_gone(self) -> bool:
        """Whether nothing is left of any target."""
        return all(name in self.gone or name in self.merged for name in self.sizes)

    @property
    def seen(self) -> tuple[str, ...]:
        """Targets that are certainly still disease."""
        return tuple(name for name, size in self.sizes.items() if size and name not in self.gone)


def size_rules(case: ResponseCase, criteria: CriteriaSet) -> SizeRules:
    """Return how the lesions of a case are sized."""
    has_nodes = NORMAL_NODE in criteria.facts
    normal_mm = criteria.number(NORMAL_NODE) if has_nodes else 0.0
    return SizeRules(
        kind=size_kind(case),
        too_small=criteria.number(criteria.too_small) if criteria.too_small else None,
        normal_node_mm=normal_mm,
        small_at_baseline=frozenset(
            lesion.id
            for lesion in case.baseline.targets
            if lesion.kind is LesionKind.NODE and lesion.short_axis_mm is not None and lesion.short_axis_mm < normal_mm
        ),
    )


def sizes_at(visit: CaseVisit, rules: SizeRules) -> VisitSizes:
    """Return the sizes of the targets of a visit."""
    sizes = {lesion.id: _size(lesion, rules) for lesion in visit.targets}
    return VisitSizes(
        date=visit.date,
        sizes=sizes,
        gone=frozenset(lesion.id for lesion in visit.targets if _is_gone(lesion, rules)),
        merged={lesion.id: lesion.merged_into for lesion in visit.targets if lesion.merged_into is not None},
        volume_ml=_volume(visit),
        too_small=tuple(lesion.id for lesion in visit.targets if _is_unmeasured(lesion, rules)),
    )


def has_reached(change: float, threshold: float) -> bool:
    """Tell whether a share reaches a threshold; an exact one counts."""
    return change >= threshold - TOLERANCE


def _size(lesion: CaseLesion, rules: SizeRules) -> float | None:
    if lesion.state in (LesionState.ABSENT, LesionState.MERGED):
        return 0.0
    if lesion.state is LesionState.NOT_EVALUABLE:
        return None
    names = needed_sizes(rules.kind, lesion)
    if lesion.state is LesionState.SPLIT:
        return sum(size_of(part, names) or 0.0 for part in lesion.parts)
    size = size_of(lesion, names)
    return rules.too_small if size is None else size


def _is_gone(lesion: CaseLesion, rules: SizeRules) -> bool:
    if lesion.state is LesionState.ABSENT:
        return True
    if lesion.kind is not LesionKind.NODE or lesion.id in rules.small_at_baseline:
        return False
    axes = [part.short_axis_mm for part in lesion.parts] or [_size(lesion, rules)]
    return lesion.state is not LesionState.MERGED and all(
        axis is not None and axis < rules.normal_node_mm - TOLERANCE for axis in axes
    )


def _is_unmeasured(lesion: CaseLesion, rules: SizeRules) -> bool:
    is_too_small = lesion.state is LesionState.TOO_SMALL
    return is_too_small and size_of(lesion, needed_sizes(rules.kind, lesion)) is None


def _volume(visit: CaseVisit) -> float | None:
    volumes = [_volume_of(lesion) for lesion in visit.targets]
    known = [volume for volume in volumes if volume is not None]
    return _without_noise(sum(known)) if volumes and len(known) == len(volumes) else None


def _volume_of(lesion: CaseLesion) -> float | None:
    if lesion.state in (LesionState.ABSENT, LesionState.MERGED):
        return 0.0
    if lesion.state is LesionState.SPLIT:
        volumes = [part.volume_ml for part in lesion.parts]
        known = [volume for volume in volumes if volume is not None]
        return sum(known) if len(known) == len(volumes) else None
    return lesion.volume_ml


def _without_noise(value: float) -> float:
    return float(f"{value:.{DIGITS}g}")
