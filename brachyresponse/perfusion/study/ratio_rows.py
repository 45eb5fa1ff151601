"""Ratios of every lesion, map and statistic."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from brachyresponse.geometry import Grid
from brachyresponse.lesions import LesionLeft
from brachyresponse.lesions.ratios import HIGH_STATISTICS, RatioSettings, lesion_ratios
from brachyresponse.perfusion.study.computed import Computed
from brachyresponse.perfusion.study.map_names import MapName, map_facts
from brachyresponse.perfusion.study.regions import StudyRegions
from brachyresponse.perfusion.study.settings import PerfusionSettings
from brachyresponse.perfusion.study.study import RatioRow
from brachyresponse.progress import Report
from brachyresponse.types import AnyArray

BOUNDED = (MapName.VP, MapName.KTRANS, MapName.FP)
"""Maps of fits that are held at zero from below."""


def ratio_rows(
    computed: Computed,
    maps: Mapping[MapName, AnyArray],
    regions: StudyRegions,
    grid: Grid,
    settings: PerfusionSettings,
    report: Report,
) -> tuple[RatioRow, ...]:
    """Return one row a lesion, map and statistic; none without white matter.

    Parameters
    ----------
    maps
        [k, j, i] each.
    """
    if regions.white_matter is None:
        return ()
    counted, taken = ~regions.excluded(), ratio_settings(settings)
    left: Mapping[str, LesionLeft] = regions.left()
    noise = {name: _noise_refusal(name, maps[name][regions.white_matter & counted]) for name in computed.ratios}
    wanted = [(lesion, name) for lesion in regions.lesions for name in computed.ratios]
    rows = []
    for number, (lesion, name) in enumerate(wanted):
        report(number / len(wanted), "Ratios of the lesions")
        ratios = lesion_ratios(
            maps[name],
            regions.lesions[lesion],
            regions.white_matter,
            statistics=HIGH_STATISTICS,
            grid=grid,
            valid=counted & np.isfinite(maps[name]),
            refusals=(*computed.refusals.get(name, ()), *left[lesion].refusals, *noise[name]),
            settings=taken,
        )
        rows += [RatioRow(lesion, name, statistic, ratio) for statistic, ratio in ratios.items()]
    return tuple(rows)


def _noise_refusal(name: MapName, white_matter: AnyArray) -> tuple[str, ...]:
    """Refuse a map of a bounded fit that scatters in white matter more than its mean.

    Such values are noise that the bound at zero keeps on one side: their mean is above zero with a small standard
    error, whatever the truth is.
    """
    values = white_matter[np.isfinite(white_matter)]
    if name not in BOUNDED or len(values) < 2 or values.std() <= values.mean():
        return ()
    facts = map_facts(name)
    spread, mean = (f"{value:.{facts.decimals}f} {facts.unit}".strip() for value in (values.std(), values.mean()))
    return (
        f"{facts.label} in white matter scatters by {spread} from voxel to voxel, more than its mean of {mean}: noise.",
    )


def ratio_settings(settings: PerfusionSettings) -> RatioSettings:
    """Return how the ratios of a study are taken."""
    return RatioSettings(
        hot_spot_cc=settings.hot_spot_cc, samples=settings.bootstrap_samples, random_seed=settings.random_seed
    )
