"""The needles and seeds of the command line: by template, or from a plan file."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
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
from brachyresponse.planning.inverse import read_trade_offs
from brachyresponse.planning.overlap import SEED_LENGTH_MM
from brachyresponse.seeds import Seeds
from brachyresponse.sources import Source, decayed_strength_u, load_source, mbq_to_u, mci_to_u

HOLE_WORDS = {
    HolePattern.ALL: "all holes",
    HolePattern.CHECKERBOARD: "holes as on a checkerboard",
    HolePattern.SECOND: "every second hole",
}
TEMPLATE_SPACING_MM = 10.0
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
    check_given(options)
    implant_date = options.implant_date or date.today()
    check_dates(options, implant_date)
    strength_u, *others = strengths_u(options, load_source(options.source), implant_date)
    if others:
        raise InputFileError("Several strengths are given, but a plan by template has seeds of one: give one.")
    needles, seeds, empty = _laid(options, anatomy, target, strength_u)
    plan = ImplantPlan(
        patient_id=options.patient_id,
        frame_of_reference_uid=options.frame_of_reference,
        created=created_on(options.plan_date),
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


def check_given(options: argparse.Namespace) -> None:
    """Refuse options of a new plan without a source or a prescription.

    Raises
    ------
    InputFileError
        One is missing.
    """
    for option, what in (("source", "--source"), ("prescription_gy", "--prescription-gy")):
        if getattr(options, option) is None:
            raise InputFileError(f"{what} is missing: give it, or a plan with --seeds-json.")


def created_on(day: date | None) -> datetime:
    """Return when a plan is made: now, or the day that was given."""
    return datetime.now().replace(microsecond=0) if day is None else datetime.combine(day, time())


def _spacing_mm(options: argparse.Namespace) -> float:
    return TEMPLATE_SPACING_MM if options.seed_spacing_mm is None else float(options.seed_spacing_mm)


def _laid(
    options: argparse.Namespace, anatomy: PlanAnatomy, target: str, strength_u: float
) -> tuple[tuple[Needle, ...], Seeds, int]:
    """Return the needles of the chosen holes that hold seeds, the seeds, and the number of needles that hold none."""
    spacing_mm = _spacing_mm(options)
    if spacing_mm < SEED_LENGTH_MM:
        raise PlanError(
            f"Seeds {spacing_mm:g} mm apart would overlap on their needle: a seed is {SEED_LENGTH_MM} mm "
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
        spacing_mm=spacing_mm,
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
    plan = _read_plan(options)
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


def _read_plan(options: argparse.Namespace) -> ImplantPlan:
    """The plan of a plan.json, or the one of this number in a trade_offs.json."""
    if options.plan_number is None:
        return read_plan(options.seeds_json)
    found = read_trade_offs(options.seeds_json)
    numbers = [plan.number for plan in found.plans]
    if options.plan_number not in numbers:
        raise PlanError(f"{options.seeds_json.name} has no plan {options.plan_number}: trade_offs.csv lists them.")
    return found.plan(numbers.index(options.plan_number))


def strengths_u(options: argparse.Namespace, source: Source, implant_date: date) -> tuple[float, ...]:
    """Return the air-kerma strengths at implantation of the seeds on hand, U.

    Raises
    ------
    InputFileError
        None is given.
    """
    if options.air_kerma_strength_u is not None:
        strengths = [float(strength) for strength in options.air_kerma_strength_u]
    elif options.activity_mbq is not None:
        strengths = [mbq_to_u(float(activity), source.radionuclide) for activity in options.activity_mbq]
    elif options.activity_mci is not None:
        strengths = [mci_to_u(float(activity), source.radionuclide) for activity in options.activity_mci]
    else:
        raise InputFileError(
            "The strength of a seed is missing: give --activity-mbq, --activity-mci or --air-kerma-strength-u."
        )
    if options.reference_date is None:
        return tuple(strengths)
    half_life_days = source.half_life_days
    return tuple(decayed_strength_u(one, half_life_days, options.reference_date, implant_date) for one in strengths)


def check_dates(options: argparse.Namespace, implant_date: date) -> None:
    """Refuse dates in the wrong order.

    Raises
    ------
    PlanError
        The implant is before the planning image, or the strengths are certified for another time than near it.
    """
    if options.image_date is not None and options.image_date > implant_date:
        raise PlanError(
            f"The implant date {implant_date} is before the planning image of {options.image_date}: correct one."
        )
    if options.reference_date is not None:
        check_reference_date(options.reference_date, implant_date)


def date_notes(options: argparse.Namespace, implant_date: date, strengths: Sequence[float]) -> Notes:
    """Return what was assumed of the implant date and of the strengths on it."""
    notes = []
    if options.implant_date is None:
        notes.append(f"No implant date was given: {implant_date} (today) was taken.")
    said = " and ".join(f"{strength_u:.3f} U" for strength_u in strengths)
    if options.reference_date is None:
        notes.append(f"The strength, {said} a seed, was taken as that on the implant date.")
    else:
        notes.append(f"The strength was decayed from {options.reference_date} to {said} on {implant_date}.")
    return tuple(notes)


def _template_notes(options: argparse.Namespace, implant_date: date, strength_u: float, empty: int) -> Notes:
    notes = [
        f"Seeds were laid by a template of {options.template_pitch_mm:g} mm ({_holes(options)}), "
        f"{_spacing_mm(options):g} mm between seeds, centred in the target; not optimised."
    ]
    notes += date_notes(options, implant_date, (strength_u,))
    if not options.body:
        notes.append("No outline of the body was given: needles begin 50 mm before the target, not at the skin.")
    if empty:
        notes.append(f"Needles of the template on which no seed fits inside the target, left out: {empty}.")
    return tuple(notes)


def _holes(options: argparse.Namespace) -> str:
    words = HOLE_WORDS[options.holes]
    return f"{words}, without {', '.join(options.without_hole)}" if options.without_hole else words
