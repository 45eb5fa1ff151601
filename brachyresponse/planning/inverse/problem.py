"""What an optimised plan has to do: anatomy, limits, seeds on hand, where needles may run, and what must stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches

from brachyresponse.errors import PlanError
from brachyresponse.planning.anatomy import PlanAnatomy
from brachyresponse.planning.inverse.placement import MOST_MARGIN_MM, SeedPlacement, check_within
from brachyresponse.planning.inverse.tracks import NeedleTracks
from brachyresponse.planning.inverse.weights import ObjectiveWeights, load_weights
from brachyresponse.planning.needles import Needle, check_numbers
from brachyresponse.planning.organ_limits import OrganLimit
from brachyresponse.planning.plan import ImplantPlan
from brachyresponse.seeds import Seeds
from brachyresponse.seeds.seeds import FREE
from brachyresponse.sources import Source

MOST_WEIGHT = 1e6
LOWEST_PRESCRIPTION_GY, HIGHEST_PRESCRIPTION_GY = 1.0, 1000.0
"""Beyond these a prescription is a slip of the pen; published permanent I-125 implants reach 500 Gy (Larson 2004)."""
HIGHEST_STRENGTH_U = 100.0
"""Of one seed; beyond it the number is in another unit."""


@dataclass(frozen=True)
class PlanDetails:
    """What a plan is called and whose it is; see :class:`ImplantPlan`."""

    name: str = "Optimised plan"
    patient_id: str = ""
    frame_of_reference_uid: str = ""
    created: datetime | None = None
    implant_date: date | None = None
    planning_image_date: date | None = None


@dataclass(frozen=True, eq=False)
class Locked:
    """Needles and seeds that stay as they are: already implanted, or chosen by hand.

    Parameters
    ----------
    needles
        Tracks that are kept. Free seeds may be added to them only where ``loadable`` has their number.
    seeds
        Seeds that are kept; ``seeds.needle`` refers to ``needles``.
    loadable
        Numbers of locked needles to which seeds may still be added.

    Raises
    ------
    PlanError
        Two needles have one number, or a number is used that no locked needle has.
    """

    needles: tuple[Needle, ...] = ()
    seeds: Seeds = field(default_factory=Seeds.none)
    loadable: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        check_numbers(self.needles)
        numbers = {needle.number for needle in self.needles}
        object.__setattr__(self, "needles", tuple(self.needles))
        object.__setattr__(self, "loadable", frozenset(self.loadable))
        for what, used in (
            ("A locked seed is on", set(self.seeds.needle.tolist()) - {FREE}),
            ("Seeds may go to", self.loadable),
        ):
            if missing := sorted(used - numbers):
                raise PlanError(
                    f"{what} needle {missing[0]}, which is not locked: lock the needle, or detach the seed."
                )


@dataclass(frozen=True, eq=False)
class ImplantProblem:
    """A problem of inverse planning.

    Parameters
    ----------
    anatomy
        Structures with their roles: targets, body, organs at risk with limits, structures to be avoided.
    source
        Seed model.
    strengths_u
        Air-kerma strengths at implantation of the seeds on hand, U; one or several.
    prescription_gy
        To be reached in the targets.
    tracks
        Where needles may run.
    placement
        Spacing, depths, margins and numbers.
    weights
        Of the objective's terms; a preset's name or the weights themselves.
    limit_weights
        Weight of a limit of ``anatomy.roles.limits`` by its text, as ``"Rectum:D2cc<=65%"``; 1 where it is not named.
    target_margin_mm
        The dose is asked for up to this distance outside the target: a reserve for misplaced seeds.
    locked
        What must stay.
    start
        A plan to improve; None to begin from nothing.
    random_seed
        The same number gives the same plan.
    moves
        Of the search; its time is proportional to it.
    details
        What the plan is called.

    Raises
    ------
    PlanError
        No target, no strength, a strength or the prescription that cannot be used, or numbers out of range.
    """

    anatomy: PlanAnatomy
    source: Source
    strengths_u: tuple[float, ...]
    prescription_gy: float
    tracks: NeedleTracks
    placement: SeedPlacement = field(default_factory=SeedPlacement)
    weights: ObjectiveWeights | str = "coverage_first"
    limit_weights: Mapping[str, float] = field(default_factory=dict)
    target_margin_mm: float = 0.0
    locked: Locked = field(default_factory=Locked)
    start: ImplantPlan | None = None
    random_seed: int = 0
    moves: int = 2000
    details: PlanDetails = PlanDetails()

    def __post_init__(self) -> None:
        if isinstance(self.weights, str):
            object.__setattr__(self, "weights", load_weights(self.weights))
        object.__setattr__(self, "strengths_u", tuple(float(strength) for strength in self.strengths_u))
        self._check()

    @property
    def target(self) -> str:
        """Name of the target that the prescription is for: the PTV, or the GTV where there is no PTV."""
        return self.anatomy.roles.ptv or self.anatomy.roles.gtv

    @property
    def limits(self) -> tuple[OrganLimit, ...]:
        """The limits of organs and targets."""
        return self.anatomy.roles.limits

    def weight_of(self, limit: OrganLimit) -> float:
        """Return the weight of a limit."""
        return self.limit_weights.get(str(limit), 1.0)

    def plan_of(self, needles: tuple[Needle, ...], seeds: Seeds) -> ImplantPlan:
        """Return the plan of this problem with some needles and seeds, made now where no time is given."""
        details = self.details
        created = details.created or datetime.now().astimezone()
        return ImplantPlan(
            patient_id=details.patient_id,
            frame_of_reference_uid=details.frame_of_reference_uid,
            created=created,
            implant_date=details.implant_date or created.date(),
            target=self.target,
            source=self.source.name,
            prescription_gy=self.prescription_gy,
            needles=needles,
            seeds=seeds,
            name=details.name,
            planning_image_date=details.planning_image_date,
        )

    def _check(self) -> None:
        if not self.target:
            raise PlanError("Neither GTV nor PTV is chosen: choose the target's structure.")
        if not self.strengths_u:
            raise PlanError("No strength of a seed is given: give the air-kerma strength of the seeds on hand.")
        for strength_u in self.strengths_u:
            if not 0 < strength_u <= HIGHEST_STRENGTH_U:
                raise PlanError(
                    f"A seed on hand has {strength_u:g} U, expected above 0 to {HIGHEST_STRENGTH_U:g} U: is it in U?"
                )
        if not LOWEST_PRESCRIPTION_GY <= self.prescription_gy <= HIGHEST_PRESCRIPTION_GY:
            raise PlanError(
                f"The prescription is {self.prescription_gy:g} Gy, expected {LOWEST_PRESCRIPTION_GY:g} to "
                f"{HIGHEST_PRESCRIPTION_GY:g} Gy: is it in Gy? Permanent I-125 implants are prescribed 110 to 160 Gy."
            )
        check_within("margin round the target", self.target_margin_mm, 0.0, MOST_MARGIN_MM)
        for what, count in (("random seed number", self.random_seed), ("number of moves", self.moves)):
            if count != int(count) or count < 0:
                raise PlanError(f"The {what} is {count}: give a whole number, 0 or more.")
        self._check_limit_weights()

    def _check_limit_weights(self) -> None:
        known = [str(limit) for limit in self.limits]
        for text, weight in self.limit_weights.items():
            if text not in known:
                near = get_close_matches(text, known, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known) or 'none'}."
                raise PlanError(f"A weight is given for the limit {text!r}, which there is not: {hint}")
            if not 0 <= weight < MOST_WEIGHT:
                raise PlanError(f"The weight of the limit {text!r} is {weight}: give a number from 0 to a million.")
