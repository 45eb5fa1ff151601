"""A study as a record."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.spectroscopy.reading.metabolite_table import MetaboliteTable
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.study.maps import NO_VALUE
from brachyresponse.spectroscopy.study.ratio_facts import ratio_facts
from brachyresponse.spectroscopy.study.record import (
    LesionEntry,
    RatioMapEntry,
    SettingEntry,
    SpectroscopyRecord,
    VoxelEntry,
)
from brachyresponse.spectroscopy.study.request import SpectroscopyRequest
from brachyresponse.spectroscopy.study.settings import setting_facts
from brachyresponse.spectroscopy.vocabulary import RatioName, SpectraKind

FITTED_HERE = "fitted by BrachyResponse"
ENDING = ".nrrd"


def record_of(
    request: SpectroscopyRequest,
    rows: Sequence[VoxelEntry],
    lesions: Sequence[LesionEntry],
    warnings: Sequence[str],
) -> SpectroscopyRecord:
    """Return what was measured as plain values."""
    spectra, grid = request.spectra, request.grid
    decays = spectra if isinstance(spectra, Spectra) else None
    return SpectroscopyRecord(
        patient_id=request.patient_id or (decays.patient_id if decays else ""),
        scan_date=request.scan_date,
        name=spectra.name,
        kind=SpectraKind.SINGLE_VOXEL if len(rows) == 1 else SpectraKind.MULTI_VOXEL,
        origin=FITTED_HERE if decays else f"read from {spectra.name}",
        echo_time_ms=spectra.echo_time_ms,
        repetition_time_ms=decays.repetition_time_ms if decays else None,
        transmitter_mhz=decays.transmitter_mhz if decays else None,
        dwell_time_s=decays.dwell_time_s if decays else None,
        points=decays.points if decays else None,
        geometry="not known" if grid is None else grid.describe(),
        size_ijk=() if grid is None else tuple(float(n) for n in grid.size_ijk),
        ijk_to_ras=() if grid is None else tuple(float(n) for n in grid.ijk_to_ras.ravel()),
        voxels=tuple(rows),
        lesions=tuple(lesions),
        maps=_maps(request, rows),
        average_shift_hz=decays.average_shift_hz if decays else (),
        average_phase_deg=decays.average_phase_deg if decays else (),
        settings=tuple(
            SettingEntry(each.name, each.label, float(getattr(request.settings, each.name)), each.source)
            for each in setting_facts()
        ),
        notes=_notes(request, decays, len(rows)),
        warnings=tuple(warnings),
    )


def _notes(request: SpectroscopyRequest, decays: Spectra | None, voxels: int) -> tuple[str, ...]:
    notes = [*decays.notes] if decays else []
    if isinstance(request.spectra, MetaboliteTable):
        notes.append(
            f"The amplitudes were fitted by another program and read from {request.spectra.name}; the spectra "
            "themselves were not seen. Intervals take the amplitudes as independent."
        )
    if voxels > 1:
        notes.append("The highest of several voxels is too high by chance alone: look at the mean as well.")
    if request.assigned_lesion:
        notes.append(f"A person said that the voxel was laid on {request.assigned_lesion!r}.")
    return tuple(notes)


def _maps(request: SpectroscopyRequest, rows: Sequence[VoxelEntry]) -> tuple[RatioMapEntry, ...]:
    grid = request.grid
    if grid is None or np.prod(grid.shape_kji) == 1:
        return ()
    return tuple(_map(name, rows) for name in RatioName)


def _map(name: RatioName, rows: Sequence[VoxelEntry]) -> RatioMapEntry:
    facts = ratio_facts()[name]
    known = sum(1 for each in rows if (ratio := each.ratio(name)) is not None and ratio.value is not None)
    return RatioMapEntry(name, facts.label, facts.file + ENDING, NO_VALUE, known)
