"""Decays with known lines, and NIfTI-MRS files laid out byte by byte as the format's text has them."""

from __future__ import annotations

import gzip
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, FloatArray

DWELL_S, TRANSMITTER_MHZ, POINTS = 0.0005, 123.25, 512
TAGS: dict[str, Any] = {
    "SpectrometerFrequency": [TRANSMITTER_MHZ],
    "ResonantNucleus": ["1H"],
    "EchoTime": 0.144,
    "RepetitionTime": 1.5,
    "WaterSuppressed": True,
}

LAYOUTS: dict[int, dict[str, Any]] = {
    1: {"size": 348, "magic": (344, "4s"), "datatype": (70, "h"), "dim": (40, "8h"), "pixdim": (76, "8f"),
        "offset": (108, "f"), "units": (123, "B"), "codes": (252, "2h"), "quatern": (256, "6f"), "srow": (280, "12f")},
    2: {"size": 540, "magic": (4, "4s"), "datatype": (12, "h"), "dim": (16, "8q"), "pixdim": (104, "8d"),
        "offset": (168, "q"), "units": (500, "i"), "codes": (344, "2i"), "quatern": (352, "6d"), "srow": (400, "12d")},
}  # fmt: skip
"""Where the fields of the header lie, NIfTI-1 and NIfTI-2."""


def line(ppm: float, area: float, width_hz: float = 4.0, points: int = POINTS) -> AnyArray:
    """A Lorentzian line whose frequency is positive above 4.65 ppm, (points,)."""
    times = np.arange(points) * DWELL_S
    return area * np.exp(2j * np.pi * (ppm - 4.65) * TRANSMITTER_MHZ * times - np.pi * width_hz * times)


def brain(cho: float = 6.0, cr: float = 8.0, naa: float = 10.0, noise: float = 0.3, seed: int = 0) -> AnyArray:
    """A decay of the three singlets and residual water, (points,)."""
    random = np.random.default_rng(seed)
    shaken = noise * (random.normal(size=POINTS) + 1j * random.normal(size=POINTS))
    return line(3.21, cho) + line(3.03, cr) + line(2.01, naa) + line(4.65, 20.0, 8.0) + shaken


def turned_voxels(size_ijk: tuple[int, int, int], voxel_mm: tuple[float, float, float], flip: bool = False) -> Grid:
    """An oblique grid about (5, -8, 12) mm; left-handed where it is flipped."""
    turn = Rotation.from_rotvec([0.3, 0.2, -0.5]).as_matrix() @ np.diag([1, 1, -1 if flip else 1])
    matrix = np.eye(4)
    matrix[:3, :3] = turn * voxel_mm
    matrix[:3, 3] = np.array([5.0, -8.0, 12.0]) - matrix[:3, :3] @ ((np.array(size_ijk) - 1) / 2)
    return Grid((size_ijk[2], size_ijk[1], size_ijk[0]), matrix)


@dataclass
class NiftiMrs:
    """What goes into a file; ``values`` are indexed as in the format: x, y, z, time, 5, 6, 7."""

    values: AnyArray
    tags: dict[str, Any] = field(default_factory=lambda: dict(TAGS))
    version: int = 2
    order: str = "<"
    double: bool = False
    dwell: float = DWELL_S
    units: int = 2 | 8
    qform_code: int = 1
    pixdim: tuple[float, float, float, float] = (1.0, 20.0, 20.0, 20.0)
    quatern: tuple[float, float, float] = (0.0, 0.0, 0.0)
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    srow: FloatArray | None = None
    ecode: int = 44
    datatype: int | None = None

    def content(self) -> bytes:
        """The file's bytes."""
        layout = LAYOUTS[self.version]
        extension = self._extension()
        header = bytearray(layout["size"])
        shape = self.values.shape
        usual = 1792 if self.double else 32
        places = (0, 0, 0) if self.srow is None else self.srow.ravel()
        fields = (
            ("magic", (f"n+{self.version}\0".encode(),)),
            ("datatype", (usual if self.datatype is None else self.datatype,)),
            ("dim", (len(shape), *shape, *(1,) * (7 - len(shape)))),
            ("pixdim", (*self.pixdim, self.dwell, 1.0, 1.0, 1.0)),
            ("offset", (layout["size"] + 4 + len(extension),)),
            ("units", (self.units,)),
            ("codes", (self.qform_code, 0 if self.srow is None else 1)),
            ("quatern", (*self.quatern, *self.offset)),
            ("srow", tuple(np.resize(places, 12))),
        )
        struct.pack_into(self.order + "i", header, 0, layout["size"])
        for name, values in fields:
            at, kind = layout[name]
            struct.pack_into(self.order + kind, header, at, *values)
        numbers = self.values.astype(np.dtype(self.order + ("c16" if self.double else "c8"))).tobytes(order="F")
        return bytes(header) + b"\1\0\0\0" + extension + numbers

    def _extension(self) -> bytes:
        text = json.dumps(self.tags).encode()
        size = (len(text) + 8 + 15) // 16 * 16
        return struct.pack(self.order + "2i", size, self.ecode) + text.ljust(size - 8, b"\0")

    def write(self, path: Path) -> Path:
        """Write the file, packed where its name ends in .gz."""
        path.write_bytes(gzip.compress(self.content()) if path.suffix == ".gz" else self.content())
        return path


def stored(decay: AnyArray) -> AnyArray:
    """A decay as the format stores it, x, y, z, time: a line at higher ppm turns the more negative way."""
    return np.conj(decay)[None, None, None]
