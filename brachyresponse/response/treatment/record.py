"""All treatments of a patient and the tumour: what windows, fields, baselines and criteria follow from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from brachyresponse.errors import ResponseError
from brachyresponse.response.treatment.details import Details, Steroids
from brachyresponse.response.treatment.reference_dates import (
    RadiationEnd,
    ReferenceDate,
    radiation_end,
    reference_dates,
)
from brachyresponse.response.treatment.treatment import Treatment
from brachyresponse.response.treatment.tumour import Tumour
from brachyresponse.response.treatment.vocabulary import ReferenceChoice, TreatmentKind

TheirDetails = TypeVar("TheirDetails", bound=Details)


@dataclass(frozen=True)
class TreatmentRecord:
    """Treatments in any order, and the tumour; None where it is not known.

    Raises
    ------
    ResponseError
        Two doses of steroids start on one day.
    """

    treatments: tuple[Treatment, ...] = ()
    tumour: Tumour | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "treatments", tuple(self.treatments))
        doses: dict[date, float] = {}
        for treatment, steroids in self.detailed(Steroids):
            if doses.setdefault(treatment.start, steroids.dose_mg) != steroids.dose_mg:
                raise ResponseError(
                    f"Two doses of steroids start on {treatment.start}, {doses[treatment.start]:g} and "
                    f"{steroids.dose_mg:g} mg a day: keep one of them."
                )

    def __iter__(self) -> Iterator[Treatment]:
        return iter(self.treatments)

    def __len__(self) -> int:
        return len(self.treatments)

    def __bool__(self) -> bool:
        return bool(self.treatments) or self.tumour is not None  # not empty where only the tumour is known

    def of_kind(self, *kinds: TreatmentKind) -> tuple[Treatment, ...]:
        """Return the treatments of some kinds, in order of their start."""
        return tuple(sorted((each for each in self if each.kind in kinds), key=lambda each: each.start))

    def detailed(self, kind: type[TheirDetails]) -> tuple[tuple[Treatment, TheirDetails], ...]:
        """Return the treatments whose details are of a type, with these details, in order of their start."""
        found = [(each, each.details) for each in self.treatments if isinstance(each.details, kind)]
        return tuple(sorted(found, key=lambda pair: pair[0].start))

    @property
    def courses(self) -> tuple[Treatment, ...]:
        """What gave dose, in order of its start."""
        return tuple(sorted((each for each in self if each.is_radiation), key=lambda each: each.start))

    @property
    def reference_dates(self) -> tuple[ReferenceDate, ...]:
        """The days that may count as the end of radiation; see :func:`reference_dates`."""
        return reference_dates(self.treatments)

    def radiation_end(self, choice: ReferenceChoice | date | None = None) -> RadiationEnd:
        """Return the end of radiation by a choice; see :func:`radiation_end`."""
        return radiation_end(self.treatments, choice)
