"""Whether a marker may be weighed in this patient: every condition, from what is known or asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from brachyresponse.errors import ResponseError
from brachyresponse.perfusion.interpretation import Verdict as PerfusionVerdict
from brachyresponse.response.evidence.finding import ConditionAnswer, Finding
from brachyresponse.response.evidence.markers import Condition, ConditionAction, Marker, condition, quantity
from brachyresponse.response.evidence.vocabulary import Answer, MarkerGroup, Side
from brachyresponse.response.evidence.weighing.inputs import QUANTITY, TRACER

PERFUSION_WEIGHT = "perfusion_weight"
PERFUSION_VERDICT = "perfusion_verdict"
"""Details of a finding: what the rule on absent hyperperfusion says."""
PERFUSION_SENTENCES = "perfusion_sentences"
"""The same in words, one sentence a line."""

ASKED = "Asked: "
"""How the reason begins that an open question is."""


@dataclass
class Validity:
    """What the conditions say of one marker.

    Parameters
    ----------
    reasons
        Why it may not be weighed, sentences.
    questions
        Conditions that nobody has answered yet; all but the flags keep it from being weighed or from its full weight.
    assumptions
        What the caller vouches for, sentences.
    remarks
        What has to be said though it is weighed, sentences.
    power
        To which its likelihood ratio is taken, 0 to 1.
    """

    reasons: list[str] = field(default_factory=list)
    questions: list[Condition] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    power: float = 1.0


@dataclass(frozen=True)
class Circumstances:
    """What is known of the patient and the scan.

    Parameters
    ----------
    answers
        By condition; None where the caller vouches for all of them.
    power_without_pre_treatment
        Of a negative perfusion marker without a scan from before treatment.
    """

    answers: Mapping[str, ConditionAnswer] | None
    power_without_pre_treatment: float

    def judge(self, marker: Marker, finding: Finding, side: Side) -> Validity:
        """Return what the conditions say of a marker that lies on a side."""
        validity = Validity()
        if marker.group is MarkerGroup.PERFUSION:
            _apply_perfusion_rule(finding, side, validity)
        for one in self._asked(marker, finding, side):
            self._judge(one, validity)
        if validity.power == 0 and not validity.reasons:
            validity.reasons.append("Absent hyperperfusion carries no weight here.")
        return validity

    def in_favour_of(self, marker: Marker) -> Circumstances:
        """Return the same with everything that a marker depends on and nobody answered answered in its favour."""
        if self.answers is None:
            return self
        open_ones = [one for one in map(condition, marker.conditions) if self._answer(one) is Answer.UNKNOWN]
        favourable = {one.id: ConditionAnswer(one.id, one.holds_when) for one in open_ones}
        return Circumstances({**self.answers, **favourable}, self.power_without_pre_treatment)

    def _asked(self, marker: Marker, finding: Finding, side: Side) -> Iterator[Condition]:
        """Yield the conditions that matter on this side, and that may be answered."""
        is_rule_told = _is_absence_judged(finding)
        for one in map(condition, marker.conditions):
            is_answered = self._answer(one) is not Answer.UNKNOWN
            if (one.side and one.side != side) or not concerns(one, finding):
                continue
            if one.side and is_rule_told and not is_answered:
                continue  # the rule has looked at both scans
            if is_answered or self._may_be_asked(one):
                yield one

    def _may_be_asked(self, one: Condition) -> bool:
        """Tell whether a condition makes sense by the answer to the one it hangs on."""
        is_asked = one.needs and self.answers is not None
        return not is_asked or self._answer(condition(one.needs)) is Answer.YES

    def _judge(self, one: Condition, validity: Validity) -> None:
        answer = self._answer(one)
        if answer is one.holds_when:
            return
        if answer is Answer.UNKNOWN and self.answers is None:
            validity.assumptions.append(one.met)
            return
        if answer is Answer.UNKNOWN:
            validity.questions.append(one)
        if one.action is ConditionAction.HALF_POWER:
            if self.power_without_pre_treatment < validity.power:
                validity.power = self.power_without_pre_treatment
                validity.remarks.append(self._weakened(one, answer))
        elif one.action is ConditionAction.FLAG:
            validity.remarks += [self._failed(one)] if answer is not Answer.UNKNOWN else []
        else:
            unknown = answer is Answer.UNKNOWN
            validity.reasons.append(f"{ASKED}{one.question}" if unknown else self._failed(one))

    def _answer(self, one: Condition) -> Answer:
        given = None if self.answers is None else self.answers.get(one.id)
        return Answer.UNKNOWN if given is None else Answer(given.answer)

    def _failed(self, one: Condition) -> str:
        given = self.answers.get(one.id) if self.answers else None
        known = f" ({given.words.rstrip('.')})" if given is not None and given.source else ""
        return f"{one.failed[0].upper()}{one.failed[1:]}{known}."

    def _weakened(self, one: Condition, answer: Answer) -> str:
        known = "It is not known whether there is a usable perfusion scan from before the treatment"
        told = self._failed(one).rstrip(".") if answer is not Answer.UNKNOWN else known
        power = self.power_without_pre_treatment
        return f"{told}: absent hyperperfusion has its likelihood ratio taken to the power {power:g}."


def concerns(one: Condition, finding: Finding) -> bool:
    """Tell whether a condition concerns what was measured; where the tracer is not told, it may."""
    named, tracer = finding.details.get(QUANTITY, ""), finding.details.get(TRACER, "")
    if not one.quantity or not (named or tracer):
        return True
    return named == one.quantity if named else quantity(one.quantity).is_of(tracer)


def _is_absence_judged(finding: Finding) -> bool:
    """Tell whether the rule has held a low ratio against the scan before treatment; of a high one it says nothing."""
    told = finding.details
    return PERFUSION_WEIGHT in told and told.get(PERFUSION_VERDICT) != PerfusionVerdict.HYPERPERFUSED


def _apply_perfusion_rule(finding: Finding, side: Side, validity: Validity) -> None:
    """Take over what the rule on absent hyperperfusion says: whether there is a ratio, and what a low one is worth."""
    if finding.details.get(PERFUSION_VERDICT, "") == PerfusionVerdict.NOT_EVALUABLE:
        validity.reasons.append("The rule on absent hyperperfusion finds no ratio that can be trusted.")
    elif side is Side.NEGATIVE:
        _weaken(finding, validity)


def _weaken(finding: Finding, validity: Validity) -> None:
    """Take a low ratio to the power that the rule gives it."""
    validity.power = _perfusion_weight(finding)
    if validity.power == 0:
        validity.reasons.append("Absent hyperperfusion is unreliable in this lesion and carries no weight.")
    elif validity.power < 1 and not finding.details.get(PERFUSION_SENTENCES):  # else they say so
        validity.remarks.append(
            f"Absent hyperperfusion is weakened here: its likelihood ratio is taken to the power {validity.power:g}."
        )


def _perfusion_weight(finding: Finding) -> float:
    told = finding.details.get(PERFUSION_WEIGHT, "1")
    try:
        weight = float(told)
    except (TypeError, ValueError):
        weight = float("nan")
    if not 0 <= weight <= 1:
        raise ResponseError(
            f"The detail {PERFUSION_WEIGHT!r} of {finding.id!r} is {told!r}, expected a number from 0 to 1: correct it."
        )
    return weight
