"""NIfTI-MRS files: decays with what makes them spectra.

The format stores decays by Levitt's signs, so that a line at higher ppm turns the more negative way; they are
conjugated on reading, to the signs of :class:`~brachyresponse.spectroscopy.Spectra`.

References
----------
NIfTI-MRS format specification 0.9; Clarke et al. 2022, Magn Reson Med 88:2358. Signs: its appendix A, after Levitt
1997, J Magn Reson 126:164.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brachyresponse.errors import GeometryError, InputFileError, SpectroscopyError
from brachyresponse.geometry import Grid
from brachyresponse.spectroscopy.raw_spectra import RawSpectra
from brachyresponse.spectroscopy.reading.nifti_file import NiftiFile, parse_nifti, read_nifti
from brachyresponse.spectroscopy.reading.plausible import (
    DWELL_TIME_S,
    ECHO_TIME_S,
    REPETITION_TIME_S,
    TRANSMITTER_MHZ,
    check_plausible,
)
from brachyresponse.types import AnyArray, FloatArray

ECODE = 44
FIELD_STRENGTH = "MagneticFieldStrength"
"""T; a key of BIDS that converters add."""
PROTON_MHZ_PER_T = 42.577
NOMINAL_FIELD = 0.05
"""By so much a field may be another than it is called: magnets called 3 T have 2.89 to 3.0 T."""
SPATIAL_MM = {1: 1000.0, 2: 1.0, 3: 0.001}
TIME_S = {8: 1.0, 16: 1e-3, 24: 1e-6}
UNLOCALISED_MM = 10000.0
"""Size that the format gives a dimension along which nothing was localised."""
FARTHEST_MM = 1e6
DEFAULT_DIMENSIONS = {5: "DIM_COIL", 6: "DIM_DYN", 7: "DIM_INDIRECT_0"}
COIL, AVERAGES = "DIM_COIL", ("DIM_DYN", "DIM_MEAS")
REFUSED = {
    "DIM_EDIT": "edited spectra, whose differences hold other lines than those that are fitted",
    "DIM_INDIRECT": "a second frequency or echo-time axis",
    "DIM_PHASE_CYCLE": "single steps of a phase cycle",
    "DIM_ISIS": "single steps of an ISIS localisation",
    "DIM_METCYCLE": "metabolite-cycled spectra",
    "DIM_USER": "a dimension of the user's own",
}


def read_nifti_mrs(path: str | Path) -> RawSpectra:
    """Return the decays of a NIfTI-MRS file, ``.nii`` or ``.nii.gz``, single voxel or grid.

    Raises
    ------
    InputFileError
        The file cannot be read, or is no NIfTI-MRS file.
    SpectroscopyError
        It lacks dwell time or frequency, is of another nucleus, is edited, or a number in it makes no sense.
    """
    return _raw(read_nifti(path))


def parse_nifti_mrs(data: bytes, name: str) -> RawSpectra:
    """Return the decays of the bytes of a NIfTI-MRS file, as :func:`read_nifti_mrs`.

    Raises
    ------
    InputFileError, SpectroscopyError
        As :func:`read_nifti_mrs`.
    """
    return _raw(parse_nifti(data, name))


@dataclass(frozen=True)
class _Place:
    grid: Grid
    is_known: bool
    notes: tuple[str, ...]


def _raw(file: NiftiFile) -> RawSpectra:
    tags = _tags(file)
    _check_nucleus(file.name, tags)
    dwell_time_s, notes = _dwell_time(file)
    place = _place(file)
    echo_time_s = _number(file.name, tags, "EchoTime")
    repetition_time_s = _number(file.name, tags, "RepetitionTime")
    check_plausible(file.name, ECHO_TIME_S, echo_time_s)
    check_plausible(file.name, REPETITION_TIME_S, repetition_time_s)
    return RawSpectra(
        name=file.name.removesuffix(".gz").removesuffix(".nii"),
        fid=np.conj(_arranged(file, tags)),
        grid=place.grid,
        dwell_time_s=dwell_time_s,
        transmitter_mhz=_transmitter_mhz(file.name, tags),
        echo_time_ms=_ms(echo_time_s),
        repetition_time_ms=_ms(repetition_time_s),
        is_water_suppressed=_flag(file.name, tags, "WaterSuppressed"),
        has_position=place.is_known,
        patient_id=str(tags.get("PatientID") or ""),
        sequence=str(tags.get("SequenceName") or tags.get("ProtocolName") or ""),
        notes=(*notes, *place.notes, *_tag_notes(tags, dwell_time_s)),
    )


def _tags(file: NiftiFile) -> Mapping[str, Any]:
    texts = [text for code, text in file.extensions if code == ECODE]
    if not texts:
        raise InputFileError(
            f"{file.name} has no header extension of NIfTI-MRS (code {ECODE}): it is an image, or was written again by "
            "a program that drops it; export the spectra again."
        )
    try:
        tags = json.loads(texts[0].decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputFileError(f"{file.name}: its header extension is no JSON ({error}): export it again.") from error
    if not isinstance(tags, dict):
        raise InputFileError(f"{file.name}: its header extension is {type(tags).__name__}, expected an object.")
    return tags


def _check_nucleus(name: str, tags: Mapping[str, Any]) -> None:
    nuclei = _listed(tags.get("ResonantNucleus"))
    if not nuclei:
        raise SpectroscopyError(f"{name} does not say of which nucleus it is (ResonantNucleus): expected 1H.")
    if nuclei != ["1H"]:
        raise SpectroscopyError(
            f"{name} is of the nucleus {', '.join(map(str, nuclei))}, expected 1H: only proton spectra are read."
        )
    if any(_listed(tags.get("kSpace"))):
        raise SpectroscopyError(f"{name} lies in k-space: reconstruct it in the program of the scanner first.")


def _transmitter_mhz(name: str, tags: Mapping[str, Any]) -> float:
    found = _listed(tags.get("SpectrometerFrequency"))
    if len(found) != 1 or not isinstance(found[0], (int, float)) or isinstance(found[0], bool):
        raise SpectroscopyError(
            f"{name} states the transmitter frequency as {found or 'nothing'} (SpectrometerFrequency), expected one "
            "number in MHz: without it there is no ppm axis; export the spectra again."
        )
    check_plausible(name, TRANSMITTER_MHZ, float(found[0]))
    field_t = _number(name, tags, FIELD_STRENGTH)
    if field_t is not None and abs(float(found[0]) / PROTON_MHZ_PER_T - field_t) > NOMINAL_FIELD * field_t:
        raise SpectroscopyError(
            f"{name} states a transmitter frequency of {found[0]:g} MHz (SpectrometerFrequency), and a field of "
            f"{field_t:g} T ({FIELD_STRENGTH}), where protons have {PROTON_MHZ_PER_T * field_t:.1f} MHz: one is "
            "wrong; correct the file."
        )
    return float(found[0])


def _dwell_time(file: NiftiFile) -> tuple[float, tuple[str, ...]]:
    stated = float(file.pixdim[4])
    if not (np.isfinite(stated) and stated > 0):
        raise SpectroscopyError(
            f"{file.name} has the dwell time {stated:g} (pixdim[4]), expected above 0: without it there is no "
            "frequency axis; export the spectra again."
        )
    notes = () if file.time_unit in TIME_S else ("The unit of the dwell time is not stated; seconds were taken.",)
    dwell_time_s = stated * TIME_S.get(file.time_unit, 1.0)
    check_plausible(file.name, DWELL_TIME_S, dwell_time_s)
    return dwell_time_s, notes


def _place(file: NiftiFile) -> _Place:
    notes = [] if file.spatial_unit in SPATIAL_MM else ["The unit of lengths is not stated; mm were taken."]
    to_mm = SPATIAL_MM.get(file.spatial_unit, 1.0)
    shape = file.values.shape[-3:]
    matrix = file.qform if file.qform is not None else file.sform
    if file.qform is None and file.sform is not None:
        notes.append("The place of the voxels is that of the sform; the file has no qform.")
    is_known = matrix is not None and float(np.max(file.pixdim[1:4])) * to_mm < UNLOCALISED_MM
    if not is_known:
        notes.append("The file does not say where the voxels lie: they cannot be drawn, nor lesions be found in them.")
    if matrix is None:
        matrix = np.diag([*np.abs(file.pixdim[1:4]), 1.0])
    if not np.abs(matrix).max() * to_mm <= FARTHEST_MM:  # NaN too
        raise GeometryError(f"{file.name}: the place of its voxels makes no sense: export the spectra again.")
    try:
        return _Place(Grid((shape[0], shape[1], shape[2]), _in_mm(matrix, to_mm)), is_known, tuple(notes))
    except GeometryError as error:
        raise GeometryError(f"{file.name}: {error}") from error


def _in_mm(matrix: FloatArray, to_mm: float) -> FloatArray:
    scaled = matrix.copy()
    scaled[:3] *= to_mm
    return scaled


def _arranged(file: NiftiFile, tags: Mapping[str, Any]) -> AnyArray:
    """Decays as [k, j, i, point, coil, average]; several dimensions of averages become one."""
    values = file.values  # [7, 6, 5, point, k, j, i]
    names = {number: str(tags.get(f"dim_{number}") or usual) for number, usual in DEFAULT_DIMENSIONS.items()}
    coil, averages = [], []
    for number, name in names.items():
        axis = 7 - number
        if name == COIL:
            coil.append(axis)
        elif name in AVERAGES or values.shape[axis] == 1:
            averages.append(axis)
        else:
            kind = next((words for start, words in REFUSED.items() if name.startswith(start)), "of a kind not known")
            raise SpectroscopyError(
                f"{file.name}: dimension {number} is {name} with {values.shape[axis]} entries ({kind}), expected coils "
                "or averages: process it in the program of the scanner, and give the result."
            )
    if len(coil) > 1:
        raise InputFileError(f"{file.name} has {len(coil)} dimensions of coils, expected at most one: export it again.")
    ordered = values.transpose([4, 5, 6, 3, *coil, *averages])
    return ordered.reshape(*ordered.shape[:4], ordered.shape[4] if coil else 1, -1)


def _tag_notes(tags: Mapping[str, Any], dwell_time_s: float) -> tuple[str, ...]:
    notes = []
    width, offset = tags.get("SpectralWidth"), tags.get("TxOffset")
    if isinstance(width, (int, float)) and abs(width * dwell_time_s - 1) > 0.01:
        notes.append(
            f"The header extension states a spectral width of {width:g} Hz, the dwell time gives {1 / dwell_time_s:g} "
            "Hz: the dwell time was taken, as the format asks."
        )
    if isinstance(offset, (int, float)) and offset:
        notes.append(f"The transmitter was set {offset:g} ppm off; the ppm axis is that of the spectrometer frequency.")
    return tuple(notes)


def _number(name: str, tags: Mapping[str, Any], key: str) -> float | None:
    value = tags.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
        unit = "" if key == FIELD_STRENGTH else " in seconds"
        raise SpectroscopyError(f"{name}: {key} is {value!r}, expected a number{unit}.")
    return float(value)


def _flag(name: str, tags: Mapping[str, Any], key: str) -> bool | None:
    value = tags.get(key)
    if value is not None and not isinstance(value, bool):
        raise SpectroscopyError(f"{name}: {key} is {value!r}, expected true or false.")
    return value


def _listed(value: object) -> list[Any]:
    """A list as it stands; what should be one and is not, as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1000
