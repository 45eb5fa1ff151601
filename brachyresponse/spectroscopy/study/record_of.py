"""A study as a record."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.spectroscopy.reading.metabolite_table import MetaboliteTable
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
    return SpectroscopyRecord(
        scan_date=request.scan_date,
        name=request.spectra.name,
        kind=SpectraKind.SINGLE_VOXEL if len(rows) == 1 else SpectraKind.MULTI_VOXEL,
        echo_time_ms=request.spectra.echo_time_ms,
        voxels=tuple(rows),
        lesions=tuple(lesions),
        maps=_maps(request, rows),
        settings=_settings(request),
        notes=tuple(_notes(request, len(rows))),
        warnings=tuple(warnings),
        **_acquisition(request),
        **_place(request.grid),
    )


def _acquisition(request: SpectroscopyRequest) -> dict[str, Any]:
    """What is known of the measurement; of a table next to nothing."""
    spectra = request.spectra
    if isinstance(spectra, MetaboliteTable):
        unknown = dict.fromkeys(("repetition_time_ms", "transmitter_mhz", "dwell_time_s", "points"))
        drift = dict.fromkeys(("average_shift_hz", "average_phase_deg"), ())
        return {"patient_id": request.patient_id, "origin": f"read from {spectra.name}", **unknown, **drift}
    return {
        "patient_id": request.patient_id or spectra.patient_id,
        "origin": FITTED_HERE,
        "repetition_time_ms": spectra.repetition_time_ms,
        "transmitter_mhz": spectra.transmitter_mhz,
        "dwell_time_s": spectra.dwell_time_s,
        "points": spectra.points,
        "average_shift_hz": spectra.average_shift_hz,
        "average_phase_deg": spectra.average_phase_deg,
    }


def _place(grid: Grid | None) -> dict[str, Any]:
    if grid is None:
        return {"geometry": "not known", "size_ijk": (), "ijk_to_ras": ()}
    return {
        "geometry": grid.describe(),
        "size_ijk": tuple(float(n) for n in grid.size_ijk),
        "ijk_to_ras": tuple(float(n) for n in grid.ijk_to_ras.ravel()),
    }


def _settings(request: SpectroscopyRequest) -> tuple[SettingEntry, ...]:
    given = request.settings
    return tuple(
        SettingEntry(each.name, each.label, float(getattr(given, each.name)), each.source) for each in setting_facts()
    )


def _notes(request: SpectroscopyRequest, voxels: int) -> Iterator[str]:
    if isinstance(request.spectra, MetaboliteTable):
        yield (
            f"The amplitudes were fitted by another program and read from {request.spectra.name}; the spectra "
            "themselves were not seen. Intervals take the amplitudes as independent."
        )
    else:
        yield from request.spectra.notes
    if voxels > 1:
        yield "The highest of several voxels is too high by chance alone: look at the mean as well."
    if request.assigned_lesion:
        yield f"A person said that the voxel was laid on {request.assigned_lesion!r}."


def _maps(request: SpectroscopyRequest, rows: Sequence[VoxelEntry]) -> tuple[RatioMapEntry, ...]:
    grid = request.grid
    if grid is None or np.prod(grid.shape_kji) == 1:
        return ()
    return tuple(_map(name, rows) for name in RatioName)


def _map(name: RatioName, rows: Sequence[VoxelEntry]) -> RatioMapEntry:
    facts = ratio_facts()[name]
    known = sum(1 for each in rows if (ratio := each.ratio(name)) is not None and ratio.value is not None)
    return RatioMapEntry(name, facts.label, facts.file + ENDING, NO_VALUE, known)
