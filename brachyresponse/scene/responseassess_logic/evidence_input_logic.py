"""Logic: what a person says of the evidence on a lesion: prior, markers, answers, cut-offs, context, settings."""

from __future__ import annotations

from typing import Any

from brachyresponse.response.evidence import Finding, OwnCutoff, Prior, PriorSource, populations, priors
from brachyresponse.response.evidence.gathering.context import EvidenceContext
from brachyresponse.response.evidence.gathering.settings import EvidenceSettings
from brachyresponse.scene import (
    evidence_choices,
    evidence_context,
    evidence_findings,
    evidence_perfusion,
    evidence_settings,
    evidence_tables,
    evidence_weighing,
)
from brachyresponse.scene.evidence_fields import EvidenceField, evidence_json
from brachyresponse.scene.evidence_findings import FindingOrigin
from brachyresponse.scene.evidence_tables import EvidenceQuestion
from brachyresponse.scene.response_words import any_number
from brachyresponse.scene.responseassess_logic.nodes import EvidenceNode


class EvidenceInputLogic:
    """What a person says of the evidence on a lesion: prior, markers, answers, cut-offs, context, settings."""

    def priorChoices(self) -> tuple[PriorSource, ...]:
        """Return the published settings in which recurrence was counted, to choose a prior from."""
        return priors()

    def setPrior(
        self, evidenceNode: EvidenceNode, low: float, mid: float, high: float, source: str = "", setBy: str = ""
    ) -> None:
        """Say how likely recurrence was before any marker was looked at: 0 to 1, both ends excluded."""
        low, mid, high = (any_number(each, "The prior of recurrence") for each in (low, mid, high))
        evidence_choices.set_prior(evidenceNode, Prior(low, mid, high, source, setBy))
        evidence_weighing.show_inputs(evidenceNode)

    def prior(self, evidenceNode: EvidenceNode) -> Prior:
        """Return the prior, with its source and who set it."""
        return evidence_choices.read_prior(evidenceNode)

    def addFinding(
        self,
        evidenceNode: EvidenceNode,
        markerId: str,
        value: float | None = None,
        positive: bool | None = None,
        unit: str = "",
        statistic: str = "",
        **details: str,
    ) -> None:
        """Type in a marker by its id: its value with its unit, "1" for a ratio, or whether it was read as positive.

        Details are words that belong to it: tracer, measure, reference_region, and ``by``, who typed it. It takes the
        place of one that was collected for the same marker; a second one that was typed in is refused.
        """
        source = f"Typed in by {details.pop('by', '') or 'the user'}."
        finding = Finding(markerId, value, positive, unit, statistic, source=source, details=details)
        evidence_findings.add_finding(evidenceNode, finding)
        evidence_weighing.show_inputs(evidenceNode)

    def removeFinding(self, evidenceNode: EvidenceNode, row: int) -> None:
        """Remove a marker that was typed in, by its row, counted from 0."""
        evidence_findings.remove_finding(evidenceNode, row)
        evidence_weighing.show_inputs(evidenceNode)

    def setIncluded(self, evidenceNode: EvidenceNode, row: int, isIncluded: bool, reason: str = "") -> None:
        """Leave the marker of a row out, with a reason, or take it in again; collecting anew does not change it."""
        evidence_findings.set_included(evidenceNode, row, isIncluded, reason)
        evidence_weighing.show_inputs(evidenceNode)

    def findings(self, evidenceNode: EvidenceNode) -> tuple[Finding, ...]:
        """Return the markers in the order of their rows."""
        return tuple(each.finding for each in evidence_findings.read_findings(evidenceNode))

    def isTyped(self, evidenceNode: EvidenceNode, row: int) -> bool:
        """Tell whether a person typed in the marker of a row; the others were collected."""
        return evidence_findings.finding_of_row(evidenceNode, row).origin is FindingOrigin.TYPED

    def collectionNotes(self, evidenceNode: EvidenceNode) -> tuple[str, ...]:
        """Return what had to be said when findings were collected: conflicts, and what could not be taken."""
        return tuple(evidence_json(evidenceNode, EvidenceField.COLLECTED, []))

    def setPerfusionLesion(self, evidenceNode: EvidenceNode, name: str) -> None:
        """Say how the perfusion study of the visit calls the lesion; "" leaves it to its segment and name."""
        evidence_perfusion.set_perfusion_lesion(evidenceNode, name)

    def questions(self, evidenceNode: EvidenceNode) -> tuple[EvidenceQuestion, ...]:
        """Return the conditions on which the markers depend, open ones first: .id .question .answer .source .action."""
        return evidence_tables.questions_of(evidenceNode)

    def answer(self, evidenceNode: EvidenceNode, conditionId: str, word: str, by: str = "") -> None:
        """Answer a question: "yes" or "no"; "unknown" takes the person's answer back."""
        evidence_choices.answer_condition(evidenceNode, conditionId, word, by)
        evidence_weighing.show_inputs(evidenceNode)

    def setOwnCutoff(
        self, evidenceNode: EvidenceNode, markerId: str, value: float | None, statistic: str = "", setBy: str = ""
    ) -> None:
        """Set the clinic's own cut-off for a marker, with the lesion statistic it belongs to; None takes it away.

        It is for the quantity that the marker's value is here: rKtrans, where that was collected for it.
        """
        quantity = evidence_findings.quantity_found(evidenceNode, markerId)
        number = None if value is None else any_number(value, f"The own cut-off for {markerId!r}")
        cutoff = None if number is None else OwnCutoff(markerId, number, statistic, setBy, quantity)
        evidence_choices.set_own_cutoff(evidenceNode, markerId, cutoff)
        evidence_weighing.show_inputs(evidenceNode)

    def ownCutoffs(self, evidenceNode: EvidenceNode) -> tuple[OwnCutoff, ...]:
        """Return the clinic's own cut-offs."""
        return evidence_choices.read_cutoffs(evidenceNode)

    def setContext(self, evidenceNode: EvidenceNode, name: str, value: Any) -> None:
        """Say what is shown without weight, by the names of ``EvidenceContext``; None leaves it to the scene."""
        evidence_context.set_context(evidenceNode, name, value)
        evidence_weighing.show_inputs(evidenceNode)

    def context(self, evidenceNode: EvidenceNode) -> EvidenceContext:
        """Return what is shown without weight: as it was found last, with what a person said since."""
        return evidence_context.read_context(evidenceNode)

    def setSetting(self, evidenceNode: EvidenceNode, name: str, value: Any) -> None:
        """Set how evidence is gathered and weighed, by the names of ``EvidenceSettings``; None leaves it as usual."""
        evidence_settings.set_setting(evidenceNode, name, value)
        evidence_weighing.show_inputs(evidenceNode)

    def settings(self, evidenceNode: EvidenceNode) -> EvidenceSettings:
        """Return how evidence is gathered and weighed."""
        return evidence_settings.read_settings(evidenceNode)

    def setPopulation(self, evidenceNode: EvidenceNode, text: str) -> None:
        """Say which population the patient belongs to; "" leaves it to the tumour."""
        evidence_settings.set_population(evidenceNode, text)
        evidence_weighing.show_inputs(evidenceNode)

    def population(self, evidenceNode: EvidenceNode) -> str:
        """Return which population the patient belongs to; empty where it is not known."""
        return evidence_settings.population_of(evidenceNode)

    def populations(self) -> tuple[str, ...]:
        """Return the words for populations."""
        return populations()
