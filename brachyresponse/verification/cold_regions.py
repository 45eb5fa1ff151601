"""Parts of a target below the prescription: how large, where and how cold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from brachyresponse.dose.samples import part_inside, sampled_structure
from brachyresponse.geometry import Grid, Structure, sample
from brachyresponse.types import AnyArray, FloatArray, IntArray
from brachyresponse.verification.where import where_from

LEAST_CC = 0.01
"""Smaller regions are left out, except where there is no larger one: a few samples of half a millimetre."""


@dataclass(frozen=True, eq=False)
class ColdRegion:
    """A connected part of a target whose dose is below the prescription.

    Parameters
    ----------
    structure
        The target.
    volume_cc, share_percent
        Of the region, and that in percent of the target.
    centre_mm, coldest_mm
        Its centre of mass and the place of its least dose, RAS, (3,).
    least_gy, mean_gy
        Dose there, and on average.
    where
        In words: from the target's centre to the region's, as ``left, superior, 8 mm from the centre``.
    stamp
        ``carried, not verified`` where the target was not contoured on these images; else empty.
    """

    structure: str
    volume_cc: float
    share_percent: float
    centre_mm: FloatArray = field(repr=False)
    coldest_mm: FloatArray = field(repr=False)
    least_gy: float
    mean_gy: float
    where: str
    stamp: str = ""


def cold_regions(
    dose_gy: AnyArray, dose_grid: Grid, target: Structure, prescription_gy: float
) -> tuple[ColdRegion, ...]:
    """Return the connected regions of a target below the prescription, largest first.

    Taken on the samples of its dose-volume histogram (about half a millimetre apart in small targets, one millimetre
    in large ones), so their volumes add up to what V100 leaves; samples that touch by a corner belong together.

    Parameters
    ----------
    dose_gy
        [k, j, i] on ``dose_grid``, Gy. What of the target lies outside is not known, and not counted.
    """
    from scipy.ndimage import label

    inside = part_inside(target, dose_grid)
    samples = sampled_structure(replace(target, occupancy=inside))
    dose = _dose_at(dose_gy, dose_grid, samples.grid.points_mm())
    cold = (samples.occupancy > 0) & (dose < prescription_gy)
    labels, count = label(cold, structure=np.ones((3, 3, 3), bool))
    found = sorted(_regions(samples, dose, labels, count, target), key=lambda region: -region.volume_cc)
    return tuple(region for place, region in enumerate(found) if place == 0 or region.volume_cc >= LEAST_CC)


def _dose_at(dose_gy: AnyArray, dose_grid: Grid, points_mm: FloatArray) -> FloatArray:
    """Dose at points (..., 3), Gy; beyond the outermost voxel centres that there, as in the histogram's samples."""
    ijk = np.clip(dose_grid.to_ijk(points_mm), 0, np.array(dose_grid.size_ijk) - 1)
    return sample(dose_gy, dose_grid, dose_grid.to_ras(ijk))


def _regions(
    samples: Structure, dose: FloatArray, labels: IntArray, count: int, target: Structure
) -> Iterator[ColdRegion]:
    from scipy.ndimage import find_objects

    for number, box in enumerate(find_objects(labels, count), start=1):
        kji = np.argwhere(labels[box] == number) + [axis.start for axis in box]
        at = tuple(kji.T)
        weight, dose_gy = samples.occupancy[at].astype(float), dose[at]
        points_mm = samples.grid.to_ras(kji[:, ::-1])
        centre_mm = weight @ points_mm / weight.sum()
        volume_cc = float(weight.sum()) * samples.grid.voxel_cc
        yield ColdRegion(
            structure=target.name,
            volume_cc=volume_cc,
            share_percent=100 * volume_cc / target.volume_cc,
            centre_mm=centre_mm,
            coldest_mm=points_mm[np.argmin(dose_gy)],
            least_gy=float(dose_gy.min()),
            mean_gy=float(weight @ dose_gy / weight.sum()),
            where=where_from(target.centre_mm, centre_mm),
        )
