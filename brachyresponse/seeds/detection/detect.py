"""Every seed of a post-implant CT."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from brachyresponse.errors import ImageError
from brachyresponse.geometry import Grid, Structure, sample
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.seeds.ct_checks import check_ct
from brachyresponse.seeds.detection.calibration import MOST_SEEDS, USUAL_BLUR_MM, estimate_blur
from brachyresponse.seeds.detection.candidates import find_groups
from brachyresponse.seeds.detection.clusters import Cluster, explained, first_look, refitted, settled
from brachyresponse.seeds.detection.detected import DetectedSeeds
from brachyresponse.seeds.detection.metal import MetalObject, seed_object
from brachyresponse.seeds.detection.pursuit import Search
from brachyresponse.seeds.detection.scanner_frame import ScannerFrame
from brachyresponse.seeds.detection.template import PIXEL_MM, SLICE_STEP_MM, ScannerImage, Template, make_template
from brachyresponse.seeds.detection.verdicts import find_verdicts
from brachyresponse.types import AnyArray, BoolArray

HIGHEST_LEVEL_HU = 1000.0
LEVEL_SHARE = 0.4
"""Groups are looked for above this share of the faintest seed's peak."""
LEAST_PEAK_SHARE = 0.45
FEWEST_CLIPPED = 20
"""As many voxels at the very maximum show that the scanner clips."""
FAR_FROM_EXPECTED = 0.1
MORE_THAN_PLAUSIBLE = 400


def detect_seeds(  # noqa: PLR0913 - what a reader can say about an implant
    ct_hu: AnyArray,
    grid: Grid,
    *,
    expected_count: int | None = None,
    seed_length_mm: float = 4.5,
    seed_diameter_mm: float = 0.8,
    region: Structure | None = None,
    report: Report = ignore_progress,
) -> DetectedSeeds:
    """Find the seeds of a post-implant CT.

    Parameters
    ----------
    ct_hu
        [k, j, i], HU; any voxel size and orientation.
    grid
        Where its voxels lie.
    expected_count
        Number of seeds that should be there; it is compared with the number found and changes nothing else.
    seed_length_mm, seed_diameter_mm
        The capsule's.
    region
        Seeds are looked for in here only; the whole image if none.
    report
        Called with the fraction done; may raise ``Cancelled``.

    Raises
    ------
    ImageError
        The image is not a CT in which seeds can be found (:func:`brachyresponse.seeds.ct_checks.check_ct`), or
        nothing in it, or in the region, is as bright and as large as a seed.
    """
    warnings = check_ct(ct_hu, grid)
    frame = frame_of(ct_hu, grid)
    metal = seed_object(seed_length_mm, seed_diameter_mm)
    report(0.0, "Looking for metal")
    try:
        clusters, search, scanner = _first_pass(frame, metal, region, share_of(report, 0.0, 0.4))
    except ImageError as error:
        raise ImageError(" ".join((str(error), *warnings))) from error
    clusters = _explain_all(search, frame, clusters, share_of(report, 0.4, 0.8))
    found, rejected = find_verdicts(search, frame, clusters, scanner, share_of(report, 0.8, 1.0))
    if region is not None:
        found = [seed for seed in found if _inside(region, seed.position_mm[None])[0]]
        rejected = [seed for seed in rejected if _inside(region, seed.position_mm[None])[0]]
    report(1.0, f"{len(found)} seeds found")
    return DetectedSeeds.of(
        found, rejected=tuple(rejected), warnings=(*warnings, *_warnings(len(found), expected_count))
    )


def frame_of(ct_hu: AnyArray, grid: Grid) -> ScannerFrame:
    """Return the scanner's frame of an image whose shape is checked."""
    if ct_hu.shape != grid.shape_kji:
        raise ImageError(f"The CT has shape {ct_hu.shape}, its grid {grid.shape_kji}: they must agree.")
    return ScannerFrame.of(ct_hu, grid)


def ceiling_hu(frame: ScannerFrame) -> float:
    """Return the HU at which the scanner clips, infinity where it does not."""
    highest = float(frame.values_hu.max())
    clipped = int((frame.values_hu == frame.values_hu.max()).sum()) >= FEWEST_CLIPPED
    return highest if clipped else np.inf


