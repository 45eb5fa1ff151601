"""Response by the size of the targets alone: against the baseline, against the nadir, and gone or back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from brachyresponse.response.case import ResponseCase
from brachyresponse.response.case.sizes import UNITS
from brachyresponse.response.criteria.criteria_set import CriteriaSet, Threshold
from brachyresponse.response.criteria.growth import largest_growth
from brachyresponse.response.criteria.reasons import TABLE, Reason, reason
from brachyresponse.response.criteria.sizes import TOLERANCE, SizeRules, VisitSizes, has_reached
from brachyresponse.response.criteria.wording import listed, number, percent, say
from brachyresponse.response.vocabulary import Category, LesionKind

ONE_LESION = "one lesion"
BASELINE = "baseline"


class SizeFinding(StrEnum):
    """What the sum of the targets does; the words of the tables' size row."""

    NONE = "none"
    DECREASE = "decrease"
    BETWEEN = "between"
    INCREASE = "increase"
    BACK = "back"
    """Disease where the nadir was nothing."""
    NOT_EVALUABLE = "not evaluable"
    NO_TARGET = "no target"


RESPONSES = {
    SizeFinding.NONE: Category.CR,
    SizeFinding.DECREASE: Category.PR,
    SizeFinding.BETWEEN: Category.SD,
    SizeFinding.INCREASE: Category.PD,
    SizeFinding.BACK: Category.PD,
    SizeFinding.NOT_EVALUABLE: Category.NE,
    SizeFinding.NO_TARGET: None,
}


@dataclass(frozen=True)
class TargetFinding:
    """What the targets do, and why; ``conventions`` are readings that the papers leave open."""

    finding: SizeFinding
    reason: Reason
    conventions: tuple[str, ...] = ()

    @property
    def response(self) -> Category | None:
        """The category by target size alone; None without targets."""
        return RESPONSES[self.finding]


