"""Which segments are the lesions, the white matter, the artery and what is left out: kept on a study's node.

Each choice is a slot of its own, with a reference to its segmentation and the segment's ID, so that segments of any
segmentation of the scene can be chosen and none depends on the order of another.
"""

from __future__ import annotations

from dataclasses import dataclass

import slicer

from brachyresponse.errors import PerfusionError, StructureError
from brachyresponse.geometry import Structure
from brachyresponse.perfusion.study import MaskRole
from brachyresponse.scene.nodes import ATTRIBUTE_PREFIX, batch, get_attribute, set_attribute
from brachyresponse.scene.perfusion_parts import PerfusionRole, own_perfusion_node, perfusion_part, require_perfusion
from brachyresponse.scene.segments import read_structure, segment_ids, segment_name

SEGMENT = "Segment."
LESION, WHITE_MATTER, ARTERY, VEIN, BRAIN, BARRIERS = "lesion.", "whiteMatter", "artery", "vein", "brain", "barriers"
MASK = "mask."
OTHER_ROLES = (BRAIN, BARRIERS)
"""Segments that tell something else than what is left out: where maps are computed, where growing stops."""


@dataclass(frozen=True)
class ChosenSegment:
    """A segment that was chosen for something; the segmentation is None after it was deleted."""

    node: slicer.vtkMRMLSegmentationNode | None
    segment_id: str

    @property
    def exists(self) -> bool:
        """Whether it is still in the scene."""
        return self.node is not None and self.segment_id in segment_ids(self.node)

    @property
    def name(self) -> str:
        """How the user calls it."""
        return segment_name(self.node, self.segment_id)

    def read(self) -> Structure:
        """Return the segment as a structure.

        Raises
        ------
        SceneError, StructureError, GeometryError
            It was deleted, is empty, or cannot be read.
        """
        if not self.exists:
            owner = "" if self.node is None else f" of segmentation {self.node.GetName()!r}"
            raise StructureError(f"A segment{owner} that was chosen was deleted: remove it here, or choose another.")
        return read_structure(self.node, self.segment_id)


def choose_segment(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    slot: str,
    segmentation_node: slicer.vtkMRMLSegmentationNode | None,
    segment_id: str,
) -> None:
    """Choose a segment for a slot of a study; it is read, so that an empty one is refused at once. "" is none.

    Raises
    ------
    SceneError, StructureError, GeometryError
        There is no such study or segment, or it is empty.
    """
    require_perfusion(perfusion_node)
    if segment_id:
        read_structure(segmentation_node, segment_id)
    node_id = segmentation_node.GetID() if segment_id and segmentation_node is not None else None
    perfusion_node.SetNodeReferenceID(_role(slot), node_id)
    set_attribute(perfusion_node, SEGMENT + slot, segment_id or None)


def chosen_segment(perfusion_node: slicer.vtkMRMLScriptedModuleNode, slot: str) -> ChosenSegment | None:
    """Return the segment in a slot of a study, or None."""
    require_perfusion(perfusion_node)
    segment_id = get_attribute(perfusion_node, SEGMENT + slot)
    return ChosenSegment(perfusion_node.GetNodeReference(_role(slot)), segment_id) if segment_id else None


def chosen_slots(perfusion_node: slicer.vtkMRMLScriptedModuleNode, prefix: str = "") -> list[str]:
    """Return the slots of a study that hold a segment, lesions in the order in which they were added."""
    require_perfusion(perfusion_node)
    full = ATTRIBUTE_PREFIX + SEGMENT
    names = [name.removeprefix(full) for name in perfusion_node.GetAttributeNames() if name.startswith(full)]
    return sorted((name for name in names if name.startswith(prefix)), key=lambda name: (len(name), name))


def chosen_segmentations(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLSegmentationNode]:
    """Return the segmentations that hold a chosen segment of a study, each once."""
    chosen = (chosen_segment(perfusion_node, slot) for slot in chosen_slots(perfusion_node))
    nodes = [each.node for each in chosen if each is not None and each.node is not None]
    return [node for place, node in enumerate(nodes) if not any(node is other for other in nodes[:place])]


