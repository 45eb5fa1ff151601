"""NIfTI files as they lie on the disk: header, extensions and numbers, versions 1 and 2.

Read with numpy and the standard library alone: SimpleITK (2.5) drops the header extension in which NIfTI-MRS keeps what
makes numbers a spectrum, reads at most five dimensions and no NIfTI-2, which the format prefers; nibabel is not part of
Slicer.

References
----------
nifti1.h and nifti2.h, NIfTI Data Format Working Group (nifti.nimh.nih.gov).
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.types import AnyArray, FloatArray

GZIP_MAGIC = b"\x1f\x8b"
HEADERS = {
    348: {
        "magic": (344, "4s"), "datatype": (70, "h"), "dim": (40, "8h"), "pixdim": (76, "8f"),
        "vox_offset": (108, "f"), "slope": (112, "f"), "inter": (116, "f"), "xyzt_units": (123, "B"),
        "intent_name": (328, "16s"), "qform_code": (252, "h"), "sform_code": (254, "h"),
        "quatern": (256, "3f"), "qoffset": (268, "3f"), "srow": (280, "12f"),
    },
    540: {
        "magic": (4, "8s"), "datatype": (12, "h"), "dim": (16, "8q"), "pixdim": (104, "8d"),
        "vox_offset": (168, "q"), "slope": (176, "d"), "inter": (184, "d"), "xyzt_units": (500, "i"),
        "intent_name": (508, "16s"), "qform_code": (344, "i"), "sform_code": (348, "i"),
        "quatern": (352, "3d"), "qoffset": (376, "3d"), "srow": (400, "12d"),
    },
}  # fmt: skip
"""Where the fields of the header lie, by its size in bytes: NIfTI-1 and NIfTI-2."""
COMPLEX_TYPES = {32: "c8", 1792: "c16"}
MOST_BYTES = 4 * 2**30
Header = dict[str, Any]


@dataclass(frozen=True, eq=False)
class NiftiFile:
    """What a NIfTI file of complex numbers holds.

    Parameters
    ----------
    values
        Complex, indexed [7, 6, 5, 4, z, y, x]: the file's dimensions, the first one last.
    pixdim
        (8,), as in the header; ``pixdim[0]`` is the sign of the third axis.
    spatial_unit, time_unit
        Codes of ``xyzt_units``.
    qform
        4x4 matrix from voxel index (i, j, k) to RAS in the file's spatial unit; None where it states none.
    sform
        The same from the second set of fields.
    extensions
        Text by code.
    """

    name: str
    values: AnyArray
    pixdim: FloatArray
    spatial_unit: int
    time_unit: int
    intent_name: str
    qform: FloatArray | None
    sform: FloatArray | None
    extensions: tuple[tuple[int, bytes], ...]


def read_nifti(path: str | Path) -> NiftiFile:
    """Return the content of a NIfTI file of complex numbers, ``.nii`` or ``.nii.gz``.

    Raises
    ------
    InputFileError
        The file cannot be read, is cut short, is no NIfTI file, or holds no complex numbers.
    """
    path = Path(path)
    try:
        return parse_nifti(path.read_bytes(), path.name)
    except OSError as error:
        raise InputFileError(f"{path.name} cannot be read: {reason_of(error)}; choose another file.") from error


def parse_nifti(data: bytes, name: str) -> NiftiFile:
    """Return the content of the bytes of a NIfTI file; ``name`` is the file's, for errors.

    Raises
    ------
    InputFileError
        As :func:`read_nifti`.
    """
    data = _unpacked(data, name)
    header = _header(data, name)
    with np.errstate(all="ignore"):  # what makes no number is refused by who uses it
        return _content(data, header, name)


def _content(data: bytes, header: Header, name: str) -> NiftiFile:
    pixdim = np.array(header["pixdim"], float)
    units = int(header["xyzt_units"][0])
    return NiftiFile(
        name=name,
        values=_values(data, header, name),
        pixdim=pixdim,
        spatial_unit=units & 0x07,
        time_unit=units & 0x38,
        intent_name=bytes(header["intent_name"][0]).split(b"\0")[0].decode("latin-1"),
        qform=_qform(header, pixdim) if header["qform_code"][0] > 0 else None,
        sform=_sform(header) if header["sform_code"][0] > 0 else None,
        extensions=tuple(_extensions(data, header, _offset(header, name))),
    )


def _unpacked(data: bytes, name: str) -> bytes:
    if not data.startswith(GZIP_MAGIC):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise InputFileError(f"{name} is cut short or damaged ({error}): copy it again.") from error


def _header(data: bytes, name: str) -> Header:
    sizes = {order: struct.unpack(f"{order}i", data[:4])[0] for order in "<>"} if len(data) >= 4 else {}
    order = next((order for order, size in sizes.items() if size in HEADERS), None)
    if order is None or len(data) < sizes[order] + 4:
        raise InputFileError(f"{name} is no NIfTI file, expected a header of 348 or 540 bytes: export it again.")
    layout = HEADERS[sizes[order]]
    header = {field: struct.unpack_from(order + kind, data, at) for field, (at, kind) in layout.items()}
    if not bytes(header["magic"][0]).startswith((b"n+1", b"n+2")):
        raise InputFileError(f"{name} has its numbers in another file (.hdr and .img): export it as one .nii file.")
    return {**header, "order": (order,), "size": (sizes[order],)}


def _values(data: bytes, header: Header, name: str) -> AnyArray:
    dim = [int(n) for n in header["dim"]]
    kind = COMPLEX_TYPES.get(int(header["datatype"][0]))
    if kind is None:
        raise InputFileError(
            f"{name} holds numbers of NIfTI type {header['datatype'][0]}, expected complex ones (32 or 1792): "
            "it is an image, or a spectrum after the Fourier transform; give the decays in time."
        )
    if not 4 <= dim[0] <= 7 or min(dim[1 : dim[0] + 1]) < 1:
        raise InputFileError(f"{name} has the dimensions {dim}, expected three of space and one of time at least.")
    shape = [*dim[1 : dim[0] + 1], *[1] * (7 - dim[0])][::-1]
    dtype = np.dtype(str(header["order"][0]) + kind)
    start = _offset(header, name)
    count = 1
    for n in shape:
        count *= n
    if count * dtype.itemsize > min(len(data) - start, MOST_BYTES):
        raise InputFileError(f"{name} is cut short: {count} numbers expected after byte {start}; copy it again.")
    values = np.frombuffer(data, dtype, count, start).reshape(shape).astype(np.complex128)
    return _scaled(values, float(header["slope"][0]), float(header["inter"][0]))


def _scaled(values: AnyArray, slope: float, inter: float) -> AnyArray:
    """The header's scaling, which complex files hardly ever have; a slope of 0 means none."""
    if not np.isfinite([slope, inter]).all() or (slope in (0.0, 1.0) and inter == 0.0):
        return values
    return values * (slope or 1.0) + inter * (1 + 1j)


