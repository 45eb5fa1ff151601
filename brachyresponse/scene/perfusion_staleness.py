"""Whether the results of a study still belong to it."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.scene.nodes import ATTRIBUTE_PREFIX
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_text
from brachyresponse.scene.perfusion_images import read_implant
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part, perfusion_parts
from brachyresponse.scene.perfusion_segments import SEGMENT, chosen_segment, chosen_slots
from brachyresponse.scene.stale import input_signature, is_current, mark_current, mark_stale, stale_reason

RESULT_ROLES = (
    PerfusionRole.RECORD,
    PerfusionRole.MAPS,
    PerfusionRole.RATIOS,
    PerfusionRole.EXCLUSIONS,
    PerfusionRole.PROTOCOL,
    PerfusionRole.CURVE_CHART,
    PerfusionRole.COMPARISON,
    PerfusionRole.TIMING,
    PerfusionRole.USED,
    PerfusionRole.INTERPRETATION,
)
IMAGE_ROLES = (
    PerfusionRole.SERIES,
    PerfusionRole.CORRECTED,
    PerfusionRole.FLIP_ANGLES,
    PerfusionRole.T1_VOLUME,
    PerfusionRole.T2_STAR,
    PerfusionRole.B1,
    PerfusionRole.LIMIT_DOSE,
    PerfusionRole.PRE_TREATMENT,
)
DESCRIBING = (PerfusionField.CREATED,)
DIGITS = 3


def mark_perfusion_current(perfusion_node: slicer.vtkMRMLScriptedModuleNode, signature: str) -> None:
    """Say of the results of a study that they were computed from the inputs of a signature."""
    mark_current(perfusion_results(perfusion_node), signature)


def mark_perfusion_stale(perfusion_node: slicer.vtkMRMLScriptedModuleNode, reason: str) -> None:
    """Say of the results of a study why they no longer hold: the end of a sentence."""
    mark_stale(perfusion_results(perfusion_node), reason)


def stale_perfusion_reason(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why the results of a study no longer hold; empty while they do, or while there are none.

    Raises
    ------
    BrachyResponseError
        There is no such study, or its nodes cannot be read.
    """
    record = perfusion_part(perfusion_node, PerfusionRole.RECORD)
    if record is None:
        return ""
    if not perfusion_parts(perfusion_node, PerfusionRole.SERIES):
        return "the series was taken away"
    if stale_reason(record) or is_current(record, perfusion_signature(perfusion_node)):
        return stale_reason(record)
    return "the series, a segment, the acquisition or a setting was changed"


def perfusion_results(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLNode]:
    """Return the nodes of a study that are computed from it."""
    return [node for role in RESULT_ROLES for node in perfusion_parts(perfusion_node, role)]


def perfusion_signature(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that is another one when something changes that the results of a study depend on.

    Images and structures are watched, not hashed: they are large. Nodes count by name, which outlasts saving. Lengths
    are rounded: markup files keep fewer digits than a double has.

    Raises
    ------
    BrachyResponseError
        There is no such study, or its seeds cannot be read.
    """
    values = tuple(perfusion_text(perfusion_node, field) for field in PerfusionField if field not in DESCRIBING)
    slots = tuple(
        (slot, perfusion_node.GetAttribute(ATTRIBUTE_PREFIX + SEGMENT + slot)) for slot in _slots(perfusion_node)
    )
    images = tuple(node.GetName() for role in IMAGE_ROLES for node in perfusion_parts(perfusion_node, role))
    seeds = read_implant(perfusion_node)
    places = () if seeds is None else (np.round(seeds.positions_mm, DIGITS), np.round(seeds.directions, DIGITS))
    return input_signature(values, slots, images, *places)


def _slots(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> list[str]:
    """The slots whose segment is there."""
    found = [(slot, chosen_segment(perfusion_node, slot)) for slot in chosen_slots(perfusion_node)]
    return [slot for slot, chosen in found if chosen is not None and chosen.exists]
