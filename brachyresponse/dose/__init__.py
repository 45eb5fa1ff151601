"""Dose of an implant by TG-43, and what it means for the structures: DVH and metrics."""

from brachyresponse.dose.implant import implant_dose
from brachyresponse.dose.rate import dose_rate

__all__ = ["dose_rate", "implant_dose"]
