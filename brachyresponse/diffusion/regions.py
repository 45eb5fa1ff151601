"""Where the ADC is taken: lesions in their parts and white matter, and what is left out of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.diffusion.request import DiffusionRequest
from brachyresponse.diffusion.vocabulary import LesionPart
from brachyresponse.errors import DiffusionError, StructureError
from brachyresponse.geometry import Grid, Structure, Volume, share_on_grid
from brachyresponse.lesions import (
    Exclusion,
    LesionLeft,
    balloon_margin,
    combine,
    dark_on_t2star,
    enhancing_vessels,
    necrosis,
    proposed_margin_mm,
)
from brachyresponse.lesions.exclusions import MOST_BLOOD_SHARE
from brachyresponse.lesions.exclusions_on_grid import (
    ANY_OF_A_VOXEL,
    MOST_OF_A_VOXEL,
    FindExclusion,
    MaskRole,
    drawn_mask,
    partial_voxels,
    round_seeds,
    seen_in_lesion,
    seen_on_images,
)
from brachyresponse.lesions.placing import Placed, place_structure
from brachyresponse.lesions.ratios.refusals import LEAST_SHARE
from brachyresponse.types import AnyArray, BoolArray

KIND = "adc"
"""Of the sequence, by which margins round metal are proposed."""
LEAST_CORE_VOXELS = 4
"""Fewer dark voxels within a lesion are noise, no core."""
MASK_REASONS = {
    MaskRole.VESSELS: "flowing blood has no diffusion of its own",
    MaskRole.CAVITY: "the fluid of a cavity diffuses freely",
    MaskRole.BLOOD: "blood restricts diffusion and darkens the signal",
    MaskRole.CALCIFICATION: "calcification darkens the signal",
    MaskRole.BALLOON: "the balloon holds no tissue",
}

BLOOD = (MaskRole.BLOOD, MaskRole.CALCIFICATION)
"""Of which a lesion may hold no more than a quarter, drawn or seen."""


@dataclass(frozen=True, eq=False)
class LesionRegions:
    """One lesion on the grid of the map, [k, j, i].

    Parameters
    ----------
    whole
        All of it, core included.
    core_share
        Share of each voxel that is core; None where no core is known.
    left
        What the exclusions leave.
    refusals
        Sentences that make the lesion not evaluable.
    """

    whole: BoolArray
    core_share: AnyArray | None
    left: LesionLeft
    refusals: tuple[str, ...] = ()

    def part(self, part: LesionPart) -> BoolArray:
        """Return the voxels of a part, before anything is left out; those between core and rim are of neither."""
        if self.core_share is None:
            return np.zeros_like(self.whole) if part is LesionPart.CORE else self.whole
        inside = self.core_share >= MOST_OF_A_VOXEL if part is LesionPart.CORE else self.core_share < ANY_OF_A_VOXEL
        return np.asarray(self.whole & inside)


@dataclass(frozen=True, eq=False)
class DiffusionRegions:
    """Masks [k, j, i] on the grid of the map; ``excluded`` is left out of lesions and white matter alike."""

    lesions: Mapping[str, LesionRegions]
    white_matter: BoolArray | None
    excluded: BoolArray
    warnings: tuple[str, ...]


def regions_of(request: DiffusionRequest) -> DiffusionRegions:
    """Return the regions of a request on the grid of its map.

    Raises
    ------
    DiffusionError
        A structure lies outside the map or fills no voxel of it, or lesion and white matter overlap.
    """
    try:
        return _regions(request)
    except StructureError as error:
        raise DiffusionError(str(error)) from error


def _regions(request: DiffusionRequest) -> DiffusionRegions:
    grid = request.adc.grid
    lesions = {name: _placed(request, one, "lesion") for name, one in request.lesions.items()}
    white = None if request.white_matter is None else _placed(request, request.white_matter, "white matter")
    near_seeds = round_seeds(request.seeds, grid, KIND, margin_mm=request.settings.seed_margin_mm)
    exclusions = (
        *partial_voxels(lesions.values(), request.settings.least_voxel_share),
        *_drawn(request),
        *near_seeds,
        *seen_on_images(_wanted(request), request.lesions, grid, near_seeds),
    )
    excluded = np.logical_or.reduce([np.zeros(grid.shape_kji, bool), *(one.mask for one in exclusions)])
    for name, lesion in lesions.items():
        _check_apart(name, lesion.mask, white, grid)
    found = {
        name: _lesion_regions(lesion, _core_share(request, name, near_seeds), exclusions)
        for name, lesion in lesions.items()
    }
    every = (*lesions.values(), *([] if white is None else [white]))
    warnings = tuple(warning for one in every for warning in one.warnings)
    return DiffusionRegions(found, None if white is None else white.mask, excluded, warnings)


def _lesion_regions(lesion: Placed, core_share: AnyArray | None, exclusions: Sequence[Exclusion]) -> LesionRegions:
    left = combine(lesion.mask, exclusions)
    cut_off = lesion.warnings if lesion.seen < LEAST_SHARE else ()  # a remnant is not the lesion
    return LesionRegions(lesion.mask, core_share, left, (*cut_off, *left.refusals))


def _placed(request: DiffusionRequest, structure: Structure, what: str) -> Placed:
    return place_structure(structure, request.adc.grid, what=what, image=f"ADC map {request.adc.name!r}")


def _drawn(request: DiffusionRequest) -> Iterator[Exclusion]:
    """Yield the masks that are left out; round the balloon a margin too. Necrosis is a part of its own."""
    grid = request.adc.grid
    for role, structure in request.masks.items():
        if role is MaskRole.BALLOON:
            margin_mm = request.settings.seed_margin_mm
            margin_mm = proposed_margin_mm(KIND)[0] if margin_mm is None else margin_mm
            reason = f"drawn, with {margin_mm:g} mm round it: {MASK_REASONS[role]}"
            yield Exclusion(role, balloon_margin(structure, grid, margin_mm), reason)
        elif role is not MaskRole.NECROSIS:
            most_share = MOST_BLOOD_SHARE if role in BLOOD else None
            yield Exclusion(role, drawn_mask(structure, grid), f"drawn: {MASK_REASONS[role]}", most_share)


def _wanted(request: DiffusionRequest) -> Sequence[tuple[Volume, FindExclusion]]:
    settings, wanted = request.settings, list[tuple[Volume, FindExclusion]]()
    if request.anatomical is not None and settings.exclude_vessels:
        wanted.append((request.anatomical, enhancing_vessels))
    if request.t2star is not None and settings.exclude_blood:
        wanted.append((request.t2star, dark_on_t2star))
    return wanted


def _core_share(request: DiffusionRequest, lesion: str, near_seeds: Sequence[Exclusion]) -> AnyArray | None:
    """Return how much of each voxel is core: as drawn, else as the anatomical image shows it; None where unknown."""
    grid = request.adc.grid
    drawn = request.cores.get(lesion, request.masks.get(MaskRole.NECROSIS))
    if drawn is not None:
        return drawn.occupancy if drawn.grid == grid else share_on_grid(drawn, grid)
    if request.anatomical is None or not request.settings.find_core:
        return None
    seen = seen_in_lesion(request.anatomical, _inner_necrosis, request.lesions[lesion], grid).mask
    for seeds in near_seeds:
        seen = seen & ~seeds.mask
    return seen if np.count_nonzero(seen) >= LEAST_CORE_VOXELS else None


def _inner_necrosis(image: Volume, lesion: Structure) -> Exclusion:
    """What does not enhance within a lesion: its faint edge is partial volume, and seeds are dark but no necrosis."""
    from scipy.ndimage import binary_erosion

    found = necrosis(image, lesion)
    inner = binary_erosion(lesion.mask, iterations=2)
    return Exclusion(found.name, found.mask & inner, found.reason)


def _check_apart(name: str, lesion: BoolArray, white: Placed | None, grid: Grid) -> None:
    shared = 0 if white is None else int(np.count_nonzero(lesion & white.mask))
    if shared:
        raise DiffusionError(
            f"The lesion {name!r} and the white matter share {shared * grid.voxel_cc:.2f} cc: the reference must be "
            "outside the lesion; move it or cut it back."
        )
