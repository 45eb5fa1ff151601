"""What was found in one lesion, and what is known of the circumstances: the input of the weighing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.vocabulary import Answer, Quality


@dataclass(frozen=True)
class Finding:
    """One marker as it was found in the lesion.

    Parameters
    ----------
    id
        Of the marker, as in the table of markers.
    value
        The measured number, in ``unit``; None where only positive or negative is known.
    positive
        The reader's judgement by the criterion of the study; None where the value is to be held against cut-offs.
    unit
        Of the value; "1" for a ratio.
    statistic
        What stands for the lesion: mean, maximum, p95, hot spot.
    low, high
        The value's own 95 % interval, where one is known.
    quality
        By the measurement's own flags.
    is_included
        False where the user left the marker out.
    reason
        Why the user did so.
    source
        Where the value comes from: the series, the file, or who typed it in.
    details
        What belongs to it in words, by name: tracer, measure, reference region.
    """

    id: str
    value: float | None = None
    positive: bool | None = None
    unit: str = ""
    statistic: str = ""
    low: float | None = None
    high: float | None = None
    quality: Quality = Quality.GOOD
    is_included: bool = True
    reason: str = ""
    source: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ConditionAnswer:
    """Whether a condition holds, and how that is known.

    Parameters
    ----------
    condition
        Its id, as in the table of conditions.
    answer
        Yes, no or unknown.
    source
        A sentence: the treatment record, the scan, or who answered.
    by
        Who answered; empty where a record or a scan tells it. A person's word goes before what they tell.
    otherwise
        What a record or a scan tells against the person's word, a sentence; empty where nothing does.
    """

    condition: str
    answer: Answer
    source: str = ""
    by: str = ""
    otherwise: str = ""

    @property
    def is_by_person(self) -> bool:
        """Whether a person answered."""
        return bool(self.by)

    @property
    def words(self) -> str:
        """How it is known, and what is told against it."""
        return " ".join(filter(None, (self.source, self.otherwise)))


@dataclass(frozen=True)
class OwnCutoff:
    """A cut-off of the clinic that uses the software, shown as such.

    Parameters
    ----------
    marker
        Id of the marker it is for.
    value
        In the unit of the quantity.
    statistic
        The lesion statistic it belongs to: mean, maximum, p5.
    set_by
        Who set it, and on which data.
    quantity
        Which of the marker's quantities it is for, such as rKtrans; empty for the first of them.
    """

    marker: str
    value: float
    statistic: str
    set_by: str = ""
    quantity: str = ""


@dataclass(frozen=True)
class Prior:
    """How likely recurrence was before any marker was looked at, with its range.

    Parameters
    ----------
    low, mid, high
        Probability of recurrence, 0 to 1, both ends excluded.
    source
        The setting and the study that it comes from.
    set_by
        Who chose it.

    Raises
    ------
    ResponseError
        A probability of 0 or 1, which no marker could move, what is no number, or an order other than low, mid, high.
    """

    low: float
    mid: float
    high: float
    source: str = ""
    set_by: str = ""

    def __post_init__(self) -> None:
        shown = ", ".join(f"{value:g}" for value in (self.low, self.mid, self.high))
        if not all(0 < value < 1 for value in (self.low, self.mid, self.high)):  # NaN too
            raise ResponseError(
                f"The prior of recurrence is {shown}, expected probabilities above 0 and below 1, which a marker can "
                "move: give a range such as 0.31, 0.5, 0.69."
            )
        if not self.low <= self.mid <= self.high:
            raise ResponseError(f"The prior of recurrence is {shown}, expected low, mid and high in order: correct it.")
