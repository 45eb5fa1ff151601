"""What is exactly known of a perfusion scan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from brachyresponse.digital_patient.perfusion.bolus import blood_curve
from brachyresponse.digital_patient.perfusion.disturbances import HeadMotion
from brachyresponse.digital_patient.perfusion.leakage import LeakageTruth, leakage_truth
from brachyresponse.digital_patient.perfusion.mixing import mixed
from brachyresponse.digital_patient.perfusion.scans import ScannedHead, frame_times_s
from brachyresponse.digital_patient.perfusion.tables import Diagnosis, PatientVariant, Tissue, Visit, table
from brachyresponse.geometry import Volume
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import FloatArray

QUANTITIES = {
    "ktrans_per_min": "1/min",
    "kep_per_min": "1/min",
    "ve": "",
    "vp": "",
    "cbv_ml_per_100ml": "mL/100 mL",
    "cbf_ml_per_100ml_per_min": "mL/100 mL/min",
    "t1_s": "s",
}
"""What a truth map can hold, and its unit."""


@dataclass(frozen=True, eq=False)
class PerfusionTruth:
    """The figures behind a scan.

    Parameters
    ----------
    diagnosis
        What the lesion is; None before the treatment, when it is the tumour.
    tissues
        Figures of every tissue; "lesion" is the lesion's.
    aif_mmol_l
        (T,) whole blood in the arteries at the frames' times.
    motion
        Of the head, frame by frame.
    drift_per_min, noise
        Relative rise of the signal with time, and standard deviation of the noise in each channel.
    share_left
        Share of the signal that the seeds leave in each voxel of the series.
    dsc_scale
        Factor between the CBV (and CBF) that an area or a deconvolution gives and the true one: T2* relaxivity in
        tissue over that in the artery. 1 for DCE. MTT and every ratio are free of it.
    leakage
        Of the lesion, in DSC; None for DCE.
    """

    diagnosis: Diagnosis | None
    tissues: Mapping[str, Tissue]
    aif_mmol_l: FloatArray
    motion: HeadMotion
    drift_per_min: float
    noise: float
    share_left: Volume
    dsc_scale: float
    leakage: LeakageTruth | None
    scanned: ScannedHead

    def ratio(self, quantity: str, tissue: str = "lesion") -> float:
        """Return a tissue's figure over that of white matter: ``vp``, ``cbv_ml_per_100ml``, ``ktrans_per_min`` ..."""
        return float(getattr(self.tissues[tissue], quantity) / getattr(self.tissues["white matter"], quantity))

    def map(self, quantity: str) -> Volume:
        """Return a figure on the series' grid: the mean over the tissues in each voxel, free of noise and motion."""
        values = [getattr(tissue, quantity) for tissue in self.tissues.values()]
        return Volume(f"True {quantity}", mixed(self.scanned.shares, values), self.scanned.grid, QUANTITIES[quantity])

    def as_record(self) -> dict[str, Any]:
        """Return plain values, to be written as JSON."""
        return {
            "diagnosis": self.diagnosis,
            "ratios": {name: self.ratio(name) for name in ("vp", "ktrans_per_min", "cbv_ml_per_100ml")},
            "tissues": {
                name: {quantity: getattr(tissue, quantity) for quantity in QUANTITIES} | {"mtt_s": tissue.mtt_s}
                for name, tissue in self.tissues.items()
            },
            "aif_mmol_l": self.aif_mmol_l.tolist(),
            "translations_mm": self.motion.translations_mm.tolist(),
            "rotations_deg": self.motion.rotations_deg.tolist(),
            "drift_per_min": self.drift_per_min,
            "noise": self.noise,
            "dsc_scale": self.dsc_scale,
            "k2_per_s": self.leakage.k2_per_s if self.leakage else None,
        }


def truth_of(scanned: ScannedHead, kind: SeriesKind, motion: HeadMotion, diagnosis: Diagnosis | None) -> PerfusionTruth:
    """Return the truth of a scanned head."""
    protocols = table("protocols")
    protocol = protocols[kind]
    relaxivity = table("tissues")["transverse_relaxivity_per_s_per_mmol_l"]
    is_dsc = kind is SeriesKind.DSC
    return PerfusionTruth(
        diagnosis=diagnosis,
        tissues=scanned.tissues,
        aif_mmol_l=blood_curve(frame_times_s(kind), protocol["arrival_s"], protocols["dose_mmol_per_kg"]),
        motion=motion,
        drift_per_min=protocol["drift_per_min"],
        noise=protocol["noise"],
        share_left=Volume("Share of signal left", scanned.share_left(protocol["te_s"]), scanned.grid),
        dsc_scale=relaxivity["tissue"] / relaxivity["blood"] if is_dsc else 1.0,
        leakage=leakage_truth(scanned.tissues) if is_dsc else None,
        scanned=scanned,
    )


def diagnosis_of(variant: PatientVariant, visit: Visit) -> Diagnosis | None:
    """Return what the lesion is at a visit; None before the treatment."""
    return None if visit is Visit.BEFORE else Diagnosis(table("variants")["variants"][variant]["diagnosis"])
