"""Whether the diffusion of a visit still belongs to what it was measured on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import slicer

from brachyresponse.scene.contents import drawn_contents, image_contents, in_steps
from brachyresponse.scene.diffusion_choices import diffusion_volume, reference_segment
from brachyresponse.scene.diffusion_fields import DiffusionField, diffusion_text
from brachyresponse.scene.diffusion_records import read_visit_diffusion
from brachyresponse.scene.nodes import get_attribute
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part
from brachyresponse.scene.perfusion_segments import MASK, ChosenSegment, chosen_segment, chosen_slots
from brachyresponse.scene.response_implant_seeds import implant_on
from brachyresponse.scene.response_lesions import read_entries, segment_of
from brachyresponse.scene.response_parts import VisitPart, visit_part, visit_parts
from brachyresponse.scene.stale import SIGNATURE, input_signature, is_current, mark_current, stale_reason

RESULT_ROLES = (VisitPart.DIFFUSION_RECORD, VisitPart.DIFFUSION_TABLE, VisitPart.HISTOGRAM)
THE_MAP, REFERENCE = "the ADC map or what is known of it was changed", "the white matter was changed"
A_LESION, LEFT_OUT = "a lesion was changed", "what is left out was changed"
AN_IMAGE, SEEDS = "an image was changed", "the seeds were changed"
REASONS = (THE_MAP, REFERENCE, A_LESION, LEFT_OUT, AN_IMAGE, SEEDS)
"""In the order of the parts of a signature."""


def mark_diffusion_current(visit_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Say of what was measured that it was made from what the scene holds now."""
    nodes = [node for role in RESULT_ROLES for node in visit_parts(visit_node, role)]
    mark_current(nodes, diffusion_signature(visit_node))


def stale_diffusion_reason(visit_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why what was measured no longer holds; empty while it does, or while nothing was.

    Raises
    ------
    SceneError, InputFileError
        There is no such visit, or what is kept is damaged.
    """
    record = visit_part(visit_node, VisitPart.DIFFUSION_RECORD)
    if record is None or stale_reason(record) or is_current(record, signature := diffusion_signature(visit_node)):
        return "" if record is None else stale_reason(record)
    before = get_attribute(record, SIGNATURE).split()
    changed = [why for why, was, now in zip_longest(REASONS, before, signature.split()) if was != now]
    return changed[0] if changed else THE_MAP


def diffusion_signature(visit_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that is another one when something changes that diffusion is measured on; the same after loading.

    Raises
    ------
    SceneError, InputFileError
        There is no such visit, or what is kept is damaged.
    """
    implant = implant_on(visit_node)
    image, perfusion = (visit_part(visit_node, role) for role in (VisitPart.VOLUME, VisitPart.PERFUSION))
    t2star = None if perfusion is None else perfusion_part(perfusion, PerfusionRole.T2_STAR)
    said = [diffusion_text(visit_node, field) for field in DiffusionField if field is not DiffusionField.REFERENCE]
    subjects = (
        (_image(diffusion_volume(visit_node)), said),
        _drawn(reference_segment(visit_node)),
        list(_lesions(visit_node)),
        [] if perfusion is None else list(_masks(perfusion)),
        (_image(image), _image(t2star)),
        "" if implant.seeds is None else in_steps(implant.seeds.positions_mm),
    )
    return " ".join(input_signature(subject) for subject in subjects)


def _lesions(visit_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[tuple[str, str]]:
    """The lesions that were measured, as they are drawn now."""
    record = read_visit_diffusion(visit_node)
    drawn = {entry.id: segment_of(visit_node, entry) for entry in read_entries(visit_node)}
    for name in () if record is None else record.lesions:
        yield name, _drawn(drawn.get(name))


def _masks(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[tuple[str, str]]:
    for slot in chosen_slots(perfusion_node, MASK):
        yield slot, _drawn(chosen_segment(perfusion_node, slot))


def _drawn(chosen: ChosenSegment | None) -> str:
    return "" if chosen is None or not chosen.exists else drawn_contents(chosen.node, chosen.segment_id)


def _image(node: slicer.vtkMRMLVolumeNode | None) -> str:
    return "" if node is None else image_contents(node)
