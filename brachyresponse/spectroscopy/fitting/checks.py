"""Decays that cannot be fitted, each with its sentence."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.spectroscopy.fitting.model import SpectrumModel
from brachyresponse.spectroscopy.fitting.quality import limit
from brachyresponse.spectroscopy.fitting.spectrum_fit import SpectrumFit
from brachyresponse.spectroscopy.preparation.alignment import Alignment, align
from brachyresponse.spectroscopy.preparation.decay import apodise, spectrum_of
from brachyresponse.types import AnyArray

SHORTEST_S = 0.1
"""A decay of less time cannot tell lines of 10 Hz apart."""
FEWEST_POINTS = 128
MHZ = (20.0, 1000.0)
LONGEST_DWELL_S = 0.005
SEEN = 8.0
"""Times the noise: from there on a line is sure."""
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
    """Return the decay (points,) as complex numbers, without the zeros that it may have been filled up with."""
    fid = np.asarray(fid)
    if fid.ndim != 1:
        raise SpectroscopyError(f"The decay has the shape {fid.shape}, expected (points,): give one voxel.")
    if not np.iscomplexobj(fid):
        raise SpectroscopyError("The decay is real, expected complex points: give the free induction decay.")
    bad = int(np.count_nonzero(~np.isfinite(fid)))
    if bad:
        raise SpectroscopyError(f"{bad} of {len(fid)} points are not numbers: export the spectrum again.")
    if not fid.any():
        raise SpectroscopyError("All points of the decay are zero: leave this voxel out.")
    fid = fid[: int(np.flatnonzero(fid)[-1]) + 1]
    fewest = max(FEWEST_POINTS, int(np.ceil(SHORTEST_S / dwell_time_s)))
    if len(fid) < fewest:
        raise SpectroscopyError(
            f"The decay has {len(fid)} points, expected at least {fewest} ({SHORTEST_S:g} s): give the whole decay."
        )
    return fid.astype(np.complex128)


def guess_of(model: SpectrumModel, decay: AnyArray, noise: float) -> Alignment:
    """Return the first shift and phase of a decay without water.

    Raises
    ------
    SpectroscopyError
        The mirror image fits the known lines far better.
    """
    guess, mirrored = (_aligned(model, each, noise) for each in (decay, decay.conj()))
    if mirrored.strength > max(limit("turned_round") * guess.strength, SEEN**2):
        raise SpectroscopyError(
            "The known lines lie on the other side of the water: the spectrum is conjugated, or its ppm axis is "
            "reversed. Pass the complex conjugate of the decay."
        )
    return guess


def _aligned(model: SpectrumModel, decay: AnyArray, noise: float) -> Alignment:
    acquisition = model.basis.acquisition
    return align(
        spectrum_of(apodise(decay, acquisition.dwell_time_s, lorentz_hz=MATCHED_HZ)),
        acquisition.ppm,
        noise,
        transmitter_mhz=acquisition.transmitter_mhz,
        limit_ppm=model.settings.shift_limit_ppm,
    )


def check_water(model: SpectrumModel, before: AnyArray, after: AnyArray) -> None:
    """Raise where the water, taken from ``before`` to leave ``after``, was far higher than all else."""
    water, rest = (
        np.abs(spectrum_of(apodise(each, model.basis.acquisition.dwell_time_s, lorentz_hz=MATCHED_HZ)))
        for each in (before - after, after)
    )
    metabolites = rest[model.window].max()
    if water.max() > limit("water_over_metabolites") * metabolites:
        raise SpectroscopyError(
            f"The water is {water.max() / metabolites:.0f} times as high as the tallest other line, expected at most "
            f"{limit('water_over_metabolites'):g}: it is not suppressed. Give the water-suppressed spectrum."
        )


def check_explained(fit: SpectrumFit, shift_limit_ppm: float) -> None:
    """Raise where the spectrum has lines, and the known ones are not among them.

    What the lines leave counts without a cubic curve: tails of water and a rolling background are no lines.
    """
    lines = fit.fitted - fit.baseline
    rest = fit.spectrum - lines
    powers = np.vander(fit.ppm - fit.ppm.mean(), 4)
    rest = rest - powers @ np.linalg.lstsq(powers.astype(complex), rest)[0]
    noise_energy = 2 * len(lines) * fit.noise**2
    explained, left = (float(np.sum(np.abs(each) ** 2)) for each in (lines, rest))
    share = explained / (explained + max(left - noise_energy, 0.0))
    if left > 2 * noise_energy and share < limit("explained"):
        raise SpectroscopyError(
            f"The lines of metabolites explain {share:.0%} of the spectrum, expected at least "
            f"{limit('explained'):.0%}, although they may lie up to {shift_limit_ppm:g} ppm beside their place: check "
            "the transmitter frequency, the dwell time and the chemical shift of the reference."
        )
