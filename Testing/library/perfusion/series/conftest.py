"""Small series of known values, and files of them as SimpleITK and Slicer write them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.geometry import Grid

FRAMES, SHAPE_KJI = 6, (2, 3, 4)
ORIGIN_LPS, SPACING = (-10.0, -20.0, 30.0), (1.0, 2.0, 3.0)


@pytest.fixture
def frames() -> np.ndarray:
    """(T, k, j, i), every value different."""
    return np.arange(FRAMES * np.prod(SHAPE_KJI), dtype=np.int16).reshape(FRAMES, *SHAPE_KJI)


@pytest.fixture
def grid() -> Grid:
    """Where the frames lie in every file."""
    image = sitk.Image([4, 3, 2], sitk.sitkUInt8)
    image.SetOrigin(ORIGIN_LPS)
    image.SetSpacing(SPACING)
    return Grid.from_image(image)


@pytest.fixture
def write_4d(tmp_path: Path, frames: np.ndarray) -> Callable[..., Path]:
    """``write_4d("dyn.nii.gz", step_s=4.5)`` writes the frames by SimpleITK and returns the path."""

    def write(name: str = "dyn.nii.gz", step_s: float = 4.5, values: np.ndarray = frames) -> Path:
        image = sitk.GetImageFromArray(values, isVector=False)
        image.SetSpacing((*SPACING, step_s))
        image.SetOrigin((*ORIGIN_LPS, 0.0))
        sitk.WriteImage(image, str(tmp_path / name))
        return tmp_path / name

    return write


@pytest.fixture
def write_3d(tmp_path: Path, frames: np.ndarray) -> Callable[..., list[Path]]:
    """``write_3d()`` writes one NIfTI file a frame, with one side-car each where they are given."""

    def write(side_cars: list[dict[str, Any]] | None = None, values: np.ndarray = frames) -> list[Path]:
        paths = []
        for number, frame in enumerate(values):
            image = sitk.GetImageFromArray(frame)
            image.SetSpacing(SPACING)
            image.SetOrigin(ORIGIN_LPS)
            paths.append(tmp_path / f"dyn_{number + 1}.nii")
            sitk.WriteImage(image, str(paths[-1]))
            if side_cars:
                paths[-1].with_suffix(".json").write_text(json.dumps(side_cars[number]), encoding="utf-8")
        return paths

    return write


@pytest.fixture
def write_slicer_nrrd(tmp_path: Path, frames: np.ndarray) -> Callable[..., Path]:
    """Write a header as Slicer 5.12 does, field by field, and the frames behind it.

    ``layout``: ``sequence`` is a .seq.nrrd (frames last), ``multi_volume`` a multi-volume (frames first).
    """

    def write(layout: str, keys: dict[str, str], label: str = "", unit: str = "", kind: str = "list") -> Path:
        is_sequence = layout == "sequence"
        fields = sequence_fields(label, unit, kind) if is_sequence else multi_volume_fields(kind)
        data = frames if is_sequence else np.moveaxis(frames, 0, -1)
        lines = [*fields, *(f"{key}:={value}" for key, value in keys.items()), "", ""]
        path = tmp_path / ("dyn.seq.nrrd" if is_sequence else "dyn.nrrd")
        path.write_bytes("\n".join(lines).encode() + data.astype("<i2").tobytes())
        return path

    return write


COMMENTS = [
    "# Complete NRRD file format specification at:",
    "# http://teem.sourceforge.net/nrrd/format.html",
]


def sequence_fields(label: str, unit: str, kind: str) -> list[str]:
    """As vtkMRMLVolumeSequenceStorageNode writes them."""
    return [
        "NRRD0004",
        *COMMENTS,
        "type: short",
        "dimension: 4",
        "space: left-posterior-superior",
        f"sizes: 4 3 2 {FRAMES}",
        "space directions: (1,0,0) (0,2,0) (0,0,3) none",
        f"kinds: domain domain domain {kind}",
        *([f'labels: "" "" "" "{label}"'] if label else []),
        *([f'units: "" "" "" "{unit}"'] if unit else []),
        "endian: little",
        "encoding: raw",
        "space origin: (-10,-20,30)",
    ]


def multi_volume_fields(kind: str) -> list[str]:
    """As vtkMRMLNRRDStorageNode writes them of an image with a value a frame."""
    return [
        "NRRD0005",
        *COMMENTS,
        "type: short",
        "dimension: 4",
        "space: right-anterior-superior",
        f"sizes: {FRAMES} 4 3 2",
        "space directions: none (-1,0,0) (0,-2,0) (0,0,3)",
        f"kinds: {kind} domain domain domain",
        "endian: little",
        "encoding: raw",
        "space origin: (10,20,30)",
        "measurement frame: (1,0,0) (0,1,0) (0,0,1)",
    ]
