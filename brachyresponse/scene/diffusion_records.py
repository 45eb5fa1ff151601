"""The diffusion of a visit as it is kept in the scene, so that it outlasts the session."""

from __future__ import annotations

from functools import lru_cache

import slicer

from brachyresponse.diffusion.record import DiffusionRecord
from brachyresponse.diffusion.record_file import SCHEMA, diffusion_text
from brachyresponse.errors import DiffusionError
from brachyresponse.perfusion.study.record_fields import read_fields
from brachyresponse.planning.record import parse_record
from brachyresponse.scene.response_parts import VisitPart, own_visit_node, visit_part
from brachyresponse.scene.response_visits import day_of_visit


def write_diffusion_record(visit_node: slicer.vtkMRMLScriptedModuleNode, record: DiffusionRecord) -> None:
    """Keep what was measured with its visit."""
    node = own_visit_node(visit_node, VisitPart.DIFFUSION_RECORD, "vtkMRMLTextNode", "diffusion record")
    node.SetHideFromEditors(True)
    node.SetText(diffusion_text(record))


def diffusion_record_text(visit_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return the text that is kept; empty before anything was measured."""
    node = visit_part(visit_node, VisitPart.DIFFUSION_RECORD)
    return "" if node is None else str(node.GetText() or "")


def read_visit_diffusion(visit_node: slicer.vtkMRMLScriptedModuleNode) -> DiffusionRecord | None:
    """Return what was measured, also in an earlier session, or None.

    Raises
    ------
    SceneError, InputFileError
        There is no such visit, or what is kept is damaged.
    """
    text = diffusion_record_text(visit_node)
    return _parsed(text, visit_node.GetName()) if text else None


def need_visit_diffusion(visit_node: slicer.vtkMRMLScriptedModuleNode) -> DiffusionRecord:
    """Return what was measured.

    Raises
    ------
    DiffusionError
        Nothing was.
    """
    record = read_visit_diffusion(visit_node)
    if record is None:
        raise DiffusionError(f"The diffusion of {day_of_visit(visit_node)} was not measured yet: measure it first.")
    return record


@lru_cache(maxsize=8)
def _parsed(text: str, name: str) -> DiffusionRecord:
    """The values in a text; kept, because a panel asks for them with every change."""
    return read_fields(DiffusionRecord, parse_record(text, name, SCHEMA))
