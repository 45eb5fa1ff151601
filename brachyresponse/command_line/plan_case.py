"""From options and images to a plan that can be computed: targets, seeds, dose grid, and what was assumed."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from brachyresponse.command_line.plan_seeds import Notes, loaded_plan, template_plan
from brachyresponse.errors import DoseError, InputFileError, SeedsError
from brachyresponse.geometry import Grid, Structure, Volume, grow_structure
from brachyresponse.planning import (
    ImplantPlan,
    PlanAnatomy,
    PlanRoles,
    SiteProfile,
    load_profile,
    parse_limit,
)
from brachyresponse.planning.skin import skin_near
from brachyresponse.sources import Source, load_source

ROUND_SEEDS_MM = 30.0
FINE_MM, USUAL_MM = 1.0, 2.0
MOST_FINE_VOXELS = 6_000_000
MOST_VOXELS = 150_000_000


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

    @property
    def target(self) -> Structure:
        """The structure that the seeds are laid into."""
        return self.anatomy.structures[self.plan.target]

    def with_notes(self, notes: Sequence[str]) -> PlannedCase:
        """Return the case with other notes."""
        return replace(self, notes=tuple(notes))


def make_case(options: argparse.Namespace, image: Volume, structures: Mapping[str, Structure]) -> PlannedCase:
    """Return the case that the options describe.

    Raises
    ------
    BrachyResponseError
        Anything in the options contradicts the files or itself; the message says what.
    """
    profile = load_profile(options.profile) if options.profile else None
    anatomy, target, notes = _anatomy(options, structures)
    if options.seeds_json is None:
        plan, seed_notes = template_plan(options, anatomy, target)
    else:
        plan, seed_notes = loaded_plan(options, anatomy, target)
    _check_seeds_in_image(plan, image)
    source = load_source(plan.source)
    if plan.surrogate_for:
        source = source.as_surrogate_for(plan.surrogate_for)
    return PlannedCase(
        plan,
        source,
        anatomy,
        image,
        _dose_grid(options.dose_grid_mm, plan, anatomy),
        profile,
        inputs=_inputs(options, image, anatomy),
        notes=(*notes, *seed_notes),
        reference_date=options.reference_date,
    )


def _anatomy(options: argparse.Namespace, structures: Mapping[str, Structure]) -> tuple[PlanAnatomy, str, Notes]:
    """Return structures with roles, the name of the structure to lay seeds into, and notes."""
    notes: Notes = ()
    roles = PlanRoles(
        gtv=options.gtv or ("" if options.ptv == options.target else options.target),
        ptv=options.ptv or options.target,
        body=options.body,
        organs=tuple(options.oar),
        avoid=tuple(options.avoid),
        limits=tuple(parse_limit(text) for text in options.limit),
    )
    every = replace(roles, avoid=(*options.avoid, *options.barrier, options.target))
    PlanAnatomy(structures, every)  # says which one is not there
    if options.margin_mm > 0:
        anatomy, target, note = _with_margin(options, structures, roles)
        return anatomy, target, (note,)
    if options.barrier:
        raise InputFileError("--barrier is given without --margin-mm: say how far the target is grown.")
    if roles.gtv == roles.ptv:
        notes = (f"The PTV is {options.target!r} itself: no margin and no --ptv were given.",)
    return PlanAnatomy(structures, roles), options.target, notes


def _with_margin(
    options: argparse.Namespace, structures: Mapping[str, Structure], roles: PlanRoles
) -> tuple[PlanAnatomy, str, str]:
    if options.ptv:
        raise InputFileError("--ptv and --margin-mm are both given: name a PTV or make one, not both.")
    name = f"{options.target} + {options.margin_mm:g} mm"
    barriers = [structures[barrier] for barrier in options.barrier]
    body = PlanAnatomy(structures, roles).body
    ptv = grow_structure(structures[options.target], options.margin_mm, barriers=barriers, within=body, name=name)
    ends = [*options.barrier, *(["the skin"] if body else [])]
    stops = f", stopping at {' and '.join(ends)}" if ends else ""
    note = f"The PTV {name!r} was made by growing {options.target!r} by {options.margin_mm:g} mm{stops}."
    return PlanAnatomy({**structures, name: ptv}, replace(roles, ptv=name)), name, note


def _check_seeds_in_image(plan: ImplantPlan, image: Volume) -> None:
    outside = int((~image.grid.contains(plan.seeds.positions_mm)).sum())
    if outside:
        raise SeedsError(
            f"{outside} of {plan.seeds.count} seeds of plan {plan.name!r} lie outside the image {image.name!r}: "
            "the plan belongs to another image, patient or frame of reference."
        )


def _dose_grid(spacing_mm: float | None, plan: ImplantPlan, anatomy: PlanAnatomy) -> Grid:
    """Return a grid round the seeds, the targets, the organs at risk and the skin near the seeds."""
    names = dict.fromkeys([plan.target, *anatomy.roles.targets, *anatomy.roles.reported_organs])
    boxes = [anatomy.structures[name].bounds_mm() for name in names if name != anatomy.roles.body]
    skin = skin_near(plan.seeds, anatomy.surface(anatomy.roles.body)) if anatomy.roles.body else None
    if skin is not None:
        boxes.append(skin.bounds_mm())
    seeds = plan.seeds.positions_mm
    lower = np.min([box[0] for box in boxes] + [seeds.min(axis=0) - ROUND_SEEDS_MM], axis=0)
    upper = np.max([box[1] for box in boxes] + [seeds.max(axis=0) + ROUND_SEEDS_MM], axis=0)
    if spacing_mm is None:
        fine = float(np.prod((upper - lower) / FINE_MM)) <= MOST_FINE_VOXELS
        return Grid.covering(lower, upper, FINE_MM if fine else USUAL_MM)
    count = float(np.prod((upper - lower) / spacing_mm + 1))
    if count > MOST_VOXELS:
        raise DoseError(
            f"A dose grid of {spacing_mm:g} mm has {count:.2g} voxels ({4e-9 * count:.1f} GB and more): "
            "give --dose-grid-mm in mm, 1 to 2 as a rule."
        )
    return Grid.covering(lower, upper, spacing_mm)


def _inputs(options: argparse.Namespace, image: Volume, anatomy: PlanAnatomy) -> list[tuple[str, str]]:
    target = anatomy.structures[options.target]
    inputs = [
        ("Image", f"{image.name}, {image.grid.describe()}"),
        ("Structures", f"{options.structures.name}, {target.grid.describe()}"),
        ("Site profile", options.profile or "none"),
    ]
    return inputs if options.seeds_json is None else [*inputs, ("Plan", options.seeds_json.name)]
