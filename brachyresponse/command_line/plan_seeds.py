"""The needles and seeds of the command line: by template, or from a plan file."""

from __future__ import annotations

import argparse
from datetime import date, datetime, time
from functools import partial

from brachyresponse.command_line.hole_choice import HolePattern, choose_holes, renumbered
from brachyresponse.command_line.images import Notes
from brachyresponse.errors import InputFileError, PlanError
from brachyresponse.planning import (
    ImplantPlan,
    LoadingRule,
    Needle,
    PlanAnatomy,
    TrackRule,
    check_same_patient,
    load_needles,
    read_plan,
    template_needles,
)
from brachyresponse.planning.dates import check_reference_date
from brachyresponse.planning.overlap import SEED_LENGTH_MM
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, decayed_strength_u, load_source, mbq_to_u, mci_to_u

HOLE_WORDS = {
    HolePattern.ALL: "all holes",
    HolePattern.CHECKERBOARD: "holes as on a checkerboard",
    HolePattern.SECOND: "every second hole",
}
SET_BY_PLAN = (
    "plan_date",
    "source",
    "prescription_gy",
    "activity_mbq",
    "activity_mci",
    "air_kerma_strength_u",
    "reference_date",
)


def template_plan(options: argparse.Namespace, anatomy: PlanAnatomy, target: str) -> tuple[ImplantPlan, Notes]:
    """Return a plan whose needles come from a template and whose seeds lie inside the target.

    Raises
    ------
    BrachyResponseError
        An option is missing or contradicts another, or no needle holds a seed.
    """
    for option, what in (("source", "--source"), ("prescription_gy", "--prescription-gy")):
        if getattr(options, option) is None:
            raise InputFileError(f"{what} is missing: give it, or a plan with --seeds-json.")
    implant_date = options.implant_date or date.today()
    _check_dates(options, implant_date)
    strength_u = _strength_u(options, load_source(options.source), implant_date)
    needles, seeds, empty = _laid(options, anatomy, target, strength_u)
    plan = ImplantPlan(
        patient_id=options.patient_id,
        frame_of_reference_uid=options.frame_of_reference,
        created=_created(options.plan_date),
        implant_date=implant_date,
        target=target,
        source=options.source,
        prescription_gy=options.prescription_gy,
        needles=needles,
        seeds=seeds,
        name=options.name or f"{target} {options.prescription_gy:g} Gy",
        surrogate_for=options.surrogate_for,
        planning_image_date=options.image_date,
    )
    return plan, _template_notes(options, implant_date, strength_u, empty)


def _created(day: date | None) -> datetime:
    return datetime.now().replace(microsecond=0) if day is None else datetime.combine(day, time())


def _laid(
    options: argparse.Namespace, anatomy: PlanAnatomy, target: str, strength_u: float
) -> tuple[tuple[Needle, ...], Seeds, int]:
    """Return the needles of the chosen holes that hold seeds, the seeds, and the number of needles that hold none."""
    if options.seed_spacing_mm < SEED_LENGTH_MM:
        raise PlanError(
            f"Seeds {options.seed_spacing_mm:g} mm apart would overlap on their needle: a seed is {SEED_LENGTH_MM} mm "
            "long, give a larger spacing."
        )
    structure = anatomy.structures[target]
    every = template_needles(
        structure,
        direction=options.direction,
        pitch_mm=options.template_pitch_mm,
        tracks=TrackRule(body=anatomy.body, least_chord_mm=options.least_chord_mm),
    )
    chosen = choose_holes(every, structure, options.holes, options.without_hole)
    lay = partial(
        load_needles,
        target=structure,
        spacing_mm=options.seed_spacing_mm,
        strength_u=strength_u,
        rule=LoadingRule(edge_mm=options.edge_mm),
    )
    held = set(lay(chosen).needle.tolist())
    needles = renumbered(needle for needle in chosen if needle.number in held)
    return needles, lay(needles), len(chosen) - len(needles)


def loaded_plan(options: argparse.Namespace, anatomy: PlanAnatomy, target: str) -> tuple[ImplantPlan, Notes]:
    """Return the plan of a file, checked against the patient.

    Raises
    ------
    BrachyResponseError
        The file is damaged, the plan is another patient's, or options are given that the plan holds itself.
    """
    given = [name for name in SET_BY_PLAN if getattr(options, name) is not None]
    if given:
        raise InputFileError(
            f"--{given[0].replace('_', '-')} cannot be changed with --seeds-json: it is the plan's; leave it out."
        )
    plan = read_plan(options.seeds_json)
    check_same_patient(plan, options.patient_id, options.frame_of_reference)
    if not plan.seeds.count:
        raise PlanError(f"Plan {plan.name!r} in {options.seeds_json.name!r} has no seeds: there is nothing to compute.")
    if plan.target != target:
        raise PlanError(
            f"Plan {plan.name!r} was made for the target {plan.target!r}, not {target!r}: "
            "give its target with --target (and the same --margin-mm)."
        )
    return plan, (
        "Needles, seeds, source and prescription are those of the plan file; template options were not used.",
    )


def _strength_u(options: argparse.Namespace, source: Source, implant_date: date) -> float:
    """Air-kerma strength of a seed at implantation."""
    if options.air_kerma_strength_u is not None:
        strength_u = float(options.air_kerma_strength_u)
    elif options.activity_mbq is not None:
        strength_u = mbq_to_u(float(options.activity_mbq), source.radionuclide)
    elif options.activity_mci is not None:
        strength_u = mci_to_u(float(options.activity_mci), source.radionuclide)
    else:
        raise InputFileError(
            "The strength of a seed is missing: give --activity-mbq, --activity-mci or --air-kerma-strength-u."
        )
    if options.reference_date is None:
        return strength_u
    return decayed_strength_u(strength_u, source.half_life_days, options.reference_date, implant_date)


def _check_dates(options: argparse.Namespace, implant_date: date) -> None:
    if options.image_date is not None and options.image_date > implant_date:
        raise PlanError(
            f"The implant date {implant_date} is before the planning image of {options.image_date}: correct one."
        )
    if options.reference_date is not None:
        check_reference_date(options.reference_date, implant_date)


def _template_notes(options: argparse.Namespace, implant_date: date, strength_u: float, empty: int) -> Notes:
    notes = [
        f"Seeds were laid by a template of {options.template_pitch_mm:g} mm ({_holes(options)}), "
        f"{options.seed_spacing_mm:g} mm between seeds, centred in the target; not optimised."
    ]
    if options.implant_date is None:
        notes.append(f"No implant date was given: {implant_date} (today) was taken.")
    if options.reference_date is None:
        notes.append(f"The strength, {strength_u:.3f} U a seed, was taken as that on the implant date.")
    else:
        notes.append(f"The strength was decayed from {options.reference_date} to {strength_u:.3f} U on {implant_date}.")
    if not options.body:
        notes.append("No outline of the body was given: needles begin 50 mm before the target, not at the skin.")
    if empty:
        notes.append(f"Needles of the template on which no seed fits inside the target, left out: {empty}.")
    return tuple(notes)


def _holes(options: argparse.Namespace) -> str:
    words = HOLE_WORDS[options.holes]
    return f"{words}, without {', '.join(options.without_hole)}" if options.without_hole else words
