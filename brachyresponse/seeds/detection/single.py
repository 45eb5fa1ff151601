"""One seed at a place that a reader points at."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.errors import ImageError
from brachyresponse.geometry import Grid
from brachyresponse.seeds.detection.calibration import USUAL_BLUR_MM
from brachyresponse.seeds.detection.detect import ceiling_hu, frame_of
from brachyresponse.seeds.detection.detected import FoundSeed
from brachyresponse.seeds.detection.fitting import Patch
from brachyresponse.seeds.detection.metal import seed_object
from brachyresponse.seeds.detection.pursuit import Search, best_single
from brachyresponse.seeds.detection.scanner_frame import ScannerFrame
from brachyresponse.seeds.detection.template import ScannerImage, make_template
from brachyresponse.seeds.detection.verdicts import as_found
from brachyresponse.types import AnyArray, FloatArray

SNAP_MM = 4.0
PATCH_MM = 4.5
LEAST_METAL_HU = 600.0


def fit_seed_at(
    ct_hu: AnyArray,
    grid: Grid,
    position_mm: ArrayLike,
    *,
    seed_length_mm: float = 4.5,
    seed_diameter_mm: float = 0.8,
    snap_mm: float = SNAP_MM,
) -> FoundSeed:
    """Fit one seed to the metal nearest to a point.

    Parameters
    ----------
    ct_hu, grid
        [k, j, i], HU, and where its voxels lie.
    position_mm
        The point, RAS, (3,).
    seed_length_mm, seed_diameter_mm
        The capsule's.
    snap_mm
        How far the metal may be from the point.

    Raises
    ------
    ImageError
        The point lies outside the image, or there is no metal near it.
    """
    frame = frame_of(ct_hu, grid)
    place = np.asarray(position_mm, float)
    if not grid.contains(place):
        raise ImageError(f"The point {np.round(place, 1)} lies outside the CT: click on a seed in the image.")
    metal = seed_object(seed_length_mm, seed_diameter_mm)
    template = make_template(metal, ScannerImage(float(frame.spacing_mm[2]), USUAL_BLUR_MM))
    search = Search(template, seed_length_mm)
    patch, weights = _patch(frame, _snapped(frame, frame.from_ras(place), snap_mm))
    fit = best_single(search, patch, weights)
    return as_found(search, frame, patch, fit)[0]


def _snapped(frame: ScannerFrame, point: FloatArray, snap_mm: float) -> FloatArray:
    """Return the middle of the metal round the brightest voxel near a point, nearer voxels preferred."""
    box = frame.box(point - snap_mm - frame.spacing_mm / 2, point + snap_mm + frame.spacing_mm / 2)
    points, values = frame.points_mm(box), np.asarray(frame.values_hu[box], np.float64)
    away = np.linalg.norm(points - point, axis=-1)
    near = (away <= snap_mm) & (values > LEAST_METAL_HU)
    if not near.any():
        raise ImageError(
            f"There is no metal within {snap_mm:g} mm of {np.round(frame.to_ras(point), 1)}: "
            f"nothing is brighter than {LEAST_METAL_HU:g} HU; click on the seed itself."
        )
    score = np.where(near, values - values.max() / snap_mm * away, -np.inf)
    start = points[np.unravel_index(np.argmax(score), score.shape)]
    weights = np.where(np.linalg.norm(points - start, axis=-1) < snap_mm / 2, np.maximum(values, 0), 0)
    middle: FloatArray = np.tensordot(weights, points, 3) / weights.sum()
    return middle


def _patch(frame: ScannerFrame, centre: FloatArray) -> tuple[Patch, FloatArray]:
    box = frame.box(centre - PATCH_MM, centre + PATCH_MM)
    points, values = frame.points_mm(box).reshape(-1, 3), np.asarray(frame.values_hu[box], np.float64).ravel()
    near = np.linalg.norm(points - centre, axis=-1) < PATCH_MM
    nothing = np.zeros(int(near.sum()))
    patch = Patch(points[near], values[near], nothing, nothing, ceiling_hu(frame))
    weights = np.maximum(values[near] - LEAST_METAL_HU, 0)
    return patch, weights if weights.any() else np.ones(len(weights))
