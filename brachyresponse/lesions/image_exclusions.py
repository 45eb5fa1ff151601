"""Exclusions seen on images: blood and calcification, enhancing vessels, necrosis, cavity."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.lesions.exclusions import MOST_BLOOD_SHARE, Exclusion
from brachyresponse.lesions.morphology import distance_mm, opening
from brachyresponse.lesions.surrounding import most_frequent
from brachyresponse.types import AnyArray, BoolArray

SURROUNDINGS_MM = 20.0
DARK_SHARE = 0.6
"""Of the tissue round the lesion: darker is blood, calcification or metal on SWI and T2*."""
CAVITY_SHARE = 0.6
"""Of the tissue round the lesion: darker on T1 is fluid."""
VESSEL_SHARE = 0.5
"""Between the tissue (0) and the brightest vessels (1)."""
VESSEL_RADIUS_MM = 2.5


def dark_on_t2star(image: Volume, lesion: Structure, *, dark_share: float = DARK_SHARE) -> Exclusion:
    """Return blood and calcification in and round a lesion: what is dark on SWI or T2*.

    Raises
    ------
    StructureError
        The lesion lies on another grid than the image.
    """
    near = _near(image, lesion)
    level = _tissue_level(image, lesion, near)
    dark = near & (image.values < dark_share * level)
    return Exclusion(
        "blood or calcification",
        dark,
        f"Below {dark_share * level:.4g} on {image.name!r}, {dark_share:.0%} of the tissue round the lesion.",
        MOST_BLOOD_SHARE,
    )


def enhancing_vessels(image: Volume, lesion: Structure, *, radius_mm: float = VESSEL_RADIUS_MM) -> Exclusion:
    """Return vessels in and round a lesion: what is as bright as vessels on post-contrast T1 and thin.

    Raises
    ------
    StructureError
        The lesion lies on another grid than the image.
    """
    near = _near(image, lesion)
    level = _tissue_level(image, lesion, near)
    brightest = float(np.percentile(image.values[near], 99.9))
    threshold = level + VESSEL_SHARE * (brightest - level)
    bright = near & (image.values > threshold)
    thin = bright & ~opening(bright, image.grid, radius_mm)
    return Exclusion("vessels", thin, f"Above {threshold:.4g} on {image.name!r} and thinner than {2 * radius_mm:g} mm.")


def necrosis(image: Volume, lesion: Structure) -> Exclusion:
    """Return the part of a lesion that does not enhance on post-contrast T1: below halfway to the enhancing part.

    Raises
    ------
    StructureError
        The lesion lies on another grid than the image.
    """
    near = _near(image, lesion)
    level = _tissue_level(image, lesion, near)
    inside = lesion.mask
    enhancing = float(np.percentile(image.values[inside], 75))
    threshold = (level + enhancing) / 2 if enhancing > level else -np.inf
    return Exclusion(
        "necrosis", inside & (image.values < threshold), f"Below {threshold:.4g} on {image.name!r}: does not enhance."
    )


def cavity(image: Volume, lesion: Structure, *, fluid_share: float = CAVITY_SHARE) -> Exclusion:
    """Return the fluid in a lesion: what is dark on T1.

    Raises
    ------
    StructureError
        The lesion lies on another grid than the image.
    """
    near = _near(image, lesion)
    threshold = fluid_share * _tissue_level(image, lesion, near)
    return Exclusion(
        "cavity", lesion.mask & (image.values < threshold), f"Below {threshold:.4g} on {image.name!r}: fluid."
    )


def _near(image: Volume, lesion: Structure) -> BoolArray:
    """The lesion and its surroundings."""
    if image.grid != lesion.grid:
        raise StructureError(
            f"{lesion.name!r} lies on {lesion.grid.describe()}, {image.name!r} on {image.grid.describe()}: carry the "
            "lesion to the image first."
        )
    near: BoolArray = distance_mm(lesion.mask, image.grid, SURROUNDINGS_MM) <= SURROUNDINGS_MM
    return near


def _tissue_level(image: Volume, lesion: Structure, near: BoolArray) -> float:
    """The most frequent value of what is round a lesion, air left out."""
    around: AnyArray = image.values[near & ~lesion.mask]
    around = around[np.isfinite(around) & (around > 0)]
    if not around.size:
        raise StructureError(f"Round {lesion.name!r}, {image.name!r} has no tissue: check that they belong together.")
    return most_frequent(around[around > 0.3 * np.median(around)])
