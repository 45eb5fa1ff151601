"""The doses of a patient's courses, and how they lie on the scans of the visits."""

from __future__ import annotations

from math import hypot

import numpy as np
import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Volume
from brachyresponse.progress import Report
from brachyresponse.response.field import Course
from brachyresponse.response.matching import ScanKind, VisitRegistration, register_visits
from brachyresponse.response.treatment import Treatment
from brachyresponse.scene.dicom_facts import dicom_facts
from brachyresponse.scene.nodes import add_node, batch
from brachyresponse.scene.response_parts import (
    ResponseRole,
    VisitPart,
    need_assessment,
    require_assessment,
    response_parts,
    set_response_parts,
    visit_parts,
)
from brachyresponse.scene.response_registration import (
    TRANSFORM_CLASS,
    check_target,
    image_of,
    read_motion,
    registration_of,
    visit_image,
    write_motion,
)
from brachyresponse.scene.response_scene_implants import image_of_dose
from brachyresponse.scene.response_treatments import read_record, with_dose, write_treatments
from brachyresponse.scene.response_visits import baseline_of
from brachyresponse.scene.stale import input_signature
from brachyresponse.scene.volumes import read_grid, view_image

DOSE = "dose"
OF_DOSE = "doseRef"
"""Role in which a transform refers to the dose that it brings to the baseline."""


def set_course_dose(
    assessment_node: slicer.vtkMRMLScriptedModuleNode,
    row: int,
    dose_node: slicer.vtkMRMLScalarVolumeNode | None,
    prescription_gy: float | None = None,
) -> None:
    """Say which volume is the dose of the course in a row of the treatments; None takes it away.

    Raises
    ------
    SceneError, ResponseError, GeometryError
        There is no such course, the volume cannot be read, or the treatment gives no dose; then nothing is changed.
    """
    if dose_node is not None:
        read_grid(dose_node, DOSE)
    treatments = list(read_record(assessment_node))
    if not 0 <= row < len(treatments):
        raise ResponseError(f"There is no treatment {row + 1}: there are {len(treatments)}.")
    name = "" if dose_node is None else dose_node.GetName()
    treatments[row] = with_dose(treatments[row], name, prescription_gy)
    with batch(assessment_node.GetScene()):
        if dose_node is not None:
            keep_dose(assessment_node, dose_node)
        write_treatments(assessment_node, treatments)


def keep_dose(assessment_node: slicer.vtkMRMLScriptedModuleNode, dose_node: slicer.vtkMRMLScalarVolumeNode) -> None:
    """Let an assessment refer to a dose, which is the user's, by the name that the treatments call it."""
    before = response_parts(assessment_node, ResponseRole.DOSES)
    assessment_node.SetNodeReferenceID(_role(dose_node.GetName()), dose_node.GetID())
    if not any(dose_node is each for each in before):
        set_response_parts(assessment_node, ResponseRole.DOSES, [*before, dose_node])


def find_dose(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, treatment: Treatment
) -> slicer.vtkMRMLScalarVolumeNode | None:
    """Return the volume with the dose of a course, renamed or not; None where it has none, or it was deleted."""
    require_assessment(assessment_node)
    name = treatment.radiation.dose_volume if treatment.is_radiation else ""
    return assessment_node.GetNodeReference(_role(name)) if name else None


def dose_of(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, treatment: Treatment
) -> slicer.vtkMRMLScalarVolumeNode | None:
    """Return the volume with the dose of a course, or None where it has none.

    Raises
    ------
    ResponseError
        The volume that it names is not in the scene.
    """
    node = find_dose(assessment_node, treatment)
    if node is None and treatment.is_radiation and treatment.radiation.dose_volume:
        raise ResponseError(
            f"{treatment.describe()}: its dose {treatment.radiation.dose_volume!r} is not in the scene; load it and "
            "choose it again, or take it away."
        )
    return node


def _role(name: str) -> str:
    """The role in which an assessment refers to a dose; node references cannot hold every letter of a name."""
    return f"dose{input_signature(name)[:12]}Ref"


def register_dose(
    assessment_node: slicer.vtkMRMLScriptedModuleNode,
    dose_node: slicer.vtkMRMLScalarVolumeNode,
    image_node: slicer.vtkMRMLScalarVolumeNode | None,
    report: Report,
) -> slicer.vtkMRMLLinearTransformNode:
    """Register the image on which a dose was computed to that of the baseline, and keep the motion of the dose.

    Parameters
    ----------
    image_node
        None: the planning image or implant CT of the plan or verification in the scene that has the dose.

    Raises
    ------
    SceneError, ResponseError, GeometryError, RegistrationError
        There is no image, or it cannot be brought to the baseline's; then nothing is written.
    Cancelled
        By the report.
    """
    require_assessment(assessment_node)
    read_grid(dose_node, DOSE)
    image_node = image_node or image_of_dose(dose_node)
    if image_node is None:
        raise ResponseError(
            f"It is not known on which image the dose {dose_node.GetName()!r} was computed: choose that image."
        )
    fixed, moving = visit_image(baseline_of(assessment_node)), image_of(image_node)
    kind = ScanKind.CT if fixed.unit == moving.unit != "" else ScanKind.MR  # a CT and an MR by what they share
    return keep_dose_motion(assessment_node, dose_node, register_visits(fixed, moving, kind=kind, report=report))