def add_lesion(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    segmentation_node: slicer.vtkMRMLSegmentationNode,
    segment_id: str,
) -> None:
    """Add a lesion to those that are measured; one that is there already stays once.

    Raises
    ------
    SceneError, StructureError, GeometryError, PerfusionError
        There is no such study or segment, it is empty, or another lesion has its name.
    """
    name = segment_name(segmentation_node, segment_id)
    lesions = lesion_segments(perfusion_node)
    if any(lesion.node is segmentation_node and lesion.segment_id == segment_id for lesion in lesions):
        return
    if name in {lesion.name for lesion in lesions if lesion.exists}:
        raise PerfusionError(f"Another lesion is named {name!r}: rename one of the two segments.")
    numbers = [int(slot.removeprefix(LESION)) for slot in chosen_slots(perfusion_node, LESION)]
    choose_segment(perfusion_node, f"{LESION}{max(numbers, default=0) + 1}", segmentation_node, segment_id)


def remove_lesion(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    segmentation_node: slicer.vtkMRMLSegmentationNode | None,
    segment_id: str,
) -> None:
    """Measure a segment no longer; the segment itself stays."""
    for slot in chosen_slots(perfusion_node, LESION):
        chosen = chosen_segment(perfusion_node, slot)
        if chosen is not None and chosen.node is segmentation_node and chosen.segment_id == segment_id:
            choose_segment(perfusion_node, slot, None, "")


def lesion_segments(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> list[ChosenSegment]:
    """Return the lesions of a study; those whose segment was deleted are among them."""
    found = [chosen_segment(perfusion_node, slot) for slot in chosen_slots(perfusion_node, LESION)]
    return [chosen for chosen in found if chosen is not None]


def read_lesions(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> dict[str, Structure]:
    """Return the lesions of a study by name.

    Raises
    ------
    SceneError, StructureError, GeometryError, PerfusionError
        One was deleted, is empty or cannot be read, or two have one name.
    """
    lesions: dict[str, Structure] = {}
    for chosen in lesion_segments(perfusion_node):
        structure = chosen.read()
        if structure.name in lesions:
            raise PerfusionError(f"Two lesions are named {structure.name!r}: rename one of the two segments.")
        lesions[structure.name] = structure
    return lesions


def choose_mask(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode,
    role: str,
    segmentation_node: slicer.vtkMRMLSegmentationNode | None,
    segment_id: str,
) -> None:
    """Choose the segment that is the brain, or is left out as vessels, necrosis, cavity, blood; "" is none.

    Raises
    ------
    PerfusionError
        There is no such role.
    SceneError, StructureError, GeometryError
        There is no such study or segment, or it is empty.
    """
    choose_segment(perfusion_node, mask_slot(role), segmentation_node, segment_id)


def read_masks(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> dict[MaskRole, Structure]:
    """Return what is left out, by role.

    Raises
    ------
    SceneError, StructureError, GeometryError
        A segment was deleted, is empty or cannot be read.
    """
    found = {role: chosen_segment(perfusion_node, MASK + role) for role in MaskRole}
    return {role: chosen.read() for role, chosen in found.items() if chosen is not None}


def read_optional(perfusion_node: slicer.vtkMRMLScriptedModuleNode, slot: str) -> Structure | None:
    """Return the structure in a slot, or None while none is chosen.

    Raises
    ------
    SceneError, StructureError, GeometryError
        It was deleted, is empty or cannot be read.
    """
    chosen = chosen_segment(perfusion_node, slot)
    return None if chosen is None else chosen.read()


def mask_slot(role: str) -> str:
    """Return the slot of a role, "brain", "barriers" or what is left out.

    Raises
    ------
    PerfusionError
        There is none of this name.
    """
    if role in OTHER_ROLES:
        return role
    if role not in set(MaskRole):
        raise PerfusionError(f"There is no mask {role!r}: choose one of {', '.join((*OTHER_ROLES, *MaskRole))}.")
    return MASK + role


def own_segmentation(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLSegmentationNode:
    """Return the segmentation of a study for what is grown and proposed; it is made when absent."""
    node = perfusion_part(perfusion_node, PerfusionRole.SEGMENTS)
    if node is not None:
        return node
    with batch(perfusion_node.GetScene()):
        node = own_perfusion_node(perfusion_node, PerfusionRole.SEGMENTS, "vtkMRMLSegmentationNode", "segments")
        node.CreateDefaultDisplayNodes()
        volume = perfusion_part(perfusion_node, PerfusionRole.ANATOMICAL)
        if volume is not None:
            node.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    return node


def _role(slot: str) -> str:
    return f"{slot}SegmentRef"
