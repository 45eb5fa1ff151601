"""The digital patient's follow-up in the scene: an assessment that is ready to be made."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import slicer

from brachyresponse.digital_patient.evidence import why_no_session
from brachyresponse.digital_patient.evidence.at_visit import session_at_visit
from brachyresponse.digital_patient.response import DigitalVisit, ResponseCourse, case_options, response_course
from brachyresponse.geometry import Volume
from brachyresponse.progress import Report, share_of
from brachyresponse.response.case import CaseOptions
from brachyresponse.response.matching import VisitRegistration
from brachyresponse.response.treatment import ReferenceChoice
from brachyresponse.response.vocabulary import LesionState, VisitRole
from brachyresponse.scene.dose_volume import write_dose
from brachyresponse.scene.evidence_sample import write_session
from brachyresponse.scene.hierarchy import place, root_folder
from brachyresponse.scene.nodes import add_node, batch
from brachyresponse.scene.perfusion_growing import LESION_COLOUR
from brachyresponse.scene.response_adjudication import adjudicate
from brachyresponse.scene.response_assessments import create_assessment
from brachyresponse.scene.response_criteria import set_criteria, set_option, set_reference
from brachyresponse.scene.response_doses import keep_dose_motion, set_course_dose
from brachyresponse.scene.response_editing import LesionFacts, add_segment_lesion, add_stated_lesion
from brachyresponse.scene.response_fields import ResponseField, set_response_field
from brachyresponse.scene.response_measuring import measure_on_segment
from brachyresponse.scene.response_registration import HU, write_registration
from brachyresponse.scene.response_treatments import set_tumour, write_treatments
from brachyresponse.scene.response_visit_values import set_visit_value
from brachyresponse.scene.response_visits import add_series, add_visit, day_of_visit, visits_of
from brachyresponse.scene.sample_patient import add_volume
from brachyresponse.scene.segments import write_structure

DOSE_NAME = "Implant dose"
WINDOW_TOP = 1.2
"""Of the brightest of an MR image: enhancing lesions stay below white, and brain is well above black."""
TRUE_MOTION = "The digital patient's own motion: true, nothing was registered."


def load_sample_course(scene: slicer.vtkMRMLScene, variant: str, report: Report) -> slicer.vtkMRMLScriptedModuleNode:
    """Build the digital patient's visits and return an assessment of them; lesions are those a careful reader draws.

    At one visit of a brain there are diffusion, spectra and evidence on the lesion that is asked about.

    Raises
    ------
    Cancelled
        By the report; then nothing is added to the scene.
    ResponseError
        There is no such variant.
    """
    course = response_course(variant, report=share_of(report, 0.0, 0.5))
    session = None if why_no_session(course.variant) else session_at_visit(course, report=share_of(report, 0.5, 0.7))
    with batch(scene):
        node = write_course(course, scene)
        if session is not None:
            visit = next(each for each in visits_of(node) if day_of_visit(each) == session.scan_date)
            write_session(visit, session, share_of(report, 0.7, 1.0))
    return node


def write_course(course: ResponseCourse, scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLScriptedModuleNode:
    """Add the images, lesions, dose and treatments of a course, and an assessment of them."""
    with batch(scene):
        node = create_assessment(scene, course.variant.replace("_", " ").capitalize())
        set_response_field(node, ResponseField.PATIENT_ID, course.patient_id)
        set_response_field(node, ResponseField.SCHEDULE, course.schedule)
        write_treatments(node, course.treatments)
        if course.tumour is not None:
            set_tumour(node, course.tumour.type, course.tumour.idh if course.tumour.is_glioma else None)
        set_criteria(node, course.criteria)
        _set_options(node, case_options(course))
        is_implant_day = course.reference_date == course.implant_date
        set_reference(node, ReferenceChoice.IMPLANT_DAY if is_implant_day else course.reference_date)
        visits = [_write_visit(node, visit, course) for visit in course.visits]
        _write_dose(node, course)
        said = course.truth.adjudicated
        if said is not None:
            adjudicate(visits[said.visit], said.category, said.reason, said.by, said.on)
    return node


def _set_options(assessment_node: slicer.vtkMRMLScriptedModuleNode, options: CaseOptions) -> None:
    usual = CaseOptions()
    for name, value in vars(options).items():
        if value != getattr(usual, name):
            set_option(assessment_node, name, value)


def _write_visit(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, visit: DigitalVisit, course: ResponseCourse
) -> slicer.vtkMRMLScriptedModuleNode:
    scene, day = assessment_node.GetScene(), visit.date.isoformat()
    volume = add_volume(replace(visit.volume, name=f"{day} {visit.volume.name}"), scene)
    _set_window(volume, course.baseline.volume)
    segmentation = add_node(scene, "vtkMRMLSegmentationNode", f"{day} lesions")
    segmentation.CreateDefaultDisplayNodes()
    segmentation.SetReferenceImageGeometryParameterFromVolumeNode(volume)
    segmentation.GetDisplayNode().SetOpacity2DFill(0.0)
    for node in (volume, segmentation):
        place(node, root_folder(scene))
    visit_node = add_visit(assessment_node, visit.date, visit.role.value, volume)
    add_series(visit_node, volume)
    _write_reading(visit_node, visit)
    if visit.role is not VisitRole.BASELINE:
        write_registration(visit_node, VisitRegistration(visit.to_baseline, 0.0, TRUE_MOTION))
    for lesion in course.lesions:
        if lesion.id in visit.lesions:
            segment_id = write_structure(visit.lesions[lesion.id], segmentation, lesion.id, LESION_COLOUR)
            facts = LesionFacts(lesion.id, lesion.kind, lesion.organ)
            add_segment_lesion(visit_node, segmentation, segment_id, facts)
            measure_on_segment(visit_node, lesion.id, "axial", "exclude")
        elif not lesion.is_new:
            add_stated_lesion(visit_node, LesionFacts(lesion.id), LesionState.ABSENT)
    return visit_node


def _set_window(volume_node: slicer.vtkMRMLScalarVolumeNode, baseline: Volume) -> None:
    """Show an MR image by the window of the baseline, so that lesion and brain are both readable; CTs have theirs."""
    if baseline.unit != HU:
        display = volume_node.GetDisplayNode()
        display.AutoWindowLevelOff()
        display.SetWindowLevelMinMax(0.0, WINDOW_TOP * float(np.max(baseline.values)))


def _write_reading(visit_node: slicer.vtkMRMLScriptedModuleNode, visit: DigitalVisit) -> None:
    reading = visit.reading
    values = {
        "nonTarget": reading.non_target,
        "t2Flair": reading.t2_flair,
        "steroidDose": reading.steroid_dose_mg,
        "steroidTrend": reading.steroid_trend,
        "clinicalStatus": reading.clinical_status,
    }
    for name, value in values.items():
        set_visit_value(visit_node, name, value)


def _write_dose(assessment_node: slicer.vtkMRMLScriptedModuleNode, course: ResponseCourse) -> None:
    """Give the first implant its dose, brought to the baseline by the true motion."""
    rows = [row for row, each in enumerate(course.treatments) if each.is_radiation]
    if not rows:
        return
    scene = assessment_node.GetScene()
    dose = write_dose(
        np.asarray(course.dose.values), course.dose.grid, scene, DOSE_NAME,
        prescription_gy=course.prescription_gy,
    )  # fmt: skip
    set_course_dose(assessment_node, rows[0], dose, course.prescription_gy)
    motion = VisitRegistration(course.baseline.plan_to_visit, 0.0, TRUE_MOTION)
    keep_dose_motion(assessment_node, dose, motion)
