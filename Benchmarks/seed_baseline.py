"""The plain seed finder that the real one is measured against: threshold, components, k-means, principal axis."""

from __future__ import annotations

import numpy as np
from scipy.cluster.vq import kmeans2
from scipy.ndimage import find_objects, label

from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, FloatArray

THRESHOLD_HU = 1500.0
LEAST_SHARE = 0.4
MOST_SHARE = 6.0
"""Components of less or more than this share of the median one are not seeds."""


def find_by_threshold(ct_hu: AnyArray, grid: Grid) -> tuple[FloatArray, FloatArray]:
    """Return centres (N, 3) in RAS and unit axes of what is brighter than a threshold and about as large as a seed."""
    labels, _ = label(ct_hu > THRESHOLD_HU, structure=np.ones((3, 3, 3)))
    parts = []
    for number, box in enumerate(find_objects(labels), start=1):
        inside = labels[box] == number
        kji = np.argwhere(inside) + [part.start for part in box]
        parts.append((grid.to_ras(kji[:, ::-1]), ct_hu[box][inside].astype(float)))
    sizes = np.array([len(points) for points, _ in parts])
    usual = float(np.median(sizes[sizes > 0.2 * np.quantile(sizes, 0.8)]))
    centres, axes = [], []
    for points, values in parts:
        if LEAST_SHARE * usual <= len(points) <= MOST_SHARE * usual:
            for chosen in _split(points, max(1, round(len(points) / usual))):
                centres.append(np.average(points[chosen], axis=0, weights=values[chosen]))
                axes.append(_principal_axis(points[chosen]))
    return np.reshape(centres, (-1, 3)), np.reshape(axes, (-1, 3))


def _split(points_mm: FloatArray, count: int) -> list[AnyArray]:
    if count == 1:
        return [np.ones(len(points_mm), bool)]
    _, member = kmeans2(points_mm, count, minit="++", seed=0)
    return [member == number for number in range(count) if (member == number).any()]


def _principal_axis(points_mm: FloatArray) -> FloatArray:
    away = points_mm - points_mm.mean(axis=0)
    axis: FloatArray = np.linalg.eigh(away.T @ away)[1][:, 2]
    return axis