@dataclass(frozen=True)
class TargetJudge:
    """The targets of a case by its criteria.

    Parameters
    ----------
    case, criteria, rules
        The case, its criteria and how its lesions are sized.
    baseline
        Sizes at the baseline.
    """

    case: ResponseCase
    criteria: CriteriaSet
    rules: SizeRules
    baseline: VisitSizes

    @property
    def threshold(self) -> Threshold:
        """The shares that count as response and as progression."""
        return self.criteria.thresholds[self.case.options.measure]

    @property
    def unit(self) -> str:
        """Of the sum."""
        return UNITS[self.rules.kind]

    def judge(self, now: VisitSizes, nadir: VisitSizes, *, had_cr: bool, holds_pr: bool) -> TargetFinding:
        """Return what the targets do at a visit.

        Progression is looked at before response, and what is gone before both: normal nodes are no disease, even
        where their sum rises.

        Parameters
        ----------
        now, nadir
            Sizes at the visit, and at the earlier one with the smallest sum.
        had_cr
            Whether an earlier visit was a complete response, after which any disease is progression.
        holds_pr
            Whether a confirmed partial response is kept until progression.
        """
        if not now.sizes:
            return self._found(SizeFinding.NO_TARGET, self._rule("non_measurable_only"), "no_targets")
        if had_cr and now.seen:
            lesions = listed(now.seen)
            return self._found(SizeFinding.INCREASE, "reappear", "seen_again", lesions=lesions)
        if self.baseline.total == 0:
            return self._after_empty_baseline(now)
        if now.is_all_gone:
            return self._gone(now, is_rising=self._has_grown(now, nadir))
        if self._has_grown(now, nadir):
            return self._grown(now, nadir)
        if now.total is None:
            return self._missing(now)
        return self._smaller(now, nadir, holds_pr=holds_pr)

    def grown_from(self, reference: float) -> float:
        """Return the smallest sum that counts as progression over a reference, both in the unit of the sum."""
        relative = max(reference * (1 + self.threshold.progression), self.normal_mm)
        is_one = len(self.baseline.sizes) == 1  # then what is asked of one lesion is asked of the sum
        return max(relative, reference + self.criteria.absolute_mm) if self._asks_sum or is_one else relative

    @property
    def normal_mm(self) -> float:
        """Short axis below which a node that is the only target is no disease; 0 where there is no such limit."""
        nodes = [lesion.id for lesion in self.case.baseline.targets if lesion.kind is LesionKind.NODE]
        is_only = len(nodes) == len(self.baseline.sizes) == 1 and nodes[0] not in self.rules.small_at_baseline
        return self.rules.normal_node_mm if is_only else 0.0

    @property
    def shrunk_to(self) -> float | None:
        """The largest sum that counts as response; None where there was nothing to shrink."""
        return self.baseline.total * (1 - self.threshold.response) if self.baseline.total else None

    def progression_threshold(self, nadir: VisitSizes) -> float | None:
        """Return the smallest sum that counts as progression at a visit; None without a reference."""
        before = self.reference(nadir).total
        return self.grown_from(before) if before else None

    def reference(self, nadir: VisitSizes) -> VisitSizes:
        """Return the visit that progression is measured from."""
        return self.baseline if self.criteria.progression_reference == BASELINE else nadir

    @property
    def _asks_sum(self) -> bool:
        return bool(self.criteria.absolute_fact) and self.criteria.absolute_of != ONE_LESION

    def _has_grown(self, now: VisitSizes, nadir: VisitSizes) -> bool:
        """Whether the sum reached progression; a lesion that is missing counts as nothing, for it can only add."""
        before = self.reference(nadir)
        if before.total is None:
            return False
        change = now.measured - before.total
        if before.total > 0 and not has_reached(change / before.total, self.threshold.progression):
            return False
        return change > 0 and self._has_grown_in_mm(now, before, change)

    def _has_grown_in_mm(self, now: VisitSizes, before: VisitSizes, change: float) -> bool:
        least_mm = self.criteria.absolute_mm
        if not least_mm:
            return True
        grown = change if self._asks_sum else largest_growth(now, before)[1]
        return has_reached(grown / least_mm, 1.0)

    def _grown(self, now: VisitSizes, nadir: VisitSizes) -> TargetFinding:
        before = self.reference(nadir)
        values = self._numbers(now, before)
        rule = self.threshold.progression_fact
        if before.total == 0:
            return self._found(SizeFinding.BACK, rule, "back_from_nothing", **values)
        if now.missing:
            sentence = "grown_although_missing"
            values["missing"] = listed(now.missing)
        elif self.criteria.absolute_of == ONE_LESION:
            sentence = "grown_one_lesion"
            values["lesion"], grown = largest_growth(now, before)[0], largest_growth(now, before)[1]
            values["grown"] = number(grown)
        else:
            sentence = "grown_and_mm" if self._asks_sum else "grown"
        return self._found(SizeFinding.INCREASE, rule, sentence, **values)

    def _smaller(self, now: VisitSizes, nadir: VisitSizes, *, holds_pr: bool) -> TargetFinding:
        baseline, total = self.baseline.total or 0.0, now.total or 0.0
        values = self._numbers(now, self.baseline)
        if has_reached((baseline - total) / baseline, self.threshold.response):
            return self._found(SizeFinding.DECREASE, self.threshold.response_fact, "shrunk", **values)
        if holds_pr:
            return self._found(SizeFinding.DECREASE, "keep_pr", "held_pr", **values)
        before = self.reference(nadir)
        values |= {"from_nadir": self._change_words(now, before), "reference": self._reference_words(before)}
        sentence = "neither_one" if before.date == self.baseline.date else "neither"
        sentence = "neither_but_mm" if self.lacks_mm(now, before) else sentence
        return self._found(SizeFinding.BETWEEN, self._sd_rule, sentence, **values)

    def lacks_mm(self, now: VisitSizes, before: VisitSizes) -> bool:
        """Tell whether the share of progression is reached; it then is progression unless the millimetres are not."""
        total, change = before.total or 0.0, (now.total or 0.0) - (before.total or 0.0)
        return (
            bool(self.criteria.absolute_fact) and total > 0 and has_reached(change / total, self.threshold.progression)
        )

    def _gone(self, now: VisitSizes, *, is_rising: bool) -> TargetFinding:
        if now.measured <= TOLERANCE:
            return self._found(SizeFinding.NONE, TABLE, "all_gone")
        found = self._found(SizeFinding.NONE, "cr_nodes", "nodes_normal", total=number(now.measured), unit=self.unit)
        return replace(found, conventions=(say("nodes_rising_convention"),)) if is_rising else found

    def _missing(self, now: VisitSizes) -> TargetFinding:
        missing = listed(now.missing)
        found = self._found(SizeFinding.NOT_EVALUABLE, self._rule("ne"), "target_missing", lesions=missing)
        if not now.too_small or self.rules.too_small is not None:
            return found
        return replace(found, conventions=(say("too_small_convention", lesions=listed(now.too_small)),))

    def _after_empty_baseline(self, now: VisitSizes) -> TargetFinding:
        """With nothing to measure at baseline, progression is any disease that becomes measurable."""
        rule = self._rule("non_measurable_only")
        measurable = [name for name in now.seen if self._is_measurable(name, now)]
        if measurable:
            found = self._found(SizeFinding.INCREASE, rule, "measurable_from_nothing", lesions=listed(measurable))
            return replace(found, conventions=(say("empty_baseline_convention"),))
        if now.missing:
            return self._missing(now)
        return self._found(SizeFinding.BETWEEN, rule, "nothing_to_measure")

    def _is_measurable(self, name: str, now: VisitSizes) -> bool:
        visit = next(visit for visit in self.case.visits if visit.date == now.date)
        lesion = next(lesion for lesion in visit.targets if lesion.id == name)
        sizes = (lesion, *lesion.parts)
        least = {"longest_mm": self._least("measurable_longest_mm"), "perpendicular_mm": self._least_across}
        return any(all((getattr(one, key) or mm) >= mm - TOLERANCE for key, mm in least.items()) for one in sizes)

    @property
    def _least_across(self) -> float:
        return 0.0 if self.criteria.is_recist else self._least("measurable_perpendicular_mm")

    def _least(self, fact: str) -> float:
        names = (fact, "measurable_min_mm", "measurable_mm")
        return next(self.criteria.number(name) for name in names if name in self.criteria.facts)

    def _numbers(self, now: VisitSizes, before: VisitSizes) -> dict[str, str]:
        total = before.total or 0.0
        return {
            "total": number(now.measured),
            "before": number(total),
            "unit": self.unit,
            "reference": self._reference_words(before),
            "change": self._change_words(now, before),
            "share": percent((now.measured - total) / total if total else 0.0, self.threshold.progression),
            "by": number(abs(now.measured - total)),
            "progression": number(100 * self.threshold.progression),
            "response": number(100 * self.threshold.response),
            "least": number(self.criteria.absolute_mm),
        }

    def _change_words(self, now: VisitSizes, before: VisitSizes) -> str:
        """The change in words, with decimals that show on which side of its threshold it lies."""
        total = before.total or 0.0
        change = (now.measured - total) / total if total else 0.0
        if abs(change) <= TOLERANCE:
            return "unchanged from"
        is_growth = change > 0
        limit = self.threshold.progression if is_growth else self.threshold.response
        return f"{percent(change, limit)} % {'more' if is_growth else 'less'} than"

    def _reference_words(self, before: VisitSizes) -> str:
        return f"the baseline of {before.date}" if before.date == self.baseline.date else f"the nadir of {before.date}"

    @property
    def _sd_rule(self) -> str:
        return self._rule("sd_reference") if "sd_reference" in self.criteria.facts else TABLE

    def _rule(self, fact: str) -> str:
        return fact if fact in self.criteria.facts else TABLE

    def _found(self, finding: SizeFinding, rule: str, sentence: str, **values: object) -> TargetFinding:
        return TargetFinding(finding, reason(self.criteria, rule, sentence, **values))
