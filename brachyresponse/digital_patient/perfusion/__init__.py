"""Perfusion scans of the digital patient, before the implant and at a follow-up, with their truth."""

from brachyresponse.digital_patient.perfusion.disturbances import HeadMotion
from brachyresponse.digital_patient.perfusion.leakage import LeakageTruth
from brachyresponse.digital_patient.perfusion.tables import Diagnosis, PatientVariant, Tissue, Visit
from brachyresponse.digital_patient.perfusion.truth import PerfusionTruth
from brachyresponse.digital_patient.perfusion.visit import LESION, WHITE_MATTER, DigitalPerfusion, perfusion_visit

__all__ = [
    "LESION",
    "WHITE_MATTER",
    "Diagnosis",
    "DigitalPerfusion",
    "HeadMotion",
    "LeakageTruth",
    "PatientVariant",
    "PerfusionTruth",
    "Tissue",
    "Visit",
    "perfusion_visit",
]
