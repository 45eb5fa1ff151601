"""Seeds found in the reference phantoms, beside a plain threshold; time and memory on a large image."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from figures import Figure, peak_megabytes, seconds
from seed_baseline import find_by_threshold

from brachyresponse.geometry import Grid
from brachyresponse.seeds import detect_seeds
from brachyresponse.types import AnyArray

PROJECT = Path(__file__).resolve().parent.parent
sys.path.append(str(PROJECT / "Testing"))
from seed_scores import SeedScore, SeedTruth, score_seeds  # noqa: E402 - the scorer belongs to the tests

PHANTOMS = PROJECT.parent / "shared" / "reference" / "ct_seeds"
LIMITS = {  # largest mean position error in mm, largest median axis error in degrees
    "dev1_pelvis_1mm": (0.15, 2.0),
    "dev2_pelvis_2.5mm": (0.3, 4.0),
    "dev3_headneck_2mm_oblique": (0.3, 4.0),
    "dev4_pelvis_3mm_lowdose_oblique": (0.3, 6.0),
}
LARGE_KJI = (120, 512, 512)


@cache
def phantom(name: str) -> tuple[AnyArray, Grid, SeedTruth]:
    """One reference phantom and its truth."""
    image = sitk.ReadImage(str(PHANTOMS / f"{name}.nrrd"))
    return sitk.GetArrayFromImage(image), Grid.from_image(image), SeedTruth.read(PHANTOMS / f"{name}.truth.json")


def rows(name: str, score: SeedScore, *, limited: bool) -> list[Figure]:
    """The measures of one finder on one phantom."""
    position, axis = LIMITS[name] if limited else (None, None)
    share = 100 * score.detected / score.seeds
    title = name if limited else f"baseline, {name}"
    figures = [
        Figure(f"{title}: found within 3 mm", share, "%", 97 if limited else None, at_least=True),
        Figure("within 1 mm", 100 * score.detected_close / score.seeds, "%"),
        Figure(
            f"false positives {score.false_positives or ''}", score.false_positive_count, "", 2 if limited else None
        ),
        Figure("mean position error", float(score.position_mm.mean()), "mm", position),
        Figure("median axis error", float(np.median(score.axis_deg)), "degrees", axis),
        Figure("mean axis error", float(score.axis_deg.mean()), "degrees", 10 if limited else None),
        Figure("median of its elevation part", float(np.median(score.elevation_deg)), "degrees"),
    ]
    if score.touching:
        touching = 100 * score.touching_detected / score.touching
        figures.insert(2, Figure("touching seeds found", touching, "%", 90 if limited else None, at_least=True))
    return figures


def bench_phantoms() -> list[Figure]:
    """The finder on the four phantoms."""
    figures = []
    for name in LIMITS:
        ct_hu, grid, truth = phantom(name)
        found = detect_seeds(ct_hu, grid)
        figures += rows(name, score_seeds(truth, found.positions_mm, found.directions), limited=True)
    return figures


def bench_baseline() -> list[Figure]:
    """Threshold, components, k-means and principal axis on the four phantoms."""
    figures = []
    for name in LIMITS:
        ct_hu, grid, truth = phantom(name)
        figures += rows(name, score_seeds(truth, *find_by_threshold(ct_hu, grid)), limited=False)
    return figures


def large_image() -> tuple[AnyArray, Grid]:
    """100 seeds in an image of 512 x 512 x 120: a phantom in the midst of soft tissue with noise."""
    ct_hu, grid, _ = phantom("dev4_pelvis_3mm_lowdose_oblique")
    noise = np.random.default_rng(0).normal(40, 15, LARGE_KJI)
    large = np.clip(noise, -1024, 3071).astype(np.int16)
    first = [(wide - narrow) // 2 for wide, narrow in zip(LARGE_KJI, ct_hu.shape, strict=True)]
    large[tuple(slice(f, f + n) for f, n in zip(first, ct_hu.shape, strict=True))] = ct_hu
    matrix = np.array(grid.ijk_to_ras)
    matrix[:3, 3] = grid.to_ras(-np.array(first[::-1], float))
    return large, Grid(LARGE_KJI, matrix)


def bench_large_image() -> list[Figure]:
    """Time and memory of the whole call, image in memory."""
    ct_hu, grid = large_image()
    memory_mb = peak_megabytes(lambda: detect_seeds(ct_hu, grid))
    what = "100 seeds on 512 x 512 x 120"
    return [
        Figure(f"detect_seeds, {what}", seconds(lambda: detect_seeds(ct_hu, grid), 1), "s", limit=20),
        Figure("memory beside the image", memory_mb, "MB", limit=2000),
    ]
