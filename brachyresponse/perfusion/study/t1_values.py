"""T1 before contrast at every voxel of a series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.geometry import Volume
from brachyresponse.perfusion.signal import fit_t1_vfa
from brachyresponse.perfusion.study.on_grid import positions_of, to_map, values_at
from brachyresponse.perfusion.study.request import PerfusionRequest
from brachyresponse.perfusion.study.t1_source import T1_LIMIT_OF_SECONDS, FlipAngleSeries
from brachyresponse.progress import Report
from brachyresponse.types import AnyArray, BoolArray, Float32Array, FloatArray

NO_T1 = (
    "T1 before contrast is not known: give images of several flip angles, a T1 map, or one T1 for all tissue in "
    "seconds, as 1.0."
)


@dataclass(frozen=True, eq=False)
class T1Values:
    """T1 before contrast, s.

    Parameters
    ----------
    t1_s
        One number, or a map [k, j, i] with NaN where it is not known.
    sentence
        Where it comes from.
    warnings
        What has to be said of it.
    """

    t1_s: float | Float32Array
    sentence: str
    warnings: tuple[str, ...] = ()

    def at(self, kji: AnyArray) -> float | AnyArray:
        """Return T1 of voxels (N, 3): one number, or (N,)."""
        if isinstance(self.t1_s, float):
            return self.t1_s
        k, j, i = kji.T
        values: AnyArray = self.t1_s[k, j, i]
        return values


def t1_values(request: PerfusionRequest, mask: BoolArray, report: Report) -> T1Values:
    """Return T1 at the voxels of a mask [k, j, i], from what the request says.

    Raises
    ------
    PerfusionError
        There is no T1, a map has no unit that its values fit, or covers nothing of the mask.
    """
    source = request.t1
    if source is None:
        raise PerfusionError(NO_T1)
    if isinstance(source, Volume):
        return _from_map(source, request, mask)
    if isinstance(source, FlipAngleSeries):
        return _from_flip_angles(source, request, mask, report)
    return T1Values(float(source), f"one stated T1 of {float(source):g} s for all tissue")


def _from_map(volume: Volume, request: PerfusionRequest, mask: BoolArray) -> T1Values:
    values = _on_series(volume, request, mask)
    scale, unit = _seconds_per_unit(volume, values)
    values = np.where(values > 0, values * scale, np.nan)
    if not np.isfinite(values).any():
        raise PerfusionError(
            f"The T1 map {volume.name!r} has no value where series {request.series.name!r} has tissue: it lies "
            "elsewhere; register it first, or give another."
        )
    resampled = volume.grid != request.series.grid
    said = (f"The T1 map {volume.name!r} has another geometry than the series and was resampled to it.",)
    warnings = (*(said if resampled else ()), *_missing(values, f"The T1 map {volume.name!r}"))
    return T1Values(to_map(values, mask), f"T1 map {volume.name}, in {unit}", warnings)


def _from_flip_angles(series: FlipAngleSeries, request: PerfusionRequest, mask: BoolArray, report: Report) -> T1Values:
    resampled = series.grid != request.series.grid
    if resampled:
        frames = [Volume(series.name, frame, series.grid) for frame in series.frames]
        signal = np.stack([_on_series(frame, request, mask) for frame in frames], axis=1).astype(np.float32)
    else:
        signal = np.stack([np.asarray(frame[mask], np.float32) for frame in series.frames], axis=1)
    b1 = None if request.b1 is None else _on_series(request.b1, request, mask)
    fit = fit_t1_vfa(signal, series.flip_angle_deg, series.tr_s, b1=b1, report=report)
    angles = ", ".join(f"{angle:g}" for angle in series.flip_angle_deg)
    said = (f"The images of {series.name!r} have another geometry than the series and were resampled to it.",)
    warnings = (*(said if resampled else ()), *_missing(fit.t1_s, "The fit of the flip angles"))
    without = (
        "" if b1 is not None else ", without a B1 map: at 3 T a flip angle off by 10 % makes T1 wrong by about 20 %"
    )
    return T1Values(to_map(fit.t1_s, mask), f"non-linear fit of flip angles {angles}°{without}", warnings)


def _on_series(volume: Volume, request: PerfusionRequest, mask: BoolArray) -> FloatArray:
    if volume.grid == request.series.grid:
        values: FloatArray = volume.values[mask].astype(float)
        return values
    return values_at(volume, positions_of(mask, request.series.grid))


def _seconds_per_unit(volume: Volume, values: FloatArray) -> tuple[float, str]:
    known = values[np.isfinite(values) & (values > 0)]
    if volume.unit in ("s", "ms"):
        return (1.0 if volume.unit == "s" else 1e-3), volume.unit
    if not known.size:
        return 1.0, "s"
    return (1e-3, "ms by its values") if np.median(known) > T1_LIMIT_OF_SECONDS else (1.0, "s by its values")


def _missing(t1_s: AnyArray, what: str) -> tuple[str, ...]:
    share = 1 - float(np.isfinite(t1_s).mean())
    return (f"{what} gives no T1 in {share:.0%} of the voxels; they are not computed.",) if share >= 0.005 else ()
