"""Computing the biological dose of a plan of the scene, of seeds or of a balloon, from the dose it has."""

from __future__ import annotations

import slicer

from brachyresponse.dose import compute_dvh
from brachyresponse.dose.biology import (
    BiologyEvaluation,
    Exposure,
    TissueBiology,
    bed_volume,
    eqd2_volume,
    evaluate_biology,
    with_earlier_beam,
)
from brachyresponse.errors import PlanError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.planning.balloon import balloon_shape, balloon_shell
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene.balloon_plan import read_balloon_anatomy, read_balloon_node
from brachyresponse.scene.biology_beam import read_beam
from brachyresponse.scene.biology_settings import TissueRow, tissue_rows
from brachyresponse.scene.dose_volume import view_dose
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plan_part
from brachyresponse.scene.plan_setup import read_plan_source
from brachyresponse.scene.plan_staleness import stale_plan_reason
from brachyresponse.scene.plan_structures import read_plan_structure
from brachyresponse.scene.segments import segment_ids
from brachyresponse.scene.source_kind import is_balloon


def compute_biology(plan_node: slicer.vtkMRMLScriptedModuleNode, report: Report = ignore_progress) -> BiologyEvaluation:
    """Return the biological dose of the structures of a plan whose tissue is chosen; nothing is written.

    Raises
    ------
    PlanError
        No tissue is chosen, or the plan has no dose that holds.
    BrachyResponseError
        A structure, a tissue or the earlier beam cannot be used.
    Cancelled
        By the report.
    """
    rows = [row for row in tissue_rows(plan_node) if row.tissue]
    if not rows:
        raise PlanError(f"No tissue is chosen in plan {plan_node.GetName()!r}: choose one for a target or an organ.")
    tissues = {row.structure: row.biology() for row in rows}
    if len(tissues) < len(rows):
        raise PlanError(f"Two structures of plan {plan_node.GetName()!r} have one name: give each segment its own.")
    dose, beam, exposure = current_dose(plan_node), read_beam(plan_node), exposure_of(plan_node)
    structures, dvhs = {}, {}
    for done, row in enumerate(rows):
        report(done / len(rows), f"Biological dose: {row.structure}")
        structures[row.structure] = _structure(plan_node, row)
        dvhs[row.structure] = compute_dvh(dose.values, dose.grid, structures[row.structure])
    found = evaluate_biology(dvhs, exposure, tissues)
    if beam is not None:
        found = with_earlier_beam(found, dose, structures, beam)
    report(1.0, "Biological dose: done")
    return found


def compute_volume(plan_node: slicer.vtkMRMLScriptedModuleNode, tissue: TissueBiology, role: PlanRole) -> Volume:
    """Return the likely BED, or EQD2, of every voxel of a plan's dose, as if all of it were of one tissue.

    Raises
    ------
    BrachyResponseError
        The plan has no dose that holds, or it cannot be used.
    """
    of_every_voxel = bed_volume if role is PlanRole.BED else eqd2_volume
    return of_every_voxel(current_dose(plan_node), exposure_of(plan_node), tissue)


def tissue_of(plan_node: slicer.vtkMRMLScriptedModuleNode, segment: str = "") -> TissueRow:
    """Return the row of a structure, by its segment ID or name; without one the first whose tissue is chosen.

    Raises
    ------
    PlanError
        There is none, or its tissue is not chosen.
    """
    rows = [row for row in tissue_rows(plan_node) if row.tissue and segment in ("", row.segment, row.structure)]
    if not rows:
        which = f"structure {segment!r}" if segment else "structure"
        raise PlanError(f"No {which} of plan {plan_node.GetName()!r} has a tissue: choose one first.")
    return rows[0]


def current_dose(plan_node: slicer.vtkMRMLScriptedModuleNode) -> Volume:
    """Return the dose of a plan.

    Raises
    ------
    PlanError
        It has none, or it no longer holds.
    """
    if plan_part(plan_node, PlanRole.DOSE) is None:
        raise PlanError(f"Plan {plan_node.GetName()!r} has no dose yet: compute it first.")
    if reason := stale_plan_reason(plan_node):
        raise PlanError(f"The dose of plan {plan_node.GetName()!r} is out of date ({reason}): compute it first.")
    values, grid = view_dose(need_plan_part(plan_node, PlanRole.DOSE, "dose"))
    return Volume("dose", values, grid, "Gy")


def exposure_of(plan_node: slicer.vtkMRMLScriptedModuleNode) -> Exposure:
    """Return how the dose rate of a plan falls, and when it ends."""
    if not is_balloon(plan_node):
        return Exposure.of(read_plan_source(plan_node))
    plan = read_balloon_node(plan_node)
    return Exposure.of(plan.source, duration_days=plan.dwell_days)


def _structure(plan_node: slicer.vtkMRMLScriptedModuleNode, row: TissueRow) -> Structure:
    segmentation = plan_part(plan_node, PlanRole.SEGMENTATION)
    if segmentation is not None and row.segment in segment_ids(segmentation):
        return read_plan_structure(plan_node, row.segment)
    plan, anatomy = read_balloon_node(plan_node), read_balloon_anatomy(plan_node)
    return balloon_shell(balloon_shape(plan, anatomy), plan.prescription_depth_mm, plan, anatomy)
