"""From options and structures to a problem of inverse planning."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from brachyresponse.command_line.hole_choice import HolePattern
from brachyresponse.command_line.images import Notes
from brachyresponse.command_line.plan_optimise_arguments import DEFAULT_PRESET
from brachyresponse.command_line.plan_seeds import (
    check_dates,
    check_given,
    created_on,
    date_notes,
    strengths_u,
)
from brachyresponse.errors import InputFileError, PlanError
from brachyresponse.planning import ImplantPlan, PlanAnatomy, Template, check_same_patient, parse_limit, read_plan
from brachyresponse.planning.inverse import (
    FanTracks,
    ImplantProblem,
    Loading,
    Locked,
    NeedleTracks,
    ObjectiveWeights,
    ParallelTracks,
    PlanDetails,
    SeedPlacement,
    TemplateTracks,
    load_weights,
)
from brachyresponse.planning.inverse.candidates.entries import burr_hole_entries, skin_patch_entries
from brachyresponse.sources import load_source
from brachyresponse.types import FloatArray

OPTIMISED_SPACING_MM = 5.0
FAN_CONE_DEG = 45.0
BY_TEMPLATE_ONLY = {"without_hole": [], "edge_mm": 0.0, "least_chord_mm": 0.0}
NEEDED_BESIDE = {"skin_depth_mm": "body", "avoid_margin_mm": "avoid"}
FAN_ONLY = ("needles_per_entry", "opening_mm", "entry_patch_mm")


@dataclass(frozen=True, eq=False)
class OptionsProblem:
    """A problem, and what was assumed in making it."""

    problem: ImplantProblem
    notes: Notes


def problem_of(options: argparse.Namespace, anatomy: PlanAnatomy) -> OptionsProblem:
    """Return the problem that the options of ``plan --optimise`` describe; it is solved for the PTV.

    Raises
    ------
    BrachyResponseError
        An option is missing, contradicts another, or cannot be used.
    """
    check_given(options)
    _check_options(options)
    target, implant_date = anatomy.roles.ptv, options.implant_date or date.today()
    check_dates(options, implant_date)
    source = load_source(options.source)
    if options.surrogate_for:
        source = source.as_surrogate_for(options.surrogate_for)
    strengths = strengths_u(options, source, implant_date)
    tracks = _tracks(options, anatomy, target)
    problem = ImplantProblem(
        anatomy=anatomy,
        source=source,
        strengths_u=strengths,
        prescription_gy=options.prescription_gy,
        tracks=tracks,
        placement=_placement(options),
        weights=_weights(options),
        limit_weights=_limit_weights(options),
        locked=_locked(options, target),
        start=None if options.improve is None else _plan_for(options, options.improve, target),
        details=_details(options, target, implant_date),
        **_given(options, ("target_margin_mm", "random_seed", "moves")),
    )
    return OptionsProblem(problem, (*_notes(options), *date_notes(options, implant_date, strengths)))


def _check_options(options: argparse.Namespace) -> None:
    for name, default in BY_TEMPLATE_ONLY.items():
        if getattr(options, name) != default:
            raise InputFileError(f"--{name.replace('_', '-')} is for plans by template: leave it out.")
    if options.holes is not HolePattern.ALL:
        raise InputFileError("--holes is for plans by template: --optimise chooses among all holes itself.")
    for name, needed in NEEDED_BESIDE.items():
        if getattr(options, name) is not None and not getattr(options, needed):
            raise InputFileError(
                f"--{name.replace('_', '-')} has no effect without --{needed}: give it, or leave it out."
            )
    _check_locks(options)


def _check_locks(options: argparse.Namespace) -> None:
    locks = [name for name in ("lock_needle", "lock_seed", "load_needle") if getattr(options, name)]
    if locks and options.seeds_json is None:
        raise InputFileError(f"--{locks[0].replace('_', '-')} needs the plan that it speaks of: give --seeds-json.")
    if options.seeds_json is not None and not (options.lock_needle or options.lock_seed):
        raise InputFileError(
            "--seeds-json with --optimise holds what stays: say which with --lock-needle or --lock-seed, "
            "or give the plan with --improve."
        )


def _tracks(options: argparse.Namespace, anatomy: PlanAnatomy, target: str) -> NeedleTracks:
    pitch_mm, cone_deg = options.template_pitch_mm, options.cone_deg
    if options.entry or options.entry_structure:
        if options.directions is not None:
            raise InputFileError("--directions is for parallel tracks: with --entry they follow from the entries.")
        spacing = {"spacing_mm": pitch_mm, "cone_deg": FAN_CONE_DEG if cone_deg is None else cone_deg}
        entries = _entries(options, anatomy, target)
        return FanTracks(entries, **spacing, **_given(options, ("needles_per_entry", "opening_mm")))
    for name in FAN_ONLY:
        if getattr(options, name) is not None:
            raise InputFileError(f"--{name.replace('_', '-')} is for tracks from entries: give --entry too.")
    if cone_deg is not None:
        direction = np.array(options.direction)
        return ParallelTracks(direction, pitch_mm, cone_deg, **_given(options, ("directions",)))
    if options.directions is not None:
        raise InputFileError("--directions is for parallel tracks whose direction is searched: give --cone-deg too.")
    centre = anatomy.structures[target].centre_mm
    return TemplateTracks(Template(np.array(options.direction), (pitch_mm, pitch_mm), centre))


def _entries(options: argparse.Namespace, anatomy: PlanAnatomy, target: str) -> FloatArray:
    if options.entry and options.entry_structure:
        raise InputFileError("--entry and --entry-structure are both given: needles enter by one of them.")
    if options.entry_structure:
        if options.entry_structure not in anatomy.structures:
            near = get_close_matches(options.entry_structure, anatomy.structures, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(anatomy.structures)}."
            raise PlanError(f"There is no structure {options.entry_structure!r} for --entry-structure: {hint}")
        return burr_hole_entries(anatomy.structures[options.entry_structure], anatomy.structures[target])
    if options.entry_patch_mm is None:
        return np.array(options.entry)
    if anatomy.body is None or len(options.entry) != 1:
        raise InputFileError("--entry-patch-mm needs one --entry, its middle, and the skin: give --body.")
    return skin_patch_entries(anatomy.body, options.entry[0], options.entry_patch_mm)


def _placement(options: argparse.Namespace) -> SeedPlacement:
    spacing_mm = OPTIMISED_SPACING_MM if options.seed_spacing_mm is None else options.seed_spacing_mm
    names = ("seed_margin_mm", "skin_depth_mm", "avoid_margin_mm", "most_needles", "most_seeds")
    given = _given(options, names)
    if options.seed_levels is not None:
        given["levels"] = options.seed_levels
    return SeedPlacement(spacing_mm, Loading.STRANDED if options.stranded else Loading.LOOSE, **given)


def _weights(options: argparse.Namespace) -> ObjectiveWeights:
    weights = load_weights(options.preset or DEFAULT_PRESET)
    names = [item.name for item in fields(ObjectiveWeights)]
    for name, value in options.weight or ():
        if name not in names:
            near = get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"weights are {', '.join(names)}."
            raise PlanError(f"--weight {name}={value:g}: there is no weight {name!r}; {hint}")
        weights = replace(weights, **{name: value})
    return weights


def _limit_weights(options: argparse.Namespace) -> dict[str, float]:
    return {str(parse_limit(text)): weight for text, weight in options.limit_weight or ()}


def _locked(options: argparse.Namespace, target: str) -> Locked:
    if options.seeds_json is None:
        return Locked()
    plan = _plan_for(options, options.seeds_json, target)
    needles, loadable = set(options.lock_needle or ()), set(options.load_needle or ())
    seeds = set(options.lock_seed or ())
    numbers = np.arange(1, plan.seeds.count + 1)
    _check_numbers("needle", needles | loadable, {needle.number for needle in plan.needles})
    _check_numbers("seed", seeds, set(numbers.tolist()))
    held = plan.seeds.select(np.isin(plan.seeds.needle, list(needles)) | np.isin(numbers, list(seeds)))
    kept = needles | set(held.needle.tolist())
    tracks = tuple(needle for needle in plan.needles if needle.number in kept)
    return Locked(tracks, held, frozenset(loadable & kept))


def _check_numbers(what: str, wanted: set[int], known: set[int]) -> None:
    if missing := sorted(wanted - known):
        raise PlanError(
            f"The plan of --seeds-json has no {what} {missing[0]}: it has {what}s 1 to {max(known, default=0)}."
        )


def _plan_for(options: argparse.Namespace, path: Path, target: str) -> ImplantPlan:
    """The plan of a file, of the same patient and target."""
    plan = read_plan(path)
    check_same_patient(plan, options.patient_id, options.frame_of_reference)
    if plan.target != target:
        raise PlanError(f"Plan {plan.name!r} was made for the target {plan.target!r}, not {target!r}: give its target.")
    return plan


def _details(options: argparse.Namespace, target: str, implant_date: date) -> PlanDetails:
    return PlanDetails(
        name=options.name or f"{target} {options.prescription_gy:g} Gy, optimised",
        patient_id=options.patient_id,
        frame_of_reference_uid=options.frame_of_reference,
        created=created_on(options.plan_date),
        implant_date=implant_date,
        planning_image_date=options.image_date,
    )


def _given(options: argparse.Namespace, names: tuple[str, ...]) -> dict[str, Any]:
    """The options that were given, by their names."""
    return {name: getattr(options, name) for name in names if getattr(options, name) is not None}


def _notes(options: argparse.Namespace) -> Notes:
    if options.body:
        return ()
    return ("No outline of the body was given: needles begin 50 mm before the target, and no depth was checked.",)
