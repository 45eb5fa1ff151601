"""The series of a visit held against the imaging protocol."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import slicer

from brachyresponse.errors import GeometryError
from brachyresponse.geometry import Grid
from brachyresponse.planning import Table
from brachyresponse.response.schedule import ProtocolCheck, SeriesFacts, SeriesKind, check_protocol, series_facts
from brachyresponse.scene.dicom_facts import INSTANCE_UIDS
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_parts
from brachyresponse.scene.response_parts import VisitPart, own_visit_node, visit_part, visit_parts
from brachyresponse.scene.tables import write_table
from brachyresponse.scene.volumes import read_grid

COLUMNS = ("sequence", "plane", "found", "verdict", "sentence")
KEYWORDS = {
    "Modality": "0008,0060",
    "SeriesDescription": "0008,103e",
    "ProtocolName": "0018,1030",
    "SequenceName": "0018,0024",
    "ImageType": "0008,0008",
    "EchoTime": "0018,0081",
    "RepetitionTime": "0018,0080",
    "InversionTime": "0018,0082",
    "SliceThickness": "0018,0050",
    "ContrastBolusAgent": "0018,0010",
}
"""Of DICOM, by what a series is told; the database knows them by their tags."""
B_VALUE, B_TAG = "DiffusionBValue", "0018,9087"


def check_visit_protocol(
    visit_node: slicer.vtkMRMLScriptedModuleNode, protocol: str, *, is_advanced_called_for: bool
) -> ProtocolCheck:
    """Hold the series of a visit against a protocol; nothing is written.

    Raises
    ------
    SceneError, ResponseError
        There is no such visit or protocol.
    """
    return check_protocol(visit_series(visit_node), protocol, is_advanced_called_for=is_advanced_called_for)


def write_protocol(visit_node: slicer.vtkMRMLScriptedModuleNode, check: ProtocolCheck) -> slicer.vtkMRMLTableNode:
    """Write what was found of a protocol as a table of the visit, and return it."""
    rows = tuple(
        (row.kind.value, "" if row.plane is None else row.plane.value, row.found, row.verdict.value, row.sentence)
        for row in check.rows
    )
    node = own_visit_node(visit_node, VisitPart.PROTOCOL, "vtkMRMLTableNode", "protocol")
    return write_table(Table("Protocol", COLUMNS, rows), node)


def visit_series(visit_node: slicer.vtkMRMLScriptedModuleNode) -> list[SeriesFacts]:
    """Return what is known of the series of a visit: its image, its series, those of its perfusion study."""
    nodes = [*visit_parts(visit_node, VisitPart.VOLUME), *visit_parts(visit_node, VisitPart.SERIES)]
    distinct = [node for place, node in enumerate(nodes) if not any(node is other for other in nodes[:place])]
    return [*map(facts_of_series, distinct), *_perfusion(visit_part(visit_node, VisitPart.PERFUSION))]


def facts_of_series(node: slicer.vtkMRMLNode) -> SeriesFacts:
    """Return what a series is, as DICOM tells it where it is known, else its attributes and its name."""
    attributes = {name: node.GetAttribute(name) for name in node.GetAttributeNames()}
    return series_facts({**attributes, **_header(node)}, name=node.GetName(), grid=_grid(node))


def _header(node: slicer.vtkMRMLNode) -> dict[str, str | list[str]]:
    uids = (node.GetAttribute(INSTANCE_UIDS) or "").split()
    database = getattr(slicer, "dicomDatabase", None)
    if not uids or database is None or not database.isOpen:
        return {}
    found: dict[str, str | list[str]] = {
        keyword: value
        for keyword, tag in KEYWORDS.items()
        if (value := str(database.instanceValue(uids[0], tag)).strip())
    }
    b_values = sorted({value for uid in uids if (value := str(database.instanceValue(uid, B_TAG)).strip())})
    return {**found, B_VALUE: b_values} if b_values else found


def _grid(node: slicer.vtkMRMLNode) -> Grid | None:
    frame = node.GetNthDataNode(0) if node.IsA("vtkMRMLSequenceNode") else node
    try:
        return read_grid(frame, "series")
    except GeometryError:  # no image, or a warped one: its plane is then that of the header
        return None


def _perfusion(perfusion_node: slicer.vtkMRMLScriptedModuleNode | None) -> Iterator[SeriesFacts]:
    """The dynamic series of a perfusion study, which is perfusion whatever it is called."""
    if perfusion_node is None:
        return
    for node in perfusion_parts(perfusion_node, PerfusionRole.SERIES)[:1]:
        said = f"It is the series of the perfusion study {perfusion_node.GetName()!r}."
        yield replace(facts_of_series(node), kind=SeriesKind.PERFUSION, kind_sentence=said)
