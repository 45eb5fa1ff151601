"""Decays as they were measured: every coil and every average by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, frozen_array

WATER_PPM = 4.65
"""Chemical shift of water at body temperature: where the transmitter stands."""


@dataclass(frozen=True, eq=False)
class RawSpectra:
    """Decays of a file before coils and averages are combined; the rotation is that of ``Spectra``.

    Parameters
    ----------
    fid
        Complex, [k, j, i, point, coil, average]; may hold points that are no numbers.
    grid
        The voxels in the patient.
    has_position
        Whether the file says where the voxels lie; without it ``grid`` has their size alone.
    echo_time_ms
        None where the file does not state it; ``combine`` asks for it.
    is_water_suppressed
        None where not known.
    patient_id, sequence
        As the file states them; empty where not.
    notes
        What was done on reading, in sentences.

    Raises
    ------
    SpectroscopyError
        The shape is not the grid's.
    """

    name: str
    fid: AnyArray
    grid: Grid
    dwell_time_s: float
    transmitter_mhz: float
    echo_time_ms: float | None
    repetition_time_ms: float | None = None
    reference_ppm: float = WATER_PPM
    is_water_suppressed: bool | None = None
    has_position: bool = True
    patient_id: str = ""
    sequence: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        fid = frozen_array(self.fid, np.complex128)
        object.__setattr__(self, "fid", fid)
        if fid.ndim != 6 or fid.shape[:3] != self.grid.shape_kji:
            raise SpectroscopyError(
                f"The decays of {self.name!r} have the shape {fid.shape}, expected "
                f"{(*self.grid.shape_kji, 'points', 'coils', 'averages')}: give one of each for each voxel."
            )

    @property
    def points(self) -> int:
        """Number of points in time."""
        return int(self.fid.shape[3])

    @property
    def coils(self) -> int:
        """Number of receiver coils that are not combined yet."""
        return int(self.fid.shape[4])

    @property
    def averages(self) -> int:
        """Number of averages that are not combined yet."""
        return int(self.fid.shape[5])

    @property
    def time_s(self) -> AnyArray:
        """Times of the points, (points,)."""
        return np.arange(self.points) * self.dwell_time_s
