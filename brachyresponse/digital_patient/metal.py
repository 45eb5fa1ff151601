"""How seeds look on the digital patient's CT: blurred, too large, clipped, with dark bands and streaks between them.

Schematic: each seed is a row of points of effective metal, heavy along its silver rod and light where there is only
the titanium capsule; what the detector sees of their sum saturates, which makes the artefacts. No scanner's numbers are
in it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.types import AnyArray, Float32Array, FloatArray, IntArray

SEED_LENGTH_MM, ROD_LENGTH_MM = 4.5, 3.0
POINT_STEP_MM = 0.3
ROD_WATER_MM2, CAPSULE_WATER_MM2 = 34.0, 3.0  # cross-section of the water that attenuates as rod and capsule do
NEEDLE_WATER_MM2 = 50.0  # of steel, 18 gauge, with its stylet
WATER_PER_MM = 0.02
DARKEST = 0.1  # share of the beam that still arrives behind any metal: scatter, hard radiation
BLUR_FWHM_MM = 1.1
VIEWS = 300
BIN_MM = 0.4
FINER = 2  # bins from which pixels are interpolated
REACH_MM = 42.0  # of the streaks beyond the seeds, in plane; they fade out over the last third


@dataclass(frozen=True)
class _Field:
    """The part of the grid that holds metal and its streaks; positions in plane in mm along i and j."""

    slices: slice
    rows: slice
    columns: slice
    x_mm: FloatArray
    y_mm: FloatArray
    fading: Float32Array  # [j, i], 1 near the seeds


def add_metal(
    ct_hu: Float32Array,
    grid: Grid,
    positions_mm: FloatArray,
    directions: FloatArray,
    needles_mm: FloatArray | None = None,
) -> None:
    """Add metal to a CT image [k, j, i] of that grid, in place; not clipped.

    Parameters
    ----------
    positions_mm, directions
        Centres and axes of seeds, RAS, (N, 3) each.
    needles_mm
        Both ends of needles, RAS, (M, 2, 3); what lies outside the image leaves no trace.
    """
    points, water_mm2 = _points_along(positions_mm, directions)
    if needles_mm is not None:
        steel = _points_of_needles(needles_mm)
        steel = steel[grid.contains(steel)]
        points = np.concatenate([points, steel])
        water_mm2 = np.concatenate([water_mm2, np.full(len(steel), NEEDLE_WATER_MM2)])
    ijk = grid.to_ijk(points) * (*grid.spacing_ijk_mm[:2], 1.0)
    field = _field_round(ijk, grid)
    angles = np.linspace(0, np.pi, VIEWS, endpoint=False, dtype=np.float64)
    reach = np.hypot(np.ptp(field.x_mm), np.ptp(field.y_mm)) / 2
    bins = 2 * int(np.ceil(reach / BIN_MM)) + 8
    middle = np.array([field.x_mm.mean(), field.y_mm.mean()])
    weight = water_mm2 * WATER_PER_MM * POINT_STEP_MM / (BIN_MM * float(grid.spacing_ijk_mm[2]))
    views = _views((ijk, weight), field, middle, angles, bins)
    saturated = -np.log((1 - DARKEST) * np.exp(-views) + DARKEST)
    image = _back_project(_filtered(saturated), field, middle, angles)
    ct_hu[field.slices, field.rows, field.columns] += image * field.fading * np.float32(1000 / WATER_PER_MM)


def _points_along(positions_mm: FloatArray, directions: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Points along the seeds, (M, 3), and the water that stands for the metal there, mm2, (M,)."""
    count = round(SEED_LENGTH_MM / POINT_STEP_MM)
    along = ((np.arange(count) + 0.5) / count - 0.5) * SEED_LENGTH_MM
    water = CAPSULE_WATER_MM2 + np.where(np.abs(along) < ROD_LENGTH_MM / 2, ROD_WATER_MM2, 0.0)
    points: FloatArray = (positions_mm[:, None] + along[:, None] * directions[:, None]).reshape(-1, 3)
    return points, np.tile(water, len(positions_mm))


def _points_of_needles(needles_mm: FloatArray) -> FloatArray:
    """Points along needles, (M, 3)."""
    lengths_mm = np.linalg.norm(needles_mm[:, 1] - needles_mm[:, 0], axis=1)
    shares = [np.arange(0.0, length_mm, POINT_STEP_MM)[:, None] / length_mm for length_mm in lengths_mm]
    rows = [entry + share * (tip - entry) for (entry, tip), share in zip(needles_mm, shares, strict=True)]
    return np.concatenate([np.empty((0, 3)), *rows])


