"""One treatment: what, from when to when, and its details."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from difflib import get_close_matches
from enum import StrEnum
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment.details import DETAILS, NO_DETAILS, Details, Radiation, SourceRemoval
from brachyresponse.response.treatment.vocabulary import RADIATION, TreatmentKind

Word = TypeVar("Word", bound=StrEnum)

ONE_DAY = frozenset(
    {
        TreatmentKind.IMPLANT,
        TreatmentKind.SOURCE_REMOVAL,
        TreatmentKind.SURGERY,
        TreatmentKind.BIOPSY,
        TreatmentKind.PERFORMANCE_STATUS,
        TreatmentKind.SERUM_MARKER,
    }
)
"""Kinds that happen on a day and have no end."""


@dataclass(frozen=True)
class Treatment:
    """A row of the treatment record.

    Parameters
    ----------
    kind
        What it is.
    start
        First day, or the only one.
    end
        Last day; None where it goes on, is not known, or the kind has one day only.
    details
        The record of its kind, see :data:`brachyresponse.response.treatment.details.DETAILS`.
    note
        Free text.

    Raises
    ------
    ResponseError
        The end is before the start, a kind of one day has another end, or the details belong to another kind.
    """

    kind: TreatmentKind
    start: date
    end: date | None = None
    details: Details = NO_DETAILS
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", known_word(self.kind, TreatmentKind, "treatment"))
        for day in (self.start, self.start if self.end is None else self.end):
            if isinstance(day, datetime) or not isinstance(day, date):
                raise ResponseError(
                    f"{self.kind.capitalize()} from {self.start} to {self.end}: give dates without times, as "
                    "datetime.date."
                )
        self._check_days()
        expected = DETAILS[self.kind]
        if type(self.details) is not expected:
            raise ResponseError(
                f"{self.describe()} has the details {type(self.details).__name__}, expected {expected.__name__}: give "
                "those of its kind."
            )

    def _check_days(self) -> None:
        if self.end is not None and self.end < self.start:
            raise ResponseError(
                f"{self.kind.capitalize()} ends on {self.end}, before its start on {self.start}: correct the dates."
            )
        if self.kind in ONE_DAY and self.end not in (None, self.start):
            raise ResponseError(
                f"{self.kind.capitalize()} of {self.start} ends on {self.end}, but takes place on one day: leave the "
                "end out."
            )
        inserted = self.details.inserted_on if isinstance(self.details, SourceRemoval) else None
        if inserted is not None and inserted > self.start:
            raise ResponseError(
                f"The source was inserted on {inserted}, after its removal on {self.start}: correct the dates."
            )

    @property
    def is_radiation(self) -> bool:
        """Whether it gives dose."""
        return self.kind in RADIATION

    @property
    def radiation(self) -> Radiation:
        """The details of a course that gives dose.

        Raises
        ------
        ResponseError
            It gives none.
        """
        if not isinstance(self.details, Radiation):
            raise ResponseError(f"{self.describe()} gives no dose: choose an implant, a removed source or a beam.")
        return self.details

    def covers(self, day: date) -> bool:
        """Tell whether it was given on a day; what has no end goes on."""
        return self.start <= day and (self.end is None or day <= self.end)

    def describe(self) -> str:
        """Return kind and dates in words, as a sentence starts."""
        until = f" to {self.end}" if self.end not in (None, self.start) else ""
        return f"{self.kind.capitalize()} of {self.start}{until}"


def new_treatment(
    kind: TreatmentKind | str, start: date, end: date | None = None, *, note: str = "", **details: Any
) -> Treatment:
    """Return a treatment from its kind, its dates and the fields of its details.

    Words of closed vocabularies may be given as texts: ``new_treatment("biopsy", day, result="necrosis")``.

    Raises
    ------
    ResponseError
        The kind, a field or a word is unknown (the nearest is told), a field is missing, or a value is not valid.
    """
    kind = known_word(kind, TreatmentKind, "treatment")
    return Treatment(kind, start, end, _new_details(kind, details), note)


def known_word(word: str, kind: type[Word], what: str) -> Word:
    """Return the member of a vocabulary that a text names.

    Raises
    ------
    ResponseError
        There is none; the nearest and all are told.
    """
    if word in tuple(kind):
        return kind(word)
    near = get_close_matches(str(word).lower(), [member.lower() for member in kind], n=1, cutoff=0.5)
    hint = next((f"did you mean {str(member)!r}? " for member in kind if near and member.lower() == near[0]), "")
    raise ResponseError(f"There is no {what} {str(word)!r}; {hint}Choose one of: {'; '.join(kind)}.")


def _new_details(kind: TreatmentKind, given: Mapping[str, Any]) -> Details:
    its_type = DETAILS[kind]
    known = {field.name: field for field in fields(its_type)}
    for name in given:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known) or 'dates and a note only'}."
            raise ResponseError(f"A treatment of kind {str(kind)!r} has no {name!r}; {hint}")
    for name, field in known.items():
        if field.default is MISSING and name not in given:
            raise ResponseError(f"A treatment of kind {str(kind)!r} needs {name!r}: give it.")
    types = get_type_hints(its_type)
    return its_type(**{name: _converted(name, value, types[name]) for name, value in given.items()})


def _converted(name: str, value: Any, kind: Any) -> Any:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return known_word(value, kind, name.replace("_", " "))
    kinds = get_args(kind) or (kind,)
    if not isinstance(value, (*kinds, int) if float in kinds else kinds) or isinstance(value, bool):
        expected = " or ".join("none" if each is NoneType else each.__name__ for each in kinds)
        raise ResponseError(f"{name!r} is {value!r}, expected {expected}: give it so.")
    return value
