"""How large the water in a spectrum is: a reference without suppression is no spectrum of metabolites."""

from __future__ import annotations

import numpy as np

from brachyresponse.spectroscopy.spectra import Spectra

LARGEST_RATIO = 200.0
"""Water of this height over the highest other line was not suppressed: unsuppressed it is a thousandfold and more,
suppressed at most a few tens. A limit of ours, half-way between (in powers)."""
WINDOW_S = 0.25
WATER_PPM, METABOLITES_PPM = (4.3, 5.0), (0.5, 4.0)


def water_ratio(spectra: Spectra) -> float:
    """Return the height of water over that of the highest line of metabolites, of all voxels together.

    The decays are seen through a window that is 0 at both ends: without it water's own foot would be higher than any
    metabolite.
    """
    points = min(spectra.points, max(int(WINDOW_S / spectra.dwell_time_s), 16))
    window = np.sin(np.pi * (np.arange(points) + 0.5) / points) ** 4
    frequency = np.fft.fftfreq(4 * points, spectra.dwell_time_s)
    ppm = spectra.reference_ppm + frequency / spectra.transmitter_mhz
    heights = np.abs(np.fft.fft(spectra.fid[..., :points] * window, 4 * points, axis=-1)).reshape(-1, 4 * points)
    mean = heights.mean(axis=0)
    water = mean[(ppm > WATER_PPM[0]) & (ppm < WATER_PPM[1])]
    others = mean[(ppm > METABOLITES_PPM[0]) & (ppm < METABOLITES_PPM[1])]
    highest = float(others.max()) if others.size else 0.0
    return float(water.max()) / highest if water.size and highest > 0 else 0.0
