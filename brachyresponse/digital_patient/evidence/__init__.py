"""Diffusion and spectra of the digital patient after the implant, with their truth."""

from brachyresponse.digital_patient.evidence.diffusion import DigitalDiffusion
from brachyresponse.digital_patient.evidence.session import EvidenceSession, EvidenceTruth, evidence_session
from brachyresponse.digital_patient.evidence.spectra import DigitalSpectra
from brachyresponse.digital_patient.evidence.tables import why_no_session

__all__ = [
    "DigitalDiffusion",
    "DigitalSpectra",
    "EvidenceSession",
    "EvidenceTruth",
    "evidence_session",
    "why_no_session",
]
