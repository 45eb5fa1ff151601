"""Images, seeds and dose that a study uses beside its series."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.geometry import Volume
from brachyresponse.scene.dose_volume import view_dose
from brachyresponse.scene.perfusion_parts import (
    PerfusionRole,
    perfusion_part,
    require_perfusion,
    set_perfusion_part,
)
from brachyresponse.scene.seed_notes import Axis
from brachyresponse.scene.seed_points import seed_indices, to_world, world_frames
from brachyresponse.scene.volumes import view_image
from brachyresponse.seeds import Seeds


def set_image(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    role: PerfusionRole,
    volume_node: slicer.vtkMRMLScalarVolumeNode | None,
    what: str,
) -> None:
    """Choose an image of a study; None takes it away.

    Raises
    ------
    SceneError, GeometryError
        There is no such study, or the node cannot be read as an image.
    """
    require_perfusion(perfusion_node)
    if volume_node is not None:
        view_image(volume_node, what)
    set_perfusion_part(perfusion_node, role, volume_node)


def read_volume(perfusion_node: slicer.vtkMRMLScriptedModuleNode, role: PerfusionRole, what: str) -> Volume | None:
    """Return an image of a study, its values as they lie in the scene, or None while none is chosen.

    Raises
    ------
    SceneError, GeometryError
        There is no such study, or the image cannot be read.
    """
    node = perfusion_part(perfusion_node, role)
    if node is None:
        return None
    values, grid = view_image(node, what)
    return Volume(node.GetName(), values, grid, unit="")


def set_seeds(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, seeds_node: slicer.vtkMRMLMarkupsFiducialNode | None
) -> None:
    """Choose the seeds of the implant, of a plan or of a verification; None takes them away.

    Raises
    ------
    SceneError, SeedsError, GeometryError
        There is no such study, or the node holds no seeds.
    """
    require_perfusion(perfusion_node)
    if seeds_node is not None:
        seed_places(seeds_node)
    set_perfusion_part(perfusion_node, PerfusionRole.SEEDS, seeds_node)


def read_implant(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> Seeds | None:
    """Return the seeds of the implant where they lie in the world, or None while none are chosen.

    Raises
    ------
    SceneError, SeedsError, GeometryError
        The seeds cannot be read.
    """
    node = perfusion_part(perfusion_node, PerfusionRole.SEEDS)
    return None if node is None else seed_places(node)


def set_dose(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, dose_node: slicer.vtkMRMLScalarVolumeNode | None
) -> None:
    """Choose the dose of the implant; None takes it away.

    Raises
    ------
    SceneError, DoseError, GeometryError
        There is no such study, or the node holds no dose.
    """
    require_perfusion(perfusion_node)
    if dose_node is not None:
        view_dose(dose_node)
    set_perfusion_part(perfusion_node, PerfusionRole.LIMIT_DOSE, dose_node)


def read_dose_volume(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> Volume | None:
    """Return the dose of the implant in Gy, or None while none is chosen.

    Raises
    ------
    SceneError, DoseError, GeometryError
        The dose cannot be read.
    """
    node = perfusion_part(perfusion_node, PerfusionRole.LIMIT_DOSE)
    if node is None:
        return None
    dose_gy, grid = view_dose(node)
    return Volume(node.GetName(), dose_gy, grid, unit="Gy")


def seed_places(seeds_node: slicer.vtkMRMLMarkupsFiducialNode) -> Seeds:
    """Return where the seeds of a list lie in the world; their strengths, which may not be known, are left at 1.

    Raises
    ------
    SceneError, SeedsError, GeometryError
        The node holds no seeds, or they cannot be read.
    """
    to_world(seeds_node)  # the node itself first
    frames = world_frames(seeds_node)
    notes = [seeds_node.GetNthControlPointDescription(index) for index in seed_indices(seeds_node)]
    known = np.array([f"axis={Axis.KNOWN}" in note for note in notes], bool)
    return Seeds(frames.positions_mm, frames.axes, np.ones(len(notes)), known)
