"""The digital patient's perfusion in the scene: a study before the implant and one at the follow-up."""

from __future__ import annotations

from dataclasses import replace

import slicer

from brachyresponse.digital_patient.perfusion import LESION, DigitalPerfusion, PatientVariant, Visit, perfusion_visit
from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion import SeriesKind
from brachyresponse.perfusion.series import FlipAngleSeries
from brachyresponse.progress import Report, share_of
from brachyresponse.scene.hierarchy import place, root_folder
from brachyresponse.scene.nodes import add_node, batch
from brachyresponse.scene.perfusion_choices import set_day
from brachyresponse.scene.perfusion_comparing import set_pre_treatment
from brachyresponse.scene.perfusion_fields import PerfusionField, set_perfusion_field
from brachyresponse.scene.perfusion_growing import LESION_COLOUR, WHITE_MATTER_COLOUR, WHITE_MATTER_NAME
from brachyresponse.scene.perfusion_images import set_image, set_seeds
from brachyresponse.scene.perfusion_parts import PerfusionRole
from brachyresponse.scene.perfusion_segments import WHITE_MATTER, add_lesion, choose_segment
from brachyresponse.scene.perfusion_sequences import add_flip_angles, add_sequence
from brachyresponse.scene.perfusion_studies import create_study, set_kind
from brachyresponse.scene.perfusion_t1 import T1Choice, set_t1
from brachyresponse.scene.sample_patient import add_volume
from brachyresponse.scene.seeds import create_seeds_node, write_seeds
from brachyresponse.scene.segments import write_structure
from brachyresponse.seeds import Origin

NAMES = {Visit.BEFORE: "Before implant", Visit.FOLLOW_UP: "Follow-up"}
TREATMENT = "treatment"
COLOURS = {
    LESION: LESION_COLOUR,
    WHITE_MATTER_NAME: WHITE_MATTER_COLOUR,
    "Arteries": (0.80, 0.15, 0.20),
    "Sinus": (0.20, 0.35, 0.80),
    "Necrosis": (0.35, 0.30, 0.30),
    "Ventricles": (0.45, 0.70, 0.80),
    "Implanted target": (0.85, 0.80, 0.35),
}


def load_sample_patient(
    scene: slicer.vtkMRMLScene, variant: str, kind: str, report: Report
) -> tuple[slicer.vtkMRMLScriptedModuleNode, slicer.vtkMRMLScriptedModuleNode]:
    """Build both scans of the digital patient and return a study of each, the later one with the first beside it.

    The lesion and the white matter are the true ones, as a careful reader would draw them.

    Raises
    ------
    Cancelled
        By the report; then nothing is added to the scene.
    PerfusionError
        There is no such variant or kind.
    """
    if variant not in set(PatientVariant) or kind not in set(SeriesKind):
        raise PerfusionError(
            f"There is no sample {variant!r}, {kind!r}: choose one of {', '.join(PatientVariant)}, and dce or dsc."
        )
    shares = {Visit.BEFORE: share_of(report, 0.0, 0.5), Visit.FOLLOW_UP: share_of(report, 0.5, 1.0)}
    scans = {
        visit: perfusion_visit(variant=variant, visit=visit, kind=kind, report=share) for visit, share in shares.items()
    }
    with batch(scene):
        before, follow_up = (write_visit(scans[visit], scene) for visit in (Visit.BEFORE, Visit.FOLLOW_UP))
        set_pre_treatment(follow_up, before)
    return before, follow_up


def write_visit(scan: DigitalPerfusion, scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScriptedModuleNode:
    """Add the images, structures and seeds of a scan, and a study of it that is ready to be measured."""
    name = NAMES[scan.visit]
    with batch(scene):
        series = add_sequence(scene, scan.series, f"{name} {scan.kind.upper()}")
        images = (replace(image, name=f"{name} {image.name}") for image in (scan.anatomical, scan.flair, scan.t2star))
        anatomical, flair, t2star = (add_volume(image, scene) for image in images)
        structures = _add_structures(scan, anatomical, f"{name} structures")
        for node in (series, anatomical, flair, t2star, structures):
            place(node, root_folder(scene))
        study = create_study(scene, series, name)
        _choose(study, scan, structures)
        set_image(study, PerfusionRole.ANATOMICAL, anatomical, "anatomical image")
        set_image(study, PerfusionRole.T2_STAR, t2star, "T2*-weighted image")
        if scan.vfa is not None:
            _choose_flip_angles(study, scan.vfa, f"{name} flip angles")
        if scan.seeds.count:
            _choose_seeds(study, scan, f"{name} seeds")
    return study


def _add_structures(
    scan: DigitalPerfusion, volume_node: slicer.vtkMRMLScalarVolumeNode, name: str
) -> slicer.vtkMRMLSegmentationNode:
    """Add what a reader would draw, as outlines."""
    node = add_node(volume_node.GetScene(), "vtkMRMLSegmentationNode", name)
    node.CreateDefaultDisplayNodes()
    node.SetReferenceImageGeometryParameterFromVolumeNode(volume_node)
    for label, structure in {**scan.lesions, scan.white_matter.name: scan.white_matter, **scan.structures}.items():
        write_structure(structure, node, label, COLOURS.get(label))
    node.GetDisplayNode().SetOpacity2DFill(0.0)
    return node


def _choose(
    study: slicer.vtkMRMLScriptedModuleNode, scan: DigitalPerfusion, structures: slicer.vtkMRMLSegmentationNode
) -> None:
    set_kind(study, scan.kind)
    set_perfusion_field(study, PerfusionField.PATIENT_ID, scan.patient_id)
    set_perfusion_field(study, PerfusionField.SCAN_DATE, scan.scan_date)
    set_day(study, TREATMENT, scan.implant_date)
    segment_id = structures.GetSegmentation().GetSegmentIdBySegmentName
    for lesion in scan.lesions:
        add_lesion(study, structures, segment_id(lesion))
    choose_segment(study, WHITE_MATTER, structures, segment_id(scan.white_matter.name))


def _choose_flip_angles(study: slicer.vtkMRMLScriptedModuleNode, images: FlipAngleSeries, name: str) -> None:
    node = add_flip_angles(study.GetScene(), images, name)
    place(node, root_folder(study.GetScene()))
    set_t1(study, T1Choice(flip_angle_nodes=[node]))


def _choose_seeds(study: slicer.vtkMRMLScriptedModuleNode, scan: DigitalPerfusion, name: str) -> None:
    node = create_seeds_node(study.GetScene(), name)
    write_seeds(scan.seeds, node, origin=Origin.PLANNED)
    place(node, root_folder(study.GetScene()))
    set_seeds(study, node)
