"""A lesion grown from one click: what differs from the tissue round it and hangs together with the click."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.lesions.growing_box import GrowingBox
from brachyresponse.lesions.surrounding import Surrounding, surrounding_tissue
from brachyresponse.types import BoolArray

LEVEL_SHARE = 0.4
"""Threshold between the tissue round the lesion (0) and the lesion's median (1). Halfway is the edge of an even
lesion; enhancing lesions have weaker rims, which belong to them."""
RAISED_SHARES = (0.5, 0.6, 0.7, 0.8)
"""Tried where the lesion leaks at the usual threshold."""
LEAST_SPREADS = 3.0
"""The threshold is at least so many spreads of the surrounding tissue above it."""
CLICK_SPREADS = 2.0
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
    radius_mm: float = 35.0,
    fill_core: bool = True,
    barriers: Structure | None = None,
) -> GrownLesion:
    """Grow an enhancing lesion on a post-contrast T1-weighted image from one click on it.

    The image is smoothed; the threshold lies between the most frequent value of the tissue round the click and the
    median of what has grown, and both are found again until they settle, so that it matters little where in the
    lesion the click is. Connections thinner than 3 mm, as vessels and dura, are cut; where the lesion still leaks,
    the threshold is raised, and this is said.

    Parameters
    ----------
    click_mm
        (3,) RAS, on the enhancing part.
    smoothing_mm
        Standard deviation of the Gaussian laid over the image first.
    radius_mm
        How far from the click the lesion may reach; farther is a leak.
    fill_core
        Count what the lesion encloses, as a necrotic core, as lesion.
    barriers
        What the lesion may not enter: vessels, skull, ventricles, dura; on any grid.

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
    radius_mm: float = 60.0,
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
    tissue = surrounding_tissue(box)
    _check_click(box, tissue)
    level = _settled_level(box, tissue)
    warnings: list[str] = []
    usual = tissue.threshold(LEVEL_SHARE, level)
    for threshold in _thresholds(tissue, level):
        mask = box.grown(threshold, fill_core)
        if not box.leaks(mask):
            break
    if threshold > usual:
        warnings.append(
            f"Above {usual:.4g} the lesion leaked beyond {box.radius_mm:g} mm from the click: the threshold was raised "
            f"to {threshold:.4g}; look at its edge."
        )
    warnings += box.warnings(mask)
    return GrownLesion(
        Structure(name, box.whole(mask), box.image.grid), threshold, tissue.level, level, tuple(warnings)
    )


def _thresholds(tissue: Surrounding, level: float) -> Iterable[float]:
    """The usual threshold and the raised ones."""
    return (tissue.threshold(share, level) for share in (LEVEL_SHARE, *RAISED_SHARES))


def _check_click(box: GrowingBox, tissue: Surrounding) -> None:
    least = tissue.level + CLICK_SPREADS * tissue.spread
    if box.click_level <= least:
        raise StructureError(
            f"The click is on a value of {box.click_level:.4g}, the tissue round it has {tissue.level:.4g} with a "
            f"spread of {tissue.spread:.3g}: click on the bright part of the lesion."
        )


def _settled_level(box: GrowingBox, tissue: Surrounding) -> float:
    """The lesion's median value, from the click on until it changes no more."""
    level = box.click_level
    for _ in range(ROUNDS):
        mask: BoolArray = box.connected(tissue.threshold(0.5, level))
        if box.leaks(mask):
            break
        found = float(np.median(box.values[mask]))
        if abs(found - level) < SETTLED_SHARE * (level - tissue.level):
            return found
        level = found
    return level