def dose_lies_in_baseline(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, dose_node: slicer.vtkMRMLScalarVolumeNode
) -> slicer.vtkMRMLLinearTransformNode:
    """Keep the user's word that a dose lies where the baseline's image does, so that nothing is registered."""
    said = "Nothing was registered: the user says that dose and baseline lie in one frame of reference."
    return keep_dose_motion(assessment_node, dose_node, VisitRegistration(np.eye(4), None, said))


def keep_dose_motion(
    assessment_node: slicer.vtkMRMLScriptedModuleNode,
    dose_node: slicer.vtkMRMLScalarVolumeNode,
    motion: VisitRegistration,
) -> slicer.vtkMRMLLinearTransformNode:
    """Keep the motion from a dose to the baseline as a transform; the dose is not put under it."""
    before = response_parts(assessment_node, ResponseRole.DOSE_REGISTRATIONS)
    node = _transform_of(assessment_node, dose_node)
    with batch(assessment_node.GetScene()):
        if node is None:
            name = f"{assessment_node.GetName()} {dose_node.GetName()} to baseline"
            node = add_node(assessment_node.GetScene(), TRANSFORM_CLASS, name)
            node.SetNodeReferenceID(OF_DOSE, dose_node.GetID())
            set_response_parts(assessment_node, ResponseRole.DOSE_REGISTRATIONS, [*before, node])
        write_motion(node, motion, assessment_node)
    return node


def dose_motion(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, dose_node: slicer.vtkMRMLScalarVolumeNode
) -> VisitRegistration:
    """Return the motion from a dose to the baseline.

    Without a registration a dose lies in the baseline's frame only where it was computed on an image of the baseline,
    or DICOM says so.

    Raises
    ------
    ResponseError
        It was not registered, or to another image than the baseline's.
    """
    node = _transform_of(assessment_node, dose_node)
    if node is not None:
        check_target(node, assessment_node)
        return read_motion(node)
    baseline, image_node = baseline_of(assessment_node), image_of_dose(dose_node)
    images = [*visit_parts(baseline, VisitPart.VOLUME), *visit_parts(baseline, VisitPart.SERIES)]
    frames = {dicom_facts(each).frame_of_reference_uid for each in images} - {""}
    own = {dicom_facts(each).frame_of_reference_uid for each in (dose_node, image_node) if each is not None} - {""}
    if any(image_node is each for each in images) or own & frames:
        return VisitRegistration(np.eye(4), 0.0, "The dose was computed in the baseline's frame of reference.")
    raise ResponseError(
        f"The dose {dose_node.GetName()!r} is not registered to the baseline: register the image it was computed on, "
        "or say that it lies in the baseline's frame of reference."
    )


def courses_on(visit_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[list[Course], list[str]]:
    """Return the courses with a dose as they lie on the scan of a visit, and the names of those without.

    Raises
    ------
    ResponseError, GeometryError
        A dose is missing, not registered, or has no prescription; or the visit is not registered.
    """
    owner = need_assessment(visit_node)
    courses, without = [], []
    for treatment in read_record(owner).courses:
        dose_node = dose_of(owner, treatment)
        if dose_node is None:
            without.append(treatment.describe())
        else:
            courses.append(course_on(visit_node, treatment, dose_node))
    return courses, without


def course_on(
    visit_node: slicer.vtkMRMLScriptedModuleNode, treatment: Treatment, dose_node: slicer.vtkMRMLScalarVolumeNode
) -> Course:
    """Return a course as its dose lies on the scan of a visit.

    Raises
    ------
    ResponseError, GeometryError
        The dose or the visit is not registered, or the course has no prescription.
    """
    owner = need_assessment(visit_node)
    prescription_gy = treatment.radiation.prescription_gy
    if prescription_gy is None:
        raise ResponseError(f"{treatment.describe()} has a dose but no prescription: enter it in the treatments.")
    dose, visit = dose_motion(owner, dose_node), registration_of(visit_node)
    values, grid = view_image(dose_node, DOSE)
    residuals = (dose.residual_mm, visit.residual_mm)
    residual_mm = None if None in residuals else hypot(*(each for each in residuals if each is not None))
    return Course(
        Volume(dose_node.GetName(), values, grid, "Gy"),
        prescription_gy,
        np.linalg.inv(visit.matrix) @ dose.matrix,
        treatment.describe(),
        residual_mm,
    )


def _transform_of(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, dose_node: slicer.vtkMRMLScalarVolumeNode
) -> slicer.vtkMRMLLinearTransformNode | None:
    nodes = response_parts(assessment_node, ResponseRole.DOSE_REGISTRATIONS)
    return next((node for node in nodes if node.GetNodeReference(OF_DOSE) is dose_node), None)
