"""What the voxels say of a lesion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.spectroscopy.reading.metabolite_table import MetaboliteTable
from brachyresponse.spectroscopy.study.record import LesionEntry, LesionRatioEntry, RatioEntry, VoxelEntry
from brachyresponse.spectroscopy.study.request import SpectroscopyRequest
from brachyresponse.spectroscopy.vocabulary import RatioName

SMALLEST = 1e-6
WIDTH_95 = 2 * 1.96
VOXEL, MAXIMUM, MEAN = "voxel", "maximum", "mean"


def lesion_entries(request: SpectroscopyRequest, voxels: Sequence[VoxelEntry]) -> tuple[LesionEntry, ...]:
    """Return each lesion with its ratios, by the voxels that count for it."""
    return tuple(_entry(request, name, voxels) for name in request.lesion_names)


def _entry(request: SpectroscopyRequest, name: str, voxels: Sequence[VoxelEntry]) -> LesionEntry:
    volumes = {lesion.name: lesion.volume_cc for lesion in request.lesions}
    counted = [each for each in voxels if not why_not_counted(request, name, each)]
    shares = [share for each in voxels if (share := each.share_of(name)) is not None]
    why = () if counted else _why_none(request, name, voxels)
    normal = [each for each in voxels if each.is_normal_side and each.is_good]
    statistics = (VOXEL,) if len(voxels) == 1 else (MAXIMUM, MEAN)
    ratios = tuple(_ratio(ratio, statistic, counted, normal, why) for ratio in RatioName for statistic in statistics)
    return LesionEntry(name, volumes.get(name), len(counted), max(shares, default=None), ratios)


def why_not_counted(request: SpectroscopyRequest, lesion: str, voxel: VoxelEntry) -> tuple[str, ...]:
    """Return why a voxel does not count for a lesion; nothing where it does."""
    least, share = request.settings.least_lesion_share, voxel.share_of(lesion)
    reasons = [*voxel.place_reasons] if voxel.is_good else [*voxel.reasons, *voxel.place_reasons]
    if voxel.is_normal_side:
        reasons.append("It stands for the normal side.")
    if share is None and lesion != request.assigned_lesion:
        what = "the voxels lie" if _is_table_of_many(request) else "the voxel lies: say which lesion it was laid on"
        reasons.append(f"It is not known where {what}.")
    elif share is not None and share < least:
        reasons.append(f"{lesion!r} fills {share:.0%} of the voxel, expected at least {least:.0%}.")
    if not reasons and not voxel.is_good:
        reasons.append("The spectrum cannot be used.")
    return tuple(reasons)


def _is_table_of_many(request: SpectroscopyRequest) -> bool:
    return isinstance(request.spectra, MetaboliteTable) and len(request.spectra.voxels) > 1


def _why_none(request: SpectroscopyRequest, lesion: str, voxels: Sequence[VoxelEntry]) -> tuple[str, ...]:
    """Why no voxel counts: the reasons of the one that holds most of the lesion."""
    best = max(voxels, key=lambda each: each.share_of(lesion) or 0.0, default=None)
    if best is None:
        return ("There is no voxel with a spectrum.",)
    reasons = why_not_counted(request, lesion, best)
    if len(voxels) == 1:
        return reasons
    i, j, k = best.voxel
    return (f"No voxel counts for {lesion!r}; of the one that holds most of it (i j k = {i} {j} {k}):", *reasons)


def _ratio(
    name: RatioName,
    statistic: str,
    counted: Sequence[VoxelEntry],
    normal: Sequence[VoxelEntry],
    why: tuple[str, ...],
) -> LesionRatioEntry:
    known = [(each, ratio) for each in counted if (ratio := each.ratio(name)) is not None and _is_known(ratio)]
    normal_value = _mean([ratio for each in normal if (ratio := each.ratio(name)) is not None and _is_known(ratio)])[0]
    if not known:
        reasons, at_least = why or _why_not_evaluable(name, counted), _largest_at_least(name, counted)
        return LesionRatioEntry(name, statistic, None, None, None, 0, (), normal_value, reasons, at_least)
    if statistic == MEAN:
        figures = _mean([ratio for _, ratio in known])
        return LesionRatioEntry(name, statistic, *figures, len(known), (), normal_value, ())
    voxel, ratio = max(known, key=lambda pair: pair[1].value or 0.0)
    at = tuple(float(n) for n in voxel.voxel)
    return LesionRatioEntry(name, statistic, ratio.value, ratio.low, ratio.high, len(known), at, normal_value, ())


def _is_known(ratio: RatioEntry) -> bool:
    return ratio.value is not None and ratio.low is not None and ratio.high is not None


def _mean(ratios: Sequence[RatioEntry]) -> tuple[float | None, float | None, float | None]:
    """Geometric mean with the interval that the voxels' own intervals give it, their noise independent."""
    if not ratios:
        return None, None, None
    logs = np.log([[max(each or 0.0, SMALLEST) for each in (r.value, r.low, r.high)] for r in ratios])
    middle, error = float(logs[:, 0].mean()), float(np.sqrt((((logs[:, 2] - logs[:, 1]) / WIDTH_95) ** 2).sum()))
    reach = WIDTH_95 / 2 * error / len(ratios)
    return tuple(float(np.exp(each)) for each in (middle, middle - reach, middle + reach))  # type: ignore[return-value]


def _why_not_evaluable(name: RatioName, counted: Sequence[VoxelEntry]) -> tuple[str, ...]:
    """The reasons of the first voxel that counts, and in how many it is alike."""
    reasons = next((ratio.reasons for each in counted if (ratio := each.ratio(name)) is not None), ())
    if len(counted) == 1:
        return reasons or ("It was not fitted.",)
    i, j, k = counted[0].voxel
    return (f"It is not evaluable in any of {len(counted)} voxels; in i j k = {i} {j} {k}:", *reasons)


def _largest_at_least(name: RatioName, counted: Sequence[VoxelEntry]) -> float | None:
    found = [ratio.at_least for each in counted if (ratio := each.ratio(name)) is not None]
    return max((value for value in found if value is not None), default=None)
