"""Words and marks of evidence on recurrence or necrosis in reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from brachyresponse.report.markup import Markup, element, joined
from brachyresponse.report.response_words import UNVERIFIED, in_words
from brachyresponse.response.evidence.vocabulary import FigureStatus, Side

if TYPE_CHECKING:
    from brachyresponse.response.evidence import Prior, Verdict
    from brachyresponse.response.evidence.markers import Marker
    from brachyresponse.response.evidence.weighing import UsedMarker

SIDES = {
    Side.POSITIVE: "positive",
    Side.NEGATIVE: "negative",
    Side.BETWEEN: "between positive and negative",
}
FITS = {True: "yes", False: "no", None: "not known"}


def verdict_mark(verdict: Verdict) -> Markup:
    """Return a verdict as a small box with its words."""
    return element("span", in_words(verdict), class_=f"answer of-{verdict.replace('_', '-')}")


def range_words(low: float, mid: float, high: float) -> str:
    """Return probabilities in whole percent, the middle after the range; never 0 or 100."""
    shown = (min(max(round(100 * value), 1), 99) for value in (low, high, mid))
    return "{} to {} %, middle {} %".format(*shown)


def prior_range(prior: Prior) -> str:
    """Return the range of a prior."""
    return range_words(prior.low, prior.mid, prior.high)


def ratio_words(one: UsedMarker) -> Markup:
    """Return a likelihood ratio with its interval, the power it is taken to, and what the interval comes from."""
    low, high = one.lr_interval
    said = f"{one.likelihood_ratio:.2f} ({low:.2f} to {high:.2f})"
    power = [element("br"), f"to the power {one.power:g}"] if one.power != 1 else []
    return joined(said, *power, element("br"), quiet(f"from {one.factor.likelihood.basis}"))


def unverified_mark(marker: Marker) -> Markup:
    """Return the mark of a study whose figures were not checked against it; nothing for others."""
    return joined(" ", UNVERIFIED) if marker.figures is FigureStatus.UNVERIFIED else Markup()


def quiet(text: str) -> Markup:
    """Return text that stands back."""
    return element("span", text, class_="quiet")
