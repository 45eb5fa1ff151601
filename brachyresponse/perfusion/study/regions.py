"""Where a series is computed and compared: tissue, lesions, white matter, and what is left out of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError, StructureError
from brachyresponse.geometry import Volume
from brachyresponse.lesions import Exclusion, LesionLeft, combine, dark_on_t2star, enhancing_vessels, necrosis
from brachyresponse.lesions.exclusions_on_grid import (
    FindExclusion,
    MaskRole,
    drawn_mask,
    partial_voxels,
    round_seeds,
    seen_on_images,
)
from brachyresponse.perfusion.study.on_grid import mask_on_grid, positions_of, values_at
from brachyresponse.perfusion.study.request import PerfusionRequest
from brachyresponse.perfusion.study.study import ExclusionRow
from brachyresponse.types import BoolArray

AIR_SHARE = 0.1
"""Of the signal that is high in the head: voxels below are air or void. Far above the noise, below dark bone marrow."""
HIGH_PERCENTILE = 98.0
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
            *partial_voxels(placed.values(), request.settings.least_voxel_share),
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


def _from_masks(request: PerfusionRequest) -> Sequence[Exclusion]:
    drawn = {role: drawn_mask(structure, request.series.grid) for role, structure in request.masks.items()}
    return [Exclusion(role, mask, f"drawn: {MASK_REASONS[role]}") for role, mask in drawn.items()]


def _seen_on_images(request: PerfusionRequest, near_seeds: Sequence[Exclusion]) -> Sequence[Exclusion]:
    """Return what the anatomical image and the T2* image show in and round the lesions, but the seeds' own dark."""
    settings = request.settings
    wanted: list[tuple[Volume, FindExclusion]] = []
    if request.anatomical is not None:
        wanted += [(request.anatomical, enhancing_vessels)] if settings.exclude_vessels else []
        wanted += [(request.anatomical, necrosis)] if settings.exclude_necrosis else []
    if request.t2star is not None and settings.exclude_blood:
        wanted.append((request.t2star, dark_on_t2star))
    try:
        return seen_on_images(wanted, request.lesions, request.series.grid, near_seeds)
    except StructureError as error:
        raise PerfusionError(str(error)) from error


def _round_seeds(request: PerfusionRequest) -> Sequence[Exclusion]:
    series, margin_mm = request.series, request.settings.seed_margin_mm
    return round_seeds(request.seeds, series.grid, request.kind, te_s=series.acquisition.te_s, margin_mm=margin_mm)
