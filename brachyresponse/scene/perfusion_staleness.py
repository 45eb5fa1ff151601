"""Whether the results of a study still belong to it."""

from __future__ import annotations

import numpy as np
import slicer

from brachyresponse.scene.contents import image_contents, segment_contents
from brachyresponse.scene.nodes import get_attribute
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_text
from brachyresponse.scene.perfusion_images import read_implant
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part, perfusion_parts
from brachyresponse.scene.perfusion_segments import chosen_segment, chosen_slots
from brachyresponse.scene.stale import (
    SIGNATURE,
    input_signature,
    is_current,
    mark_current,
    mark_stale,
    stale_reason,
)

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
IMAGES = {
    "the series was changed": (PerfusionRole.SERIES, PerfusionRole.CORRECTED),
    "an image or the dose was changed": (
        PerfusionRole.FLIP_ANGLES,
        PerfusionRole.T1_VOLUME,
        PerfusionRole.T2_STAR,
        PerfusionRole.B1,
        PerfusionRole.ANATOMICAL,
        PerfusionRole.LIMIT_DOSE,
    ),
}
"""What is said when images of these roles hold something else than before."""
A_SEGMENT, THE_SEEDS = "a segment was changed", "the seeds were changed"
A_SETTING, THE_OTHER = "the acquisition or a setting was changed", "the scan before treatment was changed"
REASONS = (*IMAGES, A_SEGMENT, THE_SEEDS, A_SETTING, THE_OTHER)
"""In the order of the parts of a signature."""
BEFORE, RECORDS = (PerfusionRole.PRE_TREATMENT,), (PerfusionRole.RECORD,)
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
    if stale_reason(record) or is_current(record, signature := perfusion_signature(perfusion_node)):
        return stale_reason(record)
    before = get_attribute(record, SIGNATURE).split()
    changed = [why for why, was, now in zip(REASONS, before, signature.split(), strict=False) if was != now]
    return changed[0] if changed else A_SETTING


def perfusion_results(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLNode]:
    """Return the nodes of a study that are computed from it."""
    return [node for role in RESULT_ROLES for node in perfusion_parts(perfusion_node, role)]


def perfusion_signature(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that is another one when something changes that the results of a study depend on.

    It is the same after the scene was saved and loaded. Lengths are rounded: files keep fewer digits than a double has.

    Raises
    ------
    BrachyResponseError
        There is no such study, or its seeds cannot be read.
    """
    values = tuple(perfusion_text(perfusion_node, field) for field in PerfusionField if field not in DESCRIBING)
    images = [[image_contents(node) for node in _nodes(perfusion_node, roles)] for roles in IMAGES.values()]
    seeds = read_implant(perfusion_node)
    places = () if seeds is None else (np.round(seeds.positions_mm, DIGITS), np.round(seeds.directions, DIGITS))
    other = [node.GetText() for before in _nodes(perfusion_node, BEFORE) for node in _nodes(before, RECORDS)]
    subjects = (*images, _segments(perfusion_node), places, values, other)
    return " ".join(input_signature(subject) for subject in subjects)


def _nodes(
    perfusion_node: slicer.vtkMRMLScriptedModuleNode, roles: tuple[PerfusionRole, ...]
) -> list[slicer.vtkMRMLNode]:
    return [node for role in roles for node in perfusion_parts(perfusion_node, role)]


def _segments(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> list[tuple[str, str]]:
    """The slots whose segment is there, with what it holds."""
    found = [(slot, chosen_segment(perfusion_node, slot)) for slot in chosen_slots(perfusion_node)]
    return [
        (slot, segment_contents(chosen.node, chosen.segment_id))
        for slot, chosen in found
        if chosen is not None and chosen.exists
    ]
