"""What was found in one lesion, and what is known of the circumstances: the input of the weighing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
    """

    condition: str
    answer: Answer
    source: str = ""


@dataclass(frozen=True)
class OwnCutoff:
    """A cut-off of the clinic that uses the software, shown as such.

    Parameters
    ----------
    marker
        Id of the marker it is for.
    value
        In the unit of the marker.
    statistic
        The lesion statistic it belongs to: mean, maximum, p5.
    set_by
        Who set it, and on which data.
    """

    marker: str
    value: float
    statistic: str
    set_by: str = ""


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
    """

    low: float
    mid: float
    high: float
    source: str = ""
    set_by: str = ""
