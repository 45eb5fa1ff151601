"""An ADC map from DICOM: values and unit as the files state them, never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from brachyresponse.dicom import read_adc_series
from brachyresponse.diffusion import ADC_UNIT, adc_in_um2_per_s, unit_factor
from brachyresponse.errors import DiffusionError, ImageError, InputFileError
from brachyresponse.geometry import Grid
from dicom_files import ct_slices, item, save_slices

MR_CLASS = "1.2.840.10008.5.1.4.1.1.4"


def a_grid() -> Grid:
    matrix = np.diag([2.0, 2.0, 4.0, 1.0])
    matrix[:3, 3] = (-10, 5, 30)
    return Grid((5, 6, 7), matrix)


def adc_um2_per_s() -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.random.default_rng(0).integers(500, 2500, a_grid().shape_kji).astype(float)


def adc_slices(*, slope: float = 1.0, kind: str = "US", mapping: Dataset | None = None) -> list[Dataset]:
    slices = ct_slices(adc_um2_per_s(), a_grid(), intercept=0.0)
    for ds in slices:
        ds.SOPClassUID, ds.Modality, ds.SeriesDescription = MR_CLASS, "MR", "ADC"
        ds.RescaleSlope, ds.RescaleType = slope, kind
        if mapping is not None:
            ds.RealWorldValueMappingSequence = [mapping]
    return slices


def a_mapping(slope: float, unit: str) -> Dataset:
    units = item(CodeValue=unit, CodingSchemeDesignator="UCUM", CodeMeaning=unit)
    return item(RealWorldValueSlope=slope, RealWorldValueIntercept=0.0, MeasurementUnitsCodeSequence=[units])


def read(slices: Sequence[Dataset], folder: Path, unit: str = "") -> Any:
    return read_adc_series(save_slices(slices, folder), unit=unit)


def test_the_real_world_mapping_gives_values_and_unit(tmp_path: Path) -> None:
    series = read(adc_slices(slope=3.0, mapping=a_mapping(1e-6, "mm2/s")), tmp_path)
    assert series.volume.unit == "mm2/s"
    assert series.volume.grid == a_grid()
    np.testing.assert_allclose(adc_in_um2_per_s(series.volume).values, adc_um2_per_s(), rtol=1e-6)  # float32
    assert (series.patient_id, series.date.isoformat()) == ("PAT-1", "2026-03-06")


def test_the_type_of_the_rescale_may_be_the_unit(tmp_path: Path) -> None:
    series = read(adc_slices(slope=1e-3, kind="10-3.mm2/s"), tmp_path)
    assert unit_factor(series.volume.unit) == 1000
    np.testing.assert_allclose(adc_in_um2_per_s(series.volume).values, adc_um2_per_s(), rtol=1e-6)  # float32


def test_a_unit_that_nobody_states_stays_open_until_it_is_given(tmp_path: Path) -> None:
    slices = adc_slices()
    assert not read(slices, tmp_path / "open").volume.unit
    assert read(slices, tmp_path / "given", ADC_UNIT).volume.unit == ADC_UNIT


def test_another_unit_than_that_of_the_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DiffusionError, match=r"'ADC' is in 'mm2/s' by its files, but '1e-6 mm2/s' was given"):
        read(adc_slices(mapping=a_mapping(1e-6, "mm2/s")), tmp_path, ADC_UNIT)


def test_slices_in_different_units_are_refused(tmp_path: Path) -> None:
    slices = [*adc_slices(kind="um2/s")[:2], *adc_slices()[2:]]
    with pytest.raises(DiffusionError, match="slices in the units 'um2/s' and 'none'"):
        read(slices, tmp_path)


def test_slices_with_rescales_of_their_own_are_read_each_by_its_own(tmp_path: Path) -> None:
    slices = adc_slices(kind="um2/s")
    slices[1].RescaleSlope = 2.0
    values = read(slices, tmp_path).volume.values
    np.testing.assert_allclose(values[1], 2 * adc_um2_per_s()[1], rtol=1e-6)  # float32
    np.testing.assert_allclose(values[2], adc_um2_per_s()[2], rtol=1e-6)


def test_a_ct_is_no_adc_map(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="is no classic MR slice"):
        read(ct_slices(adc_um2_per_s(), a_grid(), intercept=0.0), tmp_path)


def test_of_several_series_one_has_to_be_chosen(tmp_path: Path) -> None:
    other = adc_slices()
    for ds in other:
        ds.SeriesInstanceUID, ds.SOPInstanceUID = "1.2.3.77", f"{ds.SOPInstanceUID[:-3]}.77"
    folder = save_slices([*adc_slices(), *other], tmp_path)
    with pytest.raises(InputFileError, match="not known among 2: choose one by its UID: 'ADC'"):
        read_adc_series(folder)
    assert read_adc_series(folder, series_uid="1.2.3.77").description == "ADC"
