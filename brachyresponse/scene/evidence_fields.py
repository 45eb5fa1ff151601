"""The values of evidence that are attributes of its node: text in the scene, typed here."""

from __future__ import annotations

from enum import StrEnum

from brachyresponse.errors import ResponseError
from brachyresponse.scene.owners import FieldsOf
from brachyresponse.scene.parts import OwnerKind


class EvidenceField(StrEnum):
    """A value of evidence; the enum's value is the attribute's name without our prefix."""

    CREATED = "Created"
    LESION = "LesionSlot"
    """The lesion's place on the node of the visit, which outlasts renaming."""
    PRIOR_LOW = "PriorLow"
    PRIOR_MID = "PriorMid"
    PRIOR_HIGH = "PriorHigh"
    PRIOR_SOURCE = "PriorSource"
    PRIOR_SET_BY = "PriorSetBy"
    POPULATION = "Population"
    FINDINGS = "Findings"
    ANSWERS = "Answers"
    OWN_CUTOFFS = "OwnCutoffs"
    CONTEXT = "Context"
    """What a person said of the context."""
    FOUND_CONTEXT = "FoundContext"
    """The context as it was in the scene when findings were collected."""
    INPUTS = "Inputs"
    SCAN_DATES = "ScanDates"
    """Of the scans that were measured."""
    SETTINGS = "Settings"
    PERFUSION_LESION = "PerfusionLesion"
    """How the perfusion study calls the lesion; empty: as the visit does."""
    COLLECTED = "CollectedNotes"
    """What was to be said when findings were collected: conflicts, and what could not be read."""
    VERDICT = "Verdict"
    INTERVAL = "ProbabilityOfRecurrence"


EVIDENCE_FIELDS: FieldsOf[EvidenceField] = FieldsOf(OwnerKind.EVIDENCE, ResponseError)
evidence_text, set_evidence_field, evidence_json = EVIDENCE_FIELDS.text, EVIDENCE_FIELDS.put, EVIDENCE_FIELDS.json
