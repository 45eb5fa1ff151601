"""Spectra in the time domain, with what is needed to read them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Grid
from brachyresponse.spectroscopy.vocabulary import SpectraKind
from brachyresponse.types import AnyArray, frozen_array


@dataclass(frozen=True, eq=False)
class Spectra:
    """Free induction decays of one voxel or of a grid of voxels, coils and averages combined.

    The rotation is such that ``fftshift(fft(fid))`` runs from low to high ppm: a line above the reference has a
    positive frequency.

    Parameters
    ----------
    name
        Of the series.
    fid
        Complex, [k, j, i, point].
    grid
        The voxels in the patient; of a single voxel one large one, oblique as it was measured.
    dwell_time_s, transmitter_mhz, echo_time_ms
        Of the acquisition; all three have to be known.
    repetition_time_ms
        None where not known.
    reference_ppm
        Chemical shift at the transmitter frequency.
    is_water_suppressed
        None where not known.
    notes
        What was done on reading, in sentences.
    has_position
        Whether it is known where the voxels lie; without it ``grid`` has their size alone.
    patient_id
        As the file states it; empty where it does not.
    average_shift_hz, average_phase_deg
        By which each average differed before it was aligned; empty where none were.

    Raises
    ------
    SpectroscopyError
        The decays are not complex, not finite or not on the grid, or a number of the acquisition makes no sense.
    """

    name: str
    fid: AnyArray
    grid: Grid
    dwell_time_s: float
    transmitter_mhz: float
    echo_time_ms: float
    repetition_time_ms: float | None = None
    reference_ppm: float = 4.65
    is_water_suppressed: bool | None = None
    notes: tuple[str, ...] = ()
    has_position: bool = True
    patient_id: str = ""
    average_shift_hz: tuple[float, ...] = ()
    average_phase_deg: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        fid = frozen_array(self.fid, np.complex128)
        object.__setattr__(self, "fid", fid)
        if fid.ndim != 4 or fid.shape[:3] != self.grid.shape_kji:
            raise SpectroscopyError(
                f"The spectra {self.name!r} have the shape {fid.shape}, expected {(*self.grid.shape_kji, 'points')}: "
                "give one decay for each voxel of the grid."
            )
        for what, value in {
            "dwell time": self.dwell_time_s,
            "transmitter frequency": self.transmitter_mhz,
            "echo time": self.echo_time_ms,
        }.items():
            if not (np.isfinite(value) and value > 0):
                raise SpectroscopyError(f"The {what} of {self.name!r} is {value:g}, expected above 0: correct it.")
        if not np.isfinite(fid).all():
            bad = int(np.count_nonzero(~np.isfinite(fid).all(axis=-1)))
            raise SpectroscopyError(
                f"{bad} of {fid[..., 0].size} voxels of {self.name!r} hold points that are not numbers: export the "
                "spectra again, or leave these voxels out."
            )

    @property
    def kind(self) -> SpectraKind:
        """Whether there is one voxel or a grid of them."""
        return SpectraKind.SINGLE_VOXEL if self.fid[..., 0].size == 1 else SpectraKind.MULTI_VOXEL

    @property
    def points(self) -> int:
        """Number of points in time."""
        return int(self.fid.shape[-1])
