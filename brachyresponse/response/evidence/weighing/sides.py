"""On which side of its cut-offs a value lies, and what is too near to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isclose

from brachyresponse.response.evidence.finding import Finding, OwnCutoff
from brachyresponse.response.evidence.markers import (
    Cutoff,
    Marker,
    Quantity,
    cutoffs_of,
    quantity,
    statistic_in_words,
    statistic_word,
)
from brachyresponse.response.evidence.vocabulary import Side
from brachyresponse.response.evidence.weighing.inputs import QUANTITY, TRACER, quantity_of


@dataclass(frozen=True)
class Placed:
    """Where a finding lies.

    Parameters
    ----------
    side
        Positive, negative, between, or undecided.
    cutoff_words
        What it was held against.
    reason
        Why it is neither positive nor negative, a sentence; empty where it is.
    remark
        What is to be known beside it, a sentence; empty for nothing.
    """

    side: Side
    cutoff_words: str
    reason: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Zone:
    """Values from ``low`` to ``high`` are not weighed; ``words`` say where the two come from."""

    low: float
    high: float
    words: str
    remark: str = ""

    def side(self, value: float, *, is_high_positive: bool) -> Side:
        """Return the side of a value: beyond the zone in the marker's direction is positive."""
        is_at_an_end = any(isclose(value, end) for end in (self.low, self.high))
        if is_at_an_end or self.low <= value <= self.high:
            return Side.BETWEEN
        return Side.POSITIVE if (value > self.high) == is_high_positive else Side.NEGATIVE


def place(marker: Marker, finding: Finding, own: OwnCutoff | None, grey_zone: float) -> Placed:
    """Return on which side a finding lies.

    A value is positive only beyond the highest published cut-off for its statistic, negative only beyond the lowest. A
    single cut-off has a grey zone on either side. Cut-offs from memory widen what lies between and never narrow it.
    """
    measured = quantity_of(finding)
    if finding.positive is not None:
        return _judged(marker, measured, finding.positive, finding)
    if finding.value is None:
        return _undecided(_sentence(finding.reason or "It was measured too poorly to give a value"))
    if measured is None:
        return _undecided("It is read by eye: say positive or negative instead of a value.", "read by eye")
    if finding.value < 0 and not measured.may_be_negative:
        return _undecided(f"{measured.title} cannot be below 0, and is {finding.value:g}.")
    zone = _tracer_doubt(marker, measured, finding) or _zone(marker, measured, finding, own, grey_zone)
    if isinstance(zone, str):
        return _undecided(zone, _by_study(cutoffs_of(measured.id)) or "none published")
    return _beside(zone, finding.value, marker, finding)


def _judged(marker: Marker, measured: Quantity | None, is_positive: bool, finding: Finding) -> Placed:
    """Return what a reader said, unless it was said of another tracer."""
    doubt = _other_tracer(marker, measured, finding)
    if doubt:
        return _undecided(doubt)
    side = Side.POSITIVE if is_positive else Side.NEGATIVE
    return Placed(side, f"by the criterion of the study: {marker.cutoff_words or 'not stated'}")


def _beside(zone: Zone, value: float, marker: Marker, finding: Finding) -> Placed:
    """Return where a value lies by a zone."""
    side = zone.side(value, is_high_positive=marker.positive_when == "high")
    if side is Side.BETWEEN:
        between = f"{value:.5g} lies between {zone.low:g} and {zone.high:g}, where nothing is weighed."
        return Placed(side, zone.words, between)
    return Placed(side, zone.words, remark=f"{zone.remark} {_doubt(marker, finding, zone)}".strip())


def _undecided(reason: str, cutoff_words: str = "") -> Placed:
    return Placed(Side.UNDECIDED, cutoff_words, reason)


def _other_tracer(marker: Marker, measured: Quantity | None, finding: Finding) -> str:
    """Return that the tracer is not that of the study, a sentence; empty where it is, or is not told."""
    tracer = finding.details.get(TRACER, "")
    if not tracer or measured is None or measured.is_of(tracer):
        return ""
    return f"Its tracer is {tracer}, but the figures of {marker.title} are for another."


