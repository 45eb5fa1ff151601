"""A study in files: read again as it was, refused where it is damaged, and beside its pre-treatment scan."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

import small_study
from brachyresponse.errors import InputFileError, PerfusionError
from brachyresponse.perfusion import MapName, PerfusionStudy, measure_perfusion
from brachyresponse.perfusion.interpretation import Verdict
from brachyresponse.perfusion.study import StudyDates, judge_study, read_study_record, write_study
from brachyresponse.perfusion.study.record_of import record_of

BEFORE = StudyDates(scan=date(2026, 2, 20), treatment=date(2026, 3, 7))


@pytest.fixture(scope="module")
def before() -> PerfusionStudy:
    """A pre-treatment scan of the same patient, hyperperfused."""
    return measure_perfusion(small_study.request(dates=BEFORE))


@pytest.fixture(scope="module")
def low() -> PerfusionStudy:
    """A later scan whose lesion has the blood of white matter."""
    return measure_perfusion(small_study.request(small_study.dce_series(vp_lesion=small_study.VP["white matter"])))


@pytest.fixture(scope="module")
def folder(dce: PerfusionStudy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("study") / "new"
    write_study(dce, path)
    return path


def test_what_was_written_is_read_again(dce: PerfusionStudy, folder: Path) -> None:
    found, judged = read_study_record(folder), judge_study(dce).record
    for name in judged.__dataclass_fields__:
        assert getattr(found, name) == getattr(judged, name), name


def test_the_share_of_voxels_at_a_bound_is_that_of_the_map(dce: PerfusionStudy) -> None:
    entry = record_of(dce).lesions[0]
    lesion = dce.request.lesions[entry.name].mask
    at_bound = dce.map(MapName.AT_BOUND).values[lesion]
    assert entry.share_left == 1.0  # all of the lesion counts
    assert entry.share_at_bound == pytest.approx(np.nanmean(at_bound > 0), abs=1e-6)  # both from the same voxels


def test_signal_recovery_and_peak_height_are_means_of_the_lesion(dsc: PerfusionStudy) -> None:
    entry = record_of(dsc).lesions[0]
    lesion = dsc.request.lesions[entry.name].mask
    told = {MapName.PSR: entry.signal_recovery_percent, MapName.RPH: entry.relative_peak_height}
    for name, mean in told.items():
        assert mean == pytest.approx(float(np.nanmean(dsc.map(name).values[lesion])), rel=1e-5)  # single precision
    assert entry.share_at_bound is None


def test_the_record_holds_plain_json_without_nan(folder: Path) -> None:
    text = (folder / "perfusion.json").read_text(encoding="utf-8")
    values = json.loads(text)
    assert values["schema"] == 1
    assert "NaN" not in text
    assert [one["text"] for one in values["interpretations"][0]["sentences"]][-1].startswith("In the study behind")


def test_a_record_of_another_schema_is_refused(folder: Path, tmp_path: Path) -> None:
    values = json.loads((folder / "perfusion.json").read_text(encoding="utf-8"))
    (tmp_path / "perfusion.json").write_text(json.dumps({**values, "schema": 2}), encoding="utf-8")
    with pytest.raises(InputFileError, match="schema 2, this version reads schema 1"):
        read_study_record(tmp_path)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("kind", "asl", "'kind' is 'asl', expected one of dce, dsc"),
        ("ratios", [{"lesion": 3}], "ratios 1: 'lesion' is 3, expected a text"),
        ("scan_date", "yesterday", "'scan_date' is 'yesterday'"),
        ("warnings", None, "'warnings' is None"),
    ],
)
def test_a_damaged_field_is_named(folder: Path, tmp_path: Path, key: str, value: object, message: str) -> None:
    values = json.loads((folder / "perfusion.json").read_text(encoding="utf-8"))
    (tmp_path / "perfusion.json").write_text(json.dumps({**values, key: value}), encoding="utf-8")
    with pytest.raises(InputFileError, match=message):
        read_study_record(tmp_path / "perfusion.json")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"perfusion\.json cannot be read"):
        read_study_record(tmp_path)


def test_maps_are_images_on_the_grid_of_the_series(dce: PerfusionStudy, folder: Path) -> None:
    image = sitk.ReadImage(str(folder / "vp.nrrd"))
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), dce.map(MapName.VP).values)
    assert image.GetMetaData("content") == "vp"
    assert {path.stem for path in folder.glob("*.nrrd")} == set(dce.maps)


def test_tables_show_a_dash_and_the_reason_never_nan(folder: Path) -> None:
    with (folder / "ratios.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    refused = next(row for row in rows if row["ratio"] == "rKtrans")
    assert refused["ratio value"] == "-"
    assert "noise" in refused["why not evaluable"]
    assert all("nan" not in path.read_text(encoding="utf-8").lower() for path in folder.glob("*.csv"))


def test_a_low_ratio_counts_beside_a_high_pre_treatment_scan(before: PerfusionStudy, low: PerfusionStudy) -> None:
    judged = judge_study(low, record_of(before))
    assert judged.interpretations["Lesion"].verdict is Verdict.ABSENCE_COUNTS
    row = next(visit for visit in judged.visits() if visit.after.map == "vp")
    assert row.before is not None
    assert row.before.value == pytest.approx(3.0, rel=0.05)
    assert next(row for row in judged.record.timing if row.id == "pre_treatment_scan").passed


def test_a_lesion_of_another_name_is_paired_where_there_is_only_one(
    before: PerfusionStudy, low: PerfusionStudy
) -> None:
    renamed = replace(record_of(before), lesions=(replace(record_of(before).lesions[0], name="Metastasis"),))
    assert renamed.lesion_like("Lesion") == "Metastasis"
    two = replace(renamed, lesions=(renamed.lesions[0], replace(renamed.lesions[0], name="Other")))
    assert two.lesion_like("Lesion") is None
    found = judge_study(low, two).interpretations["Lesion"]
    assert (found.verdict, found.rules[0]) == (Verdict.ABSENCE_WEAKENED, "low_not_seen_before")


def test_a_pre_treatment_scan_is_not_judged(before: PerfusionStudy) -> None:
    judged = judge_study(before)
    assert judged.is_pre_treatment
    assert judged.interpretations == {}


def test_a_pre_treatment_scan_of_another_patient_is_refused(before: PerfusionStudy, low: PerfusionStudy) -> None:
    with pytest.raises(PerfusionError, match="is of patient 'P2', this one of 'P1'"):
        judge_study(low, replace(record_of(before), patient_id="P2"))


def test_a_pre_treatment_scan_from_later_is_refused(before: PerfusionStudy, low: PerfusionStudy) -> None:
    with pytest.raises(PerfusionError, match="later than the treatment"):
        judge_study(low, replace(record_of(before), scan_date=date(2026, 3, 8)))
    with pytest.raises(PerfusionError, match="later than this one"):
        judge_study(low, replace(record_of(before), scan_date=date(2028, 1, 1)))


def test_blood_volume_that_was_not_corrected_is_judged_in_its_place_without_weight() -> None:
    settings = replace(small_study.request().settings, correct_leakage=False)
    series = small_study.dsc_series(ratio=1.0)
    study = measure_perfusion(small_study.dsc_request(series, settings=settings))
    found = judge_study(study).interpretations["Lesion"]
    assert (found.verdict, found.weight) == (Verdict.ABSENCE_UNRELIABLE, 0.0)
    assert "leakage_uncorrected" in found.rules
