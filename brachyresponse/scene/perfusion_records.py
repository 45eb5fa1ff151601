"""The values of a study as they are written to files, kept in the scene so that they outlast the session."""

from __future__ import annotations

from functools import lru_cache

import slicer

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.interpretation import Interpretation
from brachyresponse.perfusion.study.record import PerfusionRecord
from brachyresponse.perfusion.study.record_fields import read_fields
from brachyresponse.perfusion.study.record_file import SCHEMA, record_text
from brachyresponse.planning.record import parse_record
from brachyresponse.scene.perfusion_parts import PerfusionRole, own_perfusion_node, perfusion_part


def write_record(perfusion_node: slicer.vtkMRMLScriptedModuleNode, record: PerfusionRecord) -> None:
    """Keep the values of a study with it."""
    node = own_perfusion_node(perfusion_node, PerfusionRole.RECORD, "vtkMRMLTextNode", "record")
    node.SetHideFromEditors(True)
    node.SetText(record_text(record))


def read_record(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> PerfusionRecord | None:
    """Return the values of a study as it was last measured, also in an earlier session, or None.

    Raises
    ------
    BrachyResponseError
        There is no such study, or what is kept is damaged.
    """
    node = perfusion_part(perfusion_node, PerfusionRole.RECORD)
    if node is None or not node.GetText():
        return None
    return _parsed(node.GetText(), node.GetName())


@lru_cache(maxsize=8)
def _parsed(text: str, name: str) -> PerfusionRecord:
    """The values in a text; kept, because a panel asks for them with every change."""
    return read_fields(PerfusionRecord, parse_record(text, name, SCHEMA))


def need_record(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> PerfusionRecord:
    """Return the values of a study as it was last measured.

    Raises
    ------
    PerfusionError
        It was not measured yet.
    """
    record = read_record(perfusion_node)
    if record is None:
        raise PerfusionError(f"Perfusion study {perfusion_node.GetName()!r} was not measured yet: measure it first.")
    return record


def interpretations_of(record: PerfusionRecord) -> dict[str, Interpretation]:
    """Return what was concluded of each lesion."""
    entries = record.interpretations
    return {each.lesion: Interpretation(each.lesion, each.verdict, each.sentences, each.weight) for each in entries}
