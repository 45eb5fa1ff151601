"""Spectra as NIfTI-MRS files, which every program of the field reads."""

from __future__ import annotations

import gzip
import json
import struct
from pathlib import Path

import numpy as np

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.geometry import Grid
from brachyresponse.spectroscopy.raw_spectra import RawSpectra
from brachyresponse.spectroscopy.reading.nifti_mrs import ECODE, UNLOCALISED_MM
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.types import FloatArray

HEADER_SIZE, DATA_OFFSET_STEP = 540, 16
COMPLEX64, MM_AND_SECONDS, SCANNER = 32, 2 | 8, 1
INTENT = b"mrs_v0_9"


def write_nifti_mrs(spectra: Spectra | RawSpectra, path: str | Path) -> Path:
    """Write spectra as a NIfTI-MRS file (NIfTI-2, single precision), ``.nii`` or ``.nii.gz``, and return the path.

    Raises
    ------
    InputFileError
        The name ends otherwise, or the file cannot be written.
    """
    path = Path(path)
    if not path.name.endswith((".nii", ".nii.gz")):
        raise InputFileError(f"{path.name} is no name of a NIfTI file: let it end in .nii.gz.")
    data = nifti_mrs_bytes(spectra)
    try:
        path.write_bytes(gzip.compress(data, mtime=0) if path.name.endswith(".gz") else data)
    except OSError as error:
        raise InputFileError(f"{path.name} cannot be written: {reason_of(error)}; choose another folder.") from error
    return path


def nifti_mrs_bytes(spectra: Spectra | RawSpectra) -> bytes:
    """Return the content of a NIfTI-MRS file, not compressed."""
    fid = spectra.fid if isinstance(spectra, RawSpectra) else spectra.fid[..., None, None]
    k, j, i, points, coils, averages = fid.shape
    extension = _extension(_tags(spectra))
    start = HEADER_SIZE + 4 + len(extension)
    header = _header(spectra, (i, j, k, points, coils, averages), start)
    values = np.conj(fid).transpose(5, 4, 3, 0, 1, 2).astype("<c8")
    return header + b"\1\0\0\0" + extension + values.tobytes()


def _tags(spectra: Spectra | RawSpectra) -> dict[str, object]:
    tags: dict[str, object] = {
        "SpectrometerFrequency": [spectra.transmitter_mhz],
        "ResonantNucleus": ["1H"],
        "EchoTime": _seconds(spectra.echo_time_ms),
        "RepetitionTime": _seconds(spectra.repetition_time_ms),
        "WaterSuppressed": spectra.is_water_suppressed,
        "PatientID": spectra.patient_id or None,
        "dim_5": "DIM_COIL",
        "dim_6": "DIM_DYN",
        "ConversionMethod": "BrachyResponse",
    }
    return {key: value for key, value in tags.items() if value is not None}


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else ms / 1000


def _extension(tags: dict[str, object]) -> bytes:
    text = json.dumps(tags, ensure_ascii=False).encode("utf-8")
    size = -(-(len(text) + 8 + 4) // DATA_OFFSET_STEP) * DATA_OFFSET_STEP  # the 4 bytes before it start it off a step
    return struct.pack("<2i", size, ECODE) + text.ljust(size - 8, b"\0")


def _header(spectra: Spectra | RawSpectra, size: tuple[int, ...], start: int) -> bytes:
    grid = spectra.grid
    quaternion, sign = _quaternion(grid)
    spacing = grid.spacing_ijk_mm if spectra.has_position else np.minimum(grid.spacing_ijk_mm, UNLOCALISED_MM)
    header = bytearray(HEADER_SIZE)
    fields: tuple[tuple[int, str, tuple[object, ...]], ...] = (
        (0, "<i", (HEADER_SIZE,)),
        (4, "<8s", (b"n+2\0\r\n\x1a\n",)),
        (12, "<2h", (COMPLEX64, 64)),
        (16, "<8q", (6, *size, 1)),
        (104, "<8d", (sign, *spacing, spectra.dwell_time_s, 1.0, 1.0, 1.0)),
        (168, "<q", (start,)),
        (176, "<2d", (1.0, 0.0)),
        (344, "<2i", (SCANNER if spectra.has_position else 0, 0)),
        (352, "<6d", (*quaternion, *grid.ijk_to_ras[:3, 3])),
        (400, "<12d", tuple(grid.ijk_to_ras[:3].ravel())),
        (500, "<i", (MM_AND_SECONDS,)),
        (508, "<16s", (INTENT,)),
    )
    for at, kind, values in fields:
        struct.pack_into(kind, header, at, *values)
    return bytes(header)


def _quaternion(grid: Grid) -> tuple[FloatArray, float]:
    """Components b, c, d of the quaternion of a grid's directions, and the sign of the third axis (nifti1.h)."""
    turn = grid.ijk_to_ras[:3, :3] / grid.spacing_ijk_mm
    sign = 1.0 if np.linalg.det(turn) > 0 else -1.0
    turn = turn * [1, 1, sign]
    # The eigenvector of the largest eigenvalue of this matrix is the quaternion (Bar-Itzhack 2000), free of cases.
    (xx, xy, xz), (yx, yy, yz), (zx, zy, zz) = turn
    matrix = np.array(
        [
            [xx + yy + zz, zy - yz, xz - zx, yx - xy],
            [zy - yz, xx - yy - zz, xy + yx, xz + zx],
            [xz - zx, xy + yx, yy - xx - zz, yz + zy],
            [yx - xy, xz + zx, yz + zy, zz - xx - yy],
        ]
    )
    quaternion = np.linalg.eigh(matrix)[1][:, -1]
    quaternion = quaternion if quaternion[0] >= 0 else -quaternion
    components: FloatArray = quaternion[1:]
    return components, sign
