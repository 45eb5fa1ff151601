"""Published cut-offs, by quantity and by the lesion statistic they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from brachyresponse.response.evidence.markers.data_files import evidence_data, unknown_name
from brachyresponse.response.evidence.vocabulary import FigureStatus

FILE = "cutoffs.json"


@dataclass(frozen=True)
class Quantity:
    """What a number measures.

    Parameters
    ----------
    id, title
        For programs and for people.
    unit
        "1" for a ratio.
    needs_reference_region
        Whether the number says nothing without the region it is a ratio to.
    tracers
        Words that a tracer's name holds where it belongs to this quantity; empty where there is no tracer.
    group
        To which a finding of it belongs where that is not the group of its marker; empty otherwise.
    may_be_negative
        Whether a number below 0 makes sense.
    """

    id: str
    title: str
    unit: str
    needs_reference_region: bool
    tracers: tuple[str, ...] = ()
    group: str = ""
    may_be_negative: bool = False

    def is_of(self, tracer: str) -> bool:
        """Tell whether a tracer is that of this quantity: ``18F-FET`` is of FET; true where it has none."""
        plain = "".join(letter for letter in tracer.upper() if letter.isalnum())
        return not self.tracers or any(word in plain for word in self.tracers)


@dataclass(frozen=True)
class Cutoff:
    """One published cut-off.

    Parameters
    ----------
    quantity
        Id of what it is for.
    statistic
        The lesion statistic it belongs to: mean, maximum; empty where the source does not tell.
    value
        In the unit of the quantity.
    citation
        The study.
    status
        Verified, or unverified where it is from memory.
    note
        What is to be known of it.
    """

    quantity: str
    statistic: str
    value: float
    citation: str
    status: FigureStatus
    note: str = ""

    @property
    def is_verified(self) -> bool:
        """Whether it was read in its source."""
        return self.status is FigureStatus.VERIFIED

    @property
    def study(self) -> str:
        """Its study in short, and whether it is unverified."""
        return f"{self.citation.partition(', doi')[0]}{'' if self.is_verified else ', unverified'}"


@cache
def quantities() -> tuple[Quantity, ...]:
    """Return everything that a value may measure."""
    return tuple(Quantity(**{**row, "tracers": tuple(row["tracers"])}) for row in evidence_data(FILE)["quantities"])


def quantity(name: str) -> Quantity:
    """Return a quantity by its id.

    Raises
    ------
    ResponseError
        There is none of this id; the nearest is told.
    """
    known = {one.id: one for one in quantities()}
    if name not in known:
        raise unknown_name(name, known, "quantity")
    return known[name]


@cache
def all_cutoffs() -> tuple[Cutoff, ...]:
    """Return every published cut-off of the table."""
    return tuple(Cutoff(**{**row, "status": FigureStatus(row["status"])}) for row in evidence_data(FILE)["cutoffs"])


def cutoffs_of(quantity_id: str, statistic: str = "") -> tuple[Cutoff, ...]:
    """Return the cut-offs of a quantity that hold for a statistic; all of them where the statistic is not told."""
    mine = (one for one in all_cutoffs() if one.quantity == quantity_id)
    return tuple(one for one in mine if not statistic or one.statistic in ("", statistic))


def statistic_word(name: str) -> str:
    """Return a lesion statistic by the word that the table uses: ``max`` is the maximum."""
    known: dict[str, str] = dict(evidence_data(FILE)["statistic_words"])
    return known.get(name.lower(), name.lower())


def statistic_in_words(statistic: str) -> str:
    """Return a statistic of the lesion for people: the hot spot."""
    return statistic.replace("_", " ")
