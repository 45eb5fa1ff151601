"""What may be concluded from the ratio of a lesion, given that of its pre-treatment scan: a flag, not a probability."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.interpretation.ratio_record import RatioRecord, RatioValue
from brachyresponse.perfusion.interpretation.rules import Sentence, sentence
from brachyresponse.perfusion.interpretation.timing import TimingCheck
from brachyresponse.perfusion.series import SeriesKind


class Verdict(StrEnum):
    """What the ratio is good for."""

    HYPERPERFUSED = "hyperperfused"
    """At or above the limit."""
    ABSENCE_COUNTS = "absence_counts"
    """Below the limit, and above it before treatment: may count as evidence for necrosis."""
    ABSENCE_UNRELIABLE = "absence_unreliable"
    """Below the limit, but something takes its weight away."""
    ABSENCE_WEAKENED = "absence_weakened"
    """Below the limit, without a usable pre-treatment scan."""
    NOT_EVALUABLE = "not_evaluable"
    """There is no ratio that can be trusted."""


VERDICT_WORDS = {
    Verdict.HYPERPERFUSED: "Hyperperfused",
    Verdict.ABSENCE_COUNTS: "Not hyperperfused: may count as evidence for necrosis",
    Verdict.ABSENCE_UNRELIABLE: "Not hyperperfused, but this is unreliable here and has no weight",
    Verdict.ABSENCE_WEAKENED: "Not hyperperfused, with reduced weight",
    Verdict.NOT_EVALUABLE: "Not evaluable",
}


@dataclass(frozen=True)
class InterpretationSettings:
    """How the rule is applied.

    Parameters
    ----------
    parameter, dsc_parameter
        Map whose ratio is judged, of DCE (rVp by default: rKtrans is ill-conditioned) and of DSC.
    threshold
        Below it a lesion is not hyperperfused.
    weight_without_pre_treatment
        Power of the marker's likelihood ratio where there is no pre-treatment scan.
    least_volume_cc, least_voxels
        A smaller lesion, or fewer valid voxels, are not evaluable.

    Raises
    ------
    PerfusionError
        A limit or a weight that makes no sense.
    """

    parameter: str = "vp"
    dsc_parameter: str = "rcbv"
    threshold: float = 1.5
    weight_without_pre_treatment: float = 0.5
    least_volume_cc: float = 1.0
    least_voxels: int = 20

    def __post_init__(self) -> None:
        if not self.threshold > 0:
            raise PerfusionError(f"The limit of hyperperfusion is {self.threshold:g}, expected above 0: correct it.")
        if not 0 <= self.weight_without_pre_treatment <= 1:
            raise PerfusionError(
                f"The weight without a pre-treatment scan is {self.weight_without_pre_treatment:g}, expected 0 to 1: "
                "correct it."
            )

    def parameter_of(self, kind: SeriesKind) -> str:
        """Return the map whose ratio is judged."""
        return self.parameter if kind is SeriesKind.DCE else self.dsc_parameter


@dataclass(frozen=True)
class Interpretation:
    """What may be concluded of a lesion; nothing here is a probability or a diagnosis.

    Parameters
    ----------
    lesion
        Its name.
    verdict
        What the ratio is good for.
    sentences
        Why, each with the rule that fired; the last says what the rule cannot exclude.
    weight
        Power to which the marker's likelihood ratio may be taken: 0 for none, 1 for its full weight.
    """

    lesion: str
    verdict: Verdict
    sentences: tuple[Sentence, ...]
    weight: float

    @property
    def is_evaluable(self) -> bool:
        """Whether there is a ratio that can be trusted."""
        return self.verdict is not Verdict.NOT_EVALUABLE

    @property
    def headline(self) -> str:
        """The verdict in a few words."""
        return VERDICT_WORDS[self.verdict]

    @property
    def rules(self) -> tuple[str, ...]:
        """Ids of the rules that fired."""
        return tuple(one.rule for one in self.sentences)


def interpret(
    before: RatioRecord | None,
    after: RatioRecord,
    settings: InterpretationSettings | None = None,
    *,
    timing: TimingCheck | None = None,
) -> Interpretation:
    """Return what may be concluded from a lesion's ratio after treatment.

    A ratio below the limit counts as evidence for necrosis only where a pre-treatment scan exists, was technically
    good, and showed a ratio at or above it. Below it before treatment: no weight. No such scan: a reduced weight.

    Parameters
    ----------
    before
        The same lesion before treatment; None where there is no such scan.
    after
        The lesion on the scan that is judged.
    settings
        Limit, parameter and weight.
    timing
        The checked dates; deviations are named.

    References
    ----------
    Int J Med Students 2025, abstract 4054; the table of rules names the source of each sentence.
    """
    settings = settings or InterpretationSettings()
    judged = _Judged(before, after, settings)
    verdict, weight, reasons = judged.verdict()
    remarks = [*judged.remarks(), *_deviations(timing), sentence("six_of_fourteen")]
    remarks = [one for one in remarks if one not in reasons]
    return Interpretation(after.lesion, verdict, (*reasons, *remarks), weight)


def flaw_of(before: RatioRecord, settings: InterpretationSettings, parameter: str = "") -> str:
    """Return why a pre-treatment scan was not technically good, half a sentence; empty where it was.

    Parameters
    ----------
    before
        The lesion on that scan.
    parameter
        Map whose ratio is judged; without one that of the settings for the kind of scan.
    """
    judged = parameter or settings.parameter_of(before.kind)
    refused = [one.text.rstrip(".") for one in _not_evaluable(before, judged, settings)]
    if before.kind is SeriesKind.DSC and not before.leakage_corrected:
        refused.append("it was not corrected for leakage")
    return refused[0] if refused else ""


@dataclass(frozen=True)
class _Judged:
    before: RatioRecord | None
    after: RatioRecord
    settings: InterpretationSettings

    @property
    def parameter(self) -> str:
        return self.settings.parameter_of(self.after.kind)

    @property
    def ratio(self) -> RatioValue:
        return self.after.ratio(self.parameter)

    def verdict(self) -> tuple[Verdict, float, list[Sentence]]:
        refused = list(_not_evaluable(self.after, self.parameter, self.settings))
        value = self.ratio.value
        if refused or value is None:
            return Verdict.NOT_EVALUABLE, 0.0, refused
        if value >= self.settings.threshold:
            return Verdict.HYPERPERFUSED, 1.0, [self._say("hyperperfused"), sentence("high_in_necrosis")]
        verdict, weight, why = self._low()
        without_weight = list(_weightless(self.after))
        if without_weight:
            return Verdict.ABSENCE_UNRELIABLE, 0.0, [why, *without_weight]
        return verdict, weight, [why]

    def _low(self) -> tuple[Verdict, float, Sentence]:
        """Return what a ratio below the limit is worth by that of the pre-treatment scan."""
        weight = self.settings.weight_without_pre_treatment
        if self.before is None:
            return Verdict.ABSENCE_WEAKENED, weight, self._say("low_without_pre_treatment", weight=weight)
        if not self.before.is_found:
            return Verdict.ABSENCE_WEAKENED, weight, self._say("low_not_seen_before", weight=weight)
        flaw = flaw_of(self.before, self.settings, self.parameter)
        earlier = self.before.ratio(self.parameter)
        if flaw or earlier.value is None:
            why = self._say("low_pre_treatment_not_evaluable", reason=flaw, weight=weight)
            return Verdict.ABSENCE_WEAKENED, weight, why
        if earlier.value < self.settings.threshold:
            return Verdict.ABSENCE_UNRELIABLE, 0.0, self._say("low_unreliable", before=self._shown(earlier.value))
        return Verdict.ABSENCE_COUNTS, 1.0, self._say("low_counts", before=self._shown(earlier.value))

    def remarks(self) -> Iterator[Sentence]:
        """Yield what has to be known beside the verdict: both ratios of both visits, doubts, the limit's origin."""
        if self.before is not None and self.before.is_found:
            yield _ratios_of(self.before, "Before treatment")
        yield _ratios_of(self.after, "On this scan")
        yield from self._near_the_limit()
        if self.after.white_matter_irradiated:
            yield sentence("irradiated_white_matter")
        if self.after.kind is SeriesKind.DSC:
            yield sentence("limit_is_of_dce", threshold=self.settings.threshold)

    def _near_the_limit(self) -> Iterator[Sentence]:
        """Yield the visits whose interval reaches to both sides of the limit."""
        threshold = self.settings.threshold
        visits = {"interval_holds_threshold": self.after, "before_interval_holds_threshold": self.before}
        for rule, record in visits.items():
            ratio = None if record is None else record.ratio(self.parameter)
            if ratio is not None and ratio.holds(threshold):
                interval = {"low": f"{ratio.low:.2f}", "high": f"{ratio.high:.2f}"}
                yield sentence(rule, ratio=ratio.label, threshold=threshold, **interval)

    def _say(self, rule: str, **more: object) -> Sentence:
        return sentence(
            rule,
            ratio=self.ratio.label,
            lesion=self.after.lesion,
            value="" if self.ratio.value is None else self._shown(self.ratio.value),
            threshold=self.settings.threshold,
            **more,
        )

    def _shown(self, value: float) -> str:
        """Return a ratio with two decimals, or with as many as show on which side of the limit it lies."""
        limit, decimals = self.settings.threshold, 2
        while (round(value, decimals) < limit) != (value < limit):
            decimals += 1
        return f"{value:.{decimals}f}"


