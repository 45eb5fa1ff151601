"""Measuring the diffusion of a visit: read first, compute, and write only when all of it is there."""

from __future__ import annotations

import slicer

from brachyresponse.diffusion.measure import measure_diffusion
from brachyresponse.diffusion.record import DiffusionRecord, record_of
from brachyresponse.diffusion.record_file import diffusion_table
from brachyresponse.errors import DiffusionError
from brachyresponse.progress import Report
from brachyresponse.scene.diffusion_histogram import write_histogram
from brachyresponse.scene.diffusion_records import read_visit_diffusion, write_diffusion_record
from brachyresponse.scene.diffusion_request import read_diffusion_request
from brachyresponse.scene.diffusion_staleness import mark_diffusion_current
from brachyresponse.scene.nodes import SceneError, batch
from brachyresponse.scene.response_lesions import find_entry, read_entries, segment_of
from brachyresponse.scene.response_parts import VisitPart, own_visit_node
from brachyresponse.scene.response_visits import day_of_visit
from brachyresponse.scene.tables import write_table


def measure_visit_diffusion(
    visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str | None, report: Report
) -> DiffusionRecord:
    """Measure the diffusion of a lesion, or of all that are drawn, and write it into the nodes of the visit.

    Lesions that were measured before are measured again with it, so that the record is of one state of the scene.

    Raises
    ------
    BrachyResponseError
        Something is missing or cannot be read or measured; then what was measured before stays.
    SceneError
        The visit was removed while it was measured.
    Cancelled
        By the report; then what was measured before stays.
    """
    name = visit_node.GetName()
    request = read_diffusion_request(visit_node, _lesions(visit_node, lesion_id))
    record = record_of(measure_diffusion(request, report=report))
    if visit_node.GetScene() is None:
        raise SceneError(f"Visit {name!r} was removed while its diffusion was measured: nothing was written.")
    with batch(visit_node.GetScene()):
        write_diffusion_record(visit_node, record)
        table = own_visit_node(visit_node, VisitPart.DIFFUSION_TABLE, "vtkMRMLTableNode", "diffusion")
        write_table(diffusion_table(record), table)
        write_histogram(visit_node, record)
    mark_diffusion_current(visit_node)
    return record


def _lesions(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion_id: str | None) -> tuple[str, ...]:
    """The lesions to be measured, in the order of the visit."""
    before = read_visit_diffusion(visit_node)
    known = () if before is None else before.lesions
    drawn = [entry.id for entry in read_entries(visit_node) if segment_of(visit_node, entry) is not None]
    if lesion_id is not None:
        asked = find_entry(visit_node, lesion_id).id
        return (*(id_ for id_ in drawn if id_ in known and id_ != asked), asked)
    if not drawn:
        raise DiffusionError(
            f"The visit of {day_of_visit(visit_node)} has no lesion with a segment: draw one, then measure."
        )
    return tuple(drawn)
