"""What a study of spectra is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.spectroscopy.fitting import FitSettings
from brachyresponse.spectroscopy.reading.metabolite_table import MetaboliteTable
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.study.settings import SpectroscopySettings
from brachyresponse.spectroscopy.voxels import shares_on_grid
from brachyresponse.types import FloatArray, frozen_array

Voxel = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class SpectroscopyRequest:
    """Spectra, or a table of amplitudes, with the lesions that they are about.

    Parameters
    ----------
    spectra
        With their grid; a table has one only where it is known.
    lesions
        By their names, which have to differ.
    anatomy
        Grid of the image on which the lesions were drawn; the voxels have to lie in it.
    assigned_lesion
        The lesion that a person says the single voxel was laid on; needed where it is not known where it lies.
    ventricle, bone
        What spoils a voxel: cerebrospinal fluid; bone and scalp.
    seed_positions_mm
        (N, 3) RAS.
    normal_voxels
        Indices (i, j, k) of voxels on the normal side.
    fit_settings
        Of the fit (:class:`~brachyresponse.spectroscopy.fitting.FitSettings`); None takes its defaults.

    Raises
    ------
    SpectroscopyError
        Two lesions have one name, or the assigned one is none of them.
    """

    spectra: Spectra | MetaboliteTable
    lesions: Sequence[Structure] = ()
    anatomy: Grid | None = None
    assigned_lesion: str = ""
    ventricle: Structure | None = None
    bone: Structure | None = None
    seed_positions_mm: FloatArray | None = None
    normal_voxels: Sequence[Voxel] = ()
    patient_id: str = ""
    scan_date: date | None = None
    settings: SpectroscopySettings = field(default_factory=SpectroscopySettings)
    fit_settings: FitSettings | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "lesions", tuple(self.lesions))
        object.__setattr__(self, "normal_voxels", tuple((int(i), int(j), int(k)) for i, j, k in self.normal_voxels))
        names = [lesion.name for lesion in self.lesions]
        if len(set(names)) < len(names):
            raise SpectroscopyError(f"Two lesions have one name ({', '.join(names)}): give each its own.")
        if self.seed_positions_mm is not None:
            seeds = frozen_array(np.reshape(self.seed_positions_mm, (-1, 3)), np.float64)
            object.__setattr__(self, "seed_positions_mm", seeds)

    @property
    def grid(self) -> Grid | None:
        """Where the voxels lie; None where that is not known."""
        if isinstance(self.spectra, Spectra) and not self.spectra.has_position:
            return None
        return self.spectra.grid

    @property
    def lesion_names(self) -> tuple[str, ...]:
        """Names of the lesions, the one that was only named last."""
        names = tuple(lesion.name for lesion in self.lesions)
        return names if not self.assigned_lesion or self.assigned_lesion in names else (*names, self.assigned_lesion)


def shares_of_lesions(request: SpectroscopyRequest) -> Mapping[str, FloatArray]:
    """Return each lesion's share of every voxel, [k, j, i]; nothing where it is not known where they lie."""
    grid = request.grid
    if grid is None:
        return {}
    return {lesion.name: shares_on_grid(grid, lesion) for lesion in request.lesions}
