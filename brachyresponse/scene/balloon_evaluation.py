"""Computing a balloon plan of the scene: read from its nodes, computed, written last."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import slicer

from brachyresponse.errors import DoseError, PlanError
from brachyresponse.geometry import Grid
from brachyresponse.planning import PlanAnatomy, PlanRoles
from brachyresponse.planning.balloon import (
    BalloonEvaluation,
    BalloonPlan,
    BalloonShape,
    balloon_shape,
    evaluate_balloon,
    evaluation_grid,
    leakage_balance,
    load_balloon_profile,
    prescription_rate,
)
from brachyresponse.planning.balloon.tables import depth_dose_table, sectors_table
from brachyresponse.planning.balloon.times import HOURS_PER_DAY, days_between, said
from brachyresponse.progress import Report, share_of
from brachyresponse.scene.balloon_plan import check_balloon_in_image, read_balloon_anatomy, read_balloon_node
from brachyresponse.scene.balloon_preview import show_balloon
from brachyresponse.scene.balloon_settings import (
    BalloonSettings,
    changed_balloon,
    read_balloon_settings,
    write_balloon_settings,
)
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.plan_evaluation import MOST_VOXELS, DoseExtent
from brachyresponse.scene.plan_output import shown_levels_percent, write_evaluation
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plan_staleness import mark_plan_current
from brachyresponse.scene.plans import seeds_node_of
from brachyresponse.scene.results import write_plan_table
from brachyresponse.scene.seeds import read_seeds
from brachyresponse.sources import decay_factor, load_liquid

SENTENCES = "Sentences"
MBQ_PER_MCI = 37.0
DRAWN_MM, SPHERE_MM = 1.0, 5.0
"""Grids for the dose rate at a depth: that of a sphere is computed there exactly, whatever the grid."""


def compute_balloon(
    plan_node: slicer.vtkMRMLScriptedModuleNode, extent: DoseExtent, report: Report
) -> BalloonEvaluation:
    """Compute the dose of a balloon plan and all that follows from it; nothing is written.

    Raises
    ------
    BrachyResponseError
        The plan is of seeds or not complete, or it cannot be computed.
    Cancelled
        By the report.
    """
    plan, anatomy, shape = _read(plan_node)
    grid = dose_grid(plan, anatomy, shape, extent)
    found = evaluate_balloon(plan, anatomy, grid, profile=load_balloon_profile(), report=share_of(report, 0.1, 1.0))
    return replace(found, warnings=(*found.warnings, *_left_out(plan_node)))


def write_balloon_evaluation(plan_node: slicer.vtkMRMLScriptedModuleNode, evaluation: BalloonEvaluation) -> None:
    """Write what was computed of a balloon plan into its nodes: as of a seed plan, and sectors and depths beside.

    Raises
    ------
    BrachyResponseError
        There is no such plan, or the levels cannot be shown.
    """
    write_evaluation(evaluation, plan_node, shown_levels_percent(plan_node), first=evaluation.figures)
    sectors = write_plan_table(sectors_table(evaluation.sectors), plan_node, PlanRole.BALLOON_SECTORS)
    set_attribute(sectors, SENTENCES, json.dumps(_sentences(evaluation)))
    write_plan_table(depth_dose_table(evaluation.curve), plan_node, PlanRole.BALLOON_DEPTHS)
    show_balloon(plan_node)
    mark_plan_current(plan_node)


def balloon_sentences(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[str, ...]:
    """Return what the last computation of a balloon said, in sentences; none before."""
    table_node = plan_part(plan_node, PlanRole.BALLOON_SECTORS)
    return () if table_node is None else tuple(json.loads(get_attribute(table_node, SENTENCES, "[]")))


def set_dwell_for_prescription(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Set the removal at which the prescription is reached, and return a sentence on it.

    Raises
    ------
    PlanError
        The prescription is never reached, however long the liquid stays.
    BrachyResponseError
        As :func:`compute_balloon`.
    """
    plan, rate = _plan_and_rate(plan_node)
    plan = plan.with_removal_for(rate)
    _keep(plan_node, removed=plan.removed)
    hours = plan.dwell_days * HOURS_PER_DAY
    return f"{_aim(plan)} are reached at {said(plan.removed)}, after {hours:.1f} h with the liquid in."


