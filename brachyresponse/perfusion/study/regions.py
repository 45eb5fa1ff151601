"""Where a series is computed and compared: tissue, lesions, white matter, and what is left out of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from brachyresponse.errors import PerfusionError, StructureError
from brachyresponse.geometry import Structure, Volume, resample_structure, share_on_grid
from brachyresponse.lesions import (
    Exclusion,
    LesionLeft,
    combine,
    dark_on_t2star,
    enhancing_vessels,
    necrosis,
    proposed_margin_mm,
    seed_margin,
)
from brachyresponse.perfusion.series import DynamicSeries
from brachyresponse.perfusion.study.on_grid import Placed, mask_on_grid, positions_of, values_at
from brachyresponse.perfusion.study.request import MaskRole, PerfusionRequest
from brachyresponse.perfusion.study.study import ExclusionRow
from brachyresponse.types import AnyArray, BoolArray

FindExclusion = Callable[[Volume, Structure], Exclusion]
AIR_SHARE = 0.1
"""Of the signal that is high in the head: voxels below are air or void. Far above the noise, below dark bone marrow."""
HIGH_PERCENTILE = 98.0
MOST_OF_A_VOXEL = 0.5
ROUND_LESION = 3
"""Voxels of an image round a lesion that share voxels of the series with it."""
FIRST_FRAMES = slice(2, 7)
"""Before any bolus, and after the first frames, which may not be in the steady state."""
MASK_REASONS = {
    MaskRole.VESSELS: "vessels are no tissue",
    MaskRole.NECROSIS: "necrosis has no perfusion of its own",
    MaskRole.CAVITY: "a cavity has no perfusion",
    MaskRole.BLOOD: "blood darkens T2*-weighted signal and brightens T1-weighted signal",
    MaskRole.CALCIFICATION: "calcification darkens the signal",
    MaskRole.BALLOON: "the balloon holds no tissue",
}


@dataclass(frozen=True, eq=False)
class StudyRegions:
    """Masks [k, j, i] on the grid of the series.

    Parameters
    ----------
    tissue
        Where maps are computed.
    lesions, white_matter
        What is compared.
    exclusions
        What is left out of both.
    warnings
        Sentences.
    """

    tissue: BoolArray
    lesions: Mapping[str, BoolArray]
    white_matter: BoolArray | None
    exclusions: tuple[Exclusion, ...]
    warnings: tuple[str, ...]

    @property
    def computed(self) -> BoolArray:
        """Tissue, and every voxel of lesions and white matter."""
        mask = self.tissue.copy()
        for region in (*self.lesions.values(), *([] if self.white_matter is None else [self.white_matter])):
            mask |= region
        return mask

    def left(self) -> Mapping[str, LesionLeft]:
        """Return what the exclusions leave of every lesion."""
        return {name: combine(lesion, self.exclusions) for name, lesion in self.lesions.items()}

    def excluded(self) -> BoolArray:
        """Return all voxels that are left out."""
        out = np.zeros(self.tissue.shape, bool)
        for exclusion in self.exclusions:
            out |= exclusion.mask
        return out


def regions_of(request: PerfusionRequest) -> StudyRegions:
    """Return the regions of a request on the grid of its series.

    Raises
    ------
    PerfusionError
        A structure lies outside the field of view, or there is no tissue.
    """
    series = request.series
    placed = {name: mask_on_grid(lesion, series, "lesion") for name, lesion in request.lesions.items()}
    white = None if request.white_matter is None else mask_on_grid(request.white_matter, series, "white matter")
    near_seeds = _round_seeds(request)
    every = (*placed.values(), *([] if white is None else [white]))
    return StudyRegions(
        tissue=_tissue(request),
        lesions={name: one.mask for name, one in placed.items()},
        white_matter=None if white is None else white.mask,
        exclusions=(
            *_edges(placed, request),
            *_from_masks(request),
            *near_seeds,
            *_seen_on_images(request, near_seeds),
        ),
        warnings=tuple(warning for one in every for warning in one.warnings),
    )


def white_matter_dose_gy(request: PerfusionRequest, regions: StudyRegions) -> float | None:
    """Return the mean dose of the white matter; None where there is no dose or it lies elsewhere."""
    if request.dose is None or regions.white_matter is None:
        return None
    dose_gy = values_at(request.dose, positions_of(regions.white_matter, request.series.grid))
    known = dose_gy[np.isfinite(dose_gy)]
    return float(known.mean()) if known.size else None


def exclusion_rows(name: str, left: LesionLeft) -> tuple[ExclusionRow, ...]:
    """Return what was left out of a structure, as rows of one table."""
    return tuple(ExclusionRow(name, row.name, row.reason, row.share_taken, row.share_left) for row in left.rows)


def _tissue(request: PerfusionRequest) -> BoolArray:
    series = request.series
    if request.brain is not None:
        return mask_on_grid(request.brain, series, "brain").mask
    last = min(FIRST_FRAMES.stop, series.frame_count)
    mean = series.mean_of(slice(min(FIRST_FRAMES.start, last - 1), last))
    known = mean[np.isfinite(mean)]
    if not known.size:
        raise PerfusionError(f"The first frames of series {series.name!r} hold no numbers (NaN): leave them out.")
    high = float(np.percentile(known, HIGH_PERCENTILE))
    if not high > 0:
        raise PerfusionError(f"Series {series.name!r} has no signal above 0 in its first frames: it is not an image.")
    tissue: BoolArray = mean > AIR_SHARE * high
    return tissue


def _edges(lesions: Mapping[str, Placed], request: PerfusionRequest) -> Sequence[Exclusion]:
    """Return the voxels that are lesion only in part: what else is in them is not the lesion's perfusion."""
    least = request.settings.least_voxel_share
    in_part = [lesion.mask & (lesion.share < least) for lesion in lesions.values()]
    if not any(mask.any() for mask in in_part):
        return []
    edge = np.logical_or.reduce(in_part)
    return [Exclusion("edge of the lesion", edge, f"less than {least:.0%} of the voxel is lesion: partial volume")]


