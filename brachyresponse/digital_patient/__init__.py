"""A synthetic patient whose truth is known: for the demonstration, the tests and Slicer's sample data."""

from brachyresponse.digital_patient.displacement import DisplacementLaw
from brachyresponse.digital_patient.head import Head, Tumour
from brachyresponse.digital_patient.implant import DigitalImplant, ImplantTruth, implant_patient
from brachyresponse.digital_patient.patient import DigitalPatient, PatientTruth, build_patient
from brachyresponse.digital_patient.procedure import DigitalProcedure, Stage, Straying, procedure_so_far

__all__ = [
    "DigitalImplant",
    "DigitalPatient",
    "DigitalProcedure",
    "DisplacementLaw",
    "Head",
    "ImplantTruth",
    "PatientTruth",
    "Stage",
    "Straying",
    "Tumour",
    "build_patient",
    "implant_patient",
    "procedure_so_far",
]