def _field_round(ijk: FloatArray, grid: Grid) -> _Field:
    """Return the field about points (x mm, y mm, slice)."""
    columns, rows, slices = grid.size_ijk
    dx, dy, _ = grid.spacing_ijk_mm
    i = _within((ijk[:, 0].min() - REACH_MM) / dx, (ijk[:, 0].max() + REACH_MM) / dx, columns)
    j = _within((ijk[:, 1].min() - REACH_MM) / dy, (ijk[:, 1].max() + REACH_MM) / dy, rows)
    k = _within(ijk[:, 2].min() - 0.5, ijk[:, 2].max() + 0.5, slices)
    x_mm, y_mm = np.arange(i.start, i.stop) * dx, np.arange(j.start, j.stop) * dy
    fade_x, fade_y = (_fading(mm, ijk[:, n]) for n, mm in enumerate((x_mm, y_mm)))
    return _Field(k, j, i, x_mm, y_mm, (fade_y[:, None] * fade_x).astype(np.float32))


def _within(first: float, last: float, count: int) -> slice:
    start = int(np.clip(np.floor(first), 0, count - 1))
    return slice(start, int(np.clip(np.ceil(last) + 1, start + 1, count)))


def _fading(positions_mm: FloatArray, seeds_mm: FloatArray) -> FloatArray:
    beyond = np.maximum(seeds_mm.min() - positions_mm, positions_mm - seeds_mm.max())
    share = np.clip((REACH_MM - beyond) / (REACH_MM / 3), 0, 1)
    result: FloatArray = 0.5 - 0.5 * np.cos(np.pi * share)
    return result


def _views(
    metal: tuple[FloatArray, FloatArray], field: _Field, middle: FloatArray, angles: FloatArray, bins: int
) -> Float32Array:
    """Attenuation by metal alone, [slice, view, bin]; ``metal`` are points (M, 3) and what each attenuates, (M,).

    Each point lies in one slice and is shared by three bins as a quadratic spline, which is as wide as a seed.
    """
    ijk, weight = metal
    slices = field.slices.stop - field.slices.start
    k: IntArray = np.clip(np.round(ijk[:, 2]).astype(np.int64) - field.slices.start, 0, slices - 1)
    beside = (ijk[:, :2] - middle) @ np.stack([np.cos(angles), np.sin(angles)])
    t = beside / BIN_MM + bins / 2
    nearest = np.round(t).astype(np.int64)
    off = t - nearest
    row = (k[:, None] * VIEWS + np.arange(VIEWS)) * bins
    total = np.zeros(slices * VIEWS * bins)
    for side, share in ((-1, (0.5 - off) ** 2 / 2), (0, 0.75 - off**2), (1, (0.5 + off) ** 2 / 2)):
        total += np.bincount((row + nearest + side).ravel(), (weight[:, None] * share).ravel(), total.size)
    return total.reshape(slices, VIEWS, bins).astype(np.float32)


def _filtered(views: Float32Array) -> Float32Array:
    """Ramp filter with a Gaussian roll-off, 1/mm, on bins ``FINER`` times as fine: else moire rings round the seeds."""
    from scipy import fft

    bins = views.shape[-1]
    length = fft.next_fast_len(2 * bins, real=True)
    frequency = fft.rfftfreq(length, BIN_MM)
    sigma_mm = BLUR_FWHM_MM / np.sqrt(8 * np.log(2))
    response = (frequency * np.exp(-2 * (np.pi * sigma_mm * frequency) ** 2)).astype(np.float32)
    spectrum = fft.rfft(views, length, axis=-1) * response
    filtered = fft.irfft(spectrum, FINER * length, axis=-1)[..., : FINER * bins]
    return np.asarray(filtered * np.float32(FINER), np.float32)


def _back_project(filtered: Float32Array, field: _Field, middle: FloatArray, angles: FloatArray) -> Float32Array:
    """Return metal [k, j, i] of the field, 1/mm; the weights of some views serve all slices as a sparse matrix."""
    from scipy import sparse

    slices, views, bins = filtered.shape
    by_ray = np.ascontiguousarray(filtered.reshape(slices, -1).T)
    pixels = np.stack(np.meshgrid(field.x_mm, field.y_mm), -1).reshape(-1, 2) - middle
    image = np.zeros((len(pixels), slices), np.float32)
    for first in range(0, views, 20):
        turn = angles[first : first + 20]
        t = pixels @ np.stack([np.cos(turn), np.sin(turn)]) * (FINER / BIN_MM) + bins / 2
        left = np.clip(np.floor(t), 0, bins - 2).astype(np.int32)
        columns = left + np.arange(len(turn), dtype=np.int32) * bins
        share = np.clip(t - left, 0, 1).astype(np.float32)
        weights, places = (_interleaved(a, b) for a, b in ((1 - share, share), (columns, columns + 1)))
        rows = np.arange(len(pixels) + 1, dtype=np.int32) * (2 * len(turn))
        matrix = sparse.csr_matrix((weights, places, rows), shape=(len(pixels), len(turn) * bins))
        image += matrix @ by_ray[first * bins : (first + len(turn)) * bins]
    shape = (slices, len(field.y_mm), len(field.x_mm))
    return (image.T * np.float32(np.pi / views)).reshape(shape)


def _interleaved(first: AnyArray, second: AnyArray) -> AnyArray:
    return np.stack([first, second], -1).reshape(-1)
