"""A plan of the scene as a plan of a balloon: read from its nodes, with its anatomy."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.errors import PlanError, StructureError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning import PlanAnatomy
from brachyresponse.planning.balloon import BalloonPlan, BalloonSphere
from brachyresponse.scene.balloon_settings import (
    BalloonSettings,
    BalloonShapeKind,
    interruptions_of,
    read_balloon_settings,
)
from brachyresponse.scene.plan_anatomy import anatomy_of
from brachyresponse.scene.plan_choices import read_plan_choices
from brachyresponse.scene.plan_fields import PlanField, plan_moment, plan_number, plan_text
from brachyresponse.scene.plan_parts import PlanRole, need_plan_part, plan_part
from brachyresponse.scene.plan_points import choose_points, made_points
from brachyresponse.scene.plan_structures import read_plan_segments, read_plan_structure
from brachyresponse.scene.segments import segment_name
from brachyresponse.scene.source_kind import require_balloon
from brachyresponse.scene.volumes import read_grid

CENTRE_COLOUR = (0.25, 0.75, 0.95)
UNKNOWN = 0.0


def read_balloon_node(plan_node: slicer.vtkMRMLScriptedModuleNode) -> BalloonPlan:
    """Return the balloon plan that a node stands for.

    Raises
    ------
    SceneError, PlanError, StructureError, GeometryError
        There is no such plan or it is of seeds, or something of it is missing or contradicts itself.
    """
    require_balloon(plan_node)
    kept = read_balloon_settings(plan_node)
    return BalloonPlan(
        name=plan_node.GetName(),
        patient_id=plan_text(plan_node, PlanField.PATIENT_ID),
        frame_of_reference_uid=plan_text(plan_node, PlanField.FRAME_OF_REFERENCE_UID),
        created=plan_moment(plan_node, PlanField.CREATED),
        balloon=_balloon(plan_node, kept),
        activity_mbq=kept.activity_mbq,
        assayed=kept.assayed,
        filled=kept.filled,
        removed=kept.removed,
        prescription_gy=plan_number(plan_node, PlanField.PRESCRIPTION_GY),
        prescription_depth_mm=kept.depth_mm,
        interruptions=interruptions_of(kept.interruptions),
        wall_mm=kept.wall_mm,
        liquid=kept.liquid,
        fill_volume_ml=_if_known(kept.fill_volume_ml),
        balloon_model=kept.balloon_model,
        recovered_mbq=_if_known(kept.recovered_mbq),
        barriers=_names(plan_node, read_plan_choices(plan_node).barriers),
        gaps=_names(plan_node, kept.gaps),
        notes=plan_text(plan_node, PlanField.NOTES),
    )


def read_balloon_anatomy(plan_node: slicer.vtkMRMLScriptedModuleNode) -> PlanAnatomy:
    """Return the structures of a balloon plan with their roles; targets that are drawn are beside its shells.

    Raises
    ------
    SceneError, PlanError, StructureError, GeometryError
        A segment cannot be read, or two segments have one name.
    """
    kept, barriers = read_balloon_settings(plan_node), read_plan_choices(plan_node).barriers
    drawn = (kept.segment,) if kept.shape is BalloonShapeKind.SEGMENT else ()
    return anatomy_of(plan_node, read_plan_segments(plan_node), beside=(*drawn, *barriers, *kept.gaps))


def check_balloon_in_image(plan_node: slicer.vtkMRMLScriptedModuleNode, outer: Structure) -> None:
    """Refuse a balloon that is not wholly inside the planning image, where one is chosen.

    Raises
    ------
    StructureError
        Part of it lies outside.
    """
    volume_node = plan_part(plan_node, PlanRole.PLANNING_VOLUME)
    if volume_node is None:
        return
    grid: Grid = read_grid(volume_node, "planning image")
    corners = np.stack(np.meshgrid(*np.stack(outer.bounds_mm()).T, indexing="ij"), axis=-1).reshape(-1, 3)
    touched = outer.grid.to_ras(np.argwhere(outer.mask)[:, ::-1]) if not grid.contains(corners).all() else corners
    if not grid.contains(touched).all():
        raise StructureError(
            f"The balloon {outer.name!r} reaches beyond the image {volume_node.GetName()!r}: check its centre and "
            "size, or choose an image that holds all of it."
        )


def balloon_centre_node(plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLMarkupsFiducialNode | None:
    """Return the point at the centre of a spherical balloon, or None."""
    return plan_part(plan_node, PlanRole.BALLOON_CENTRE)


def set_balloon_centre(
    plan_node: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLMarkupsFiducialNode | None
) -> None:
    """Choose the point at the centre of a spherical balloon; without one it is in the middle of the target.

    Raises
    ------
    SceneError
        There is no such plan, or the node is no list of points.
    """
    choose_points(plan_node, PlanRole.BALLOON_CENTRE, node, "centre of the balloon")


def start_balloon_centre(plan_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLMarkupsFiducialNode:
    """Return the node for the user to click the centre of the balloon into; it is made when absent."""
    return made_points(plan_node, PlanRole.BALLOON_CENTRE, "balloon centre", CENTRE_COLOUR, most=1)


def clicked_centre_mm(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[float, float, float] | None:
    """Return the point at the centre of the balloon, RAS; None where none is set."""
    node = balloon_centre_node(plan_node)
    if node is None or not node.GetNumberOfControlPoints():
        return None
    if node.GetNthControlPointPositionStatus(0) != node.PositionDefined:
        return None  # it still follows the mouse
    r, a, s = node.GetNthControlPointPositionWorld(0)
    return float(r), float(a), float(s)


def balloon_sphere(plan_node: slicer.vtkMRMLScriptedModuleNode) -> BalloonSphere:
    """Return the sphere of a plan whose balloon is one.

    Raises
    ------
    SceneError, PlanError, StructureError, GeometryError
        There is no such plan, or neither a centre nor a target is set.
    """
    kept = read_balloon_settings(plan_node)
    centre_mm = clicked_centre_mm(plan_node) or _middle_of_target(plan_node)
    if kept.shape is BalloonShapeKind.VOLUME:
        return BalloonSphere.holding(kept.volume_ml, centre_mm, wall_mm=kept.wall_mm)
    return BalloonSphere(centre_mm, kept.diameter_mm)


def _balloon(plan_node: slicer.vtkMRMLScriptedModuleNode, kept: BalloonSettings) -> str | BalloonSphere:
    if kept.shape is not BalloonShapeKind.SEGMENT:
        return balloon_sphere(plan_node)
    if not kept.segment:
        raise PlanError(f"Plan {plan_node.GetName()!r} has no balloon: choose its segment, or a sphere.")
    return _names(plan_node, (kept.segment,))[0]


def _middle_of_target(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[float, float, float]:
    target = read_plan_segments(plan_node).target
    if not target:
        raise PlanError(
            f"Plan {plan_node.GetName()!r} has neither a centre of the balloon nor a target: set the centre by a point."
        )
    r, a, s = read_plan_structure(plan_node, target).centre_mm
    return float(r), float(a), float(s)


def _names(plan_node: slicer.vtkMRMLScriptedModuleNode, segments: tuple[str, ...]) -> tuple[str, ...]:
    if not segments:
        return ()
    segmentation = need_plan_part(plan_node, PlanRole.SEGMENTATION, "segmentation")
    return tuple(segment_name(segmentation, segment) for segment in segments)


def _if_known(value: float) -> float | None:
    return None if value == UNKNOWN else value
