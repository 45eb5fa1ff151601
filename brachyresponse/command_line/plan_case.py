"""From options and images to a plan that can be computed: targets, seeds, dose grid, and what was assumed."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from brachyresponse.command_line.anatomy import PatientAnatomy
from brachyresponse.command_line.biology import NO_BIOLOGY, BiologyRequest, read_biology
from brachyresponse.command_line.dose_grid import dose_grid_round
from brachyresponse.command_line.plan_optimise import OptimisedCase, optimised_case, plan_of
from brachyresponse.command_line.plan_seeds import loaded_plan, template_plan
from brachyresponse.errors import SeedsError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.planning import ImplantPlan, PlanAnatomy, SiteProfile, load_profile
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.sources import Source, load_source


@dataclass(frozen=True, eq=False)
class PlannedCase:
    """A plan with all that is needed to compute and report it."""

    plan: ImplantPlan
    source: Source
    anatomy: PlanAnatomy
    image: Volume
    dose_grid: Grid
    profile: SiteProfile | None
    inputs: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    reference_date: date | None = None
    biology: BiologyRequest = NO_BIOLOGY
    optimised: OptimisedCase | None = None

    @property
    def flags(self) -> tuple[str, ...]:
        """What is noteworthy of the problem and of the plan that was searched for, in sentences."""
        return () if self.optimised is None else tuple(str(flag) for flag in self.optimised.found.flags)

    @property
    def needs_a_person(self) -> bool:
        """Whether there is something to look at in how the plan was found."""
        return self.optimised is not None and self.optimised.needs_a_person

    @property
    def to_load(self) -> ImplantPlan | None:
        """The plan that goes to the procedure room: during the procedure what remains, None where nothing does."""
        if self.optimised is None or self.optimised.replanned is None:
            return self.plan
        return self.optimised.replanned.remaining

    def with_notes(self, notes: Sequence[str]) -> PlannedCase:
        """Return the case with other notes."""
        return replace(self, notes=tuple(notes))


def make_case(
    options: argparse.Namespace, image: Volume, patient: PatientAnatomy, report: Report = ignore_progress
) -> PlannedCase:
    """Return the case that the options describe; a plan that is to be searched for is searched for here.

    Raises
    ------
    BrachyResponseError
        Anything in the options contradicts the files or itself; the message says what.
    """
    profile = load_profile(options.profile) if options.profile else None
    biology = read_biology(options, options.frame_of_reference)  # a slip is said before a search begins
    anatomy, target, optimised = patient.anatomy, patient.target, None
    if options.optimise:
        optimised = optimised_case(options, anatomy, report)
        plan, seed_notes = plan_of(optimised, options), optimised.notes
    elif options.seeds_json is None:
        plan, seed_notes = template_plan(options, anatomy, target)
    else:
        plan, seed_notes = loaded_plan(options, anatomy, target)
    _check_seeds_in_image(plan, image)
    biology.check_frame(plan.frame_of_reference_uid)
    source = load_source(plan.source)
    if plan.surrogate_for:
        source = source.as_surrogate_for(plan.surrogate_for)
    return PlannedCase(
        plan,
        source,
        anatomy,
        image,
        dose_grid_round(plan.seeds, anatomy, plan.target, options.dose_grid_mm),
        profile,
        inputs=_inputs(options, image, anatomy),
        notes=(*patient.notes, *seed_notes),
        reference_date=options.reference_date,
        biology=biology,
        optimised=optimised,
    )


def _check_seeds_in_image(plan: ImplantPlan, image: Volume) -> None:
    outside = int((~image.grid.contains(plan.seeds.positions_mm)).sum())
    if outside:
        raise SeedsError(
            f"{outside} of {plan.seeds.count} seeds of plan {plan.name!r} lie outside the image {image.name!r}: "
            "the plan belongs to another image, patient or frame of reference."
        )


def _inputs(options: argparse.Namespace, image: Volume, anatomy: PlanAnatomy) -> list[tuple[str, str]]:
    target = anatomy.structures[options.target]
    inputs = [
        ("Image", f"{image.name}, {image.grid.describe()}"),
        ("Structures", f"{options.structures.name}, {target.grid.describe()}"),
        ("Site profile", options.profile or "none"),
    ]
    return inputs if options.seeds_json is None else [*inputs, ("Plan", options.seeds_json.name)]
