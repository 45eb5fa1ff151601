"""A lesion as a stack of slices in the plane it is measured in: the image's own slices, or resampled ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid, Structure, sample
from brachyresponse.geometry.resampling import crop_structure
from brachyresponse.response.measurement.vocabulary import Plane
from brachyresponse.types import AnyArray, FloatArray, IntArray

NORMALS = {Plane.SAGITTAL: (1.0, 0.0, 0.0), Plane.CORONAL: (0.0, 1.0, 0.0), Plane.AXIAL: (0.0, 0.0, 1.0)}
MOST_TILT_DEG = 30.0
"""A plane asked for by name is that of the image's own slices up to this tilt; scans are angled by less."""
SAME_NORMAL_DEG = 0.5
"""A plane asked for by its normal is that of the image's own slices where it is tilted by less."""


@dataclass(frozen=True, eq=False)
class SliceStack:
    """A lesion in slices of one plane.

    Parameters
    ----------
    occupancy
        [slice, row, column], 0 to 1 or bool; only the part that holds the lesion.
    matrix
        4x4 from (column, row, slice) to RAS, mm.
    first_slice
        Number of the first slice, in the image where the slices are its own.
    tilt_deg
        Angle between the slices and the plane asked for.
    is_own
        Whether the slices are the image's own.
    """

    occupancy: AnyArray
    matrix: FloatArray
    first_slice: int
    tilt_deg: float
    is_own: bool

    @property
    def pixel_mm(self) -> FloatArray:
        """(2,) size of a pixel along columns' and rows' index."""
        size: FloatArray = np.linalg.norm(self.matrix[:3, :2], axis=0)
        return size

    @property
    def slice_thickness_mm(self) -> float:
        """Distance of the slices."""
        return float(np.linalg.norm(self.matrix[:3, 2]))

    @property
    def normal(self) -> FloatArray:
        """(3,) unit vector across the slices, RAS."""
        normal: FloatArray = self.matrix[:3, 2] / self.slice_thickness_mm
        return normal

    @property
    def volume_ml(self) -> float:
        """Sum of the occupancy."""
        voxel_mm3 = float(np.prod(self.pixel_mm)) * self.slice_thickness_mm
        return float(self.occupancy.sum(dtype=np.float64)) * voxel_mm3 / 1000

    def to_ras(self, points_mm: FloatArray, number: int) -> FloatArray:
        """Return RAS positions, (..., 3), of points in the plane, (..., 2) mm, of the slice in a place of the stack."""
        index = points_mm / self.pixel_mm
        ras: FloatArray = index @ self.matrix[:3, :2].T + number * self.matrix[:3, 2] + self.matrix[:3, 3]
        return ras


def stack_of(lesion: Structure, plane: Plane | str | ArrayLike) -> SliceStack:
    """Return a lesion in slices of a plane, named or by its normal in RAS.

    Raises
    ------
    ResponseError
        The plane is not known, or the normal is not three finite numbers that differ from zero.
    """
    if not isinstance(plane, str):
        return _across(lesion, _unit(plane), SAME_NORMAL_DEG)
    if plane not in list(Plane):
        raise ResponseError(f"Plane {plane!r} is not known: choose {', '.join(Plane)}, or give a normal of 3 numbers.")
    if plane == Plane.ACQUIRED:
        return _own(lesion, 2, 0.0)
    return _across(lesion, np.array(NORMALS[Plane(plane)]), MOST_TILT_DEG)


def _unit(normal: ArrayLike) -> FloatArray:
    vector = np.asarray(normal, float)
    if vector.shape != (3,) or not np.isfinite(vector).all() or not vector.any():
        raise ResponseError(f"The plane's normal is {vector.tolist()}: give three finite numbers, not all 0.")
    unit: FloatArray = vector / np.linalg.norm(vector)
    return unit


def _across(lesion: Structure, normal: FloatArray, most_tilt_deg: float) -> SliceStack:
    directions = lesion.grid.ijk_to_ras[:3, :3] / lesion.grid.spacing_ijk_mm
    cosines = np.abs(normal @ directions)
    axis = int(np.argmax(cosines))
    tilt_deg = float(np.degrees(np.arccos(min(1.0, cosines[axis]))))
    return _own(lesion, axis, tilt_deg) if tilt_deg <= most_tilt_deg else _resampled(lesion, normal)


def _own(lesion: Structure, axis_ijk: int, tilt_deg: float) -> SliceStack:
    """The image's own slices across one of its axes i, j, k."""
    cropped = crop_structure(lesion, margin_kji=0)
    order = [n for n in range(3) if n != axis_ijk] + [axis_ijk]
    occupancy = cropped.occupancy.transpose([2 - n for n in reversed(order)])
    matrix = cropped.grid.ijk_to_ras[:, [*order, 3]]
    first = lesion.index_box()[0][2 - axis_ijk]
    return SliceStack(occupancy, matrix, int(first), tilt_deg, is_own=True)


def _resampled(lesion: Structure, normal: FloatArray) -> SliceStack:
    """Slices across a direction that the grid does not have, as fine as its finest spacing."""
    cropped = crop_structure(lesion)
    spacing = float(lesion.grid.spacing_ijk_mm.min())
    axes = _axes_with(normal)
    reach = _corners_mm(cropped) @ axes
    count = np.ceil(np.ptp(reach, axis=0) / spacing).astype(int) + 1
    middle = (reach.min(axis=0) + reach.max(axis=0)) / 2
    matrix = np.eye(4)
    matrix[:3, :3] = axes * spacing
    matrix[:3, 3] = axes @ (middle - (count - 1) / 2 * spacing)
    grid = Grid((int(count[2]), int(count[1]), int(count[0])), matrix)
    padded = np.pad(cropped.occupancy.astype(np.float32), 1)
    outer = cropped.grid.ijk_to_ras.copy()
    outer[:3, 3] = cropped.grid.to_ras([-1, -1, -1])
    source = Grid((padded.shape[0], padded.shape[1], padded.shape[2]), outer)
    slices = [sample(padded, source, grid.points_mm(slice(k, k + 1))).astype(np.float32) for k in range(count[2])]
    return SliceStack(np.concatenate(slices), grid.ijk_to_ras, 0, 0.0, is_own=False)


def _corners_mm(structure: Structure) -> FloatArray:
    """Outer corners of a grid's corner voxels, (8, 3)."""
    ends = np.array([[-0.5, -0.5, -0.5], np.array(structure.grid.size_ijk) - 0.5])
    unit: IntArray = np.array(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij")).reshape(3, -1).T
    return structure.grid.to_ras(np.take_along_axis(ends, unit, axis=0))


def _axes_with(normal: FloatArray) -> FloatArray:
    """Right-handed axes in columns, the third along the normal, the first as near to a patient axis as can be."""
    sideways = np.eye(3)[0 if abs(normal[0]) < 0.8 else 1]
    first = sideways - (sideways @ normal) * normal
    first /= np.linalg.norm(first)
    return np.stack([first, np.cross(normal, first), normal], axis=-1)