def _tracer_doubt(marker: Marker, measured: Quantity, finding: Finding) -> str:
    """Return why a value cannot be held against the cut-offs of a tracer, a sentence; empty where it can."""
    tracer = finding.details.get(TRACER, "")
    other = _other_tracer(marker, measured, finding)
    if other:
        return other
    tracers = {quantity(name).tracers for name in marker.quantities}
    if len(tracers) > 1 and not tracer and QUANTITY not in finding.details:
        return "Its tracer is not told, and a cut-off holds for one tracer only."
    return ""


def _zone(marker: Marker, measured: Quantity, finding: Finding, own: OwnCutoff | None, grey_zone: float) -> Zone | str:
    """Return what lies between positive and negative, or why there are no cut-offs, a sentence."""
    statistic = statistic_word(finding.statistic) or marker.statistic
    if own is not None:
        return _own_zone(marker, measured, own, statistic, grey_zone)
    if marker.statistics and statistic not in marker.statistics:
        found, expected = statistic_in_words(statistic), " or ".join(marker.statistics)
        return f"It is the {found} of the lesion, but this study's cut-off is for the {expected}."
    published = cutoffs_of(measured.id, statistic)
    verified = [one for one in published if one.is_verified]
    if verified:
        return _published_zone(published, verified, grey_zone)
    return _no_cutoff(measured, statistic, published)


def _own_zone(marker: Marker, measured: Quantity, own: OwnCutoff, statistic: str, grey_zone: float) -> Zone | str:
    wanted = statistic_in_words(statistic_word(own.statistic))
    if statistic_in_words(statistic) != wanted:
        found = f"it is the {statistic_in_words(statistic)}" if statistic else "nobody told its statistic"
        return f"The clinic's own cut-off of {own.value:g} is for the {wanted} of the lesion, but {found}."
    meant = quantity(own.quantity or marker.quantities[0])
    if measured != meant:
        return f"The clinic's own cut-off of {own.value:g} is for {meant.title}, but the value is {measured.title}."
    by = f", set by {own.set_by}" if own.set_by else ""
    words = f"the clinic's own cut-off {own.value:g} for the {wanted}{by}, with {100 * grey_zone:.0f} % on either side"
    remark = f"The figures of {marker.title} are those of its study, not of the clinic's own cut-off."
    return Zone(own.value * (1 - grey_zone), own.value * (1 + grey_zone), words, remark)


def _published_zone(published: Sequence[Cutoff], verified: Sequence[Cutoff], grey_zone: float) -> Zone:
    values = sorted({one.value for one in verified})
    low, high = values[0], values[-1]
    words = f"published cut-off{'s' if len(published) > 1 else ''} {_by_study(published)}"
    if len(values) == 1:
        low, high = low * (1 - grey_zone), high * (1 + grey_zone)
        which = " of the verified one" if len(verified) < len(published) else ""
        words = f"{words}, with {100 * grey_zone:.0f} % on either side{which}"
    every = [one.value for one in published]
    return Zone(min(low, *every), max(high, *every), words)


def _by_study(cutoffs: Sequence[Cutoff]) -> str:
    """Return cut-offs with their studies, those of one study together."""
    values: dict[str, list[str]] = {}
    for one in cutoffs:
        values.setdefault(one.study, []).append(f"{one.value:g}")
    return ", ".join(f"{' and '.join(told)} ({study})" for study, told in values.items())


def _no_cutoff(measured: Quantity, statistic: str, published: Sequence[Cutoff]) -> str:
    others = sorted({one.statistic for one in cutoffs_of(measured.id) if one.is_verified and one.statistic})
    if others:
        return (
            f"Cut-offs for {measured.title} are published for the {' and the '.join(others)} of the lesion, not for "
            f"the {statistic_in_words(statistic)}."
        )
    if published:
        return f"Cut-offs for {measured.title} are unverified only: {_by_study(published)}."
    return f"No cut-off for {measured.title} is published that holds beyond one study: a clinic may enter its own."


def _doubt(marker: Marker, finding: Finding, zone: Zone) -> str:
    """Return that the value's own interval reaches into the zone; empty where it does not."""
    if finding.low is None or finding.high is None or finding.high < zone.low or finding.low > zone.high:
        return ""
    interval = f"{finding.low:.3g} to {finding.high:.3g}"
    return f"The interval of {marker.title}, {interval}, reaches to where nothing is weighed."


def _sentence(text: str) -> str:
    return text if text.endswith(".") else f"{text}."
