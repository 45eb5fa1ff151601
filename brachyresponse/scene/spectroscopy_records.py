"""What was measured of spectra, kept with them so that it outlasts the session."""

from __future__ import annotations

from functools import lru_cache

import slicer

from brachyresponse.errors import SpectroscopyError
from brachyresponse.scene.response_parts import VisitPart, require_visit, visit_parts
from brachyresponse.scene.spectroscopy_parts import SpectraRole, own_spectra_node, require_spectra, spectra_part
from brachyresponse.scene.stale import input_signature
from brachyresponse.spectroscopy.study import SpectroscopyRecord, parse_spectroscopy_record, record_text


def write_record(spectra_node: slicer.vtkMRMLScriptedModuleNode, record: SpectroscopyRecord) -> None:
    """Keep the values of spectra with them."""
    node = own_spectra_node(spectra_node, SpectraRole.RECORD, "vtkMRMLTextNode", "record")
    node.SetHideFromEditors(True)
    node.SetText(record_text(record))


def read_record(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> SpectroscopyRecord | None:
    """Return the values of spectra as they were last measured, also in an earlier session, or None.

    Raises
    ------
    BrachyResponseError
        There are no such spectra, or what is kept is damaged.
    """
    require_spectra(spectra_node)
    node = spectra_part(spectra_node, SpectraRole.RECORD)
    if node is None or not node.GetText():
        return None
    return _parsed(node.GetText(), node.GetName())


def need_record(spectra_node: slicer.vtkMRMLScriptedModuleNode) -> SpectroscopyRecord:
    """Return the values of spectra as they were last measured.

    Raises
    ------
    SpectroscopyError
        They were not measured yet.
    """
    record = read_record(spectra_node)
    if record is None:
        raise SpectroscopyError(f"Spectra {spectra_node.GetName()!r} were not fitted yet: fit them first.")
    return record


def read_records(visit_node: slicer.vtkMRMLScriptedModuleNode) -> list[SpectroscopyRecord]:
    """Return what was measured of the spectra of a visit; those that were not fitted are not in it.

    Raises
    ------
    BrachyResponseError
        There is no such visit, or what is kept is damaged.
    """
    require_visit(visit_node)
    found = (read_record(node) for node in visit_parts(visit_node, VisitPart.SPECTRA))
    return [record for record in found if record is not None]


def spectra_signature(visit_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that is another one when what was measured of a visit's spectra changes; the same after loading."""
    require_visit(visit_node)
    nodes = (spectra_part(node, SpectraRole.RECORD) for node in visit_parts(visit_node, VisitPart.SPECTRA))
    return input_signature(*("" if node is None else str(node.GetText()) for node in nodes))


@lru_cache(maxsize=8)
def _parsed(text: str, name: str) -> SpectroscopyRecord:
    """The values in a text; kept, because a panel asks for them with every change."""
    return parse_spectroscopy_record(text, name)
