"""A plan with a balloon of radioactive liquid: one treatment of one patient, as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np

from brachyresponse.errors import PlanError
from brachyresponse.planning.balloon.fill import balloon_model
from brachyresponse.planning.balloon.sphere import BalloonSphere
from brachyresponse.planning.balloon.times import (
    HOURS_PER_DAY,
    Interruption,
    days_after,
    days_between,
    filled_intervals,
    hours_at_first_rate,
    removal_days_for,
    said,
)
from brachyresponse.sources import DEFAULT_LIQUID, LiquidSource, decay_factor, load_liquid

BALLOON_NAME = "Balloon"


class PlanNumber(NamedTuple):
    """A number of a plan: its field, what it is called, its unit, and what it can be at most."""

    field: str
    what: str
    unit: str
    most: float
    may_be_0: bool = False

    def wrong(self, value: float | None) -> str:
        """Return what is wrong with a value; empty where it can be."""
        if value is None or (np.isfinite(value) and (0 < value <= self.most or (self.may_be_0 and value == 0))):
            return ""
        wanted = "0 or more" if self.may_be_0 else "a positive number"
        if value > self.most:
            wanted = f"at most {self.most:g} {self.unit}, and check the unit"
        return f"the {self.what} is {value:g} {self.unit}; give {wanted}."


NUMBERS = (
    PlanNumber("activity_mbq", "contained activity", "MBq", 1e6),
    PlanNumber("prescription_gy", "prescription", "Gy", 1000.0),
    PlanNumber("prescription_depth_mm", "prescription's depth", "mm", 50.0),
    PlanNumber("fill_volume_ml", "fill volume", "mL", 1000.0),
    PlanNumber("half_life_days", "half-life", "days", 1e6),
    PlanNumber("wall_mm", "wall", "mm", 100.0, may_be_0=True),
    PlanNumber("recovered_mbq", "recovered activity", "MBq", 1e6, may_be_0=True),
)
"""The most lies far beyond what is used, as 48.84 GBq of activity: a larger number is in a wrong unit."""


@dataclass(frozen=True)
class BalloonPlan:
    """A balloon, its liquid and the time it stays.

    Parameters
    ----------
    patient_id, frame_of_reference_uid
        As in the planning images; empty when they are not known.
    created
        When the plan was made.
    balloon
        Name of the structure that is the balloon, wall included; or a sphere.
    activity_mbq
        Contained in the liquid that is filled in, at ``assayed``. Contained, not apparent.
    assayed, filled, removed
        Times of the assay, of filling, and of taking the liquid out.
    prescription_gy, prescription_depth_mm
        Dose to be reached, and how far outside the balloon's surface.
    interruptions
        Times between filling and removal in which the balloon was empty.
    wall_mm
        Thickness of the balloon's wall: the liquid begins that far inside the surface. No figure was found, so it is 0
        unless given; 0.3 mm shift the dose 1 cm from a 3 cm balloon by about 3 %.
    liquid
        Name, or JSON file, of the liquid's kernel.
    half_life_days
        Of another nuclide on the same kernel; None for the liquid's own.
    fill_volume_ml
        That was filled in; None when it is not known.
    balloon_model
        Of :func:`brachyresponse.planning.balloon.balloon_models`, as ``30 mm``; empty when it is not known.
    recovered_mbq
        Activity taken out, contained at ``removed``; None when it was not measured.
    barriers
        Structures that crop the target: skull, ventricles, tentorium.
    gaps
        Structures between the balloon and the tissue: air, fluid, clot.
    name, notes
        As the user calls the plan; free text.

    Raises
    ------
    PlanError
        A number cannot be, the times contradict one another, or the balloon's model is unknown.
    SourceError
        The liquid is unknown.
    """

    patient_id: str
    frame_of_reference_uid: str
    created: datetime
    balloon: str | BalloonSphere
    activity_mbq: float
    assayed: datetime
    filled: datetime
    removed: datetime
    prescription_gy: float
    prescription_depth_mm: float
    interruptions: tuple[Interruption, ...] = ()
    wall_mm: float = 0.0
    liquid: str = DEFAULT_LIQUID
    half_life_days: float | None = None
    fill_volume_ml: float | None = None
    balloon_model: str = ""
    recovered_mbq: float | None = None
    barriers: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    name: str = "Plan"
    notes: str = ""

    def __post_init__(self) -> None:
        for field in ("interruptions", "barriers", "gaps"):
            object.__setattr__(self, field, tuple(getattr(self, field)))
        if not self.name.strip():
            raise PlanError("A balloon plan has no name: give it one.")
        if isinstance(self.balloon, str) and not self.balloon.strip():
            raise PlanError(f"Plan {self.name!r} has no balloon: name its structure, or give a sphere.")
        if self.balloon_name in (*self.barriers, *self.gaps):
            raise PlanError(f"Plan {self.name!r}: {self.balloon_name!r} is the balloon; it is no barrier and no gap.")
        self._check_numbers()
        if days_between(self.assayed, self.filled) < 0:
            raise PlanError(
                f"Plan {self.name!r}: the balloon is filled at {said(self.filled)}, before the assay at "
                f"{said(self.assayed)}; check both times."
            )
        filled_intervals(self.filled, self.removed, self.interruptions)
        load_liquid(self.liquid)  # an unknown one is said here, not when the dose is wanted
        if self.balloon_model:
            balloon_model(self.balloon_model)

    @property
    def target(self) -> str:
        """Name of the target that the prescription is judged on: the shell up to its depth."""
        return shell_name(self.prescription_depth_mm)

    @property
    def balloon_name(self) -> str:
        """How the balloon is called."""
        return self.balloon if isinstance(self.balloon, str) else BALLOON_NAME

    @cached_property
    def source(self) -> LiquidSource:
        """The liquid's kernel, with the plan's half-life."""
        liquid = load_liquid(self.liquid)
        return liquid if self.half_life_days is None else replace(liquid, half_life_days=self.half_life_days)

    @property
    def surrogate_for(self) -> str:
        """What the kernel stands in for; empty where it is the liquid's own."""
        return self.source.stands_in

    @property
    def activity_at_filling_mbq(self) -> float:
        """Activity contained in the balloon when it is filled."""
        days = days_between(self.assayed, self.filled)
        return self.activity_mbq * decay_factor(self.source.half_life_days, days)

    @property
    def intervals_days(self) -> tuple[tuple[float, float], ...]:
        """When the liquid is in the balloon, days after filling."""
        return filled_intervals(self.filled, self.removed, self.interruptions)

    @property
    def dwell_days(self) -> float:
        """Days with the liquid in the balloon, interruptions taken off."""
        return sum(end - start for start, end in self.intervals_days)

    @property
    def hours_at_first_rate(self) -> float:
        """Hours that, at the dose rate of filling, give the dose of the plan."""
        return hours_at_first_rate(self.intervals_days, self.source.half_life_days)

    @property
    def dose_description(self) -> str:
        """What a dose of this plan is, for the volume that holds it."""
        said_source = f"{self.source.label} ({self.surrogate_for})" if self.surrogate_for else self.source.label
        hours = self.dwell_days * HOURS_PER_DAY
        return f"Dose to water in Gy, balloon with {said_source}, {hours:.1f} h with decay; research use only"

    def with_removal_for(self, rate_cgy_per_h: float) -> BalloonPlan:
        """Return the plan with the removal at which the prescription is reached; interruptions are kept.

        Parameters
        ----------
        rate_cgy_per_h
            At the prescription's depth, at filling.

        Raises
        ------
        PlanError
            The prescription is never reached, or it is reached before an interruption that the plan has.
        """
        half_life = self.source.half_life_days
        intervals = filled_intervals(self.filled, None, self.interruptions)
        days = removal_days_for(self.prescription_gy, rate_cgy_per_h, intervals, half_life)
        return replace(self, removed=days_after(self.filled, days))

    def with_activity_for(self, rate_cgy_per_h: float) -> BalloonPlan:
        """Return the plan with the activity that gives the prescription in the plan's time.

        Parameters
        ----------
        rate_cgy_per_h
            At the prescription's depth, at filling, with the plan's present activity.
        """
        given_gy = rate_cgy_per_h * self.hours_at_first_rate / 100
        if not given_gy > 0:
            raise PlanError(
                f"Plan {self.name!r}: the dose rate at the prescription's depth is {rate_cgy_per_h:g} cGy/h."
            )
        return replace(self, activity_mbq=self.activity_mbq * self.prescription_gy / given_gy)

    def _check_numbers(self) -> None:
        for number in NUMBERS:
            if wrong := number.wrong(getattr(self, number.field)):
                raise PlanError(f"Plan {self.name!r}: {wrong}")
        if isinstance(self.balloon, BalloonSphere) and self.wall_mm >= self.balloon.radius_mm:
            raise PlanError(
                f"Plan {self.name!r}: a wall of {self.wall_mm:g} mm leaves no liquid in a balloon of "
                f"{self.balloon.diameter_mm:g} mm; check both."
            )


def shell_name(depth_mm: float) -> str:
    """Return how the shell of tissue up to a depth outside the balloon is called."""
    return f"Shell {depth_mm:g} mm"
