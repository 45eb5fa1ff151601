"""How much the leak of contrast agent changes the lesion's DSC curve: the K2 that a correction should find."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.digital_patient.perfusion.bolus import TissueCurve
from brachyresponse.digital_patient.perfusion.scans import frame_times_s, tissue_curves
from brachyresponse.digital_patient.perfusion.signal_equations import tissue_signal
from brachyresponse.digital_patient.perfusion.tables import Tissue, table
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import FloatArray


@dataclass(frozen=True, eq=False)
class LeakageTruth:
    """Apparent dR2* of the lesion, 1/s (T,), as it is and as it would be with an intact barrier.

    ``k2_per_s`` is the least-squares factor of leak = -K2 times the integral of the reference curve, which is that of
    white matter: positive where T1 lifts the signal (CBV underestimated), negative where T2* lowers it. The leak comes
    from concentrations and signal equations, so this form holds only approximately.
    """

    delta_r2star_per_s: FloatArray
    without_leak_per_s: FloatArray
    k2_per_s: float


def leakage_truth(tissues: dict[str, Tissue]) -> LeakageTruth:
    """Return what the leak does in the lesion, without noise."""
    curves = tissue_curves(tissues, SeriesKind.DSC)
    time_s = frame_times_s(SeriesKind.DSC)
    leaking = _delta_r2star(tissues["lesion"], curves["lesion"])
    tight = replace(curves["lesion"], interstitial=np.zeros(len(time_s)))
    intact = _delta_r2star(tissues["lesion"], tight)
    reference = _delta_r2star(tissues["white matter"], curves["white matter"])
    integral = np.concatenate([[0.0], np.cumsum((reference[1:] + reference[:-1]) / 2 * np.diff(time_s))])
    k2_per_s = -float((leaking - intact) @ integral / (integral @ integral))
    return LeakageTruth(leaking, intact, k2_per_s)


def _delta_r2star(tissue: Tissue, curve: TissueCurve) -> FloatArray:
    signal = tissue_signal(tissue, curve, SeriesKind.DSC)
    result: FloatArray = -np.log(signal / signal[0]) / table("protocols")[SeriesKind.DSC]["te_s"]
    return result
