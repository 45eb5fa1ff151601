"""One marker: what it measures, how well it did in its study, and whether it may be weighed."""

from __future__ import annotations

from dataclasses import dataclass

from brachyresponse.response.evidence.markers.cutoff import Cutoff, Quantity, cutoffs_of, quantity
from brachyresponse.response.evidence.vocabulary import FigureStatus, LesionClass, MarkerGroup

META_ANALYSIS = "meta-analysis"


@dataclass(frozen=True)
class Accuracy:
    """Sensitivity or specificity of a study, with what is known of its uncertainty.

    Parameters
    ----------
    value
        Fraction, 0 to 1.
    ci95
        Its 95 % interval; None where the source gives none.
    events, total
        Counts behind it; None where they are not known. Where they were derived, the marker's ``counts`` says how.
    """

    value: float
    ci95: tuple[float, float] | None = None
    events: int | None = None
    total: int | None = None

    @property
    def counts(self) -> tuple[int, int] | None:
        """Events and total, where both are known."""
        return None if self.events is None or self.total is None else (self.events, self.total)


@dataclass(frozen=True)
class PrintedRatio:
    """A likelihood ratio as the study prints it.

    Parameters
    ----------
    value
        The ratio.
    ci95
        Its 95 % interval; None where the source gives none.
    """

    value: float
    ci95: tuple[float, float] | None = None


@dataclass(frozen=True)
class Marker:
    """A record of the table of markers.

    Parameters
    ----------
    id, title
        For programs and for people.
    group
        What it measures: at most one marker of a group is weighed.
    quantities
        What a value given for it may be; the first unless the finding's detail "quantity" names another. Empty for a
        marker that is read by eye.
    statistics
        The lesion statistics that its study used, the first unless the finding names another; empty where they differ.
    positive_class
        The class that a positive test indicates; sensitivity and specificity refer to it.
    positive_when
        "high", "low", or "seen" for what is read by eye.
    direction, cutoff_words
        As the record says them.
    sensitivity, specificity
        None where not known.
    counts
        How the counts were derived; empty where there are none.
    printed_positive, printed_negative
        Likelihood ratios that the study prints.
    uses_printed
        Whether those are used in place of the computed ones, because they are smaller.
    n, population, evidence_level, citation, status
        As the record says them.
    figures
        How far sensitivity and specificity are known.
    from_memory
        What of the record is from memory: shown as unverified.
    conditions
        Ids of the conditions that it depends on.
    remarks, notes
        Further words of the record.
    why_not
        Why it may never be weighed, half a sentence; empty where it may.
    why_value_not
        Why a value of it is shown and not weighed, though a judgement is, half a sentence; empty where it is weighed.
    """

    id: str
    title: str
    group: MarkerGroup
    quantities: tuple[str, ...]
    statistics: tuple[str, ...]
    positive_class: LesionClass
    positive_when: str
    direction: str
    cutoff_words: str
    sensitivity: Accuracy | None
    specificity: Accuracy | None
    counts: str
    printed_positive: PrintedRatio | None
    printed_negative: PrintedRatio | None
    uses_printed: bool
    n: str
    population: tuple[str, ...]
    evidence_level: str
    citation: str
    status: str
    figures: FigureStatus
    from_memory: tuple[str, ...]
    conditions: tuple[str, ...]
    remarks: tuple[str, ...]
    why_not: str
    why_value_not: str
    notes: str

    @property
    def is_weighable(self) -> bool:
        """Whether it may be weighed at all: both figures verified, and nothing that speaks against it."""
        return not self.why_not

    @property
    def tells_uncertainty(self) -> bool:
        """Whether its study gives intervals or counts for both figures."""
        figures = (self.sensitivity, self.specificity)
        return self.uses_printed or all(one is not None and bool(one.ci95 or one.counts) for one in figures)

    @property
    def is_meta_analysis(self) -> bool:
        """Whether its figures are pooled over studies."""
        return self.evidence_level == META_ANALYSIS

    @property
    def is_read_by_eye(self) -> bool:
        """Whether no value is held against a cut-off."""
        return not self.quantities

    @property
    def quantity(self) -> Quantity | None:
        """What its value is unless the finding says otherwise; None where it is read by eye."""
        return quantity(self.quantities[0]) if self.quantities else None

    @property
    def unit(self) -> str:
        """Unit of its value, "1" for a ratio; empty where it is read by eye."""
        return self.quantity.unit if self.quantity else ""

    @property
    def cutoffs(self) -> tuple[Cutoff, ...]:
        """Published cut-offs of all quantities that a value for it may be, for its statistics where it has some."""
        held = (one for name in self.quantities for one in cutoffs_of(name))
        return tuple(one for one in held if not self.statistics or one.statistic in ("", *self.statistics))

    @property
    def statistic(self) -> str:
        """The lesion statistic that a value for it is unless the finding says otherwise; empty where studies differ."""
        return self.statistics[0] if self.statistics else ""

    @property
    def citation_words(self) -> str:
        """The citation, with what of the record is from memory."""
        return f"{self.citation} ({', '.join(self.from_memory)} unverified)" if self.from_memory else self.citation

    @property
    def short_citation(self) -> str:
        """The same without its digital object identifier."""
        return self.citation_words.replace(self.citation, self.citation.partition(", doi")[0])
