"""Finding what is implanted on a CT of the procedure, its dose so far, and drawing it."""

from __future__ import annotations

import json

import slicer

from brachyresponse.errors import BrachyResponseError, PlanError
from brachyresponse.geometry import Volume
from brachyresponse.planning.inverse import ImplantProblem
from brachyresponse.planning.inverse.replanning.replan import DoseSoFar, dose_so_far
from brachyresponse.planning.inverse.replanning.so_far import ImplantedSoFar, found_so_far
from brachyresponse.progress import Report, share_of
from brachyresponse.scene.contents import image_contents
from brachyresponse.scene.inverse_problem import read_problem
from brachyresponse.scene.inverse_staleness import mark_role_current
from brachyresponse.scene.nodes import get_attribute, modify, require_node, set_attribute
from brachyresponse.scene.plan_parts import PARTS, PlanRole, need_plan_part, plan_part, set_plan_part
from brachyresponse.scene.plans import read_plan_node
from brachyresponse.scene.seed_model import seeds_polydata
from brachyresponse.scene.so_far_table import read_so_far, set_used, write_so_far
from brachyresponse.scene.stale import is_current
from brachyresponse.scene.template_preview import needle_tubes
from brachyresponse.scene.volumes import read_grid, read_image

SENTENCES, WARNINGS = "Sentences", "Warnings"
FOUND_COLOUR, NEEDLE_OPACITY = (1.0, 0.45, 0.75), 0.7
"""Neither a colour of planned or locked needles and seeds, nor of an isodose."""
MOST_REGIONS = 3
OUT_OF_DATE = "The CT of the procedure was exchanged or moved since needles and seeds were found: find them again."


def set_procedure_image(
    plan_node: slicer.vtkMRMLScriptedModuleNode,
    volume_node: slicer.vtkMRMLScalarVolumeNode | None,
    transform_node: slicer.vtkMRMLTransformNode | None = None,
) -> None:
    """Choose the CT taken during the procedure.

    Parameters
    ----------
    transform_node
        Brings it to the planning image; the CT is put under it. None leaves the CT where it is.

    Raises
    ------
    SceneError, GeometryError
        There is no such plan, a node is not what it should be, or the transform is not linear.
    """
    if volume_node is None:
        set_plan_part(plan_node, PlanRole.PROCEDURE_IMAGE, None)
        return
    require_node(volume_node, "vtkMRMLVolumeNode", "CT of the procedure")
    before = volume_node.GetTransformNodeID()
    if transform_node is not None:
        require_node(transform_node, "vtkMRMLTransformNode", "transform to the planning image")
        volume_node.SetAndObserveTransformNodeID(transform_node.GetID())
    try:
        read_grid(volume_node, "CT of the procedure")
    except BrachyResponseError:
        volume_node.SetAndObserveTransformNodeID(before)
        raise
    set_plan_part(plan_node, PlanRole.PROCEDURE_IMAGE, volume_node)


def find_so_far(plan_node: slicer.vtkMRMLScriptedModuleNode, report: Report) -> ImplantedSoFar:
    """Find needles and seeds on the CT of the procedure, write and draw them with their dose, and return them.

    Raises
    ------
    BrachyResponseError
        There is no such CT, it is none, the plan is not complete, or nothing is found; the scene is as it was.
    Cancelled
        By the report.
    """
    node = need_plan_part(plan_node, PlanRole.PROCEDURE_IMAGE, "CT of the procedure")
    values, grid = read_image(node, "CT of the procedure")
    problem, plan = read_problem(plan_node), read_plan_node(plan_node)
    found = found_so_far(Volume(node.GetName(), values, grid, "HU"), problem, plan, report=share_of(report, 0.0, 0.9))
    report(0.9, "Dose so far")
    sentences = _sentences(problem, found, dose_so_far(problem, found))
    table_node = write_so_far(plan_node, found)
    set_attribute(table_node, WARNINGS, json.dumps(found.warnings))
    set_attribute(table_node, SENTENCES, json.dumps(sentences))
    mark_role_current(plan_node, (PlanRole.SO_FAR,), image_contents(node))
    draw_so_far(plan_node, found)
    return found


