"""A synthetic patient whose truth is known: for the demonstration, the tests and Slicer's sample data."""

from brachyresponse.digital_patient.displacement import DisplacementLaw
from brachyresponse.digital_patient.head import Head, Tumour
from brachyresponse.digital_patient.implant import DigitalImplant, ImplantTruth, implant_patient
from brachyresponse.digital_patient.patient import DigitalPatient, PatientTruth, build_patient

__all__ = [
    "DigitalImplant",
    "DigitalPatient",
    "DisplacementLaw",
    "Head",
    "ImplantTruth",
    "PatientTruth",
    "Tumour",
    "build_patient",
    "implant_patient",
]
