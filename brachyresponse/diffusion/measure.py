"""From an ADC map to the figures of lesions and their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from brachyresponse.diffusion.part_row import PartMask, ValidAdc, part_row
from brachyresponse.diffusion.regions import DiffusionRegions, LesionRegions, regions_of
from brachyresponse.diffusion.request import DiffusionRequest
from brachyresponse.diffusion.restriction import LEAST_CORE_VOXELS, CentralRestriction, describe_restriction
from brachyresponse.diffusion.study import DiffusionRow, DiffusionStudy
from brachyresponse.diffusion.units import adc_in_um2_per_s, check_magnitude
from brachyresponse.diffusion.vocabulary import LesionPart
from brachyresponse.errors import DiffusionError
from brachyresponse.geometry import sample
from brachyresponse.lesions.ratios import RatioStatistic
from brachyresponse.lesions.ratios.refusals import LEAST_VOXELS
from brachyresponse.progress import Report, ignore_progress, share_of
from brachyresponse.types import BoolArray

WHITE_MATTER = "White matter"
NO_WHITE_MATTER = "There is no white matter of reference, so there are no ratios: draw it, or have it proposed."
NO_DOSE_THERE = "The dose does not reach the white matter of reference: whether it was irradiated is not known."
NOT_REGISTERED = "The ADC map does not lie on the image that the lesion was drawn on: register it first."
DISTORTED = "The ADC map is distorted at the lesion: its voxels there are not the lesion's."
ASK_REGISTERED = "Does the ADC map lie on the image that the lesion was drawn on (registered, or of one session)?"
ASK_DISTORTION = "Was the echo-planar distortion looked at, and is the lesion not displaced on the ADC map?"


def measure_diffusion(request: DiffusionRequest, *, report: Report = ignore_progress) -> DiffusionStudy:
    """Return the ADC of lesions, part by part, against white matter.

    Parameters
    ----------
    request
        Map, lesions, and every choice.
    report
        Told the progress; may raise ``Cancelled``.

    Raises
    ------
    DiffusionError
        The map has no unit, its values are none of living tissue in it, or a structure does not lie on it; the message
        says what to do.
    """
    adc = adc_in_um2_per_s(request.adc, request.unit)
    report(0.05, "Diffusion: lesions and what is left out of them")
    regions = regions_of(request)
    values = np.asarray(adc.values, np.float64)
    has_value = np.isfinite(values) & (values > 0)
    valid = ValidAdc(values, has_value & ~regions.excluded, adc.grid, regions.white_matter, request.settings)
    _check_values(request, regions, valid)
    rows = tuple(_rows(request, regions, valid, share_of(report, 0.2, 1.0)))
    dose_gy = _white_matter_dose_gy(request, regions)
    return DiffusionStudy(
        request=request,
        adc=adc,
        rows=rows,
        restrictions={name: _restriction(rows, name) for name in regions.lesions},
        exclusions={name: lesion.left.rows for name, lesion in regions.lesions.items()},
        questions=tuple(_questions(request)),
        white_matter_dose_gy=dose_gy,
        warnings=(*regions.warnings, *_warnings(request, regions, has_value, dose_gy)),
    )


def _rows(
    request: DiffusionRequest, regions: DiffusionRegions, adc: ValidAdc, report: Report
) -> Iterator[DiffusionRow]:
    """Yield the rows of every lesion, then that of the white matter."""
    refusals = tuple(_refusals(request))
    for number, (name, lesion) in enumerate(regions.lesions.items()):
        report(number / len(regions.lesions), f"Diffusion of {name}")
        yield from (part_row(adc, part) for part in _parts(name, lesion, refusals))
    if regions.white_matter is not None:
        yield part_row(adc, PartMask(WHITE_MATTER, LesionPart.REFERENCE, "white matter", regions.white_matter))


def _check_values(request: DiffusionRequest, regions: DiffusionRegions, adc: ValidAdc) -> None:
    """Refuse a map whose values are none of living tissue in its unit, and white matter that is too small."""
    unit, white = request.unit or request.adc.unit, regions.white_matter
    if white is not None:
        check_magnitude(adc.values[white & adc.valid], "white matter", is_reference=True, unit=unit)
        voxels, count = int(np.count_nonzero(white)), int(np.count_nonzero(white & adc.valid))
        if count < LEAST_VOXELS:
            raise DiffusionError(
                f"Only {count} of {voxels} voxels of the white matter hold a valid ADC, at least {LEAST_VOXELS} are "
                "needed: draw it larger, or elsewhere."
            )
    for name, lesion in regions.lesions.items():
        counted = lesion.whole & adc.valid  # not the voids of seeds, which may be most of a lesion
        check_magnitude(adc.values[counted], f"lesion {name!r}", is_reference=False, unit=unit)


def _parts(name: str, lesion: LesionRegions, refusals: Sequence[str]) -> Iterator[PartMask]:
    """Yield the solid part, and the core where there is one."""
    solid, core = lesion.part(LesionPart.SOLID), lesion.part(LesionPart.CORE)
    if not solid.any():
        raise DiffusionError(f"All of the lesion {name!r} is core, nothing of it is left: correct the core.")
    reasons = (*refusals, *lesion.refusals)
    yield PartMask(name, LesionPart.SOLID, "enhancing part" if core.any() else "lesion", solid, reasons)
    if core.any():
        yield PartMask(name, LesionPart.CORE, "core", core, reasons)


def _refusals(request: DiffusionRequest) -> Iterator[str]:
    if request.is_registered is False:
        yield NOT_REGISTERED
    if request.is_undistorted is False:
        yield DISTORTED


def _questions(request: DiffusionRequest) -> Iterator[str]:
    if request.is_registered is None:
        yield ASK_REGISTERED
    if request.is_undistorted is None:
        yield ASK_DISTORTION


def _restriction(rows: Sequence[DiffusionRow], lesion: str) -> CentralRestriction:
    """Describe the core of a lesion against its rim; a core too small for ratios still has a mean."""
    parts = {row.part: row for row in rows if row.lesion == lesion}
    rim, core = parts[LesionPart.SOLID], parts.get(LesionPart.CORE)
    if core is None:
        return describe_restriction(None, rim.value())
    if core.valid_voxels < LEAST_CORE_VOXELS:
        return describe_restriction(None, rim.value(), f"only {core.valid_voxels} voxels of the core are valid.")
    if not rim.is_evaluable:
        return describe_restriction(None, None, f"the rim is not evaluable. {' '.join(rim.reasons)}")
    return describe_restriction(core.values[RatioStatistic.MEAN], rim.value())


def _white_matter_dose_gy(request: DiffusionRequest, regions: DiffusionRegions) -> float | None:
    if request.dose is None or regions.white_matter is None:
        return None
    points_mm = request.adc.grid.to_ras(np.argwhere(regions.white_matter)[:, ::-1].astype(float))
    dose_gy = sample(request.dose.values, request.dose.grid, points_mm, outside=np.nan)
    known = dose_gy[np.isfinite(dose_gy)]
    return float(known.mean()) if known.size else None


def _warnings(
    request: DiffusionRequest, regions: DiffusionRegions, has_value: BoolArray, dose_gy: float | None
) -> Iterator[str]:
    limit_gy = request.settings.dose_limit_gy
    if regions.white_matter is None:
        yield NO_WHITE_MATTER
    if request.dose is not None and regions.white_matter is not None and dose_gy is None:
        yield NO_DOSE_THERE
    if dose_gy is not None and dose_gy > limit_gy:
        yield f"The white matter of reference got {dose_gy:.1f} Gy on average, more than {limit_gy:g} Gy: move it."
    for name, lesion in regions.lesions.items():
        lost = int(np.count_nonzero(lesion.whole & ~has_value))
        if lost:
            yield f"{lost} voxels of the lesion {name!r} hold no ADC above 0 and do not count."
        if lesion.part(LesionPart.CORE).any():
            continue
        if name in request.cores:
            yield f"The core drawn for {name!r} fills no voxel of the lesion by half and does not count: correct it."
        else:
            yield f"No core of {name!r} is known: if it has one, it is measured with the lesion."
