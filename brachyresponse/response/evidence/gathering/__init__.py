"""From measurements, records and a person's entries to the evidence of one lesion.

The names that scripts need; :mod:`brachyresponse.response.evidence.gathering.request_file` documents ``evidence.json``.
"""

from brachyresponse.response.evidence.gathering.answers import (
    answers_of_diffusion,
    answers_of_distances,
    answers_of_perfusion,
    answers_of_size,
    answers_of_spectroscopy,
    answers_of_steroid_dose,
    answers_of_treatments,
)
from brachyresponse.response.evidence.gathering.completing import (
    with_diffusion,
    with_distances,
    with_perfusion,
    with_size,
    with_spectroscopy,
    with_treatments,
)
from brachyresponse.response.evidence.gathering.context import DoseContext, EvidenceContext, VolumeOfDay
from brachyresponse.response.evidence.gathering.diffusion import central_restriction, findings_of_diffusion
from brachyresponse.response.evidence.gathering.dose import dose_context, dose_context_of
from brachyresponse.response.evidence.gathering.perfusion import PerfusionScans, findings_of_perfusion, scans_by_date
from brachyresponse.response.evidence.gathering.pet import pet_finding, pet_findings
from brachyresponse.response.evidence.gathering.prior_choice import prior_of_setting
from brachyresponse.response.evidence.gathering.request import EvidenceRequest
from brachyresponse.response.evidence.gathering.request_file import (
    EvidenceFile,
    read_evidence_file,
    read_evidence_request,
)
from brachyresponse.response.evidence.gathering.request_json import request_as_json
from brachyresponse.response.evidence.gathering.settings import EvidenceSettings
from brachyresponse.response.evidence.gathering.spectroscopy import findings_of_spectroscopy
from brachyresponse.response.evidence.gathering.tables import evidence_table
from brachyresponse.response.evidence.gathering.united import persons_answer, united_answers
from brachyresponse.response.evidence.gathering.vocabulary import T1Enhancement, T2FlairChange
from brachyresponse.response.evidence.gathering.weigh import LesionEvidence, lesion_evidence_from_json, weigh_request

__all__ = [
    "DoseContext",
    "EvidenceContext",
    "EvidenceFile",
    "EvidenceRequest",
    "EvidenceSettings",
    "LesionEvidence",
    "PerfusionScans",
    "T1Enhancement",
    "T2FlairChange",
    "VolumeOfDay",
    "answers_of_diffusion",
    "answers_of_distances",
    "answers_of_perfusion",
    "answers_of_size",
    "answers_of_spectroscopy",
    "answers_of_steroid_dose",
    "answers_of_treatments",
    "central_restriction",
    "dose_context",
    "dose_context_of",
    "evidence_table",
    "findings_of_diffusion",
    "findings_of_perfusion",
    "findings_of_spectroscopy",
    "lesion_evidence_from_json",
    "persons_answer",
    "pet_finding",
    "pet_findings",
    "prior_of_setting",
    "read_evidence_file",
    "read_evidence_request",
    "request_as_json",
    "scans_by_date",
    "united_answers",
    "weigh_request",
    "with_diffusion",
    "with_distances",
    "with_perfusion",
    "with_size",
    "with_spectroscopy",
    "with_treatments",
]
