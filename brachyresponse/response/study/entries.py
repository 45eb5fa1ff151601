"""What a study keeps beside the case: plain rows of measurements, perfusion ratios, sites of failure and inputs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Self

from brachyresponse.errors import ResponseError
from brachyresponse.response.field.vocabulary import SiteOfFailure
from brachyresponse.response.measurement.vocabulary import Holes, MeasurementOrigin
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.perfusion.study import PerfusionRecord
    from brachyresponse.response.field import FailureSite
    from brachyresponse.response.measurement import LesionMeasurement

DIGITS = 3
"""Decimals of millimetres and millilitres that are kept."""


@dataclass(frozen=True)
class MeasurementEntry:
    """How a lesion was measured at a visit.

    Parameters
    ----------
    longest_mm, perpendicular_mm, short_axis_mm, volume_ml
        Sizes; None where not measured.
    origin
        Automatic, or manual: measured or moved by a reader.
    plane, slice, slices, slice_thickness_mm
        Where: the plane, the slice counted from 0, in how many slices the lesion is seen, and how far they lie apart.
    holes
        What became of enclosed holes; None where no outline was measured.
    longest_ras_mm, perpendicular_ras_mm
        Both ends of the diameters, six numbers; empty where only numbers are known.
    warnings
        Sentences.
    """

    visit: date
    lesion: str
    longest_mm: float | None = None
    perpendicular_mm: float | None = None
    short_axis_mm: float | None = None
    volume_ml: float | None = None
    origin: MeasurementOrigin = MeasurementOrigin.MANUAL
    plane: str = ""
    slice: int | None = None
    slices: int | None = None
    slice_thickness_mm: float | None = None
    holes: Holes | None = None
    longest_ras_mm: tuple[float, ...] = ()
    perpendicular_ras_mm: tuple[float, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class PerfusionEntry:
    """A ratio of lesion to white matter at one scan; ``low`` and ``high`` are its 95 % interval.

    The ratio is None where it could not be evaluated.
    """

    date: date
    map: str
    lesion: str
    ratio: float | None
    low: float | None = None
    high: float | None = None
    statistic: str = "mean"

    @classmethod
    def of_record(cls, record: PerfusionRecord, statistic: str = "mean") -> tuple[Self, ...]:
        """Return the ratios of a perfusion study.

        Raises
        ------
        ResponseError
            The study has no date.
        """
        day = record.scan_date
        if day is None:
            raise ResponseError(
                "A perfusion study has no scan date, so its ratios have no place in time: give it the date."
            )
        return tuple(
            cls(day, str(row.map), row.lesion, row.value, row.low, row.high, row.statistic)
            for row in record.ratios
            if row.statistic == statistic
        )


@dataclass(frozen=True)
class SiteEntry:
    """Where a lesion lies against the dose of an implant; see :class:`brachyresponse.response.field.FailureSite`."""

    visit: date
    lesion: str
    site: SiteOfFailure | None
    sentence: str
    is_central: bool = False
    share_in_isodose: float | None = None
    d50_gy: float | None = None
    d_min_gy: float | None = None
    d_max_gy: float | None = None
    v100_percent: float | None = None
    distance_to_isodose_mm: float | None = None
    warnings: tuple[str, ...] = ()

    @classmethod
    def of(cls, visit: date, lesion: str, found: FailureSite) -> Self:
        """Return the entry of a site that was computed."""
        return cls(
            visit=visit,
            lesion=lesion,
            site=found.site,
            sentence=found.sentence,
            is_central=found.is_central,
            share_in_isodose=_short(found.share_in_isodose),
            d50_gy=_short(found.d50_gy),
            d_min_gy=_short(found.d_min_gy),
            d_max_gy=_short(found.d_max_gy),
            v100_percent=_short(found.v100_percent),
            distance_to_isodose_mm=_short(found.distance_to_isodose_mm),
            warnings=found.warnings,
        )


@dataclass(frozen=True)
class InputEntry:
    """Something that the study was made from: a file, a series, a person's entry."""

    name: str
    what: str


def measurement_entry(visit: date, lesion: str, measured: LesionMeasurement) -> MeasurementEntry:
    """Return how a lesion was measured, as plain values."""
    return MeasurementEntry(
        visit=visit,
        lesion=lesion,
        longest_mm=_short(measured.longest_mm),
        perpendicular_mm=_short(measured.perpendicular_mm),
        short_axis_mm=_short(measured.short_axis_mm),
        volume_ml=_short(measured.volume_ml),
        origin=measured.origin,
        plane=measured.plane,
        slice=measured.slice,
        slices=measured.slices,
        slice_thickness_mm=_short(measured.slice_thickness_mm),
        holes=measured.holes,
        longest_ras_mm=_ends(measured.longest_ras_mm),
        perpendicular_ras_mm=_ends(measured.perpendicular_ras_mm),
        warnings=tuple(measured.warnings),
    )


def _short(value: float | None) -> float | None:
    return None if value is None else round(float(value), DIGITS)


def _ends(points_mm: FloatArray | None) -> tuple[float, ...]:
    return () if points_mm is None else tuple(round(float(value), DIGITS) for value in points_mm.ravel())
