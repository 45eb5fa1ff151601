"""Scores of a seed finder, as the reference defines them: matching, false positives, position and axis errors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

FloatArray = NDArray[np.float64]
MATCHING_MM = 3.0
CLOSE_MM = 1.0
NEAR_DECOY_MM = 6.0
FORBIDDEN = 1e6


@dataclass(frozen=True)
class SeedTruth:
    """Where the seeds of a case are, and what is mistaken for them."""

    centres_mm: FloatArray  # (N, 3) RAS
    axes: FloatArray  # (N, 3)
    touching: NDArray[np.bool_]  # (N,)
    decoys: tuple[tuple[str, FloatArray], ...]
    slice_axis: FloatArray  # (3,) RAS

    @classmethod
    def of(cls, record: dict[str, Any]) -> SeedTruth:
        """Read the truth of a case; its slice axis is the third of the image's."""
        seeds = record["seeds"]
        third = np.reshape(record["image"]["direction_lps"], (3, 3))[:, 2] * [-1, -1, 1]
        return cls(
            np.array([seed["center_ras_mm"] for seed in seeds]),
            np.array([seed["axis_ras"] for seed in seeds]),
            np.array([seed["kind"].startswith("pair") for seed in seeds]),
            tuple((decoy["type"], np.array(decoy["center_ras_mm"])) for decoy in record["decoys"]),
            third,
        )

    @classmethod
    def read(cls, path: Path) -> SeedTruth:
        """Read ``*.truth.json``."""
        return cls.of(json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class SeedScore:
    """What a finder reached on one case; errors of the matched seeds only."""

    seeds: int
    detected: int
    detected_close: int
    touching: int
    touching_detected: int
    false_positives: dict[str, int]  # by what lies near: a decoy's type, "other" for bone and tissue
    position_mm: FloatArray  # (M,)
    axis_deg: FloatArray  # (M,)
    azimuth_deg: FloatArray  # (M,) in the slice plane
    elevation_deg: FloatArray  # (M,) out of it

    @property
    def false_positive_count(self) -> int:
        """Detections that match no seed."""
        return sum(self.false_positives.values())


def match_nearest(true_mm: FloatArray, found_mm: FloatArray, radius_mm: float) -> tuple[Any, Any]:
    """Pair one to one within a radius: as many pairs as possible, then the least sum of distances."""
    if not len(true_mm) or not len(found_mm):
        return np.empty(0, int), np.empty(0, int)
    distance = np.linalg.norm(true_mm[:, None] - found_mm[None], axis=-1)
    first, second = linear_sum_assignment(np.where(distance <= radius_mm, distance, FORBIDDEN))
    within = distance[first, second] <= radius_mm
    return first[within], second[within]


def score_seeds(truth: SeedTruth, positions_mm: FloatArray, directions: FloatArray) -> SeedScore:
    """Score a list of detections."""
    true, found = match_nearest(truth.centres_mm, positions_mm, MATCHING_MM)
    close, _ = match_nearest(truth.centres_mm, positions_mm, CLOSE_MM)
    unmatched = np.setdiff1d(np.arange(len(positions_mm)), found)
    kinds = [_near_what(truth, positions_mm[index]) for index in unmatched]
    expected, measured = truth.axes[true], directions[found]
    cosine = np.abs((expected * measured).sum(axis=1))
    up, other_up = np.abs(expected @ truth.slice_axis), np.abs(measured @ truth.slice_axis)
    return SeedScore(
        len(truth.centres_mm),
        len(true),
        len(close),
        int(truth.touching.sum()),
        int(truth.touching[true].sum()),
        {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        np.linalg.norm(truth.centres_mm[true] - positions_mm[found], axis=1),
        _degrees(np.arccos(np.minimum(cosine, 1))),
        _degrees(_azimuth_error(expected, measured, truth.slice_axis)),
        _degrees(np.abs(np.arcsin(np.minimum(up, 1)) - np.arcsin(np.minimum(other_up, 1)))),
    )


def _near_what(truth: SeedTruth, position_mm: FloatArray) -> str:
    distances = [(float(np.linalg.norm(centre - position_mm)), kind) for kind, centre in truth.decoys]
    nearest, kind = min(distances, default=(np.inf, ""))
    return kind if nearest < NEAR_DECOY_MM else "other"


def _azimuth_error(expected: FloatArray, measured: FloatArray, slice_axis: FloatArray) -> FloatArray:
    """Angle between the projections on the slice plane; 0 for a seed that stands upright."""
    flat = [axes - np.outer(axes @ slice_axis, slice_axis) for axes in (expected, measured)]
    lengths = np.prod([np.linalg.norm(axes, axis=1) for axes in flat], axis=0)
    cosine = np.abs((flat[0] * flat[1]).sum(axis=1)) / np.maximum(lengths, 1e-12)
    error: FloatArray = np.where(lengths > 0.03, np.arccos(np.minimum(cosine, 1)), 0)
    return error


def _degrees(radians: FloatArray) -> FloatArray:
    result: FloatArray = np.rad2deg(radians)
    return result
