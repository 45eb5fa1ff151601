"""Decays that cannot be fitted, each with its sentence."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.spectroscopy.fitting.model import SpectrumModel
from brachyresponse.spectroscopy.preparation.alignment import Alignment, align
from brachyresponse.spectroscopy.preparation.decay import apodise, ppm_axis, spectrum_of
from brachyresponse.types import AnyArray

SHORTEST_S = 0.1
"""A decay of less time cannot tell lines of 10 Hz apart."""
FEWEST_POINTS = 128
MHZ = (20.0, 1000.0)
LONGEST_DWELL_S = 0.005
MATCHED_HZ = 5.0
"""Apodisation under which the known lines are looked for."""


def check_acquisition(dwell_time_s: float, transmitter_mhz: float, echo_time_ms: float) -> None:
    """Raise where a number of the acquisition cannot be, above all where it is in another unit."""
    if not 0 < dwell_time_s <= LONGEST_DWELL_S:
        raise SpectroscopyError(
            f"The dwell time is {dwell_time_s:g} s, expected above 0 and at most {LONGEST_DWELL_S:g} s: give the time "
            "between two points in seconds."
        )
    if not MHZ[0] <= transmitter_mhz <= MHZ[1]:
        raise SpectroscopyError(
            f"The transmitter frequency is {transmitter_mhz:g} MHz, expected {MHZ[0]:g} to {MHZ[1]:g} MHz (123.2 at "
            "3 T): give it in MHz."
        )
    if not 1 <= echo_time_ms < 2000:
        raise SpectroscopyError(
            f"The echo time is {echo_time_ms:g} ms, expected 1 to 2000 ms: give it in milliseconds."
        )


def check_fid(fid: AnyArray, dwell_time_s: float) -> AnyArray:
    """Return the decay (points,) as complex numbers."""
    fid = np.asarray(fid)
    if fid.ndim != 1:
        raise SpectroscopyError(f"The decay has the shape {fid.shape}, expected (points,): give one voxel.")
    if not np.iscomplexobj(fid):
        raise SpectroscopyError("The decay is real, expected complex points: give the free induction decay.")
    fewest = max(FEWEST_POINTS, int(np.ceil(SHORTEST_S / dwell_time_s)))
    if len(fid) < fewest:
        raise SpectroscopyError(
            f"The decay has {len(fid)} points, expected at least {fewest} ({SHORTEST_S:g} s): give the whole decay."
        )
    bad = int(np.count_nonzero(~np.isfinite(fid)))
    if bad:
        raise SpectroscopyError(f"{bad} of {len(fid)} points are not numbers: export the spectrum again.")
    if not fid.any():
        raise SpectroscopyError("All points of the decay are zero: leave this voxel out.")
    return fid.astype(np.complex128)


def guess_of(model: SpectrumModel, decay: AnyArray, noise: float) -> Alignment:
    """Return the first shift and phase."""
    acquisition = model.basis.acquisition
    smooth = apodise(decay, acquisition.dwell_time_s, lorentz_hz=MATCHED_HZ)
    ppm = ppm_axis(len(decay), acquisition.dwell_time_s, acquisition.transmitter_mhz, acquisition.reference_ppm)
    limit_ppm = model.settings.shift_limit_ppm
    spectrum = spectrum_of(smooth)
    return align(spectrum, ppm, noise, transmitter_mhz=acquisition.transmitter_mhz, limit_ppm=limit_ppm)
