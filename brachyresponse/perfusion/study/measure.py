"""From a dynamic series to maps, curves and ratios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from brachyresponse.geometry import Volume
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.study.acquisition_rows import acquisition_values
from brachyresponse.perfusion.study.computed import Computed
from brachyresponse.perfusion.study.map_names import MapName, map_facts
from brachyresponse.perfusion.study.on_grid import to_map
from brachyresponse.perfusion.study.ratio_rows import ratio_rows
from brachyresponse.perfusion.study.regions import StudyRegions, exclusion_rows, regions_of, white_matter_dose_gy
from brachyresponse.perfusion.study.request import PerfusionRequest
from brachyresponse.perfusion.study.study import (
    NO_RATIO,
    WHITE_MATTER,
    CurveRole,
    LesionMeans,
    PerfusionStudy,
    StudyCurve,
)
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.types import AnyArray, BoolArray

NO_WHITE_MATTER = "There is no white matter of reference, so there are no ratios: draw it, or have it proposed."


def measure_perfusion(request: PerfusionRequest, *, report: Report = ignore_progress) -> PerfusionStudy:
    """Return the maps of a series, the curves with their fits, and the ratios of the lesions.

    Parameters
    ----------
    request
        Series, lesions, and every choice.
    report
        Told the progress; may raise ``Cancelled``.

    Raises
    ------
    PerfusionError
        The series, a structure or the arterial input function does not allow it; the message says what to do.
    """
    from brachyresponse.perfusion.series.checks import check_series

    regions = regions_of(request)
    report(0.02, "Checking the series")
    checked = check_series(request.series, regions.computed)
    mask = regions.computed & checked.usable
    computed = _compute(request, mask, share_of(report, 0.05, 0.85))
    maps = {name: to_map(values, mask) for name, values in computed.maps.items()}
    maps |= _normalised(maps, regions)
    grid = request.series.grid
    rows = ratio_rows(computed, maps, regions, grid, request.settings, share_of(report, 0.85, 0.97))
    report(0.97, "Curves")
    left, dose_gy = regions.left(), white_matter_dose_gy(request, regions)
    warnings = (*checked.warnings, *regions.warnings, *computed.warnings, *_irradiated(request, dose_gy))
    return PerfusionStudy(
        request=request,
        maps={name: Volume(map_facts(name).label, values, grid, map_facts(name).unit) for name, values in maps.items()},
        aif=computed.aif,
        curves=tuple(_curves(computed, regions, mask)),
        ratios=rows,
        exclusions=tuple(row for name, lesion in left.items() for row in exclusion_rows(name, lesion)),
        used=(*acquisition_values(request), *computed.used),
        protocol=computed.protocol,
        warnings=_warnings(request, regions, warnings),
        fitter=computed.fitter,
        lesion_shares={name: lesion.share for name, lesion in left.items()},
        lesion_means=_lesion_means(maps, {name: lesion.mask for name, lesion in left.items()}),
        white_matter_dose_gy=dose_gy,
    )


def _compute(request: PerfusionRequest, mask: BoolArray, report: Report) -> Computed:
    # Imported here: naming a study, as the panel does, must not load every model.
    from brachyresponse.perfusion.study.dce_run import measure_dce
    from brachyresponse.perfusion.study.dsc_run import measure_dsc

    return (measure_dce if request.kind is SeriesKind.DCE else measure_dsc)(request, mask, report)


def _normalised(maps: Mapping[MapName, AnyArray], regions: StudyRegions) -> dict[MapName, AnyArray]:
    """Return the relative blood volume over its mean in white matter, where there is one above zero."""
    volume = maps.get(MapName.RCBV, maps.get(MapName.RCBV_UNCORRECTED))
    if volume is None or regions.white_matter is None:
        return {}
    values = volume[regions.white_matter & ~regions.excluded()]
    values = values[np.isfinite(values)]
    mean = float(values.mean()) if values.size else 0.0
    return {MapName.NRCBV: volume / np.float32(mean)} if mean > 0 else {}


def _lesion_means(maps: Mapping[MapName, AnyArray], lesions: Mapping[str, BoolArray]) -> dict[str, LesionMeans]:
    """Return the means of each lesion of those maps that no ratio to white matter is taken of."""
    wanted = {name: maps[name] for name in NO_RATIO if name in maps}
    return {lesion: {name: _mean(values[mask]) for name, values in wanted.items()} for lesion, mask in lesions.items()}


def _mean(values: AnyArray) -> float | None:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else None


def _curves(computed: Computed, regions: StudyRegions, mask: BoolArray) -> Iterator[StudyCurve]:
    """Yield the arterial curve, and those of lesions and white matter, from the voxels that count."""
    if computed.aif_curve is not None:
        yield computed.aif_curve
    counted = mask & ~regions.excluded()
    named: Mapping[str, tuple[BoolArray, CurveRole]] = {
        name: (lesion, CurveRole.LESION) for name, lesion in regions.lesions.items()
    }
    if regions.white_matter is not None:
        named = {**named, WHITE_MATTER: (regions.white_matter, CurveRole.WHITE_MATTER)}
    for name, (region, role) in named.items():
        voxels = np.argwhere(region & counted)
        if len(voxels):
            yield computed.fitter(voxels, name, role)


def _irradiated(request: PerfusionRequest, dose_gy: float | None) -> tuple[str, ...]:
    limit_gy = request.settings.dose_limit_gy
    if dose_gy is None or dose_gy <= limit_gy:
        return ()
    return (f"The white matter of reference got {dose_gy:.1f} Gy on average, more than {limit_gy:g} Gy: move it.",)


def _warnings(request: PerfusionRequest, regions: StudyRegions, found: tuple[str, ...]) -> tuple[str, ...]:
    missing = (NO_WHITE_MATTER,) if regions.lesions and regions.white_matter is None else ()
    moved = () if request.motion is None else request.motion.warnings
    return tuple(dict.fromkeys((*moved, *found, *missing)))
