"""The digital patient's GliaSite variant: a balloon of liquid I-125 in the cavity of a tumour that was taken out."""

from brachyresponse.digital_patient.gliasite.anatomy import Balloon, ResectedHead
from brachyresponse.digital_patient.gliasite.patient import GliaSitePatient, gliasite_patient
from brachyresponse.digital_patient.gliasite.treatment import GliaSiteTreatment, GliaSiteTruth

__all__ = [
    "Balloon",
    "GliaSitePatient",
    "GliaSiteTreatment",
    "GliaSiteTruth",
    "ResectedHead",
    "gliasite_patient",
]
