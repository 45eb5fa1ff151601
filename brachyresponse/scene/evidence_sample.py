"""The digital patient's session of advanced MRI at a visit: ADC, spectra, and evidence that can be weighed at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import slicer

from brachyresponse.digital_patient.evidence import EvidenceSession
from brachyresponse.digital_patient.perfusion import PatientVariant, Visit
from brachyresponse.digital_patient.perfusion.tables import tissues_at
from brachyresponse.digital_patient.response.tables import course_facts
from brachyresponse.perfusion.interpretation import RatioRecord, RatioValue, interpret
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.progress import Report, share_of
from brachyresponse.response.evidence import Answer, Finding, OwnCutoff, condition, pet_finding
from brachyresponse.response.evidence.weighing.inputs import QUANTITY as MEASURED
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
PERFUSION, PARAMETER = "dce_hgg_vandijken", "vp"
OWN_RATIO = "Typed in: the digital patient's own rVp, {before:.2f} before the implant; no perfusion is scanned here."
NECROSIS = {"voxel_in_solid_part": Answer.NO, "voxel_mostly_necrosis": Answer.YES}
NEVER_HYPERPERFUSED = {"pre_treatment_perfusion": Answer.YES, "pre_treatment_not_hyperperfused": Answer.YES}


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
        return write_sample_evidence(visit_node, session)


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


def write_sample_evidence(
    visit_node: slicer.vtkMRMLScriptedModuleNode, session: EvidenceSession
) -> slicer.vtkMRMLScriptedModuleNode:
    """Return evidence on the lesion of a session, from what was measured and typed in, with every question answered."""
    node = create_evidence(visit_node, session.lesion_id)
    set_own_cutoff(node, CUTOFF.marker, CUTOFF)
    if session.pet:
        pet = session.pet
        found = pet_finding(pet["tracer"], pet["measure"], pet["value"], pet["reference_region"], pet["unit"])
        add_finding(node, replace(found, source=f"Typed in by {READER}."))
    if _was_never_hyperperfused(session):
        add_finding(node, _low_ratio(session))
    collect_findings(node)
    _answer_questions(node, _true_answers(session))
    show_inputs(node)
    return node


def _answer_questions(evidence_node: slicer.vtkMRMLScriptedModuleNode, truth: Mapping[str, Answer]) -> None:
    """Answer what the scene leaves open; an answer may raise another question."""
    while asked := [each.id for each in questions_of(evidence_node) if each.answer is Answer.UNKNOWN]:
        for id_ in asked:
            answer_condition(evidence_node, id_, truth.get(id_, condition(id_).holds_when), READER)


def _true_answers(session: EvidenceSession) -> dict[str, Answer]:
    """What was made otherwise than markers need it."""
    return {
        **(NECROSIS if session.truth.diagnosis == "necrosis" else {}),
        **(NEVER_HYPERPERFUSED if _was_never_hyperperfused(session) else {}),
    }


def _was_never_hyperperfused(session: EvidenceSession) -> bool:
    return bool(course_facts(session.variant)["perfusion_variant"] == PatientVariant.NEVER_HYPERPERFUSED)


def _low_ratio(session: EvidenceSession) -> Finding:
    """The ratio of a recurrence that was never hyperperfused, with what the rule says of it: that it tells nothing.

    The perfusion of the other courses is the sample of PerfusionRatios: to scan and fit it here would take minutes.
    """
    ratios = {visit: _ratio_at(visit) for visit in Visit}
    before, after = (
        RatioRecord(session.lesion_id, SeriesKind.DCE, {PARAMETER: RatioValue("rVp", ratios[visit])})
        for visit in (Visit.BEFORE, Visit.FOLLOW_UP)
    )
    said = interpret(before, after)
    return Finding(
        PERFUSION,
        round(ratios[Visit.FOLLOW_UP], 2),
        unit="1",
        statistic="mean",
        source=OWN_RATIO.format(before=ratios[Visit.BEFORE]),
        details={
            MEASURED: PARAMETER,
            "perfusion_verdict": said.verdict.value,
            "perfusion_weight": f"{said.weight:g}",
            "perfusion_sentences": "\n".join(map(str, said.sentences)),
        },
    )


def _ratio_at(visit: Visit) -> float:
    tissues = tissues_at(PatientVariant.NEVER_HYPERPERFUSED, visit)
    return tissues["lesion"].vp / tissues["white matter"].vp
