"""A marker as a row of the table, and in full."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from slicer.i18n import tr as _

from brachyresponse.response.evidence import Evidence, Finding, LeftOut, Side, UsedMarker
from brachyresponse.response.evidence.markers import Marker, marker, statistic_in_words
from brachyresponse.slicer_panel.sentences import bullets, headline, paragraph
from brachyresponse.slicer_panel.tables import Cell, Verdict

COLUMNS: tuple[str, ...] = (
    _("Marker"), _("Value"), _("Side"), _("Weight"), _("Cut-off"), _("Fits"), _("Left out because"), _("Study"),
)  # fmt: skip
DASH = "–"
UNITS = {"1e-6 mm2/s": "· 10⁻⁶ mm²/s"}
"""How a unit is printed after its number."""
SIDES: dict[str, str] = {
    Side.POSITIVE: _("positive"),
    Side.NEGATIVE: _("negative"),
    Side.BETWEEN: _("between cut-offs"),
    Side.UNDECIDED: _("no cut-off"),
}
FITS: dict[bool | None, str] = {True: _("yes"), False: _("no"), None: _("not known")}


@dataclass(frozen=True)
class MarkerRow:
    """A finding with what the last weighing made of it.

    Parameters
    ----------
    finding
        As it is now.
    is_typed
        Whether a person typed it in.
    marker
        What its study found.
    used
        How it was weighed; None where it was not.
    left_out
        Why it was not; None where it was, and before anything was weighed.
    """

    finding: Finding
    is_typed: bool
    marker: Marker
    used: UsedMarker | None = None
    left_out: LeftOut | None = None

    @property
    def may_be_weighed(self) -> bool:
        """Whether nothing that is known keeps it out: it is used, waits for answers, or was not weighed yet."""
        found = self.finding
        has_value = found.value is not None or found.positive is not None
        is_open = self.left_out is None or self.left_out.is_open
        return found.is_included and has_value and self.marker.is_weighable and is_open

    def cells(self) -> list[Cell]:
        """Return the row."""
        used, weighed = self.used, self.used or self.left_out
        texts = (
            value_of(self.finding),
            SIDES[weighed.side] if weighed else DASH,
            f"{used.weight:.2g}" if used else DASH,
            (weighed.cutoff_words if weighed else self.marker.cutoff_words) or DASH,
            FITS[used.population_fits] if used else DASH,
            self._why() or DASH,
            self.marker.citation_words,
        )
        name = Cell(self.marker.title, self.text(), self._verdict, checked=self.finding.is_included)
        return [name, *(Cell(text, text) for text in texts)]

    @property
    def _verdict(self) -> Verdict:
        return Verdict.MET if self.used else Verdict.WARNING if self.left_out else Verdict.NONE

    def text(self) -> str:
        """Return the marker in full, as HTML."""
        why = self._why()
        said = (
            self.used.sentence if self.used else "",
            _("Left out: {reason}").format(reason=why) if why else "",
            _("From: {source}").format(source=self.finding.source) if self.finding.source else "",
        )
        head = headline(f"{self.marker.title}: {value_of(self.finding)}")
        return head + "".join(map(paragraph, said)) + describe_marker(self.marker)

    def _why(self) -> str:
        return " ".join(self.left_out.reasons) if self.left_out else self.finding.reason


def marker_rows(findings: Sequence[Finding], typed: Sequence[bool], evidence: Evidence | None) -> list[MarkerRow]:
    """Return the rows of the findings, in their order, with what the last weighing made of them."""
    used = {each.finding.id: each for each in evidence.used} if evidence else {}
    left_out = {each.finding.id: each for each in evidence.left_out} if evidence else {}
    return [
        MarkerRow(found, is_typed, marker(found.id), used.get(found.id), left_out.get(found.id))
        for found, is_typed in zip(findings, typed, strict=True)
    ]


def value_of(finding: Finding) -> str:
    """Return the value with its unit, statistic and interval, or how it was read."""
    if finding.value is None:
        read = {None: DASH, True: _("positive"), False: _("negative")}
        return str(read[finding.positive])
    unit = f" {UNITS.get(finding.unit, finding.unit)}" if finding.unit not in ("", "1") else ""
    interval = "" if finding.low is None or finding.high is None else f" ({finding.low:.3g}–{finding.high:.3g})"
    statistic = f", {statistic_in_words(finding.statistic)}" if finding.statistic else ""
    return f"{finding.value:.4g}{interval}{unit}{statistic}"


def study_of(known: Marker) -> str:
    """Return author and year of the study of a marker, or what stands before its year."""
    return re.split(r"(?<=\b\d{4})\b", known.citation, maxsplit=1)[0]


def describe_marker(known: Marker) -> str:
    """Return what the study of a marker found, in whom, and how far that is known, as HTML."""
    population = "; ".join(known.population)
    facts = [
        known.citation_words,
        _("{population}; n: {n}").format(population=population, n=known.n) if known.n else population,
        _("{direction}; cut-off: {cutoff}").format(direction=known.direction, cutoff=known.cutoff_words or DASH),
        "" if known.is_weighable else _("Shown, never weighed: {why}.").format(why=known.why_not),
        known.notes,
    ]
    return bullets(filter(None, facts))
