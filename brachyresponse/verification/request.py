"""What a verification is made of, checked before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import numpy as np

from brachyresponse.errors import VerificationError
from brachyresponse.geometry import Grid
from brachyresponse.planning import ImplantPlan, PlanAnatomy, SiteProfile, check_same_patient
from brachyresponse.planning.dates import check_reference_date
from brachyresponse.planning.skin import is_skin_under
from brachyresponse.seeds import DetectedSeeds, SeedMatch, Seeds
from brachyresponse.seeds.detection.detected import LEAST_AXIS_CONFIDENCE
from brachyresponse.sources import Source, decay_factor
from brachyresponse.verification.delivery import check_dates
from brachyresponse.verification.found_seeds import FoundSeeds
from brachyresponse.verification.oedema import OedemaModel
from brachyresponse.verification.pairing import Pairing
from brachyresponse.verification.registration import Registration, RegistrationMethod

CARRIED_STAMP = "carried, not verified"
"""Goes with every number of a structure that was carried over by the registration and not contoured anew."""
FARTHEST_MM = 100.0
"""No seed within this distance of any target: seeds and structures belong to different spaces."""


@dataclass(frozen=True, eq=False, kw_only=True)
class VerificationRequest:
    """A plan, the seeds found after the implant, and what both are judged on.

    Parameters
    ----------
    plan, source, plan_anatomy, plan_grid
        The plan, its seed model, the structures on the planning images and the plan's dose grid.
    registration
        From the plan's space to the implant's.
    found
        Seeds on the implant's images.
    implant_grid
        Dose grid on the implant's images; holds the targets.
    implant_anatomy
        Structures contoured on the implant's images; None takes the plan's, carried over by the registration, and
        every number of theirs is stamped so.
    carried_structures
        Names of structures in ``implant_anatomy`` that were carried over and not looked at.
    scan_date
        Of the implant's images; None when not known.
    implant_date
        The day on which the seeds were really implanted; the plan's day unless given.
    implanted_count
        How many seeds were implanted by the record of the procedure; None when not known.
    profile
        Its verification limits are judged; None judges nothing.
    oedema
        A model of swelling for a column of its own; None, the default, leaves the dose as computed.
    pairing, match
        How seeds are paired; or a match that was already made (and perhaps corrected) of the plan's and found seeds.
    least_axis_confidence
        Detected seeds whose axis is less sure are computed as point sources.
    patient_id, frame_of_reference_uid
        Of the implant's images; empty when not known.

    Raises
    ------
    VerificationError
        The plan or the list of found seeds is empty, dates contradict each other, a carried structure is not there,
        or an oedema model has no scan date.
    PlanError
        The plan is of another patient, or without a registration of another frame of reference.
    """

    plan: ImplantPlan
    source: Source
    plan_anatomy: PlanAnatomy
    plan_grid: Grid
    registration: Registration
    found: DetectedSeeds | Seeds
    implant_grid: Grid
    implant_anatomy: PlanAnatomy | None = None
    carried_structures: tuple[str, ...] = ()
    scan_date: date | None = None
    implant_date: date | None = None
    implanted_count: int | None = None
    profile: SiteProfile | None = None
    oedema: OedemaModel | None = None
    pairing: Pairing = field(default_factory=Pairing)
    match: SeedMatch | None = None
    least_axis_confidence: float = LEAST_AXIS_CONFIDENCE
    patient_id: str = ""
    frame_of_reference_uid: str = ""

    def __post_init__(self) -> None:
        if not self.plan.seeds.count:
            raise VerificationError(f"Plan {self.plan.name!r} has no seeds to compare with: choose a plan with seeds.")
        if not self.found.count:
            raise VerificationError("No seeds were found on the implant's images: find seeds, or add them by hand.")
        unregistered = self.registration.method is RegistrationMethod.NONE
        check_same_patient(self.plan, self.patient_id, self.frame_of_reference_uid if unregistered else "")
        check_dates(self.plan, self.implanted_on, self.scan_date)
        check_reference_date(self.plan.implant_date, self.implanted_on)
        self._check_carried()
        if self.oedema is not None and self.scan_date is None:
            raise VerificationError(
                "An oedema model needs the date of the verification images: give it, or leave the model out."
            )

    @property
    def implanted_on(self) -> date:
        """The day of the implant."""
        return self.implant_date or self.plan.implant_date

    @property
    def decay(self) -> float:
        """Strength on the day of the implant per strength on the plan's day."""
        days = (self.implanted_on - self.plan.implant_date).days
        return decay_factor(self.source.half_life_days, days) if days else 1.0

    @cached_property
    def planned(self) -> Seeds:
        """The plan's seeds in the implant's space, as strong as on the plan's day."""
        return self.registration.seeds(self.plan.seeds)

    @cached_property
    def found_seeds(self) -> FoundSeeds:
        """The found seeds, whatever they came from."""
        return FoundSeeds.of(self.found, least_axis_confidence=self.least_axis_confidence)

    @cached_property
    def anatomy(self) -> PlanAnatomy:
        """The structures in the implant's space."""
        if self.implant_anatomy is not None:
            return self.implant_anatomy
        names, carry = self.plan_anatomy.roles.names, self.registration.structure
        return PlanAnatomy({name: carry(self.plan_anatomy.structures[name]) for name in names}, self.plan_anatomy.roles)

    @property
    def carried(self) -> frozenset[str]:
        """Names of the structures that were carried over and not contoured anew."""
        if self.implant_anatomy is None:
            return frozenset(self.plan_anatomy.roles.names)
        return frozenset(self.carried_structures)

    def stamp(self, structure: str) -> str:
        """Return what goes with every number of a structure: ``carried, not verified``, or nothing."""
        body = self.anatomy.roles.body
        of = body if is_skin_under(body, structure) else structure
        return CARRIED_STAMP if of in self.carried else ""

    def matched(self) -> SeedMatch:
        """Return the pairs of planned and found seeds.

        Raises
        ------
        SeedsError
            The limit of the pairing is not positive, or there are too few seeds to align.
        """
        if self.match is not None:
            return self.match
        return self.pairing.match(self.planned, self.found_seeds.positions_mm)

    def check_one_space(self) -> None:
        """Refuse found seeds that lie nowhere near the targets.

        Raises
        ------
        VerificationError
            The nearest seed is further away than any implant is large.
        """
        surfaces = [self.anatomy.surface(name) for name in self.anatomy.roles.targets]
        if not surfaces:
            return  # said where the targets are sampled
        nearest_mm = min(float(np.min(surface.distance_mm(self.found_seeds.positions_mm))) for surface in surfaces)
        if nearest_mm > FARTHEST_MM:
            raise VerificationError(
                f"The nearest found seed lies {nearest_mm:.0f} mm from the target: seeds and structures are in "
                "different spaces; register plan and implant, or choose structures on the implant's images."
            )

    def _check_carried(self) -> None:
        known = self.implant_anatomy.structures if self.implant_anatomy is not None else self.plan_anatomy.structures
        for name in self.carried_structures:
            if name not in known:
                raise VerificationError(
                    f"Structure {name!r} is said to be carried over but is not there: there are {', '.join(known)}."
                )
