"""The digital patient in the scene: images, structures, and a plan that is ready for needles."""

from __future__ import annotations

from collections.abc import Mapping

import slicer

from brachyresponse.digital_patient import DigitalPatient
from brachyresponse.geometry import Structure, Volume
from brachyresponse.scene.hierarchy import place, root_folder
from brachyresponse.scene.nodes import add_node, batch
from brachyresponse.scene.plan_fields import PlanField, set_plan_field
from brachyresponse.scene.plan_parts import PlanRole, set_plan_part
from brachyresponse.scene.plan_setup import start_plan
from brachyresponse.scene.plan_structures import PlanSegments, write_plan_segments
from brachyresponse.scene.segments import write_structure
from brachyresponse.scene.volumes import write_image

WINDOWS = {"HU": (120.0, 40.0)}
COLOURS = {
    "GTV": (0.92, 0.35, 0.31),
    "Brainstem": (0.36, 0.67, 0.93),
    "Ventricles": (0.50, 0.78, 0.92),
    "Vessel": (0.80, 0.15, 0.20),
    "Skull": (0.93, 0.90, 0.80),
    "External": (0.85, 0.75, 0.65),
}
TARGET, SKIN = "GTV", "External"
ORGANS = ("Brainstem", "Ventricles", "Vessel")


def write_sample_patient(patient: DigitalPatient, scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScriptedModuleNode:
    """Add the images and structures of the digital patient and a plan for its tumour, and return the plan."""
    with batch(scene):
        ct_node, mri_node = add_volume(patient.ct, scene), add_volume(patient.mri, scene)
        segmentation_node = add_structures(patient.structures, ct_node, scene)
        for node in (ct_node, mri_node, segmentation_node):
            place(node, root_folder(scene))
        plan_node = start_plan(scene)
        set_plan_part(plan_node, PlanRole.PLANNING_VOLUME, ct_node)
        set_plan_part(plan_node, PlanRole.SEGMENTATION, segmentation_node)
        set_plan_field(plan_node, PlanField.PATIENT_ID, patient.patient_id)
        set_plan_field(plan_node, PlanField.FRAME_OF_REFERENCE_UID, patient.frame_of_reference_uid)
        set_plan_field(plan_node, PlanField.PLANNING_IMAGE_DATE, patient.planning_ct_date)
        set_plan_field(plan_node, PlanField.IMPLANT_DATE, patient.implant_date)
        set_plan_field(plan_node, PlanField.PROFILE, "brain")
        write_plan_segments(plan_node, _roles(segmentation_node))
    return plan_node


def add_volume(volume: Volume, scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScalarVolumeNode:
    """Add an image, with a window that suits its unit, and return its node."""
    node = add_node(scene, "vtkMRMLScalarVolumeNode", volume.name)
    write_image(volume.values, volume.grid, node)
    node.CreateDefaultDisplayNodes()
    if volume.unit in WINDOWS:
        node.GetDisplayNode().AutoWindowLevelOff()
        node.GetDisplayNode().SetWindowLevel(*WINDOWS[volume.unit])
    return node


def add_structures(
    structures: Mapping[str, Structure],
    ct_node: slicer.vtkMRMLScalarVolumeNode,
    scene: slicer.vtkMRMLScene,
    name: str = "Structures",
) -> slicer.vtkMRMLSegmentationNode:
    """Add the structures drawn on a CT as a segmentation, shown as outlines, and return its node."""
    node = add_node(scene, "vtkMRMLSegmentationNode", name)
    node.CreateDefaultDisplayNodes()
    node.SetReferenceImageGeometryParameterFromVolumeNode(ct_node)
    for label, structure in structures.items():
        write_structure(structure, node, label, COLOURS.get(label))
    display = node.GetDisplayNode()
    display.SetOpacity2DFill(0.0)
    for label in ("Skull", SKIN):
        display.SetSegmentVisibility(node.GetSegmentation().GetSegmentIdBySegmentName(label), False)
    return node


def _roles(segmentation_node: slicer.vtkMRMLSegmentationNode) -> PlanSegments:
    segment_id = segmentation_node.GetSegmentation().GetSegmentIdBySegmentName
    return PlanSegments(
        gtv=segment_id(TARGET), organs=tuple(segment_id(organ) for organ in ORGANS), skin=segment_id(SKIN)
    )
