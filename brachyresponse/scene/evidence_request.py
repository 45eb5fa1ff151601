"""What evidence of the scene is weighed from, as the library takes it."""

from __future__ import annotations

from datetime import date

import slicer

from brachyresponse.response.evidence.gathering.request import EvidenceRequest
from brachyresponse.response.evidence.gathering.united import united_answers
from brachyresponse.scene.evidence_choices import read_answers, read_cutoffs, read_prior
from brachyresponse.scene.evidence_context import read_context
from brachyresponse.scene.evidence_fields import EvidenceField, evidence_json
from brachyresponse.scene.evidence_findings import read_findings
from brachyresponse.scene.evidence_nodes import lesion_of
from brachyresponse.scene.evidence_parts import visit_of
from brachyresponse.scene.evidence_settings import population_of, read_settings
from brachyresponse.scene.response_fields import ResponseField, response_text
from brachyresponse.scene.response_parts import need_assessment
from brachyresponse.scene.response_visits import day_of_visit


def read_evidence_request(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> EvidenceRequest:
    """Return what evidence is weighed from, as it was collected and typed in; nothing is written.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, its lesion was removed, or what is kept contradicts itself.
    """
    visit_node = visit_of(evidence_node)
    return EvidenceRequest(
        lesion=lesion_of(evidence_node).id,
        visit=day_of_visit(visit_node),
        prior=read_prior(evidence_node),
        findings=tuple(each.finding for each in read_findings(evidence_node)),
        answers=united_answers(read_answers(evidence_node)),
        own_cutoffs=read_cutoffs(evidence_node),
        population=population_of(evidence_node),
        context=read_context(evidence_node),
        settings=read_settings(evidence_node),
        patient_id=response_text(need_assessment(visit_node), ResponseField.PATIENT_ID),
        inputs=tuple(evidence_json(evidence_node, EvidenceField.INPUTS, [])),
        scan_dates=tuple(map(date.fromisoformat, evidence_json(evidence_node, EvidenceField.SCAN_DATES, []))),
    )
