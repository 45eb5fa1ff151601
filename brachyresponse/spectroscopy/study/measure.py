"""A study of spectra: fitted, placed, and told of each lesion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Volume
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.spectroscopy.fitting.spectrum_fit import SpectrumFit
from brachyresponse.spectroscopy.reading.metabolite_table import MetaboliteTable
from brachyresponse.spectroscopy.study.fitted import fit_all
from brachyresponse.spectroscopy.study.lesion_rows import lesion_entries
from brachyresponse.spectroscopy.study.maps import ratio_map
from brachyresponse.spectroscopy.study.place import Surroundings, check_anatomy, surroundings_of
from brachyresponse.spectroscopy.study.record import ShareEntry, SpectroscopyRecord, VoxelEntry
from brachyresponse.spectroscopy.study.record_of import record_of
from brachyresponse.spectroscopy.study.request import SpectroscopyRequest, Voxel, shares_of_lesions
from brachyresponse.spectroscopy.study.table_values import values_of_table
from brachyresponse.spectroscopy.study.values import VoxelValues
from brachyresponse.spectroscopy.vocabulary import RatioName
from brachyresponse.spectroscopy.voxels.shares import check_voxel
from brachyresponse.types import FloatArray


@dataclass(frozen=True, eq=False)
class SpectroscopyStudy:
    """What was measured.

    Parameters
    ----------
    record
        All values; its ``voxels`` are the rows of the study.
    maps
        One image a ratio, of a grid of voxels; none of a single voxel.
    fit
        Of a single voxel.
    """

    request: SpectroscopyRequest
    record: SpectroscopyRecord
    maps: Mapping[RatioName, Volume] = field(default_factory=dict)
    fit: SpectrumFit | None = None

    @property
    def rows(self) -> tuple[VoxelEntry, ...]:
        """One a voxel."""
        return self.record.voxels


def measure_spectroscopy(request: SpectroscopyRequest, report: Report = ignore_progress) -> SpectroscopyStudy:
    """Fit the spectra of a request, and say what they tell of each lesion.

    A voxel counts for a lesion whose share of it is large enough, if its spectrum is good, no seed is near, and it
    holds little ventricle and no bone; what does not count is in the rows with the reasons.

    Raises
    ------
    SpectroscopyError
        The voxels lie outside the anatomical image, or a spectrum cannot be fitted at all.
    """
    _check_assigned(request)
    warnings = check_anatomy(request)
    if request.grid is not None:
        for voxel in request.normal_voxels:
            check_voxel(request.grid, voxel)
    fit, values = _values(request, report)
    shares, places = shares_of_lesions(request), surroundings_of(request, values)
    rows = tuple(_row(request, voxel, one, shares, places[voxel]) for voxel, one in values.items())
    record = record_of(request, rows, lesion_entries(request, rows), warnings)
    return SpectroscopyStudy(request, record, _maps(request, rows), fit)


def _check_assigned(request: SpectroscopyRequest) -> None:
    if request.assigned_lesion and _voxel_count(request) > 1:
        raise SpectroscopyError(
            f"{request.spectra.name!r} has several voxels: only a single one can be said to lie on "
            f"{request.assigned_lesion!r}."
        )


def _voxel_count(request: SpectroscopyRequest) -> int:
    spectra = request.spectra
    return len(spectra.voxels) if isinstance(spectra, MetaboliteTable) else int(spectra.fid[..., 0].size)


def _values(request: SpectroscopyRequest, report: Report) -> tuple[SpectrumFit | None, dict[Voxel, VoxelValues]]:
    spectra = request.spectra
    if isinstance(spectra, MetaboliteTable):
        if spectra.grid is not None:
            for voxel in spectra.voxels:
                check_voxel(spectra.grid, voxel)
        return None, values_of_table(spectra)
    return fit_all(spectra, request.fit_settings, report)


def _row(
    request: SpectroscopyRequest,
    voxel: Voxel,
    values: VoxelValues,
    shares: Mapping[str, FloatArray],
    place: Surroundings,
) -> VoxelEntry:
    i, j, k = voxel
    return VoxelEntry(
        i=i,
        j=j,
        k=k,
        is_good=values.is_good,
        reasons=values.reasons,
        line_width_hz=values.line_width_hz,
        snr=values.snr,
        metabolites=values.metabolites,
        ratios=values.ratios,
        shares=tuple(_share(name, voxel, shares) for name in request.lesion_names),
        ventricle_share=place.ventricle_share,
        bone_share=place.bone_share,
        seed_distance_mm=place.seed_distance_mm,
        place_reasons=place.reasons,
        is_normal_side=voxel in request.normal_voxels,
    )


def _share(name: str, voxel: Voxel, shares: Mapping[str, FloatArray]) -> ShareEntry:
    return ShareEntry(name, float(shares[name][voxel[::-1]]) if name in shares else None)


def _maps(request: SpectroscopyRequest, rows: tuple[VoxelEntry, ...]) -> dict[RatioName, Volume]:
    """Of a grid whose place is known."""
    grid = request.grid
    if grid is None or np.prod(grid.shape_kji) == 1:
        return {}
    return {name: ratio_map(rows, grid, name) for name in RatioName}
