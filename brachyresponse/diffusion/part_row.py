"""The figures of one part of a lesion, or of the white matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.diffusion.request import DiffusionSettings
from brachyresponse.diffusion.study import DiffusionRow
from brachyresponse.diffusion.vocabulary import LesionPart
from brachyresponse.geometry import Grid
from brachyresponse.lesions import Histogram
from brachyresponse.lesions.ratios import LOW_STATISTICS, LesionRatio, RatioSettings, RatioStatistic, lesion_ratios
from brachyresponse.lesions.ratios.hot_spot import hot_spot
from brachyresponse.lesions.ratios.refusals import lesion_refusals
from brachyresponse.lesions.ratios.statistic import percentile_of, statistic_of
from brachyresponse.types import BoolArray, FloatArray

PERCENTS = (5, 10, 25, 50, 75, 90, 95)


@dataclass(frozen=True, eq=False)
class ValidAdc:
    """The ADC in 1e-6 mm2/s, the voxels of it that count, and the white matter (None where there is none); [k, j, i].

    ``valid`` voxels hold an ADC above 0 and are not left out.
    """

    values: FloatArray
    valid: BoolArray
    grid: Grid
    white_matter: BoolArray | None
    settings: DiffusionSettings


@dataclass(frozen=True, eq=False)
class PartMask:
    """A part of a lesion, [k, j, i], what it is called, and what makes all figures of it not evaluable."""

    lesion: str
    part: LesionPart
    label: str
    mask: BoolArray
    refusals: Sequence[str] = ()


def part_row(adc: ValidAdc, part: PartMask) -> DiffusionRow:
    """Return the figures of a part; values stand there too where it is not evaluable, with the reasons."""
    counted, settings = part.mask & adc.valid, adc.settings
    found = adc.values[counted]
    voxels, is_reference = int(np.count_nonzero(part.mask)), part.part is LesionPart.REFERENCE
    volume_cc = voxels * adc.grid.voxel_cc
    too_little = [] if is_reference else lesion_refusals(volume_cc, found.size, found.size / voxels, part.label)
    return DiffusionRow(
        lesion=part.lesion,
        part=part.part,
        label=part.label,
        volume_cc=volume_cc,
        voxels=voxels,
        valid_voxels=found.size,
        values=_values(adc, counted) if found.size else {},
        standard_deviation=float(found.std(ddof=1)) if found.size > 1 else None,
        percentiles={percent: percentile_of(found, percent) for percent in PERCENTS} if found.size else {},
        cold_spot_cc=min(settings.cold_spot_cc, found.size * adc.grid.voxel_cc),
        ratios={} if is_reference else _ratios(adc, part),
        histogram=_histogram(found, settings) if found.size else None,
        reasons=(*part.refusals, *too_little),
    )


def _values(adc: ValidAdc, counted: BoolArray) -> dict[RatioStatistic, float]:
    cold = hot_spot(-adc.values, counted, adc.grid, adc.settings.cold_spot_cc)
    taken = {one: cold if one is RatioStatistic.COLD_SPOT else counted for one in LOW_STATISTICS}
    return {one: statistic_of(adc.values[mask], one) for one, mask in taken.items()}


def _histogram(found: FloatArray, settings: DiffusionSettings) -> Histogram:
    """Count the voxels; values beyond the last edge are in the last bin, so that none is left out."""
    bins = int(np.ceil(settings.highest_um2_per_s / settings.bin_um2_per_s))
    edges = np.linspace(0.0, bins * settings.bin_um2_per_s, bins + 1)
    counts, _ = np.histogram(np.minimum(found, edges[-1]), edges)
    return Histogram(edges, counts.astype(np.int64))


def _ratios(adc: ValidAdc, part: PartMask) -> dict[RatioStatistic, LesionRatio]:
    if adc.white_matter is None:
        return {}
    settings = adc.settings
    taken = RatioSettings(
        hot_spot_cc=settings.cold_spot_cc, samples=settings.bootstrap_samples, random_seed=settings.random_seed
    )
    return lesion_ratios(
        adc.values,
        part.mask,
        adc.white_matter,
        statistics=LOW_STATISTICS,
        grid=adc.grid,
        valid=adc.valid,
        refusals=part.refusals,
        settings=taken,
        what=part.label,
    )