def _not_evaluable(record: RatioRecord, parameter: str, settings: InterpretationSettings) -> Iterator[Sentence]:
    """Yield why a visit's ratio cannot be trusted at all."""
    ratio = record.ratio(parameter)
    about = {"ratio": ratio.label, "lesion": record.lesion}
    if not ratio.is_evaluable:
        yield sentence("no_ratio", reason=ratio.reason, **about)
    if record.aif_failed and record.kind is SeriesKind.DCE:
        yield sentence("aif_failed", **about)
    if record.volume_cc is not None and record.volume_cc < settings.least_volume_cc:
        volumes = {"volume_cc": record.volume_cc, "least_volume_cc": settings.least_volume_cc}
        yield sentence("small_lesion", lesion=record.lesion, **volumes)
    voxels = ratio.valid_voxels
    if ratio.is_evaluable and voxels is not None and voxels < settings.least_voxels:
        yield sentence("few_voxels", lesion=record.lesion, voxels=voxels, least_voxels=settings.least_voxels)


def _weightless(record: RatioRecord) -> Iterator[Sentence]:
    """Yield what takes the weight from a low ratio."""
    if record.kind is SeriesKind.DSC and not record.leakage_corrected:
        yield sentence("leakage_uncorrected")
    if record.drug:
        yield sentence("drug", drug=record.drug)
    if record.white_matter_irradiated:
        yield sentence("irradiated_white_matter")


def _ratios_of(record: RatioRecord, visit: str) -> Sentence:
    shown = "; ".join(f"{ratio.label} {ratio.words}" for ratio in record.ratios.values())
    day = f" ({record.scan_date.isoformat()})" if record.scan_date else ""
    return sentence("both_ratios", visit=f"{visit}{day}", ratios=shown or "no ratio")


def _deviations(timing: TimingCheck | None) -> list[Sentence]:
    return [] if timing is None else [sentence("timing_deviates", deviation=text) for text in timing.deviations]
