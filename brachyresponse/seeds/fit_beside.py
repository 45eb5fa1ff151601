"""Seeds fitted to the metal at a place, with what the seeds already found there explain taken away."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import ImageError
from brachyresponse.geometry import Grid
from brachyresponse.seeds.detection.calibration import USUAL_BLUR_MM
from brachyresponse.seeds.detection.detect import ceiling_hu, frame_of
from brachyresponse.seeds.detection.detected import FoundSeed
from brachyresponse.seeds.detection.fitting import Patch, PoseFit
from brachyresponse.seeds.detection.metal import seed_object
from brachyresponse.seeds.detection.pursuit import Search, best_single, one_more
from brachyresponse.seeds.detection.scanner_frame import ScannerFrame
from brachyresponse.seeds.detection.template import ScannerImage, make_template
from brachyresponse.seeds.detection.verdicts import as_found
from brachyresponse.types import AnyArray, FloatArray

SEED_LENGTH_MM, SEED_DIAMETER_MM = 4.5, 0.8
LEAST_METAL_HU = 600.0
FEWEST_BRIGHT = 2
"""Voxels brighter than what is explained: fewer are noise."""

NO_BETTER = 0.9
"""Two seeds leave at most half of what one does where there are two, and all of it where there is one."""


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Seeds already found, whose image is known: centres and unit axes, (N, 3) RAS."""

    positions_mm: FloatArray
    directions: FloatArray


@dataclass(frozen=True, eq=False)
class Place:
    """A ball of an image: its centre, RAS, (3,), and its radius."""

    centre_mm: ArrayLike
    radius_mm: float


def fit_one(ct_hu: AnyArray, grid: Grid, place: Place, neighbours: Neighbours) -> FoundSeed:
    """Return the seed that explains best what the neighbours leave of the metal at a place.

    Raises
    ------
    ImageError
        The place lies outside the image, or the neighbours leave no metal there.
    """
    local = _Local.of(ct_hu, grid, place, neighbours)
    return local.found(best_single(local.search, local.patch, local.weights))[0]


def fit_two(ct_hu: AnyArray, grid: Grid, place: Place, neighbours: Neighbours) -> tuple[FoundSeed, FoundSeed]:
    """Return the two seeds that explain best what the neighbours leave of the metal at a place.

    Raises
    ------
    ImageError
        The place lies outside the image, the neighbours leave no metal there, or one seed explains it as well.
    """
    local = _Local.of(ct_hu, grid, place, neighbours)
    single = best_single(local.search, local.patch, local.weights)
    pair = one_more(local.search, local.patch, local.weights, single)
    if pair is None or pair.cost > NO_BETTER * single.cost:
        raise ImageError(
            f"The metal at {np.round(np.asarray(place.centre_mm), 1)} holds one seed only: two explain the image no "
            "better; leave it as one."
        )
    first, second = local.found(pair)
    return first, second


@dataclass(frozen=True, eq=False)
class _Local:
    """What is fitted: voxels in the scanner's frame, and how much each tells of where the metal is."""

    frame: ScannerFrame
    search: Search
    patch: Patch
    weights: FloatArray

    @classmethod
    def of(cls, ct_hu: AnyArray, grid: Grid, place: Place, neighbours: Neighbours) -> _Local:
        frame, centre = frame_of(ct_hu, grid), np.asarray(place.centre_mm, float)
        if centre.shape != (3,) or not np.isfinite(centre).all() or not grid.contains(centre):
            raise ImageError(f"The point {np.round(centre, 1)} lies outside the CT: click on a seed in the image.")
        metal = seed_object(SEED_LENGTH_MM, SEED_DIAMETER_MM)
        template = make_template(metal, ScannerImage(float(frame.spacing_mm[2]), USUAL_BLUR_MM))
        middle = frame.from_ras(centre)
        box = frame.box(middle - place.radius_mm, middle + place.radius_mm)
        points, values = frame.points_mm(box).reshape(-1, 3), np.asarray(frame.values_hu[box], np.float64).ravel()
        near = np.linalg.norm(points - middle, axis=1) < place.radius_mm
        points, values = points[near], values[near]
        there = neighbours.directions @ frame.axes.T
        explained = template.hu(points, frame.from_ras(neighbours.positions_mm), there).sum(axis=0)
        patch = Patch(points, values, explained, np.zeros_like(values), ceiling_hu(frame))
        weights = np.maximum(values - np.minimum(explained, patch.ceiling_hu) - LEAST_METAL_HU, 0)
        if np.count_nonzero(weights) < FEWEST_BRIGHT:
            raise ImageError(
                f"There is no metal within {place.radius_mm:g} mm of {np.round(centre, 1)} that is not taken for a "
                f"seed already: nothing more is brighter than {LEAST_METAL_HU:g} HU; click on the seed itself."
            )
        return cls(frame, Search(template, SEED_LENGTH_MM), patch, weights)

    def found(self, fit: PoseFit) -> list[FoundSeed]:
        """The fitted seeds in RAS, with confidences."""
        return as_found(self.search, self.frame, self.patch, fit)
