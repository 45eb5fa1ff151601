"""Setting a plan up: image, prescription, source. Checked first, written last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning import load_profile
from brachyresponse.scene.nodes import batch, require_node
from brachyresponse.scene.plan_choices import PlanChoices, read_plan_choices, write_plan_choices
from brachyresponse.scene.plan_fields import PlanField, plan_day, plan_text, set_plan_field
from brachyresponse.scene.plan_parts import PlanRole, plan_part, set_plan_part
from brachyresponse.scene.plan_rules import reset_rule_limits
from brachyresponse.scene.plan_structures import (
    PlanSegments,
    write_plan_segments,
)
from brachyresponse.scene.plans import create_plan, duplicate_plan, seeds_node_of
from brachyresponse.scene.seed_source import write_source
from brachyresponse.scene.volumes import read_grid
from brachyresponse.sources import Source, load_source, mbq_to_u

DEFAULT_SOURCE = "amersham_6711"
DEFAULT_PRESCRIPTION_GY = 120.0
DEFAULT_ACTIVITY_MBQ = 18.5
DEFAULT_PROFILE = "own"


def start_plan(scene: slicer.vtkMRMLScene, name: str = "Plan") -> slicer.vtkMRMLScriptedModuleNode:
    """Add a plan with values to start from, all shown on the panel: 120 Gy, 18.5 MBq a seed, implanted today."""
    source = load_source(DEFAULT_SOURCE)
    with batch(scene):
        plan_node = create_plan(scene, name)
        set_plan_field(plan_node, PlanField.PRESCRIPTION_GY, DEFAULT_PRESCRIPTION_GY)
        set_plan_field(plan_node, PlanField.IMPLANT_DATE, date.today())
        set_plan_field(plan_node, PlanField.PROFILE, DEFAULT_PROFILE)
        write_plan_choices(plan_node, PlanChoices(mbq_to_u(DEFAULT_ACTIVITY_MBQ, source.radionuclide)))
        set_source(plan_node, DEFAULT_SOURCE)
    return plan_node


def copy_plan(plan_node: slicer.vtkMRMLScriptedModuleNode, name: str) -> slicer.vtkMRMLScriptedModuleNode:
    """Add a plan like another one, to be changed and compared; results are not copied."""
    choices = read_plan_choices(plan_node)
    with batch(plan_node.GetScene()):
        copied = duplicate_plan(plan_node, name)
        write_plan_choices(copied, choices)
        set_source(copied, plan_text(plan_node, PlanField.SOURCE), plan_text(plan_node, PlanField.SURROGATE_FOR))
    return copied


def set_image(plan_node: slicer.vtkMRMLScriptedModuleNode, volume_node: slicer.vtkMRMLScalarVolumeNode | None) -> None:
    """Choose the planning image of a plan.

    Raises
    ------
    SceneError, GeometryError
        There is no such plan, or the node is no image that can be used.
    """
    if volume_node is not None:
        read_grid(volume_node, "planning image")
    set_plan_part(plan_node, PlanRole.PLANNING_VOLUME, volume_node)


def set_segmentation(
    plan_node: slicer.vtkMRMLScriptedModuleNode, segmentation_node: slicer.vtkMRMLSegmentationNode | None
) -> None:
    """Choose the segmentation of a plan; with another one, the structures are to be chosen again."""
    if segmentation_node is not None:
        require_node(segmentation_node, "vtkMRMLSegmentationNode", "segmentation")
    if segmentation_node is plan_part(plan_node, PlanRole.SEGMENTATION):
        return
    choices = replace(read_plan_choices(plan_node), avoid=(), barriers=())
    set_plan_part(plan_node, PlanRole.SEGMENTATION, segmentation_node)
    write_plan_segments(plan_node, PlanSegments())
    write_plan_choices(plan_node, choices)


def set_prescription(
    plan_node: slicer.vtkMRMLScriptedModuleNode, prescription_gy: float, profile: str | None = None
) -> None:
    """Set the prescribed dose, and the site profile unless it stays; another one has its own limits of the rules.

    Raises
    ------
    SceneError, PlanError, InputFileError
        There is no such plan or profile, or the dose is not a positive number.
    """
    if not (np.isfinite(prescription_gy) and prescription_gy > 0):
        raise PlanError(f"The prescription is {prescription_gy} Gy: give a positive dose.")
    if profile is not None:
        load_profile(profile)
        if profile != plan_text(plan_node, PlanField.PROFILE):
            reset_rule_limits(plan_node)
        set_plan_field(plan_node, PlanField.PROFILE, profile)
    set_plan_field(plan_node, PlanField.PRESCRIPTION_GY, repr(float(prescription_gy)))


def set_source(plan_node: slicer.vtkMRMLScriptedModuleNode, source: str, surrogate_for: str = "") -> None:
    """Choose the seed model by name or JSON file, and the seed it stands in for, if any.

    Raises
    ------
    SceneError, SourceError, InputFileError
        There is no such plan or model, or the file cannot be read.
    """
    load_source(source)
    seeds_node = seeds_node_of(plan_node)
    set_plan_field(plan_node, PlanField.SOURCE, source)
    set_plan_field(plan_node, PlanField.SURROGATE_FOR, surrogate_for)
    write_source(
        seeds_node, source, surrogate_for=surrogate_for, reference_time=plan_day(plan_node, PlanField.IMPLANT_DATE)
    )


def read_plan_source(plan_node: slicer.vtkMRMLScriptedModuleNode) -> Source:
    """Return the seed model of a plan.

    Raises
    ------
    SceneError, SourceError, InputFileError
        There is no such plan or model.
    """
    return load_source(plan_text(plan_node, PlanField.SOURCE))


def as_day(what: str, value: date | str) -> date:
    """Return a date given as one or as text.

    Raises
    ------
    PlanError
        The text is not a date.
    """
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise PlanError(f"The {what} {value!r} is not a date: write it as 2026-03-06.") from error


def set_patient(
    plan_node: slicer.vtkMRMLScriptedModuleNode, patient_id: str | None, image_date: date | str | None
) -> None:
    """Set patient ID and date of the planning image; None leaves one as it is.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or the text is not a date.
    """
    day = None if image_date is None else as_day("date of the planning image", image_date)
    if patient_id is not None:
        set_plan_field(plan_node, PlanField.PATIENT_ID, patient_id.strip())
    if day is not None:
        set_plan_field(plan_node, PlanField.PLANNING_IMAGE_DATE, day)
