"""A plan: one implant of one patient, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.planning.needles import Needle, check_numbers
from brachyresponse.seeds import Seeds


class ActivityBasis(StrEnum):
    """What the user's activity in MBq or mCi means; strengths themselves are kept as air-kerma strength in U."""

    APPARENT = "apparent"
    """Of a bare point source with the same air-kerma strength: what planning systems nearly always quote."""
    CONTAINED = "contained"
    """Inside the capsule."""


@dataclass(frozen=True, eq=False)
class ImplantPlan:
    """Needles and seeds for one target of one patient.

    Parameters
    ----------
    patient_id, frame_of_reference_uid
        As in the planning images; empty when they are not known.
    created
        When the plan was made.
    implant_date
        The day for which the seeds' strengths hold.
    target
        Name of the target structure.
    source
        Name of the seed model whose data the dose is computed from.
    prescription_gy
        Dose to be reached in the target.
    needles
        Numbered differently.
    seeds
        Strengths at implantation; ``seeds.needle`` refers to the needles' numbers.
    name
        As the user calls the plan.
    surrogate_for
        The seed that is really implanted when ``source`` only stands in for it; empty otherwise.
    activity_basis
        What activities shown with this plan mean.
    planning_image_date
        Day of the planning CT; None when it is not known.
    notes
        Free text.

    Raises
    ------
    PlanError
        A text is missing, the prescription is not positive, needle numbers repeat, or a seed is on a needle that is
        not there.
    """

    patient_id: str
    frame_of_reference_uid: str
    created: datetime
    implant_date: date
    target: str
    source: str
    prescription_gy: float
    needles: tuple[Needle, ...]
    seeds: Seeds
    name: str = "Plan"
    surrogate_for: str = ""
    activity_basis: ActivityBasis = ActivityBasis.APPARENT
    planning_image_date: date | None = None
    notes: str = ""

    def __post_init__(self) -> None:
        for what, text in (("name", self.name), ("target", self.target), ("source", self.source)):
            if not text.strip():
                raise PlanError(f"Plan {self.name!r} has no {what}: name its {what}.")
        if not (np.isfinite(self.prescription_gy) and self.prescription_gy > 0):
            raise PlanError(f"Plan {self.name!r}: the prescription is {self.prescription_gy} Gy; give a positive dose.")
        object.__setattr__(self, "needles", tuple(self.needles))
        object.__setattr__(self, "activity_basis", ActivityBasis(self.activity_basis))
        object.__setattr__(self, "implant_date", _as_day(self.implant_date))
        check_numbers(self.needles)
        self._check_needles_of_seeds()

    def __eq__(self, other: object) -> bool:
        """Equal when everything that a plan file holds is the same."""
        if not isinstance(other, ImplantPlan):
            return NotImplemented
        return vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]  # seeds hold arrays

    @property
    def dose_description(self) -> str:
        """What a dose of this plan is, for the volume that holds it; a surrogate is said."""
        source = f"{self.source} as surrogate for {self.surrogate_for}" if self.surrogate_for else self.source
        return f"TG-43 dose to water in Gy, {source}, complete decay; research use only"

    def seeds_of(self, needle: Needle) -> Seeds:
        """Return the seeds of a needle, shallowest first."""
        held = np.flatnonzero(self.seeds.needle == needle.number)
        depth = needle.depth_of(self.seeds.positions_mm[held])
        return self.seeds.select(held[np.argsort(depth, kind="stable")])

    def _check_needles_of_seeds(self) -> None:
        numbers = {needle.number for needle in self.needles}
        for index, number in enumerate(self.seeds.needle):
            if number and int(number) not in numbers:
                raise PlanError(
                    f"Plan {self.name!r}: seed {index + 1} is on needle {number}, which the plan does not have; "
                    "add the needle or detach the seed."
                )


class PatientsPlan(Protocol):
    """A plan, of seeds or of a balloon, as far as it says whose it is."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def patient_id(self) -> str: ...  # noqa: D102
    @property
    def frame_of_reference_uid(self) -> str: ...  # noqa: D102


def check_same_patient(plan: PatientsPlan, patient_id: str, frame_of_reference_uid: str) -> None:
    """Refuse a plan that was made for another patient or on images with another frame of reference.

    What is empty on either side is not known and cannot be compared.

    Raises
    ------
    PlanError
        Both are known and differ.
    """
    if plan.patient_id and patient_id and plan.patient_id != patient_id:
        raise PlanError(
            f"Plan {plan.name!r} belongs to patient {plan.patient_id!r}, the images to {patient_id!r}: "
            "open the plan of this patient."
        )
    found, expected = plan.frame_of_reference_uid, frame_of_reference_uid
    if found and expected and found != expected:
        raise PlanError(
            f"Plan {plan.name!r} was made in the frame of reference {found!r}, the images have {expected!r}: "
            "load the planning images, or register these to them and transform the plan."
        )


def _as_day(day: date) -> date:
    return day.date() if isinstance(day, datetime) else day