def _first_pass(
    frame: ScannerFrame, metal: MetalObject, region: Structure | None, report: Report
) -> tuple[list[Cluster], Search, ScannerImage]:
    """Explain each group by one seed, first with the usual blur, then with this image's."""
    slice_mm = float(frame.spacing_mm[2])
    scanner = ScannerImage(slice_mm, USUAL_BLUR_MM)
    search = Search(make_template(metal, scanner), metal.length_mm)
    clusters = _one_each(frame, search, region, share_of(report, 0.0, 0.5))
    lone = sorted((c for c in clusters if 0.4 < c.expected < 1.4), key=lambda c: c.fit.misfit)[:MOST_SEEDS]
    if lone:
        blur = estimate_blur(metal, slice_mm, [c.patch for c in lone], [c.fit.poses for c in lone])
        scanner = ScannerImage(slice_mm, blur)
        search = Search(make_template(metal, scanner), metal.length_mm)
        clusters = _each(clusters, lambda c: refitted(search, c), "Fitting seeds", share_of(report, 0.5, 1.0))
    return clusters, search, scanner


def _one_each(frame: ScannerFrame, search: Search, region: Structure | None, report: Report) -> list[Cluster]:
    level = min(HIGHEST_LEVEL_HU, LEVEL_SHARE * search.template.faintest_peak_hu)
    volume = _volume_mm3(search.template, level)
    ceiling, voxel = ceiling_hu(frame), float(np.prod(frame.spacing_mm))
    groups = find_groups(frame, level, _least_peak_hu(search.template, ceiling), volume)
    if region is not None:
        groups = [g for g in groups if _inside(region, frame.to_ras(g.points_mm)).any()]
    if not groups:
        raise _nothing_found(frame, region, level)
    clusters = []
    for done, group in enumerate(groups):
        report(done / len(groups), "Looking at bright spots")
        clusters.append(first_look(search, frame, group, len(group.points_mm) * voxel / volume, ceiling))
    return clusters


def _nothing_found(frame: ScannerFrame, region: Structure | None, level_hu: float) -> ImageError:
    bright = np.argwhere(frame.values_hu > level_hu)
    where = "" if region is None else f" in {region.name!r}"
    if region is not None and len(bright):
        bright = bright[_inside(region, frame.to_ras(bright[:, ::-1] * frame.spacing_mm))]
    advice = f"Give the CT made after the implant{'' if region is None else ', or another region'}."
    if not len(bright):
        return ImageError(f"No metal was found{where}: nothing is brighter than {level_hu:.0f} HU. {advice}")
    volume_cc = len(bright) * float(np.prod(frame.spacing_mm)) / 1000
    return ImageError(
        f"No seed was found{where}: {volume_cc:.2g} cc are brighter than {level_hu:.0f} HU, but no piece of this metal "
        f"or bone has the size of a seed. {advice}"
    )


def _least_peak_hu(template: Template, ceiling: float) -> float:
    """Brightest voxel that a seed must have at least, wherever it lies between voxels."""
    return LEAST_PEAK_SHARE * min(template.faintest_peak_hu, ceiling)


def _volume_mm3(template: Template, level_hu: float) -> float:
    """Volume of a seed above a level, of the median tilt."""
    above = template.values_hu > level_hu
    halves = above[..., 0].sum(axis=-1) + 2 * above[..., 1:].sum(axis=(-1, -2))  # across, then its mirror image
    voxels = halves[:, 0] + 2 * halves[:, 1:].sum(axis=-1)
    return float(np.median(voxels)) * PIXEL_MM**2 * SLICE_STEP_MM


def _explain_all(search: Search, frame: ScannerFrame, clusters: list[Cluster], report: Report) -> list[Cluster]:
    """Let the groups know of each other, add seeds where one does not explain a group, and settle all again."""
    for turn in range(2):
        report(0.1 * turn, "Fitting seeds")
        clusters = settled(search, frame, clusters)
    separated = []
    for number, cluster in enumerate(clusters):
        report(0.2 + 0.6 * number / len(clusters), "Separating touching seeds")
        separated.append(explained(search, cluster))
    for turn in range(2):
        report(0.8 + 0.1 * turn, "Fitting seeds")
        separated = settled(search, frame, separated)
    return separated


def _each(clusters: list[Cluster], work: Callable[[Cluster], Cluster], words: str, report: Report) -> list[Cluster]:
    result = []
    for number, cluster in enumerate(clusters):
        report(number / len(clusters), words)
        result.append(work(cluster))
    return result


def _inside(region: Structure, points_mm: AnyArray) -> BoolArray:
    inside: BoolArray = sample(region.occupancy, region.grid, points_mm) >= 0.5
    return inside


def _warnings(found: int, expected: int | None) -> tuple[str, ...]:
    warnings = []
    if expected is not None and abs(found - expected) > max(2, FAR_FROM_EXPECTED * expected):
        warnings.append(
            f"{found} seeds were found, {expected} expected: look at the rejected candidates and at seeds "
            "of low confidence, or for seeds outside the image."
        )
    if found > MORE_THAN_PLAUSIBLE:
        warnings.append(f"{found} seeds were found, more than is plausible: check that the image is in HU.")
    return tuple(warnings)
