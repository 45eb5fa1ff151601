"""Visits proposed from what is in the scene: images and perfusion studies of one day are one visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import slicer

from brachyresponse.errors import BrachyResponseError
from brachyresponse.response.schedule import SeriesKind
from brachyresponse.response.vocabulary import VisitRole
from brachyresponse.scene.dicom_facts import dicom_facts
from brachyresponse.scene.image_preview import PREVIEW_OF
from brachyresponse.scene.nodes import batch, get_attribute, nodes_of_class
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_day
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_parts, perfusion_studies_in
from brachyresponse.scene.plan_parts import PlanRole, plan_parts, plans_in
from brachyresponse.scene.response_fields import ResponseField, response_text, set_response_field
from brachyresponse.scene.response_series import facts_of_series
from brachyresponse.scene.response_visits import (
    add_series,
    add_visit,
    day_of_visit,
    delete_visit,
    role_of,
    set_perfusion,
    visits_of,
)
from brachyresponse.scene.slicerrt import DOSE_VOLUME
from brachyresponse.scene.verification_parts import VerificationRole, verification_parts, verifications_in

STUDY_DATES = ("%Y%m%d", "%Y-%m-%d")
KINDS_FIRST = (SeriesKind.T1_POST_CONTRAST, SeriesKind.CT, SeriesKind.T1)
"""On which lesions are measured, the best first."""


@dataclass(frozen=True, eq=False)
class VisitProposal:
    """Images and a perfusion study of one day.

    Parameters
    ----------
    volumes
        The one on which lesions are best measured first.
    perfusion
        The perfusion study, or None.
    sentence
        What was found, and how its day is known.
    """

    day: date
    volumes: tuple[slicer.vtkMRMLScalarVolumeNode, ...]
    perfusion: slicer.vtkMRMLScriptedModuleNode | None
    sentence: str

    @property
    def title(self) -> str:
        """The day, and the first image."""
        shown = [*self.volumes, *([] if self.perfusion is None else [self.perfusion])]
        return f"{self.day} {shown[0].GetName()}"


def propose_visits(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> list[VisitProposal]:
    """Return the days of the scene's images and perfusion studies that are no visits yet, in order.

    The day of an image is that of DICOM, of the study it lies in in the subject hierarchy, or of the perfusion study
    that uses it; what has none is not proposed.
    """
    scene = assessment_node.GetScene()
    taken = {day_of_visit(node) for node in visits_of(assessment_node)}
    studies = {day: node for node in perfusion_studies_in(scene) if (day := _perfusion_day(node))}
    by_day: dict[date, list[slicer.vtkMRMLScalarVolumeNode]] = {}
    for node in _images(scene):
        day = _day_of(node)
        if day is not None:
            by_day.setdefault(day, []).append(node)
    for day, study in studies.items():
        used = perfusion_parts(study, PerfusionRole.ANATOMICAL)
        known = by_day.setdefault(day, [])
        known += [node for node in used if not any(node is each for each in known) and _day_of(node) is None]
    return [_proposal(day, by_day[day], studies.get(day)) for day in sorted(by_day) if day not in taken]


def accept_visits(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, proposals: Sequence[VisitProposal]
) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Add proposed visits and return them; the earliest is the baseline where there is none yet.

    Raises
    ------
    ResponseError
        A visit of that day was added since, or an image is of another patient; then none is added.
    """
    patient = response_text(assessment_node, ResponseField.PATIENT_ID)
    has_baseline = any(role_of(node) is VisitRole.BASELINE for node in visits_of(assessment_node))
    added: list[slicer.vtkMRMLScriptedModuleNode] = []
    with batch(assessment_node.GetScene()):
        try:
            for proposal in sorted(proposals, key=lambda each: each.day):
                role = VisitRole.FOLLOW_UP if has_baseline or added else VisitRole.BASELINE
                added.append(_accepted(assessment_node, proposal, role))
        except BrachyResponseError:
            for visit_node in added:
                delete_visit(visit_node)
            set_response_field(assessment_node, ResponseField.PATIENT_ID, patient)
            raise
    return added


def _accepted(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, proposal: VisitProposal, role: VisitRole
) -> slicer.vtkMRMLScriptedModuleNode:
    volume = proposal.volumes[0] if proposal.volumes else None
    visit_node = add_visit(assessment_node, proposal.day, role.value, volume)
    for node in proposal.volumes:
        add_series(visit_node, node)
    if proposal.perfusion is not None:
        set_perfusion(visit_node, proposal.perfusion)
    return visit_node


def _proposal(
    day: date,
    volumes: list[slicer.vtkMRMLScalarVolumeNode],
    perfusion: slicer.vtkMRMLScriptedModuleNode | None,
) -> VisitProposal:
    kinds = [facts_of_series(node).kind for node in volumes]
    ranks = [KINDS_FIRST.index(kind) if kind in KINDS_FIRST else len(KINDS_FIRST) for kind in kinds]
    order = sorted(range(len(volumes)), key=lambda place: (ranks[place], place))
    found = ", ".join(f"{volumes[place].GetName()} ({kinds[place]})" for place in order) or "no image"
    studied = "" if perfusion is None else f"; perfusion study {perfusion.GetName()!r}"
    return VisitProposal(day, tuple(volumes[place] for place in order), perfusion, f"{day}: {found}{studied}.")


def _images(scene: slicer.vtkMRMLScene) -> list[slicer.vtkMRMLScalarVolumeNode]:
    """The images of the scene, without doses, maps and copies that are shown."""
    ours = list(_computed(scene))
    volumes = [node for node in nodes_of_class(scene, "vtkMRMLScalarVolumeNode") if _is_image(node)]
    return [node for node in volumes if not any(node is each for each in ours)]


def _is_image(node: slicer.vtkMRMLScalarVolumeNode) -> bool:
    is_other = (
        node.IsA("vtkMRMLLabelMapVolumeNode") or node.GetAttribute(DOSE_VOLUME) or get_attribute(node, PREVIEW_OF)
    )
    return not (is_other or node.GetHideFromEditors())


def _computed(scene: slicer.vtkMRMLScene) -> Iterator[slicer.vtkMRMLScalarVolumeNode]:
    """Volumes that our modules computed."""
    for study in perfusion_studies_in(scene):
        yield from perfusion_parts(study, PerfusionRole.MAPS)
    for plan in plans_in(scene):
        yield from plan_parts(plan, PlanRole.DOSE)
    for verification in verifications_in(scene):
        yield from verification_parts(verification, VerificationRole.DOSE)
        yield from verification_parts(verification, VerificationRole.DIFFERENCE)


def _day_of(node: slicer.vtkMRMLScalarVolumeNode) -> date | None:
    return dicom_facts(node).day or _study_day(node)


def _study_day(node: slicer.vtkMRMLNode) -> date | None:
    """The day of the study that a node lies in in the subject hierarchy."""
    hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(node.GetScene())
    constants, item = slicer.vtkMRMLSubjectHierarchyConstants, hierarchy.GetItemByDataNode(node)
    if item == hierarchy.GetInvalidItemID():
        return None
    study = hierarchy.GetItemAncestorAtLevel(item, str(constants.GetDICOMLevelStudy()))
    if study == hierarchy.GetInvalidItemID():
        return None
    text = hierarchy.GetItemAttribute(study, str(constants.GetDICOMStudyDateAttributeName()))
    for form in STUDY_DATES:
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue  # a date of another form tells nothing sure
    return None


def _perfusion_day(perfusion_node: slicer.vtkMRMLScriptedModuleNode) -> date | None:
    return perfusion_day(perfusion_node, PerfusionField.SCAN_DATE)
