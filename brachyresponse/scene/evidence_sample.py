"""The digital patient's session of advanced MRI at a visit: ADC, spectra, and evidence that can be weighed at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import slicer

from brachyresponse.digital_patient.evidence import EvidenceSession
from brachyresponse.progress import Report, share_of
from brachyresponse.response.evidence import Answer, OwnCutoff, condition, pet_finding
from brachyresponse.scene.diffusion_choices import set_checked, set_diffusion, set_reference
from brachyresponse.scene.diffusion_fields import DiffusionField
from brachyresponse.scene.diffusion_map import QUANTITY, UNITS, WINDOW_UM2_PER_S, coded
from brachyresponse.scene.diffusion_measuring import measure_visit_diffusion
from brachyresponse.scene.evidence_choices import answer_condition, set_own_cutoff
from brachyresponse.scene.evidence_findings import add_finding
from brachyresponse.scene.evidence_nodes import create_evidence
from brachyresponse.scene.evidence_tables import questions_of
from brachyresponse.scene.evidence_weighing import collect_findings, show_inputs
from brachyresponse.scene.hierarchy import place, root_folder
from brachyresponse.scene.nodes import batch
from brachyresponse.scene.perfusion_growing import WHITE_MATTER_COLOUR, WHITE_MATTER_NAME
from brachyresponse.scene.response_growing import visit_segmentation
from brachyresponse.scene.response_implant_seeds import set_visit_seeds
from brachyresponse.scene.response_visits import add_series
from brachyresponse.scene.sample_patient import add_volume
from brachyresponse.scene.seeds import create_seeds_node, write_seeds
from brachyresponse.scene.segments import write_structure
from brachyresponse.scene.spectroscopy_measuring import fit_spectra
from brachyresponse.scene.spectroscopy_nodes import add_spectra
from brachyresponse.scene.spectroscopy_voxel import set_voxels_visible

READER = "the sample's reader, who knows how the digital patient was made"
CUTOFF = OwnCutoff("adc_hgg_vandijken", 1200.0, "mean", "the sample's clinic: invented, for the digital patient only")
"""No published cut-off of ADC holds beyond one study; so the sample shows how a clinic's own one is used and named."""


def write_session(
    visit_node: slicer.vtkMRMLScriptedModuleNode, session: EvidenceSession, report: Report
) -> slicer.vtkMRMLScriptedModuleNode:
    """Add ADC, white matter and spectra to a visit, measure them, and return evidence on the lesion, not weighed yet.

    Questions that the scene cannot answer are answered as the digital patient was made.

    Raises
    ------
    Cancelled
        By the report.
    """
    with batch(visit_node.GetScene()):
        _write_seeds(visit_node, session)
        _write_diffusion(visit_node, session, share_of(report, 0.0, 0.4))
        _write_spectra(visit_node, session, share_of(report, 0.4, 1.0))
        return _write_evidence(visit_node, session)


def _write_seeds(visit_node: slicer.vtkMRMLScriptedModuleNode, session: EvidenceSession) -> None:
    """The seeds as they lie on the scan; locked, and hidden: they would be seen on the scans of all visits."""
    if not session.seeds.count:
        return
    node = create_seeds_node(visit_node.GetScene(), f"{session.scan_date} seeds")
    write_seeds(session.seeds, node)
    node.SetLocked(True)
    node.SetDisplayVisibility(False)
    place(node, root_folder(visit_node.GetScene()))
    set_visit_seeds(visit_node, node)


def _write_diffusion(visit_node: slicer.vtkMRMLScriptedModuleNode, session: EvidenceSession, report: Report) -> None:
    scene, adc = visit_node.GetScene(), session.diffusion.adc
    volume = replace(adc, name=f"{session.scan_date} {adc.name}", values=np.asarray(adc.values, np.float32))
    node = add_volume(volume, scene)
    node.SetVoxelValueQuantity(coded(*QUANTITY))
    node.SetVoxelValueUnits(coded(*UNITS))
    node.GetDisplayNode().AutoWindowLevelOff()
    node.GetDisplayNode().SetWindowLevelMinMax(*WINDOW_UM2_PER_S)
    place(node, root_folder(scene))
    add_series(visit_node, node)
    set_diffusion(visit_node, node)
    set_checked(visit_node, DiffusionField.IS_REGISTERED, True)
    set_checked(visit_node, DiffusionField.IS_UNDISTORTED, True)
    segmentation = visit_segmentation(visit_node)
    segment_id = write_structure(session.white_matter, segmentation, WHITE_MATTER_NAME, WHITE_MATTER_COLOUR)
    set_reference(visit_node, segmentation, segment_id)
    measure_visit_diffusion(visit_node, session.lesion_id, report)


def _write_spectra(visit_node: slicer.vtkMRMLScriptedModuleNode, session: EvidenceSession, report: Report) -> None:
    """The single voxel, fitted, and where there is one the grid, whose fit takes seconds and waits to be asked for.

    The voxels are hidden: they would lie over the images of the first look.
    """
    single = add_spectra(visit_node, session.single_voxel.spectra)
    fit_spectra(single, report)
    nodes = [single] if session.grid is None else [single, add_spectra(visit_node, session.grid.spectra)]
    for node in nodes:
        set_voxels_visible(node, False)


def _write_evidence(
    visit_node: slicer.vtkMRMLScriptedModuleNode, session: EvidenceSession
) -> slicer.vtkMRMLScriptedModuleNode:
    node = create_evidence(visit_node, session.lesion_id)
    set_own_cutoff(node, CUTOFF.marker, CUTOFF)
    if session.pet:
        pet = session.pet
        found = pet_finding(pet["tracer"], pet["measure"], pet["value"], pet["reference_region"], pet["unit"])
        add_finding(node, replace(found, source=f"Typed in by {READER}."))
    collect_findings(node)
    for question in questions_of(node):
        if question.answer is Answer.UNKNOWN:
            answer_condition(node, question.id, condition(question.id).holds_when, READER)
    show_inputs(node)
    return node
