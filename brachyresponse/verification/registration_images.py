"""What a registration looks at: a CT on coarse voxels, and which of them metal or seeds spoil."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from brachyresponse.errors import RegistrationError
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.registration import ImagePair
from brachyresponse.seeds.point_sets import checked_points
from brachyresponse.types import AnyArray, BoolArray, FloatArray

WORKING_SPACING_MM = 2.0
"""Fine enough for a tenth of a voxel, coarse enough that noise is averaged and a whole head takes seconds."""
METAL_HU = 2000.0
"""Above dense bone; a seed reaches 1800 HU in slices of 3 mm and is hidden by its position too."""
HIDDEN_MM = 6.0
"""Round metal and the centres of seeds: half a seed's length of 4.5 mm, its blooming and the nearest streaks."""


@dataclass(frozen=True, eq=False)
class RegistrationScan:
    """One side of a registration: the plan's or the implant's image, with what is known of it.

    Parameters
    ----------
    ct
        In HU; needed for bone and soft tissue.
    target
        As drawn on this image; needed on both sides for contours, on either for soft tissue.
    seeds_mm
        Centres of implanted seeds in this image, (N, 3) RAS. They are hidden from the registration.
    frame_of_reference_uid
        As DICOM gives it; empty where it is not known.
    """

    ct: Volume | None = None
    target: Structure | None = None
    seeds_mm: FloatArray = field(default_factory=lambda: np.empty((0, 3)))
    frame_of_reference_uid: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "seeds_mm", checked_points("Seeds to hide", self.seeds_mm))

    def needed_ct(self, side: str, method: str) -> Volume:
        """Return the CT.

        Raises
        ------
        RegistrationError
            There is none.
        """
        if self.ct is None:
            raise RegistrationError(
                f"Registration on {method} needs the {side} CT: choose it, or register on contours."
            )
        return self.ct

    def needed_target(self, side: str) -> Structure:
        """Return the target.

        Raises
        ------
        RegistrationError
            There is none.
        """
        if self.target is None:
            raise RegistrationError(
                f"Registration on contours needs the target on the {side} CT: draw it there, or register on bone."
            )
        return self.target


@dataclass(frozen=True, eq=False)
class WorkingImage:
    """A CT, averaged to voxels of about 2 mm.

    Parameters
    ----------
    hu
        [k, j, i]
    hidden
        [k, j, i]: near metal or a seed.
    """

    name: str
    hu: AnyArray
    grid: Grid
    hidden: BoolArray

    def window(self, low_hu: float, high_hu: float) -> AnyArray:
        """Return the values with everything below and above a window levelled, float32 [k, j, i]."""
        values: AnyArray = np.clip(self.hu, low_hu, high_hu, dtype=np.float32)
        return values


def working_image(ct: Volume, seeds_mm: FloatArray) -> WorkingImage:
    """Return a CT averaged to voxels of about 2 mm, metal and seeds hidden.

    Raises
    ------
    RegistrationError
        The image is too thin for a registration.
    """
    factors = np.maximum(np.floor(WORKING_SPACING_MM / ct.grid.spacing_ijk_mm + 0.25), 1).astype(int)
    hu, grid = _averaged(ct.values, ct.grid, factors)
    metal, _ = _averaged((ct.values >= METAL_HU).astype(np.float32), ct.grid, factors)
    if min(grid.shape_kji) < 4:
        raise RegistrationError(
            f"{ct.name!r} has {ct.grid.describe()}: too thin to be registered, give at least 10 mm each way."
        )
    spoilt = metal > 0
    inside = seeds_mm[grid.contains(seeds_mm)]
    spoilt[tuple(np.rint(grid.to_ijk(inside)).astype(int)[:, ::-1].T)] = True
    return WorkingImage(ct.name, hu.astype(np.float32), grid, within(spoilt, grid, HIDDEN_MM))


def image_pair(fixed: WorkingImage, moving: WorkingImage, mask: BoolArray, window_hu: tuple[float, float]) -> ImagePair:
    """Return two CTs in a window, to be laid on one another; what is hidden in the moving one is left out."""
    return ImagePair(fixed.window(*window_hu), fixed.grid, mask, moving.window(*window_hu), moving.grid, ~moving.hidden)


def within(mask: BoolArray, grid: Grid, distance_mm: float) -> BoolArray:
    """Return the voxels no further than a distance from those of a mask, [k, j, i]; nothing for an empty one."""
    from scipy.ndimage import distance_transform_edt

    if not mask.any():
        return np.zeros_like(mask)
    near: BoolArray = distance_transform_edt(~mask, sampling=grid.spacing_ijk_mm[::-1]) <= distance_mm
    return near


def _averaged(values: AnyArray, grid: Grid, factors_ijk: AnyArray) -> tuple[AnyArray, Grid]:
    """Values averaged over blocks of voxels, and their grid; incomplete blocks at the end are left out."""
    import SimpleITK as sitk

    factors = [int(min(factor, size)) for factor, size in zip(factors_ijk, grid.size_ijk, strict=True)]
    image = sitk.BinShrink(grid.to_image(values), factors)
    return sitk.GetArrayFromImage(image), Grid.from_image(image)
