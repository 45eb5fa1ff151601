"""Logic: the evidence on recurrence or radiation necrosis of a lesion, weighed and shown with what it rests on."""

from __future__ import annotations

import slicer

from brachyresponse.response.evidence.gathering.weigh import LesionEvidence
from brachyresponse.response.evidence.markers.data_files import evidence_data
from brachyresponse.response.evidence.weighing import Evidence
from brachyresponse.scene import (
    evidence_chart,
    evidence_nodes,
    evidence_records,
    evidence_staleness,
    evidence_tables,
    evidence_weighing,
)
from brachyresponse.scene.evidence_parts import EvidenceRole, evidence_part, visit_of
from brachyresponse.scene.parts import OwnerKind, kind_of
from brachyresponse.scene.response_lesions import find_entry
from brachyresponse.scene.response_visits import visits_of
from brachyresponse.scene.responseassess_logic.evidence_input_logic import EvidenceInputLogic
from brachyresponse.scene.responseassess_logic.nodes import (
    AssessmentNode,
    ChartNode,
    EvidenceNode,
    TableNode,
    TextNode,
    VisitNode,
)


class EvidenceLogic(EvidenceInputLogic):
    """The evidence on recurrence or radiation necrosis of a lesion, weighed and shown with what it rests on."""

    def evidenceDisclaimer(self) -> str:
        """Return what an answer is not: a diagnosis."""
        return str(evidence_data("words.json")["not_a_diagnosis"])

    def createEvidence(self, visitNode: VisitNode, lesionId: str) -> EvidenceNode:
        """Add evidence on a lesion of a visit, with the usual prior and without findings, and return its node."""
        return evidence_nodes.create_evidence(visitNode, lesionId)

    def deleteEvidence(self, evidenceNode: EvidenceNode) -> None:
        """Delete evidence with its tables, text and chart; what it was collected from stays."""
        evidence_nodes.delete_evidence(evidenceNode)

    def evidences(self, node: AssessmentNode | VisitNode) -> list[EvidenceNode]:
        """Return the evidence of a visit, or of all visits of an assessment."""
        if kind_of(node) is OwnerKind.VISIT:
            return evidence_nodes.evidences_of(node)
        return [each for visitNode in visits_of(node) for each in evidence_nodes.evidences_of(visitNode)]

    def evidenceOf(self, visitNode: VisitNode, lesionId: str) -> EvidenceNode | None:
        """Return the evidence on a lesion of a visit, or None."""
        return evidence_nodes.find_evidence(visitNode, find_entry(visitNode, lesionId))

    def evidenceVisit(self, evidenceNode: EvidenceNode) -> VisitNode:
        """Return the visit that evidence is of."""
        return visit_of(evidenceNode)

    def evidenceLesion(self, evidenceNode: EvidenceNode) -> str:
        """Return the name of the lesion that evidence is on."""
        return evidence_nodes.lesion_of(evidenceNode).id

    def collectFindings(self, evidenceNode: EvidenceNode) -> tuple[str, ...]:
        """Look through the scene for markers and conditions, and return what has to be said of it.

        Perfusion, diffusion and spectra of the visit, the scan before treatment, treatments, size, dose and seeds.
        What was typed in stays; where the scene says otherwise, that is among the sentences.
        """
        return evidence_weighing.collect_findings(evidenceNode)

    def weigh(self, evidenceNode: EvidenceNode) -> Evidence:
        """Look through the scene, weigh all markers, and write the answer: tables, text, chart.

        What cannot be weighed together is said in a sentence, and the scene is as it was.
        """
        return evidence_weighing.weigh_evidence_of(evidenceNode).evidence

    def evidence(self, evidenceNode: EvidenceNode) -> Evidence | None:
        """Return the last answer, also of an earlier session; None before anything was weighed."""
        found = evidence_records.read_record(evidenceNode)
        return None if found is None else found.evidence

    def lesionEvidence(self, evidenceNode: EvidenceNode) -> LesionEvidence | None:
        """Return the last answer with what it was weighed from; None before anything was weighed."""
        return evidence_records.read_record(evidenceNode)

    def evidenceState(self, evidenceNode: EvidenceNode) -> str:
        """Return why the answer no longer holds; empty while it does, or while there is none."""
        return evidence_staleness.stale_evidence_reason(evidenceNode)

    def markerTable(self, evidenceNode: EvidenceNode) -> TableNode:
        """Return the table of the markers, a row a finding, with what the last weighing made of them."""
        return evidence_part(evidenceNode, EvidenceRole.MARKERS) or evidence_weighing.show_last_markers(evidenceNode)

    def questionTable(self, evidenceNode: EvidenceNode) -> TableNode:
        """Return the table of the questions with their answers."""
        return evidence_part(evidenceNode, EvidenceRole.QUESTIONS) or evidence_tables.show_questions(evidenceNode)

    def evidenceText(self, evidenceNode: EvidenceNode) -> TextNode | None:
        """Return the node with the whole answer in sentences, or None before anything was weighed."""
        return evidence_part(evidenceNode, EvidenceRole.TEXT)

    def sensitivityChart(self, evidenceNode: EvidenceNode) -> ChartNode | None:
        """Return the chart of the answer over prior and weight; None where nothing could be weighed."""
        return evidence_chart.sensitivity_chart(evidenceNode)

    def showSensitivity(self, evidenceNode: EvidenceNode) -> None:
        """Show the chart in a layout with a plot."""
        chart = self.sensitivityChart(evidenceNode)
        if chart is not None:
            slicer.modules.plots.logic().ShowChartInLayout(chart)