def set_activity_for_prescription(plan_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Set the activity, contained at the assay, that gives the prescription in the plan's time; return a sentence.

    Raises
    ------
    BrachyResponseError
        As :func:`compute_balloon`.
    """
    plan, rate = _plan_and_rate(plan_node)
    plan = plan.with_activity_for(rate)
    _keep(plan_node, activityMbq=plan.activity_mbq, unit=read_balloon_settings(plan_node).unit)
    return (
        f"{_aim(plan)} need {plan.activity_mbq:.5g} MBq ({plan.activity_mbq / MBQ_PER_MCI:.4g} mCi) contained at the "
        f"assay on {said(plan.assayed)}, for {plan.dwell_days * HOURS_PER_DAY:.1f} h."
    )


def leakage_of(settings: BalloonSettings) -> tuple[str, bool] | None:
    """Return the balance of the activity in words, and whether it is flagged; None where it was not measured."""
    if not settings.recovered_mbq:
        return None
    half_life_days = load_liquid(settings.liquid).half_life_days
    try:
        waited_days = days_between(settings.assayed, settings.filled)
        balance = leakage_balance(
            settings.activity_mbq * decay_factor(half_life_days, waited_days),
            settings.recovered_mbq,
            elapsed_days=days_between(settings.filled, settings.removed),
            half_life_days=half_life_days,
        )
    except PlanError as error:
        return str(error), False
    return balance.sentence, balance.is_flagged


def dose_grid(plan: BalloonPlan, anatomy: PlanAnatomy, shape: BalloonShape, extent: DoseExtent) -> Grid:
    """Return the grid of the dose: round the balloon as far as the margin, its shells, and the organs at risk.

    Raises
    ------
    DoseError
        Spacing or margin are not positive, or make a grid of too many voxels.
    """
    if not (extent.spacing_mm > 0 and extent.margin_mm >= 0):
        raise DoseError(f"A dose grid of {extent.spacing_mm} mm reaching {extent.margin_mm} mm: give positive lengths.")
    corners = evaluation_grid(plan, anatomy, shape, extent.spacing_mm).corners_mm()
    lower, upper = shape.outer.bounds_mm()
    lower = np.minimum(corners.min(axis=0), lower - extent.margin_mm)
    upper = np.maximum(corners.max(axis=0), upper + extent.margin_mm)
    voxels = float(np.prod((upper - lower) / extent.spacing_mm))
    if voxels > MOST_VOXELS:
        raise DoseError(
            f"A dose grid of {extent.spacing_mm:g} mm round this balloon has {voxels / 1e6:.0f} million voxels: choose "
            "a coarser spacing or a smaller margin."
        )
    return Grid.covering(lower, upper, extent.spacing_mm)


def _read(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[BalloonPlan, PlanAnatomy, BalloonShape]:
    plan, anatomy = read_balloon_node(plan_node), read_balloon_anatomy(plan_node)
    shape = balloon_shape(plan, anatomy)
    check_balloon_in_image(plan_node, shape.outer)
    return plan, anatomy, shape


def _plan_and_rate(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[BalloonPlan, float]:
    plan, anatomy, shape = _read(plan_node)
    round_balloon = PlanAnatomy(anatomy.structures, PlanRoles())  # no organ is asked for: it would enlarge the grid
    spacing_mm = DRAWN_MM if shape.sphere is None else SPHERE_MM
    return plan, prescription_rate(plan, anatomy, evaluation_grid(plan, round_balloon, shape, spacing_mm))


def _keep(plan_node: slicer.vtkMRMLScriptedModuleNode, **values: object) -> None:
    write_balloon_settings(plan_node, changed_balloon(read_balloon_settings(plan_node), values))


def _aim(plan: BalloonPlan) -> str:
    return f"{plan.prescription_gy:g} Gy at {plan.prescription_depth_mm:g} mm"


def _left_out(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[str, ...]:
    count = read_seeds(seeds_node_of(plan_node)).count
    return (f"The plan also has {count} seeds: they are not in the dose of the balloon.",) if count else ()


def _sentences(evaluation: BalloonEvaluation) -> list[str]:
    plan = evaluation.plan
    rate = evaluation.metric(plan.balloon_name, "rate_at_depth")
    least = min(evaluation.sectors, key=lambda sector: sector.least_depth_mm)
    return [
        f"{plan.balloon_name}: {evaluation.dose_at_depth_gy:.1f} Gy at {plan.prescription_depth_mm:g} mm, "
        f"{evaluation.surface_dose_gy:.0f} Gy on the surface.",
        f"Dose rate at {plan.prescription_depth_mm:g} mm when it is filled: {rate.text}; contained then "
        f"{plan.activity_at_filling_mbq:.5g} MBq ({plan.activity_at_filling_mbq / MBQ_PER_MCI:.4g} mCi), for "
        f"{plan.dwell_days * HOURS_PER_DAY:.1f} h.",
        *(comparison.sentence for comparison in evaluation.fill),
        f"Sphericity {evaluation.sphericity:.3f}; {plan.prescription_gy:g} Gy reach least far in the sector "
        f"{least.name}: {least.least_depth_mm:.1f} mm.",
        *evaluation.notes,
    ]
