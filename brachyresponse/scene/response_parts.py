"""The nodes of an assessment and of its visits, and what belongs to them."""

from __future__ import annotations

import slicer

from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.owners import PartsOf
from brachyresponse.scene.parts import OWNER_CLASS, OwnerKind, PartRole

RESPONSE_CLASS, RESPONSE_KIND, VISIT_KIND = OWNER_CLASS, OwnerKind.RESPONSE.value, OwnerKind.VISIT.value


class ResponseRole(PartRole):
    """What a node is to an assessment; the value is the role of the node reference."""

    VISITS = "visitRef"
    DOSES = "courseDoseRef"
    DOSE_REGISTRATIONS = "doseRegistrationRef"
    VISIT_TABLE = "visitTableRef"
    LESION_TABLE = "lesionTableRef"
    TREATMENT_TABLE = "treatmentTableRef"
    ASSESSMENT_TABLE = "assessmentTableRef"
    REASON_TABLE = "reasonTableRef"
    ADJUDICATION_TABLE = "adjudicationTableRef"
    SCHEDULE_TABLE = "scheduleTableRef"
    REASONS = "reasonsRef"
    RECORD = "recordRef"
    FIELD = "fieldRef"
    CHART_TABLE = "timelineTableRef"
    CHART_SERIES = "timelineSeriesRef"
    CHART = "timelineChartRef"

    @property
    def is_input(self) -> bool:
        """Whether the assessment only uses the node."""
        return self is ResponseRole.DOSES

    @property
    def is_listed(self) -> bool:
        """Whether people look for the node in the subject hierarchy; visits have folders of their own."""
        return self not in (ResponseRole.CHART_SERIES, ResponseRole.VISITS)


class VisitPart(PartRole):
    """What a node is to a visit; the value is the role of the node reference."""

    VOLUME = "measuredVolumeRef"
    SERIES = "seriesRef"
    PERFUSION = "perfusionRef"
    SEGMENTS = "segmentsRef"
    LINES = "diameterLineRef"
    REGISTRATION = "registrationRef"
    PROTOCOL = "protocolTableRef"
    EVIDENCE = "evidenceRef"
    SPECTRA = "spectraRef"
    SEEDS = "seedsRef"
    DIFFUSION = "diffusionVolumeRef"
    DIFFUSION_IMAGES = "diffusionImageRef"
    ADC = "adcMapRef"
    DIFFUSION_TABLE = "diffusionTableRef"
    DIFFUSION_RECORD = "diffusionRecordRef"
    HISTOGRAM_TABLE = "adcHistogramTableRef"
    HISTOGRAM_SERIES = "adcHistogramSeriesRef"
    HISTOGRAM = "adcHistogramChartRef"

    @property
    def is_input(self) -> bool:
        """Whether the visit only uses the node."""
        return self in VISIT_INPUTS

    @property
    def is_listed(self) -> bool:
        """Whether people look for the node in the subject hierarchy; evidence and spectra have folders of their own."""
        return self not in (VisitPart.EVIDENCE, VisitPart.SPECTRA, VisitPart.HISTOGRAM_SERIES)


VISIT_INPUTS = (
    VisitPart.VOLUME,
    VisitPart.SERIES,
    VisitPart.PERFUSION,
    VisitPart.SEEDS,
    VisitPart.DIFFUSION,
    VisitPart.DIFFUSION_IMAGES,
)
"""Roles of nodes that a visit uses and does not own: they stay when it is deleted."""

OWNERS_OF_VISIT = (VisitPart.EVIDENCE, VisitPart.SPECTRA)
"""Roles of nodes that have nodes of their own, and are deleted and renamed with them."""


RESPONSE_PARTS: PartsOf[ResponseRole] = PartsOf(OwnerKind.RESPONSE)
is_assessment, assessments_in = RESPONSE_PARTS.is_one, RESPONSE_PARTS.in_scene
response_part, response_parts, need_response_part = RESPONSE_PARTS.first, RESPONSE_PARTS.every, RESPONSE_PARTS.need
set_response_part, set_response_parts, own_response_node = (
    RESPONSE_PARTS.put,
    RESPONSE_PARTS.put_every,
    RESPONSE_PARTS.made,
)

VISIT_PARTS: PartsOf[VisitPart] = PartsOf(OwnerKind.VISIT)
is_visit = VISIT_PARTS.is_one
visit_part, visit_parts, need_visit_part = VISIT_PARTS.first, VISIT_PARTS.every, VISIT_PARTS.need
set_visit_part, set_visit_parts, own_visit_node = VISIT_PARTS.put, VISIT_PARTS.put_every, VISIT_PARTS.made


def require_assessment(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse a node that is no assessment, or one that was removed from the scene.

    Raises
    ------
    SceneError
        It is.
    """
    RESPONSE_PARTS.require(assessment_node)
    _need_scene(assessment_node, "Assessment")


def require_visit(visit_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse a node that is no visit, or one that was removed from the scene.

    Raises
    ------
    SceneError
        It is.
    """
    VISIT_PARTS.require(visit_node)
    _need_scene(visit_node, "Visit")


def _need_scene(node: slicer.vtkMRMLScriptedModuleNode, what: str) -> None:
    if node.GetScene() is None:
        raise SceneError(f"{what} {node.GetName()!r} was removed from the scene: choose another.")


def assessment_of(visit_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScriptedModuleNode | None:
    """Return the assessment that a visit belongs to, or None.

    Raises
    ------
    SceneError
        The node is no visit, or was removed.
    """
    require_visit(visit_node)
    for owner in assessments_in(visit_node.GetScene()):
        if any(visit_node is each for each in response_parts(owner, ResponseRole.VISITS)):
            return owner
    return None


def need_assessment(visit_node: slicer.vtkMRMLScriptedModuleNode) -> slicer.vtkMRMLScriptedModuleNode:
    """Return the assessment that a visit belongs to.

    Raises
    ------
    SceneError
        The node is no visit, or its assessment was deleted.
    """
    owner = assessment_of(visit_node)
    if owner is None:
        raise SceneError(f"Visit {visit_node.GetName()!r} belongs to no assessment: add it to one.")
    return owner
