"""Where the voxels of an array lie in the patient."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import GeometryError
from brachyresponse.types import AnyArray, FloatArray, frozen_array

if TYPE_CHECKING:
    import SimpleITK as sitk

LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
MATRIX_TOLERANCE_MM = 1e-4


@dataclass(frozen=True, eq=False)
class Grid:
    """Shape of an array indexed [k, j, i], and the 4x4 matrix from voxel index (i, j, k) to RAS in mm.

    Any orientation, handedness and spacing; oblique grids are as good as axis-aligned ones. Voxel centres lie
    at whole indices, as in Slicer and SimpleITK.

    Raises
    ------
    GeometryError
        The shape is not three positive numbers, or the matrix is not 4x4, not finite, not invertible or sheared.
    """

    shape_kji: tuple[int, int, int]
    ijk_to_ras: FloatArray

    def __post_init__(self) -> None:
        shape = tuple(int(n) for n in self.shape_kji)
        if len(shape) != 3 or min(shape) < 1:
            raise GeometryError(f"A grid has three sizes of at least 1 voxel, found {shape}: give a 3D image.")
        matrix = frozen_array(self.ijk_to_ras, np.float64)
        object.__setattr__(self, "shape_kji", shape)
        object.__setattr__(self, "ijk_to_ras", matrix)
        _check_matrix(matrix)

    def __eq__(self, other: object) -> bool:
        """Two grids are equal when shapes agree and no corner lies further apart than a tenth of a micrometre."""
        if not isinstance(other, Grid):
            return NotImplemented
        return self.shape_kji == other.shape_kji and np.allclose(
            self.corners_mm(), other.corners_mm(), rtol=0, atol=MATRIX_TOLERANCE_MM
        )

    def __hash__(self) -> int:
        return hash(self.shape_kji)

    @classmethod
    def from_image(cls, image: sitk.Image) -> Grid:
        """Return the grid of a 3D SimpleITK image, converted from LPS to RAS.

        Raises
        ------
        GeometryError
            The image is not three-dimensional.
        """
        if image.GetDimension() != 3:
            raise GeometryError(f"The image has {image.GetDimension()} dimensions, expected 3: give one volume.")
        matrix = np.eye(4)
        matrix[:3, :3] = np.reshape(image.GetDirection(), (3, 3)) * np.asarray(image.GetSpacing())
        matrix[:3, 3] = image.GetOrigin()
        columns, rows, slices = image.GetSize()
        return cls((slices, rows, columns), LPS_TO_RAS @ matrix)

    @classmethod
    def covering(cls, lower_mm: ArrayLike, upper_mm: ArrayLike, spacing_mm: float) -> Grid:
        """Return the smallest axis-aligned grid with cubic voxels whose centres span a box in RAS.

        Raises
        ------
        GeometryError
            The box is empty or not finite, or the spacing is not positive.
        """
        lower, upper = np.asarray(lower_mm, float), np.asarray(upper_mm, float)
        if not (np.isfinite([lower, upper]).all() and (upper >= lower).all()):
            raise GeometryError(f"A box from {lower} to {upper} mm cannot be covered: give finite, ordered corners.")
        if not (np.isfinite(spacing_mm) and spacing_mm > 0):
            raise GeometryError(f"The grid spacing is {spacing_mm} mm: give a positive spacing.")
        count = np.ceil((upper - lower) / spacing_mm - 1e-9).astype(int) + 1
        matrix = np.diag([spacing_mm, spacing_mm, spacing_mm, 1.0])
        matrix[:3, 3] = (lower + upper) / 2 - (count - 1) / 2 * spacing_mm
        return cls((int(count[2]), int(count[1]), int(count[0])), matrix)

    @cached_property
    def ras_to_ijk(self) -> FloatArray:
        """Inverse of ``ijk_to_ras``, 4x4."""
        return frozen_array(np.linalg.inv(self.ijk_to_ras), np.float64)

    @cached_property
    def spacing_ijk_mm(self) -> FloatArray:
        """Distance between neighbouring voxels along i, j and k, (3,)."""
        return frozen_array(np.linalg.norm(self.ijk_to_ras[:3, :3], axis=0), np.float64)

    @property
    def voxel_cc(self) -> float:
        """Volume of a voxel, cm3."""
        return float(np.prod(self.spacing_ijk_mm)) / 1000

    @property
    def voxel_count(self) -> int:
        """Number of voxels."""
        return int(np.prod(self.shape_kji))

    @property
    def size_ijk(self) -> tuple[int, int, int]:
        """Number of voxels along i, j and k: the order of SimpleITK and of the matrix."""
        slices, rows, columns = self.shape_kji
        return columns, rows, slices

    @property
    def centre_mm(self) -> FloatArray:
        """Centre of the grid in RAS, (3,)."""
        return self.to_ras((np.array(self.size_ijk) - 1) / 2)

    def corners_mm(self) -> FloatArray:
        """Centres of the eight corner voxels in RAS, (8, 3)."""
        last_ijk = np.array(self.size_ijk) - 1.0
        unit = np.array(np.meshgrid([0, 1], [0, 1], [0, 1], indexing="ij")).reshape(3, -1).T
        return self.to_ras(unit * last_ijk)

    def to_ras(self, ijk: ArrayLike) -> FloatArray:
        """Return the RAS positions in mm, (..., 3), of voxel indices (i, j, k), which may be fractional."""
        result: FloatArray = np.asarray(ijk, float) @ self.ijk_to_ras[:3, :3].T + self.ijk_to_ras[:3, 3]
        return result

    def to_ijk(self, points_mm: ArrayLike) -> FloatArray:
        """Return the fractional voxel indices (i, j, k), (..., 3), of RAS positions in mm."""
        result: FloatArray = np.asarray(points_mm, float) @ self.ras_to_ijk[:3, :3].T + self.ras_to_ijk[:3, 3]
        return result

    def points_mm(self, slices: slice = slice(None)) -> FloatArray:
        """Return the RAS positions of the voxel centres of some slices, (k, j, i, 3)."""
        k, j, i = (np.arange(n, dtype=float) for n in self.shape_kji)
        k = k[slices]
        result = np.empty((len(k), len(j), len(i), 3))
        for axis, (x, y, z) in enumerate(self.ijk_to_ras[:3, :3]):  # one by one: numpy is slow on a last axis of three
            result[..., axis] = (k[:, None] * z + j * y)[..., None] + i * x + self.ijk_to_ras[axis, 3]
        return result

    def contains(self, points_mm: ArrayLike) -> AnyArray:
        """Tell which RAS positions lie inside the grid, whole voxels included, (...,) bool."""
        ijk = self.to_ijk(points_mm)
        near = (ijk >= -0.5) & (ijk <= np.array(self.size_ijk) - 0.5)
        inside: AnyArray = near[..., 0] & near[..., 1] & near[..., 2]
        return inside

    def to_image(self, array: AnyArray) -> sitk.Image:
        """Return a SimpleITK image (LPS) that holds an array [k, j, i] of this grid.

        Raises
        ------
        GeometryError
            The array's shape is not the grid's.
        """
        import SimpleITK as sitk

        if array.shape != self.shape_kji:
            raise GeometryError(f"The array has shape {array.shape}, the grid {self.shape_kji}: they must agree.")
        image = sitk.GetImageFromArray(array.astype(np.uint8) if array.dtype == bool else array)
        matrix = LPS_TO_RAS @ self.ijk_to_ras
        image.SetOrigin(matrix[:3, 3].tolist())
        image.SetSpacing(self.spacing_ijk_mm.tolist())
        image.SetDirection((matrix[:3, :3] / self.spacing_ijk_mm).ravel().tolist())
        return image

    def describe(self) -> str:
        """Return size and spacing in words, for messages and reports."""
        size = " x ".join(str(n) for n in self.size_ijk)
        spacing = " x ".join(f"{s:.3g}" for s in self.spacing_ijk_mm)
        return f"{size} voxels of {spacing} mm"


def _check_matrix(matrix: AnyArray) -> None:
    if matrix.shape != (4, 4):
        raise GeometryError(f"The IJK-to-RAS matrix has shape {matrix.shape}, expected (4, 4).")
    if not np.isfinite(matrix).all():
        raise GeometryError("The IJK-to-RAS matrix holds NaN or infinite values: the image's geometry is damaged.")
    if not np.allclose(matrix[3], [0, 0, 0, 1]):
        raise GeometryError(f"The last row of the IJK-to-RAS matrix is {matrix[3]}, expected 0 0 0 1.")
    spacing = np.linalg.norm(matrix[:3, :3], axis=0)
    if spacing.min() < MATRIX_TOLERANCE_MM:
        raise GeometryError(f"The voxel spacing is {spacing} mm: every spacing must be positive.")
    directions = matrix[:3, :3] / spacing
    shear = np.abs(directions.T @ directions - np.eye(3)).max()
    if shear > 1e-3:
        raise GeometryError(
            f"The grid's axes are not at right angles (cosine {shear:.3g}): resample the image or undo the tilt."
        )
