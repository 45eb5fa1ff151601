"""A synthetic patient whose truth is known: for the demonstration, the tests and Slicer's sample data."""

from brachyresponse.digital_patient.head import Head, Tumour
from brachyresponse.digital_patient.patient import DigitalPatient, PatientTruth, build_patient

__all__ = ["DigitalPatient", "Head", "PatientTruth", "Tumour", "build_patient"]
