"""An ADC series: its slices checked, ordered and made one volume in the unit that the files state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from brachyresponse.dicom.attributes import Attributes
from brachyresponse.dicom.ct_series import SeriesFiles, find_series
from brachyresponse.dicom.files import Paths, read_attributes
from brachyresponse.dicom.pixels import stored_values
from brachyresponse.dicom.slices import Plane, stack_slices
from brachyresponse.diffusion.units import unit_factor
from brachyresponse.errors import DiffusionError, ImageError, InputFileError
from brachyresponse.geometry import Volume

MODALITY = "MR"


@dataclass(frozen=True, eq=False)
class AdcSeries:
    """An ADC map and what its files say of it.

    Parameters
    ----------
    volume
        The map; its unit is that of the files or the one given, empty where neither says it.
    date
        Day of the acquisition; None when no date is in the files.
    """

    volume: Volume
    patient_id: str
    frame_of_reference_uid: str
    description: str
    date: date | None


class _Mapping(NamedTuple):
    """How stored values become real ones, and their unit; empty where it is not said."""

    slope: float
    intercept: float
    unit: str


def read_adc_series(paths: Paths, *, unit: str = "", series_uid: str = "") -> AdcSeries:
    """Return the ADC map in a folder or in a list of files.

    Values and unit are those of the Real World Value Mapping where there is one, else of the rescale with its type;
    a unit is never guessed.

    Parameters
    ----------
    unit
        Where the files do not say it.
    series_uid
        Which series to read where there are several.

    Raises
    ------
    InputFileError
        A file cannot be read, or it is not known which series is meant.
    ImageError
        The slices make no volume, or are none of a classic MR series.
    DiffusionError
        The files state another unit than the one given, or different ones.
    """
    series = _chosen(find_series(paths), series_uid)
    name = f"The ADC series {series.description!r}"
    for header in series.headers:
        if header.text("Modality", "") != MODALITY or (header.optional_number("NumberOfFrames") or 1) > 1:
            raise ImageError(
                f"{name}: {header.where} is no classic MR slice: export the ADC map with one slice a file, modality MR."
            )
    stack = stack_slices(name, [Plane.of(header) for header in series.headers])
    ordered = [(series.paths[place], series.headers[place]) for place in stack.order]
    mappings = [_mapping(header) for _, header in ordered]
    values = np.stack(
        [
            np.asarray(stored_values(read_attributes(path), path), np.float32) * each.slope + each.intercept
            for (path, header), each in zip(ordered, mappings, strict=True)
        ]
    )
    volume = Volume(series.description or "ADC", values.astype(np.float32), stack.grid, _unit(name, mappings, unit))
    return AdcSeries(volume, series.patient_id, series.frame_of_reference_uid, series.description, series.day)


def _chosen(series: Sequence[SeriesFiles], series_uid: str) -> SeriesFiles:
    wanted = [one for one in series if not series_uid or one.series_uid == series_uid]
    if len(wanted) != 1:
        listed = "; ".join(one.label for one in series) or "none"
        raise InputFileError(f"The ADC series is not known among {len(series)}: choose one by its UID: {listed}.")
    return wanted[0]


def _mapping(header: Attributes) -> _Mapping:
    for item in header.items("RealWorldValueMappingSequence"):
        units = [code.text("CodeValue", "") for code in item.items("MeasurementUnitsCodeSequence")]
        if item.has("RealWorldValueSlope") and _is_known(next(iter(units), "")):
            intercept = item.optional_number("RealWorldValueIntercept") or 0.0
            return _Mapping(item.number("RealWorldValueSlope"), intercept, units[0])
    slope = header.number("RescaleSlope") if header.has("RescaleSlope") else 1.0
    offset = header.optional_number("RescaleIntercept") or 0.0
    kind = header.text("RescaleType", "")
    return _Mapping(slope, offset, kind if _is_known(kind) else "")


def _is_known(unit: str) -> bool:
    """Tell whether a text is a unit of an ADC: other mappings, as of the display, are none."""
    try:
        unit_factor(unit)
    except DiffusionError:
        return False
    return True


def _unit(name: str, mappings: Sequence[_Mapping], given: str) -> str:
    """Return the unit of all slices."""
    stated = list(dict.fromkeys(each.unit for each in mappings))
    if len(stated) > 1:
        said = " and ".join(repr(unit or "none") for unit in stated)
        raise DiffusionError(f"{name} has slices in the units {said}: export the map again.")
    if given and stated[0] and unit_factor(given) != unit_factor(stated[0]):
        raise DiffusionError(f"{name} is in {stated[0]!r} by its files, but {given!r} was given: correct the unit.")
    return stated[0] or given
