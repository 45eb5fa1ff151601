"""The scans of one visit: dynamic series, flip-angle series and anatomical images."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from brachyresponse.digital_patient.painting import turned_grid
from brachyresponse.digital_patient.perfusion.bolus import TissueCurve, tissue_curve
from brachyresponse.digital_patient.perfusion.disturbances import (
    HeadMotion,
    moved,
    small_motion,
    spline_coefficients,
    with_rician_noise,
)
from brachyresponse.digital_patient.perfusion.mixing import mixed
from brachyresponse.digital_patient.perfusion.signal_equations import share_left_by_seeds, steady_state, tissue_signal
from brachyresponse.digital_patient.perfusion.tables import Tissue, table
from brachyresponse.geometry import Grid, Volume
from brachyresponse.perfusion.series import Acquisition, DynamicSeries, SeriesKind
from brachyresponse.perfusion.study import FlipAngleSeries
from brachyresponse.progress import Report
from brachyresponse.types import Float32Array, FloatArray

ORIGIN = "digital patient"


@dataclass(frozen=True, eq=False)
class ScannedHead:
    """What lies in the scanner: shares of the tissues (tissues, k, j, i) on a grid, and the seeds, (N, 3) mm."""

    grid: Grid
    shares: Float32Array
    tissues: dict[str, Tissue]
    seeds_mm: FloatArray

    def share_left(self, te_s: float) -> Float32Array:
        """Return the share of the signal that the seeds leave, [k, j, i]."""
        return share_left_by_seeds(self.grid, self.seeds_mm, te_s)


def grid_of(protocol: str, plan_to_visit: FloatArray) -> Grid:
    """Return the grid of a protocol, placed on the head as it lies at the visit."""
    figures = table("protocols")[protocol]
    x, y, z = plan_to_visit[:3, :3] @ figures["centre_mm"] + plan_to_visit[:3, 3]
    size, spacing, angles = (tuple(figures[name]) for name in ("size_ijk", "spacing_mm", "angles_deg"))
    return turned_grid(size, spacing, angles, (float(x), float(y), float(z)))


def frame_times_s(kind: SeriesKind) -> FloatArray:
    """Return when the frames are taken, (T,) seconds after the first."""
    protocol = table("protocols")[kind]
    result: FloatArray = np.arange(protocol["frames"]) * float(protocol["frame_s"])
    return result


def tissue_curves(tissues: dict[str, Tissue], kind: SeriesKind) -> dict[str, TissueCurve]:
    """Return the contrast agent in every tissue at the frames' times."""
    arrival_s, dose = table("protocols")[kind]["arrival_s"], table("protocols")["dose_mmol_per_kg"]
    time_s = frame_times_s(kind)
    return {name: tissue_curve(tissue, kind, time_s, arrival_s, dose) for name, tissue in tissues.items()}


def dynamic_series(
    head: ScannedHead, kind: SeriesKind, random: np.random.Generator, report: Report
) -> tuple[DynamicSeries, HeadMotion]:
    """Scan a dynamic series; return it with the motion that is in it."""
    protocol, time_s = table("protocols")[kind], frame_times_s(kind)
    curves = tissue_curves(head.tissues, kind)
    signals = np.stack([tissue_signal(tissue, curves[name], kind) for name, tissue in head.tissues.items()])
    signals *= 1 + protocol["drift_per_min"] * time_s / 60
    motion = small_motion(len(time_s), protocol["motion_mm"], protocol["motion_deg"], random)
    coefficients = spline_coefficients(head.shares * head.share_left(protocol["te_s"]))
    frames = []
    for number in range(len(time_s)):
        report(number / len(time_s), f"Digital patient: {kind.upper()} frame {number + 1} of {len(time_s)}")
        still = mixed(coefficients, signals[:, number])
        frame = moved(still, head.grid, motion.matrix(number, head.grid.centre_mm))
        frames.append(with_rician_noise(frame, protocol["noise"], random))
    series = DynamicSeries(kind.upper(), frames, head.grid, time_s, _acquisition(protocol), ORIGIN)
    return series, motion


def flip_angle_series(head: ScannedHead, random: np.random.Generator) -> FlipAngleSeries:
    """Scan spoiled gradient echoes at the flip angles of the DCE protocol, before the contrast agent."""
    protocol = table("protocols")[SeriesKind.DCE]
    left = head.share_left(protocol["te_s"])
    tissues = head.tissues.values()
    images = []
    for angle_deg in protocol["vfa_flip_angle_deg"]:
        signal = [
            protocol["scale"] * t.proton_density * np.exp(-protocol["te_s"] / t.t2star_s)
            * float(steady_state(t.t1_s, protocol["tr_s"], angle_deg))
            for t in tissues
        ]  # fmt: skip
        images.append(with_rician_noise(left * mixed(head.shares, signal), protocol["vfa_noise"], random))
    return FlipAngleSeries("Flip angles", images, head.grid, tuple(protocol["vfa_flip_angle_deg"]), protocol["tr_s"])


def anatomical_images(head: ScannedHead, random: np.random.Generator) -> dict[str, Volume]:
    """Scan T1 after contrast agent, FLAIR and a T2*-weighted gradient echo on one grid."""
    protocol, tissues = table("protocols")["anatomical"], head.tissues.values()
    t2star = [
        protocol["t2star_scale"] * t.proton_density * np.exp(-protocol["t2star_te_s"] / t.t2star_s) for t in tissues
    ]
    signals = {
        "T1 post-contrast": head.share_left(protocol["t1_gd_te_s"]) * mixed(head.shares, [t.t1_gd for t in tissues]),
        "FLAIR": mixed(head.shares, [t.flair for t in tissues]),
        "T2*": head.share_left(protocol["t2star_te_s"]) * mixed(head.shares, t2star),
    }
    noise = {"T1 post-contrast": "t1_gd_noise", "FLAIR": "flair_noise", "T2*": "t2star_noise"}
    return {
        name: Volume(name, with_rician_noise(signal, protocol[noise[name]], random), head.grid)
        for name, signal in signals.items()
    }


def _acquisition(protocol: dict[str, Any]) -> Acquisition:
    common = table("protocols")
    figures: dict[str, Any] = {name: protocol[name] for name in ("tr_s", "te_s", "flip_angle_deg")}
    figures |= {name: common[name] for name in ("field_strength_t", "agent", "dose_mmol_per_kg")}
    figures["preload_dose_mmol_per_kg"] = 0.0
    return Acquisition(**figures, origins=MappingProxyType(dict.fromkeys(figures, ORIGIN)))
