"""Dose of an implant by TG-43, and what it means for the structures: DVH and metrics."""

from brachyresponse.dose.dvh import Dvh
from brachyresponse.dose.implant import implant_dose
from brachyresponse.dose.rate import dose_rate
from brachyresponse.dose.samples import StructureSamples, compute_dvh

__all__ = ["Dvh", "StructureSamples", "compute_dvh", "dose_rate", "implant_dose"]