def use_so_far(plan_node: slicer.vtkMRMLScriptedModuleNode, row: int, used: bool) -> None:
    """Use a needle or seed that was found, or not, by its row from 0; dose and drawing follow.

    Raises
    ------
    BrachyResponseError
        Nothing was found yet, there is no such row, or the plan is not complete.
    """
    problem, plan = read_problem(plan_node), read_plan_node(plan_node)
    before = set_used(plan_node, row, used)
    try:
        found = read_so_far(plan_node, plan)
        sentences = _sentences(problem, found, dose_so_far(problem, found))
    except BrachyResponseError:
        set_used(plan_node, row, before)
        raise
    set_attribute(plan_part(plan_node, PlanRole.SO_FAR), SENTENCES, json.dumps(sentences))
    draw_so_far(plan_node, found)


def dose_of_so_far(plan_node: slicer.vtkMRMLScriptedModuleNode) -> DoseSoFar:
    """Return the dose of what was found and is used.

    Raises
    ------
    BrachyResponseError
        Nothing was found yet, or the plan is not complete.
    """
    found = read_so_far(plan_node, read_plan_node(plan_node))
    return dose_so_far(read_problem(plan_node), found)


def so_far_sentences(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[str, ...]:
    """Return what was found, its dose and its cold regions in sentences; none before."""
    table_node = plan_part(plan_node, PlanRole.SO_FAR)
    if table_node is None:
        return ()
    said = [json.loads(get_attribute(table_node, name, "[]")) for name in (SENTENCES, WARNINGS)]
    outdated = [OUT_OF_DATE] if so_far_is_outdated(plan_node) else []
    return (*outdated, *(sentence for sentences in said for sentence in sentences))


def so_far_is_outdated(plan_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    """Tell whether the CT of the procedure is another one, or lies elsewhere, than when needles and seeds were found.

    Where the CT is gone, what was found on it stands.
    """
    node, table_node = plan_part(plan_node, PlanRole.PROCEDURE_IMAGE), plan_part(plan_node, PlanRole.SO_FAR)
    if node is None or table_node is None:
        return False
    return not is_current(table_node, image_contents(node))


def check_so_far_current(plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse to plan round what was found on another CT than that of the procedure as it is now.

    Raises
    ------
    PlanError
        The CT was exchanged or moved since.
    """
    if so_far_is_outdated(plan_node):
        raise PlanError(f"Plan {plan_node.GetName()!r}: {OUT_OF_DATE[0].lower()}{OUT_OF_DATE[1:]}")


def draw_so_far(plan_node: slicer.vtkMRMLScriptedModuleNode, found: ImplantedSoFar) -> None:
    """Draw what was found and is used: needles as tubes, seeds as cylinders, in slices and 3D."""
    for role, what, mesh in (
        (PlanRole.SO_FAR_NEEDLES, "needles found", needle_tubes(found.needles)),
        (PlanRole.SO_FAR_SEEDS, "seeds found", seeds_polydata(found.seeds)),
    ):
        is_new = plan_part(plan_node, role) is None
        model = PARTS.made(plan_node, role, "vtkMRMLModelNode", what)
        model.SetAndObserveMesh(mesh)
        if is_new:
            _dress(model, NEEDLE_OPACITY if role is PlanRole.SO_FAR_NEEDLES else 1.0)


def _dress(model: slicer.vtkMRMLModelNode, opacity: float) -> None:
    model.SetSelectable(False)
    model.CreateDefaultDisplayNodes()
    display = model.GetDisplayNode()
    with modify(display):
        display.SetColor(*FOUND_COLOUR)
        display.SetOpacity(opacity)
        display.SetVisibility2D(True)
        display.SetSliceIntersectionThickness(2)


def _sentences(problem: ImplantProblem, found: ImplantedSoFar, dose: DoseSoFar) -> list[str]:
    share = 100 * dose.d90_gy / problem.prescription_gy
    missing = len(found.not_inserted)
    said = [
        f"Used of what was found: {found.seeds.count} seeds and {len(found.needles)} needles, {len(found.in_place)} of "
        f"them in place; {missing} planned {'needle is' if missing == 1 else 'needles are'} not begun.",
        f"Dose so far in {problem.target}: D90 {dose.d90_gy:.0f} Gy ({share:.0f} %), V100 {dose.v100_percent:.1f} %.",
    ]
    for region in dose.cold_regions[:MOST_REGIONS]:
        said.append(f"Cold: {region.volume_cc:.2f} cc, {region.where}, down to {region.least_gy:.0f} Gy.")
    more = len(dose.cold_regions) - MOST_REGIONS
    return [*said, f"Cold: {more} more regions."] if more > 0 else said
