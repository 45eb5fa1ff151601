"""Dose of an implant by TG-43, and what it means for the structures: DVH and metrics."""

from brachyresponse.dose.bed import bed_gy, eqd2_gy
from brachyresponse.dose.dvh import Dvh
from brachyresponse.dose.implant import implant_dose
from brachyresponse.dose.isodose import isodose_volume_cc, matched_peripheral_dose
from brachyresponse.dose.liquid_sphere import liquid_sphere_dose_rate
from brachyresponse.dose.liquid_voxels import liquid_dose, liquid_dose_rate
from brachyresponse.dose.live import LiveDose, LivePointDose
from brachyresponse.dose.memory import MEMORY_LIMIT_MB, required_memory_mb
from brachyresponse.dose.metrics import Metric, implant_metrics, organ_metrics
from brachyresponse.dose.rate import dose_rate
from brachyresponse.dose.samples import StructureSamples, compute_dvh

__all__ = [
    "MEMORY_LIMIT_MB",
    "Dvh",
    "LiveDose",
    "LivePointDose",
    "Metric",
    "StructureSamples",
    "bed_gy",
    "compute_dvh",
    "dose_rate",
    "eqd2_gy",
    "implant_dose",
    "implant_metrics",
    "isodose_volume_cc",
    "liquid_dose",
    "liquid_dose_rate",
    "liquid_sphere_dose_rate",
    "matched_peripheral_dose",
    "organ_metrics",
    "required_memory_mb",
]