def _from_masks(request: PerfusionRequest) -> Sequence[Exclusion]:
    shares = {role: _share(structure, request.series) for role, structure in request.masks.items()}
    return [Exclusion(role, mask, f"drawn: {MASK_REASONS[role]}") for role, mask in shares.items()]


def _share(structure: Structure, series: DynamicSeries) -> BoolArray:
    """Voxels of which any considerable part belongs to a mask: what is left out is left out generously."""
    if structure.grid == series.grid:
        return np.asarray(structure.mask, bool)
    share: AnyArray = share_on_grid(structure, series.grid)
    return np.asarray(share >= 0.25)


def _seen_on_images(request: PerfusionRequest, near_seeds: Sequence[Exclusion]) -> Sequence[Exclusion]:
    """Return what the anatomical image and the T2* image show in and round the lesions, but the seeds' own dark."""
    settings = request.settings
    wanted: list[tuple[Volume, FindExclusion]] = []
    if request.anatomical is not None:
        wanted += [(request.anatomical, enhancing_vessels)] if settings.exclude_vessels else []
        wanted += [(request.anatomical, necrosis)] if settings.exclude_necrosis else []
    if request.t2star is not None and settings.exclude_blood:
        wanted.append((request.t2star, dark_on_t2star))
    seen = [_on_series(image, find, lesion, request) for lesion in request.lesions.values() for image, find in wanted]
    return [replace(one, mask=one.mask & ~seeds.mask) for one in seen for seeds in near_seeds] if near_seeds else seen


def _on_series(image: Volume, find: FindExclusion, lesion: Structure, request: PerfusionRequest) -> Exclusion:
    from scipy.ndimage import binary_dilation

    drawn = lesion if lesion.grid == image.grid else _drawn_on(lesion, image)
    seen = find(image, Structure(drawn.name, drawn.mask, drawn.grid))
    found = replace(seen, mask=seen.mask & binary_dilation(drawn.mask, iterations=ROUND_LESION))
    if not found.mask.any():
        return replace(found, mask=np.zeros(request.series.grid.shape_kji, bool))
    share = share_on_grid(Structure(found.name, found.mask, image.grid), request.series.grid)
    return replace(found, mask=np.asarray(share >= MOST_OF_A_VOXEL))


def _drawn_on(lesion: Structure, image: Volume) -> Structure:
    try:
        return resample_structure(lesion, image.grid)
    except StructureError as error:
        raise PerfusionError(
            f"The lesion {lesion.name!r} lies outside the image {image.name!r}: give the image of the same visit and "
            "space, or register it first."
        ) from error


def _round_seeds(request: PerfusionRequest) -> Sequence[Exclusion]:
    seeds, acquisition = request.seeds, request.series.acquisition
    if seeds is None or not seeds.count:
        return []
    margin_mm, reason = proposed_margin_mm(request.kind, acquisition.te_s)
    chosen = request.settings.seed_margin_mm
    if chosen is not None:
        margin_mm, reason = chosen, f"{chosen:g} mm, entered"
    mask = seed_margin(
        request.series.grid, seeds.positions_mm, seeds.directions, margin_mm, axis_known=seeds.axis_known
    )
    return [Exclusion(f"round {seeds.count} seeds", mask, f"{reason.rstrip('.')}: metal darkens the signal there")]
