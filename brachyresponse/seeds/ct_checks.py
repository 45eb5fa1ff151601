"""Is this image a CT in which seeds can be found? What is wrong is said before anything is searched for.

The limits are ours, chosen wide: an image that passes need not be good, one that is refused cannot be used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import ImageError
from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, BoolArray

PADDING_BELOW_HU = -1500  # scanners fill what they did not measure with values such as -2000
WRAPPED_ABOVE = 20_000  # no CT scale reaches it but as a signed value read as unsigned: -1024 as 64512
TISSUE_HU = (-250, 250)
LEAST_TISSUE_SHARE = 0.02
FAT_OR_AIR_HU = -50
LEAST_FAT_OR_AIR_SHARE = 0.002
NOISE_BELOW_HU = -10  # of a crop within the brain: noise and metal's dark bands; MR has nothing below 0
LEAST_NOISE_SHARE = 1e-4
STORED_TISSUE = (850, 1250)  # where soft tissue lies when 1024 was not subtracted
METAL_HU = 1300
LEAST_METAL_VOXELS = 3
BRIGHT_HU = 2000
MOST_BRIGHT_SHARE = 0.05
CLIP_REFUSED_HU = 1500  # below it, bone and metal look alike
CLIP_USUAL_HU = 2900  # 12-bit scanners clip at 3071
LEAST_CLIPPED_VOXELS = 30
LARGE_METAL_CC = 3.0
THICKEST_SLICE_MM = 5.0
COARSEST_PIXEL_MM = 1.0
SAMPLE_VOXELS = 2_000_000
MOST_LISTED = 5


def check_ct(ct_hu: AnyArray, grid: Grid) -> tuple[str, ...]:
    """Return warnings about a CT in which seeds are to be found, none if all is well.

    A sheared matrix (gantry tilt) never comes here: ``Grid`` refuses it.

    Parameters
    ----------
    ct_hu
        [k, j, i], HU.
    grid
        Where its voxels lie.

    Raises
    ------
    ImageError
        The image cannot be used: another shape than its grid, values that are not finite or not HU (MR, stored values
        without rescale, signed read as unsigned), missing or repeated slices, slices too thick, clipped so low that
        bone and metal look alike, no metal, metal everywhere.
    """
    image = np.asarray(ct_hu)
    _check_shape(image, grid)
    _check_finite(image)
    warnings = _check_slices(image)
    _check_scale(image)
    warnings += _check_spacing(grid)
    warnings += _check_clipping(image)
    _check_metal(image)
    return tuple(warnings + _large_metal(image, grid))


def _check_shape(image: AnyArray, grid: Grid) -> None:
    if image.shape != grid.shape_kji:
        raise ImageError(f"The CT has shape {image.shape}, its grid {grid.shape_kji}: they must agree.")
    if min(image.shape) < 3:
        raise ImageError(
            f"The CT has {grid.describe()}: seeds need at least 3 voxels in every direction; load the whole series."
        )


def _check_finite(image: AnyArray) -> None:
    if np.issubdtype(image.dtype, np.integer):
        return
    if not np.issubdtype(image.dtype, np.floating):
        raise ImageError(f"The CT holds values of type {image.dtype}, expected numbers in HU: give one grey volume.")
    wrong = int(image.size - np.count_nonzero(np.isfinite(image)))
    if wrong:
        raise ImageError(
            f"The CT holds {wrong} values that are not finite (NaN or infinite): load the original series."
        )


def _check_spacing(grid: Grid) -> list[str]:
    fine, middle, coarse = np.sort(grid.spacing_ijk_mm)
    if coarse > THICKEST_SLICE_MM + 0.01:
        raise ImageError(
            f"The CT's slices are {coarse:.3g} mm apart, expected at most {THICKEST_SLICE_MM:g} mm: a seed of 4.5 mm "
            "falls between them; reconstruct thinner slices (1 to 2 mm are best)."
        )
    if middle > COARSEST_PIXEL_MM + 0.01:
        return [
            f"The CT's pixels are {fine:.3g} x {middle:.3g} mm, expected at most {COARSEST_PIXEL_MM:g} mm: "
            "neighbouring seeds may look like one; reconstruct a smaller field of view."
        ]
    return []


def _check_slices(image: AnyArray) -> list[str]:
    flat = image.reshape(len(image), -1)
    is_blank: BoolArray = flat.min(axis=1) == flat.max(axis=1)
    if is_blank.all():
        raise ImageError("Every slice of the CT holds one single value: the image is empty; load the original series.")
    measured = np.flatnonzero(~is_blank)
    first, last = int(measured[0]), int(measured[-1])
    missing = [int(n) for n in np.flatnonzero(is_blank) if first < n < last]
    if missing:
        raise ImageError(
            f"The CT has nothing but one value in {_slices(missing)} of {len(image)}: missing in the series; load the "
            "complete series."
        )
    repeated = [n for n in range(first + 1, last + 1) if np.array_equal(image[n], image[n - 1])]
    if repeated:
        raise ImageError(
            f"The CT has a copy of the slice before in {_slices(repeated)} of {len(image)}: gaps were filled; load "
            "the original series without resampling."
        )
    blank_ends = first + len(image) - 1 - last
    return [f"{blank_ends} slices at the ends of the CT hold one single value: no seed is found there."] * bool(
        blank_ends
    )


def _slices(indices: list[int]) -> str:
    """Name slices, counted from 1."""
    shown = ", ".join(str(n + 1) for n in indices[:MOST_LISTED])
    more = f" and {len(indices) - MOST_LISTED} more" if len(indices) > MOST_LISTED else ""
    return f"slice {shown}" if len(indices) == 1 else f"slices {shown}{more}"


@dataclass(frozen=True)
class _Scale:
    """Where the values of an image lie, without padding; shares of 0 to 1."""

    lowest: float
    highest: float
    wrapped: float
    fat_or_air: float
    below_zero: float
    tissue: float  # of the values other than 0, with which MR images are filled
    stored_tissue: float
    low_95: float
    high_95: float

    @classmethod
    def of(cls, image: AnyArray) -> _Scale:
        step = max(1, image.size // SAMPLE_VOXELS)
        values = image.reshape(-1)[::step]
        values = values[values > PADDING_BELOW_HU]
        if not values.size:
            raise ImageError(
                f"No voxel of the CT is above {PADDING_BELOW_HU} HU: it holds padding only; load the original series."
            )
        low, high = np.percentile(values, [2.5, 97.5])
        return cls(
            lowest=float(values.min()),
            highest=float(values.max()),
            wrapped=float(np.mean(values > WRAPPED_ABOVE)),
            fat_or_air=float(np.mean(values < FAT_OR_AIR_HU)),
            below_zero=float(np.mean(values < NOISE_BELOW_HU)),
            tissue=_share_between(values[values != 0], TISSUE_HU),
            stored_tissue=_share_between(values, STORED_TISSUE),
            low_95=float(low),
            high_95=float(high),
        )

    @property
    def is_crop_of_tissue(self) -> bool:
        """Nothing but soft tissue, or soft tissue for the most part with some values below 0."""
        is_narrow = self.low_95 > TISSUE_HU[0] and self.high_95 < TISSUE_HU[1]
        return is_narrow or (self.tissue > 0.5 and self.below_zero > LEAST_NOISE_SHARE)

    @property
    def range(self) -> str:
        """Least and greatest value in words."""
        return f"values from {self.lowest:.0f} to {self.highest:.0f}"


def _share_between(values: AnyArray, limits: tuple[float, float]) -> float:
    low, high = limits
    return float(np.mean((values > low) & (values < high))) if values.size else 0.0


def _check_scale(image: AnyArray) -> None:
    scale = _Scale.of(image)
    if scale.wrapped > 0.005:
        raise ImageError(
            f"The CT holds {scale.range}, {100 * scale.wrapped:.0f} % of them above {WRAPPED_ABOVE}: signed values "
            "were read as unsigned; load the series again as signed 16-bit HU."
        )
    if scale.fat_or_air < LEAST_FAT_OR_AIR_SHARE and not scale.is_crop_of_tissue:
        _refuse_values_without_air(scale)
    if scale.tissue < LEAST_TISSUE_SHARE:
        raise ImageError(
            f"Only {100 * scale.tissue:.1f} % of the CT lies between {TISSUE_HU[0]} and {TISSUE_HU[1]} HU, where soft "
            f"tissue should be ({scale.range}): it is not in HU, or not of a patient; check the rescale of the series."
        )


def _refuse_values_without_air(scale: _Scale) -> None:
    if scale.stored_tissue > 0.1:
        raise ImageError(
            f"The CT holds {scale.range} and its soft tissue lies near 1024 instead of 0 HU: these are stored values "
            "without rescale; apply the series' rescale slope and intercept (usually 1 and -1024)."
        )
    raise ImageError(
        f"The image holds {scale.range} with no air or fat below 0 HU: it is no CT in HU but perhaps an MR image; "
        "choose the post-implant CT."
    )


def _check_clipping(image: AnyArray) -> list[str]:
    highest = float(image.max())
    at_highest = int(np.count_nonzero(image == image.max()))
    if at_highest < LEAST_CLIPPED_VOXELS or highest >= CLIP_USUAL_HU or highest < TISSUE_HU[1]:
        return []
    found = f"The CT is clipped at {highest:.0f} HU ({at_highest} voxels have exactly this value)"
    if highest < CLIP_REFUSED_HU:
        raise ImageError(f"{found}: bone and metal look alike; load the original series, clipped at 3071 HU or not.")
    return [f"{found}, expected at 3071 HU or not at all: seeds next to one another are harder to tell apart."]


def _check_metal(image: AnyArray) -> None:
    metal = int(np.count_nonzero(image > METAL_HU))
    if metal < LEAST_METAL_VOXELS:
        raise ImageError(
            f"The CT holds no metal: its highest value is {float(image.max()):.0f} HU, expected seeds above "
            f"{METAL_HU} HU; choose the CT taken after the implant."
        )
    share = float(np.mean(image > BRIGHT_HU))
    if share > MOST_BRIGHT_SHARE:
        raise ImageError(
            f"{100 * share:.0f} % of the CT is brighter than {BRIGHT_HU} HU, expected at most "
            f"{100 * MOST_BRIGHT_SHARE:.0f} %: metal is everywhere, or the values are not HU; check the rescale of the "
            "series, or crop it to the implant."
        )


def _large_metal(image: AnyArray, grid: Grid) -> list[str]:
    """Warn of pieces of metal far larger than a seed, as prostheses and dental bridges are."""
    from scipy import ndimage

    bright: BoolArray = image > CLIP_USUAL_HU if image.max() > CLIP_USUAL_HU else image >= image.max()
    if np.count_nonzero(bright) * grid.voxel_cc < LARGE_METAL_CC:
        return []
    pieces, _ = ndimage.label(bright)
    sizes_cc = np.bincount(pieces.ravel())[1:] * grid.voxel_cc
    warnings = []
    for piece in np.flatnonzero(sizes_cc >= LARGE_METAL_CC)[:MOST_LISTED]:
        kji = ndimage.center_of_mass(pieces == piece + 1)
        x, y, z = grid.to_ras(kji[::-1])
        warnings.append(
            f"A piece of metal of {sizes_cc[piece]:.1f} cc lies at R {x:.0f}, A {y:.0f}, S {z:.0f} mm: it is no seed, "
            "and seeds in its streaks may be missed."
        )
    return warnings
