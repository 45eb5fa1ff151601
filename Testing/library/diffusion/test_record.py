"""Diffusion in files: what is written comes back, and a damaged file is refused."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from brachyresponse.diffusion import (
    DiffusionSettings,
    LesionPart,
    adc_from_b_values,
    measure_diffusion,
    read_diffusion_record,
    record_of,
    write_diffusion,
)
from brachyresponse.errors import DiffusionError, InputFileError
from brachyresponse.geometry import Volume
from diffusion_phantom import RIM, adc_values, grid, request

QUICK = DiffusionSettings(bootstrap_samples=20)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    asked = request(
        settings=QUICK,
        scan_date=date(2026, 9, 1),
        patient_id="A",
        b_values_s_per_mm2=(0, 1000),
        is_undistorted=None,
    )
    folder = tmp_path_factory.mktemp("diffusion")
    write_diffusion(measure_diffusion(asked), folder)
    return folder


def test_a_record_comes_back_as_it_was_written(written: Path) -> None:
    record = read_diffusion_record(written)
    again = written / "again"
    write_diffusion(record, again)
    assert (again / "diffusion.json").read_text("utf-8") == (written / "diffusion.json").read_text("utf-8")
    assert (record.patient_id, record.scan_date, record.is_registered, record.is_undistorted) == (
        "A",
        date(2026, 9, 1),
        True,
        None,
    )
    assert record.lesions == ("T1",)
    assert record.b_values_s_per_mm2 == (0, 1000)


def test_a_record_has_every_figure_of_the_study() -> None:
    study = measure_diffusion(request(settings=QUICK))
    record = record_of(study)
    part = record.part("T1")
    assert part is not None
    entry = part.statistic("p5")
    assert entry is not None
    assert entry.value == study.row("T1").value("p5")
    ratio = study.row("T1").ratios[entry.statistic]
    assert (entry.ratio, entry.low, entry.high) == (ratio.value, ratio.low, ratio.high)
    restriction = record.restriction("T1")
    assert restriction is not None
    assert restriction.sentence == study.restrictions["T1"].sentence
    assert record.white_matter is record.part("White matter", LesionPart.REFERENCE)


def test_the_table_has_a_row_a_statistic_of_each_part(written: Path) -> None:
    rows = list(csv.DictReader((written / "diffusion.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) == 3 * 6
    assert {row["part"] for row in rows} == {"enhancing part", "core", "white matter"}
    assert float(rows[0]["ADC (1e-6 mm2/s)"]) == pytest.approx(RIM, abs=20)
    assert rows[-1]["ratio to white matter"] == "-"


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("schema", 2, "is of schema 2, this version reads schema 1"),
        ("parts", [{"lesion": "T1"}], "'part' is missing"),
        ("unit", 5, "'unit' is 5, expected a text"),
    ],
)
def test_a_damaged_file_is_refused_with_its_name(
    written: Path, tmp_path: Path, key: str, value: object, message: str
) -> None:
    fields = json.loads((written / "diffusion.json").read_text("utf-8")) | {key: value}
    (tmp_path / "diffusion.json").write_text(json.dumps(fields), encoding="utf-8")
    with pytest.raises(InputFileError, match=f"diffusion.json.*{message}"):
        read_diffusion_record(tmp_path)


def test_a_map_from_images_at_two_b_values_is_the_one_that_made_them() -> None:
    first = np.full(grid().shape_kji, 500.0)
    first[0] = 2.0
    weighted = first * np.exp(-1000e-6 * adc_values())
    images = [Volume("b 0", first, grid()), Volume("b 1000", weighted, grid())]
    adc = adc_from_b_values(images, [0, 1000])
    assert np.isnan(adc.values[0]).all()
    np.testing.assert_allclose(adc.values[1:], adc_values()[1:], rtol=1e-5)  # float32
    assert measure_diffusion(request(adc=adc, settings=QUICK)).row("T1").value() == pytest.approx(RIM, abs=20)


def test_images_of_different_series_are_refused() -> None:
    image = Volume("b 0", np.ones(grid().shape_kji), grid())
    other = Volume("b 1000", np.ones((2, 2, 2)), type(grid())((2, 2, 2), np.eye(4)))
    with pytest.raises(DiffusionError, match=r"'b 1000' lies on .* give images of one series"):
        adc_from_b_values([image, other], [0, 1000])
    with pytest.raises(DiffusionError, match="There are no diffusion images"):
        adc_from_b_values([], [])
    with pytest.raises(DiffusionError, match="There are 2 diffusion images, but 3 b values"):
        adc_from_b_values([image, image], [500, 1000, 0])
