"""An ADC map from a file: its unit from the side-car, the header, or from whoever gives it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.diffusion import ADC_UNIT, read_adc, write_adc
from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Volume
from diffusion_phantom import adc_values, grid


def written(path: Path, unit: str = "") -> Path:
    image = grid().to_image(adc_values().astype(np.float32))
    if unit:
        image.SetMetaData("units", unit)
    sitk.WriteImage(image, str(path))
    return path


def test_a_map_comes_back_where_it_lay(tmp_path: Path) -> None:
    adc = read_adc(written(tmp_path / "adc.nrrd"), unit=ADC_UNIT)
    assert (adc.name, adc.unit) == ("adc", ADC_UNIT)
    assert adc.grid == grid()
    np.testing.assert_allclose(adc.values, adc_values(), rtol=1e-6)  # float32


def test_the_unit_is_that_of_the_side_car_or_of_the_header(tmp_path: Path) -> None:
    path = written(tmp_path / "adc.nii.gz")
    assert not read_adc(path).unit
    (tmp_path / "adc.json").write_text(json.dumps({"Units": "mm2/s"}), encoding="utf-8")
    assert read_adc(path).unit == "mm2/s"
    assert read_adc(path, unit=ADC_UNIT).unit == ADC_UNIT
    assert read_adc(written(tmp_path / "other.nrrd", "um2/s")).unit == "um2/s"


def test_a_map_that_was_written_has_its_unit_and_its_gaps(tmp_path: Path) -> None:
    values = adc_values().astype(np.float32)
    values[0] = np.nan
    adc = read_adc(write_adc(Volume("ADC", values, grid(), ADC_UNIT), tmp_path / "adc.nrrd"))
    assert adc.unit == ADC_UNIT
    np.testing.assert_array_equal(adc.values, values)


def test_a_file_that_is_no_map_is_refused(tmp_path: Path) -> None:
    (tmp_path / "adc.nrrd").write_text("nothing", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"adc\.nrrd cannot be read as an image"):
        read_adc(tmp_path / "adc.nrrd")
    path = written(tmp_path / "map.nrrd")
    (tmp_path / "map.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"map\.json cannot be read"):
        read_adc(path)
