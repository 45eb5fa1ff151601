"""Writing what was computed of a plan into its nodes: dose, isodoses, histograms, tables, seeds as they look."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import slicer

from brachyresponse.dose.metrics import Metric
from brachyresponse.pictures.colours import DEFAULT_LEVELS_PERCENT
from brachyresponse.planning import PlanEvaluation
from brachyresponse.scene.dose_volume import show_dose_for, write_dose
from brachyresponse.scene.dvh import DvhLook, write_dvhs
from brachyresponse.scene.isodose import show_isodoses
from brachyresponse.scene.isodose_levels import read_isodose_levels, write_isodose_levels
from brachyresponse.scene.plan_fields import PlanField, plan_number
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plan_part, set_plan_part
from brachyresponse.scene.plan_staleness import mark_plan_current
from brachyresponse.scene.results import read_limits, write_findings, write_limits, write_metrics
from brachyresponse.scene.seed_model import show_seeds
from brachyresponse.scene.segments import segment_colour, segment_ids, segment_name

if TYPE_CHECKING:
    from brachyresponse.planning.balloon import BalloonEvaluation

SKIN_COLOUR = (0.85, 0.75, 0.65)
SHELL_COLOURS = ((0.95, 0.62, 0.15), (0.85, 0.33, 0.25), (0.60, 0.35, 0.80))
"""Of the shells round a balloon, which are targets: unlike the blue of organs at risk."""


def write_evaluation(
    evaluation: PlanEvaluation | BalloonEvaluation,
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    levels_percent: Sequence[float] = DEFAULT_LEVELS_PERCENT,
    *,
    first: Sequence[Metric] = (),
) -> slicer.vtkMRMLScalarVolumeNode:
    """Write an evaluation into the nodes of its plan, and return the dose node; nodes that are there are updated.

    Without findings (as while a seed is dragged) the rule table stays as it is.

    Parameters
    ----------
    first
        Metrics that stand before those of targets and organs, such as the figures of a balloon.

    Raises
    ------
    BrachyResponseError
        There is no such plan, or the levels cannot be shown.
    """
    prescription_gy = evaluation.plan.prescription_gy
    dose_node = _write_dose(evaluation, plan_node)
    write_isodose_levels(dose_node, prescription_gy, levels_percent)
    show_isodoses(plan_node)
    write_dvhs(evaluation.dvhs, plan_node, _looks(evaluation, plan_node), prescription_gy)
    metrics = [first, *evaluation.metrics.values(), *evaluation.organ_metrics.values()]
    write_metrics([metric for of_structure in metrics for metric in of_structure], plan_node, evaluation.warnings)
    if evaluation.limits:
        write_limits(read_limits(plan_node), plan_node, evaluation.limits)
    if evaluation.findings:
        write_findings(evaluation.findings, plan_node)
    show_seeds(plan_node)
    mark_plan_current(plan_node)
    return dose_node


def change_isodose_levels(plan_node: slicer.vtkMRMLScriptedModuleNode, levels_percent: Sequence[float]) -> None:
    """Draw the isodoses of a plan's dose at other levels, in percent of the prescription.

    Raises
    ------
    SceneError, DoseError
        The plan has no dose, or the levels cannot be shown.
    """
    dose_node = need_plan_part(plan_node, PlanRole.DOSE, "dose")
    write_isodose_levels(dose_node, plan_number(plan_node, PlanField.PRESCRIPTION_GY), levels_percent)
    show_isodoses(plan_node)


def shown_levels_percent(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[float, ...]:
    """Return the isodose levels of a plan's dose in percent of the prescription; the usual ones where there is none."""
    dose_node = plan_part(plan_node, PlanRole.DOSE)
    if dose_node is None:
        return tuple(DEFAULT_LEVELS_PERCENT)
    return tuple(level.percent for level in read_isodose_levels(dose_node))


def _write_dose(
    evaluation: PlanEvaluation | BalloonEvaluation, plan_node: slicer.vtkMRMLScriptedModuleNode
) -> slicer.vtkMRMLScalarVolumeNode:
    before = plan_part(plan_node, PlanRole.DOSE)
    name = f"{plan_node.GetName()} dose"
    dose_node = write_dose(evaluation.dose_gy, evaluation.grid, plan_node.GetScene(), name, node=before)
    dose_node.SetDescription(evaluation.plan.dose_description)
    if before is None:
        show_dose_for(dose_node, evaluation.plan.prescription_gy)
        set_plan_part(plan_node, PlanRole.DOSE, dose_node)
    return dose_node


def _looks(
    evaluation: PlanEvaluation | BalloonEvaluation, plan_node: slicer.vtkMRMLScriptedModuleNode
) -> dict[str, DvhLook]:
    """Colour and segment of each structure with a histogram; the skin near the seeds and shells are no segments."""
    segmentation = plan_part(plan_node, PlanRole.SEGMENTATION)
    found = {
        segment_name(segmentation, segment_id): DvhLook(segment_colour(segmentation, segment_id), segment_id)
        for segment_id in ([] if segmentation is None else segment_ids(segmentation))
    }
    others = [name for name in evaluation.dvhs if name not in found]
    colours = (SKIN_COLOUR,) if len(others) == 1 else SHELL_COLOURS
    found |= {name: DvhLook(colours[place % len(colours)]) for place, name in enumerate(others)}
    return {name: found[name] for name in evaluation.dvhs}