def _offset(header: Header, name: str) -> int:
    """Where the numbers begin; kept as a float by NIfTI-1."""
    found = float(header["vox_offset"][0])
    if not 0 <= found <= MOST_BYTES:
        raise InputFileError(f"{name}: its numbers begin at byte {found:g}, expected behind the header; copy it again.")
    return int(found)


def _extensions(data: bytes, header: Header, end: int) -> Iterator[tuple[int, bytes]]:
    order, at = header["order"][0], int(header["size"][0])
    if data[at : at + 1] == b"\0":
        return
    at += 4
    while at + 8 <= end:
        size, code = struct.unpack_from(f"{order}2i", data, at)
        if size < 8 or at + size > end:
            return
        yield code, data[at + 8 : at + size].rstrip(b"\0")
        at += size


def _qform(header: Header, pixdim: FloatArray) -> FloatArray:
    """Matrix of the quaternion (nifti1.h, method 2); the first component is what is missing to length 1."""
    b, c, d = np.array(header["quatern"], float)
    a = np.sqrt(max(0.0, 1 - (b * b + c * c + d * d)))
    turn = np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
    )
    matrix = np.eye(4)
    matrix[:3, :3] = turn * pixdim[1:4] * [1, 1, -1 if pixdim[0] < 0 else 1]
    matrix[:3, 3] = np.array(header["qoffset"], float)
    return matrix


def _sform(header: Header) -> FloatArray:
    return np.vstack([np.reshape(np.array(header["srow"], float), (3, 4)), [0, 0, 0, 1]])
