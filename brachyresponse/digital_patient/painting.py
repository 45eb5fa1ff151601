"""The digital patient's shapes on a grid: painted images and structures."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from brachyresponse.digital_patient.head import Head, Region
from brachyresponse.digital_patient.shapes import occupancy_in_box
from brachyresponse.geometry import Grid, Structure
from brachyresponse.progress import Report
from brachyresponse.types import Float32Array, FloatArray


def turned_grid(
    size: tuple[int, int, int],
    spacing_mm: tuple[float, float, float],
    angles_deg: tuple[float, float, float],
    centre_mm: tuple[float, float, float],
) -> Grid:
    """Return a grid of a size (i, j, k) about a centre: i to the left and j to the back, then turned."""
    matrix = np.eye(4)
    matrix[:3, :3] = rotation(angles_deg) @ np.diag([-1.0, -1.0, 1.0]) * spacing_mm
    matrix[:3, 3] = np.array(centre_mm) - matrix[:3, :3] @ ((np.array(size) - 1) / 2)
    return Grid((size[2], size[1], size[0]), matrix)


def rotation(angles_deg: tuple[float, float, float]) -> FloatArray:
    """Return the 3x3 matrix of turns about x, y and z, in this order."""
    result = np.eye(3)
    for axis, angle in enumerate(np.deg2rad(angles_deg)):
        turn, (a, b) = np.eye(3), sorted({0, 1, 2} - {axis})
        turn[[a, a, b, b], [a, b, a, b]] = [np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)]
        result = result @ turn
    return result


def paint(head: Head, grid: Grid, modality: str, report: Report) -> Float32Array:
    """Return an image of the head without noise: ``ct_hu`` or ``mri_t1_gd``."""
    tissues = tissue_table()["tissues"]
    image = np.full(grid.shape_kji, tissues["air"][modality], np.float32)
    painting = list(head.painting())
    for done, (tissue, shape) in enumerate(painting):
        report(done / len(painting), f"Digital patient: {tissue}")
        box, share = occupancy_in_box(shape, grid)
        image[box] += share * (np.float32(tissues[tissue][modality]) - image[box])
    return image


def region_structure(name: str, region: Region, grid: Grid) -> Structure:
    """Return a region of the head as a structure on a grid."""
    filled = np.zeros(grid.shape_kji, np.float32)
    for shape in region.shapes:
        box, share = occupancy_in_box(shape, grid)
        filled[box] = np.maximum(filled[box], share)
    if region.without is not None:
        box, share = occupancy_in_box(region.without, grid)
        filled[box] = np.maximum(filled[box] - share, 0)
    return Structure(name, filled, grid)


@cache
def tissue_table() -> dict[str, Any]:
    """Return CT numbers and MRI signals of the tissues, and the images' noise."""
    text = resources.files(__package__).joinpath("data", "tissues.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    return table
