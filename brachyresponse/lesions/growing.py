"""A lesion grown from one click: what differs from the tissue round it and hangs together with the click."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.lesions.growing_box import GrowingBox
from brachyresponse.lesions.growing_warnings import edge_warnings, reaches_too_far
from brachyresponse.lesions.morphology import closed, connected, fill_enclosed, opened_round
from brachyresponse.lesions.surrounding import Surrounding
from brachyresponse.types import BoolArray

LEVEL_SHARE = 0.5
"""Threshold between the tissue round the lesion (0) and the lesion's median (1): an even lesion's edge is halfway."""
RAISED_SHARES = (0.6, 0.7, 0.8)
"""Tried where the lesion leaks at the usual threshold."""
CLICK_SPREADS = 3.0
"""The click is so many spreads above the tissue, or on background."""
CUT_MM = 1.5
"""Connections thinner than twice this are cut: vessels, dura."""
CLOSED_MM = 2.0
"""Gaps narrower than twice this are closed, so that a ring encloses its core."""
SETTLED_SHARE = 0.01
ROUNDS = 8


@dataclass(frozen=True, eq=False)
class GrownLesion:
    """A lesion grown from a click.

    Parameters
    ----------
    structure
        The lesion on the image's grid; it may be edited.
    threshold
        In the image's unit: what lies above belongs to the lesion where it hangs together with the click.
    tissue_level, lesion_level
        Values of the tissue round the lesion and of the lesion, between which the threshold lies.
    warnings
        What a person has to look at: leaks, barriers and edges touched.
    """

    structure: Structure
    threshold: float
    tissue_level: float
    lesion_level: float
    warnings: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The result in words."""
        return (
            f"{self.structure.name} of {self.structure.volume_cc:.2f} cc above {self.threshold:.4g} "
            f"(tissue round it {self.tissue_level:.4g}, lesion {self.lesion_level:.4g})."
        )


def grow_lesion(
    image: Volume,
    click_mm: ArrayLike,
    *,
    smoothing_mm: float = 1.0,
    radius_mm: float = 50.0,
    fill_core: bool = True,
    barriers: Structure | None = None,
) -> GrownLesion:
    """Grow an enhancing lesion on a post-contrast T1-weighted image from one click on it.

    The image is smoothed; the threshold lies halfway between the most frequent value of the brain near the click and
    the median of what has grown, and the median is found again until it settles, so that it matters little where in
    the lesion the click is. The lesion stays in the brain; connections thinner than 3 mm, as vessels and dura, are cut.
    Where it still leaks, the threshold is raised, and this is said.

    Parameters
    ----------
    click_mm
        (3,) RAS, on the enhancing part.
    smoothing_mm
        Standard deviation of the Gaussian laid over the image first; not across slices that are thicker than it.
    radius_mm
        How far from the click the lesion may reach; farther is a leak.
    fill_core
        Count what the lesion encloses, as a necrotic core, as lesion.
    barriers
        What the lesion may not enter, besides the skull: vessels, ventricles, dura; on any grid.

    Raises
    ------
    StructureError
        The click lies outside the image, in a barrier or on tissue that is no brighter than what is round it.
    """
    box = GrowingBox.of(image, click_mm, radius_mm, smoothing_mm, barriers)
    return _grown(box, "Lesion", fill_core)


def grow_hyperintensity(
    image: Volume,
    click_mm: ArrayLike,
    *,
    smoothing_mm: float = 1.0,
    radius_mm: float = 70.0,
    fill_core: bool = True,
    barriers: Structure | None = None,
) -> GrownLesion:
    """Grow a hyperintense region (oedema, infiltration) on a T2-weighted or FLAIR image from one click on it.

    As :func:`grow_lesion`, and farther reaching. On T2 the ventricles are bright too: give them as a barrier, or use
    FLAIR.

    Raises
    ------
    StructureError
        As for :func:`grow_lesion`.
    """
    box = GrowingBox.of(image, click_mm, radius_mm, smoothing_mm, barriers)
    return _grown(box, "Hyperintensity", fill_core)


def _grown(box: GrowingBox, name: str, fill_core: bool) -> GrownLesion:
    tissue = Surrounding.of(box.tissue_values)
    _check_click(box, tissue)
    level = _settled_level(box, tissue)
    usual = tissue.threshold(LEVEL_SHARE, level)
    threshold, mask = usual, _shape(box, usual, fill_core)
    for share in RAISED_SHARES:
        if not reaches_too_far(box, mask):
            break
        threshold = tissue.threshold(share, level)
        mask = _shape(box, threshold, fill_core)
    warnings = edge_warnings(box, mask)
    if threshold > usual:
        warnings.insert(
            0,
            f"Above {usual:.4g} the lesion leaked: it reached {box.radius_mm:g} mm from the click. The threshold was "
            f"raised to {threshold:.4g}; look at its edge.",
        )
    structure = Structure(name, box.whole(mask), box.image.grid)
    return GrownLesion(structure, threshold, tissue.level, level, tuple(warnings))


def _check_click(box: GrowingBox, tissue: Surrounding) -> None:
    if box.click_level <= tissue.level + CLICK_SPREADS * tissue.spread:
        raise StructureError(
            f"The click is on a value of {box.click_level:.4g}, the tissue round it has {tissue.level:.4g} with a "
            f"spread of {tissue.spread:.3g}: click on the bright part of the lesion."
        )


def _settled_level(box: GrowingBox, tissue: Surrounding) -> float:
    """The lesion's median value, from the click on until it changes no more; the click's where that leaks."""
    level = box.click_level
    for _ in range(ROUNDS):
        mask = connected(box.values, box.allowed, tissue.threshold(LEVEL_SHARE, level), box.start_kji)
        if not mask.any() or reaches_too_far(box, mask):
            break
        found = float(np.median(box.values[mask]))
        if abs(found - level) < SETTLED_SHARE * (level - tissue.level):
            return found
        level = found
    return level


def _shape(box: GrowingBox, threshold: float, fill_core: bool) -> BoolArray:
    """The lesion above a threshold: gaps closed, what it encloses filled, thin connections cut."""
    mask = connected(box.values, box.allowed, threshold, box.start_kji)
    if not mask.any():
        mask[tuple(box.start_kji)] = True
    solid = fill_enclosed(closed(mask, box.grid, CLOSED_MM) & ~box.barrier, box.grid) & ~box.barrier
    kept = opened_round(solid, box.grid, CUT_MM, box.start_kji)
    return kept if fill_core else kept & (box.values >= threshold)
