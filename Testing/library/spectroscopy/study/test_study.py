"""What spectra tell of lesions: fitted, placed, recorded, and read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from brachyresponse.errors import InputFileError, SpectroscopyError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.spectroscopy import (
    RatioName,
    Spectra,
    SpectroscopyRequest,
    SpectroscopySettings,
    SpectroscopyStudy,
    measure_spectroscopy,
    read_metabolite_table,
    read_spectroscopy_record,
    write_spectroscopy,
)
from brachyresponse.spectroscopy.study import NO_VALUE, ratio_facts, setting_facts
from spectra_files import DWELL_S, TRANSMITTER_MHZ, brain, turned_voxels

CENTRE_MM = np.array([5.0, -8.0, 12.0])
FIT = 0.03
"""Relative: noise of the decays and the freedom of the fit's baseline."""


def box(name: str, low_mm: tuple[float, float, float], high_mm: tuple[float, float, float]) -> Structure:
    """A box about the middle of the voxels, on a grid of 1 mm."""
    grid = Grid.covering(CENTRE_MM - 30, CENTRE_MM + 30, 1.0)
    away = grid.points_mm() - CENTRE_MM
    return Structure(name, ((away >= low_mm) & (away <= high_mm)).all(axis=-1), grid)


def spectra_of(fid: np.ndarray, grid: Grid, **more: object) -> Spectra:
    return Spectra("series", fid, grid, DWELL_S, TRANSMITTER_MHZ, 144.0, 1500.0, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def single() -> Spectra:
    return spectra_of(brain()[None, None, None], turned_voxels((1, 1, 1), (20.0, 20.0, 20.0)), patient_id="P1")


@pytest.fixture(scope="module")
def lesion() -> Structure:
    """Fills most of the single voxel."""
    return box("1", (-25.0, -25.0, -25.0), (25.0, 25.0, 25.0))


@pytest.fixture(scope="module")
def study(single: Spectra, lesion: Structure) -> SpectroscopyStudy:
    request = SpectroscopyRequest(
        single,
        [lesion, box("corner", (-25.0, -25.0, -25.0), (-9.0, 25.0, 25.0))],
        anatomy=lesion.grid,
        seed_positions_mm=CENTRE_MM[None] + [40.0, 0.0, 0.0],
        scan_date=date(2026, 5, 4),
    )
    return measure_spectroscopy(request)


@pytest.fixture(scope="module")
def grid_study() -> SpectroscopyStudy:
    """Four voxels: tumour, half of it, normal, and nothing at all."""
    decays = [brain(cho=12.0, naa=4.0, seed=1), brain(cho=9.0, naa=7.0, seed=2), brain(cho=6.0, seed=3)]
    fid = np.array([*decays, np.zeros_like(decays[0])]).reshape(1, 2, 2, -1)
    matrix = np.diag([10.0, 10.0, 10.0, 1.0])
    matrix[:3, 3] = CENTRE_MM
    request = SpectroscopyRequest(
        spectra_of(fid, Grid((1, 2, 2), matrix)),
        [box("1", (-5.0, -5.0, -5.0), (11.4, 5.0, 5.0))],  # all of voxel 0 0 0, and two thirds of its neighbour along i
        normal_voxels=[(0, 1, 0)],
    )
    return measure_spectroscopy(request)


class TestSingleVoxel:
    def test_the_ratios_are_those_of_the_lines(self, study: SpectroscopyStudy) -> None:
        (row,) = study.rows
        assert row.is_good
        cho_naa = row.ratio(RatioName.CHO_NAA)
        assert cho_naa is not None
        assert cho_naa.value == pytest.approx(0.6, rel=FIT)
        assert cho_naa.low < cho_naa.value < cho_naa.high  # type: ignore[operator]
        assert {each.metabolite for each in row.metabolites if each.is_used} >= {"Cho", "Cr", "NAA"}
        assert all(each.reason for each in row.metabolites if not each.is_used)

    def test_a_lesion_that_fills_the_voxel_gets_its_ratios(self, study: SpectroscopyStudy) -> None:
        found = study.record.lesion_ratio("1", RatioName.CHO_NAA)
        assert found is not None
        assert (found.statistic, found.voxels, found.at) == ("voxel", 1, (0.0, 0.0, 0.0))
        assert found.value == pytest.approx(0.6, rel=FIT)
        assert study.record.lesion("1").best_share == pytest.approx(1.0, abs=0.01)  # type: ignore[union-attr]

    def test_one_that_fills_a_corner_does_not_and_it_is_said_why(self, study: SpectroscopyStudy) -> None:
        found = study.record.lesion_ratio("corner", "Cho/NAA")
        assert found is not None
        assert (found.value, found.voxels) == (None, 0)
        assert "'corner' fills" in found.reasons[0]
        assert "expected at least 50%" in found.reasons[0]

    def test_what_is_unknown_is_none(self, study: SpectroscopyStudy) -> None:
        assert study.record.lesion("2") is None
        assert study.record.lesion_ratio("1", "Cho/NAA", "mean") is None
        assert study.record.voxel((1, 0, 0)) is None
        assert study.maps == {}

    def test_the_record_comes_back_from_its_file(self, study: SpectroscopyStudy, tmp_path: Path) -> None:
        files = write_spectroscopy(study, tmp_path / "new" / "folder")
        assert [path.name for path in files] == ["spectroscopy.json", "metabolites.csv", "spectroscopy_lesions.csv"]
        again, record = read_spectroscopy_record(tmp_path / "new" / "folder"), study.record
        assert again.voxels == record.voxels
        assert again.lesions == record.lesions
        assert (again.patient_id, again.scan_date, again.settings) == ("P1", date(2026, 5, 4), record.settings)
        assert (again.size_ijk, again.ijk_to_ras) == (record.size_ijk, record.ijk_to_ras)

    def test_its_table_of_metabolites_is_one_that_is_read(self, study: SpectroscopyStudy, tmp_path: Path) -> None:
        write_spectroscopy(study, tmp_path)
        table = read_metabolite_table(tmp_path / "metabolites.csv")
        again = measure_spectroscopy(SpectroscopyRequest(table, assigned_lesion="1"))
        value, expected = (
            each.record.lesion_ratio("1", "Cho/NAA").value  # type: ignore[union-attr]
            for each in (again, study)
        )
        assert value == pytest.approx(expected, rel=1e-4)  # the table has six digits
        assert "fitted by another program" in " ".join(again.record.notes)


class TestGrid:
    def test_the_voxels_of_the_lesion_give_maximum_and_mean(self, grid_study: SpectroscopyStudy) -> None:
        highest = grid_study.record.lesion_ratio("1", "Cho/NAA")
        mean = grid_study.record.lesion_ratio("1", "Cho/NAA", "mean")
        assert highest is not None
        assert mean is not None
        assert (highest.statistic, highest.voxels, highest.at) == ("maximum", 2, (0.0, 0.0, 0.0))
        assert highest.value == pytest.approx(3.0, rel=2 * FIT)
        assert mean.value == pytest.approx(np.sqrt(3.0 * 9 / 7), rel=2 * FIT)  # geometric
        assert mean.low < mean.value < mean.high  # type: ignore[operator]
        assert (highest.normal_value, mean.normal_value) == (pytest.approx(0.6, rel=2 * FIT),) * 2

    def test_empty_voxels_are_no_rows_and_the_normal_side_counts_for_no_lesion(
        self, grid_study: SpectroscopyStudy
    ) -> None:
        assert [row.voxel for row in grid_study.rows] == [(0, 0, 0), (1, 0, 0), (0, 1, 0)]
        assert [row.is_normal_side for row in grid_study.rows] == [False, False, True]
        assert [row.share_of("1") for row in grid_study.rows] == [
            pytest.approx(share, abs=0.06)  # the lesion is drawn in steps of a millimetre, of voxels of 10
            for share in (1.0, 0.65, 0.0)
        ]

    def test_maps_hold_the_ratios_and_a_value_for_none(self, grid_study: SpectroscopyStudy, tmp_path: Path) -> None:
        import SimpleITK as sitk

        volume = grid_study.maps[RatioName.CHO_NAA]
        assert volume.values[0, 1, 1] == NO_VALUE
        assert volume.values[0, 0, 0] == pytest.approx(3.0, rel=2 * FIT)
        assert np.isfinite(volume.values).all()
        files = write_spectroscopy(grid_study, tmp_path)
        image = sitk.ReadImage(str(next(path for path in files if path.name == "cho_naa.nrrd")))
        np.testing.assert_array_equal(sitk.GetArrayFromImage(image), volume.values)
        assert Grid.from_image(image) == volume.grid
        (entry,) = [each for each in grid_study.record.maps if each.ratio is RatioName.CHO_NAA]
        assert (entry.file, entry.no_value, entry.voxels) == ("cho_naa.nrrd", 0.0, 3)

    def test_only_a_single_voxel_can_be_said_to_lie_on_a_lesion(self, grid_study: SpectroscopyStudy) -> None:
        with pytest.raises(SpectroscopyError, match="has several voxels"):
            measure_spectroscopy(replace(grid_study.request, assigned_lesion="1"))

    def test_a_grid_of_which_no_voxel_can_be_fitted_is_refused_with_the_reason(self) -> None:
        mirrored = np.conj([brain(seed=1), brain(seed=2)]).reshape(1, 1, 2, -1)
        spectra = spectra_of(mirrored, turned_voxels((2, 1, 1), (9.0, 9.0, 9.0)))
        with pytest.raises(SpectroscopyError, match=r"None of the 2 voxels of 'series' can be fitted\. .*conjugated"):
            measure_spectroscopy(SpectroscopyRequest(spectra))

    def test_a_grid_without_a_decay_is_refused(self) -> None:
        empty = spectra_of(np.zeros((1, 1, 2, 64), complex), turned_voxels((2, 1, 1), (9.0, 9.0, 9.0)))
        with pytest.raises(SpectroscopyError, match="All voxels of 'series' are empty"):
            measure_spectroscopy(SpectroscopyRequest(empty))


TABLE = """metabolite,amplitude,crb_percent,te_ms
Cho,3,{cho},144
NAA,1,5,144
Lac,{lac},10,144
Cr,2,6,144
"""


def of_table(tmp_path: Path, cho: float = 5, lac: float = 4, **more: object) -> SpectroscopyStudy:
    path = tmp_path / "fitted.csv"
    path.write_text(TABLE.format(cho=cho, lac=lac))
    return measure_spectroscopy(SpectroscopyRequest(read_metabolite_table(path), **more))  # type: ignore[arg-type]


class TestTable:
    def test_ratios_have_the_interval_of_both_bounds(self, tmp_path: Path) -> None:
        (row,) = of_table(tmp_path).rows
        cho_naa, lac_cr = row.ratio(RatioName.CHO_NAA), row.ratio(RatioName.LIP_LAC_CR)
        assert cho_naa is not None
        assert lac_cr is not None
        reach = np.exp(1.96 * np.hypot(0.05, 0.05))
        assert (cho_naa.value, cho_naa.low, cho_naa.high) == pytest.approx((3.0, 3 / reach, 3 * reach))
        assert lac_cr.value == pytest.approx(2.0)

    def test_a_bound_above_twenty_percent_is_not_used(self, tmp_path: Path) -> None:
        (row,) = of_table(tmp_path, cho=20.3, lac=0).rows
        assert row.ratio(RatioName.CHO_NAA).value is None  # type: ignore[union-attr]
        assert "Its bound is 21 %, above 20 %." in " ".join(row.ratio(RatioName.CHO_CR).reasons)  # type: ignore[union-attr]
        assert "amplitude is 0" in " ".join(row.ratio(RatioName.LIP_LAC_CR).reasons)  # type: ignore[union-attr]

    def test_without_a_place_a_person_has_to_say_which_lesion_it_is(self, tmp_path: Path, lesion: Structure) -> None:
        unsaid = of_table(tmp_path, lesions=[lesion]).record.lesion_ratio("1", "Cho/NAA")
        assert unsaid is not None
        assert "say which lesion it was laid on" in unsaid.reasons[0]
        said = of_table(tmp_path, lesions=[lesion], assigned_lesion="1").record
        assert said.lesion_ratio("1", "Cho/NAA").value == pytest.approx(3.0)  # type: ignore[union-attr]
        assert "A person said that the voxel was laid on '1'." in said.notes


class TestPlace:
    """By tables with a grid: nothing has to be fitted."""

    @staticmethod
    def measured(tmp_path: Path, **more: object) -> SpectroscopyStudy:
        path = tmp_path / "fitted.csv"
        path.write_text(TABLE.format(cho=5, lac=4))
        table = replace(read_metabolite_table(path), grid=turned_voxels((1, 1, 1), (20.0, 20.0, 20.0)))
        return measure_spectroscopy(SpectroscopyRequest(table, **more))  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("choice", "message"),
        [
            ({"seed_positions_mm": CENTRE_MM[None]}, "A seed lies in the voxel"),
            ({"ventricle": box("v", (-25.0, -25.0, -25.0), (0.0, 25.0, 25.0))}, "of the voxel is ventricle"),
            ({"bone": box("b", (6.0, -25.0, -25.0), (25.0, 25.0, 25.0))}, "bone or scalp"),
        ],
    )
    def test_what_spoils_a_voxel_leaves_it_out_and_is_said(
        self, tmp_path: Path, lesion: Structure, choice: dict[str, object], message: str
    ) -> None:
        found = self.measured(tmp_path, lesions=[lesion], **choice)
        assert message in " ".join(found.rows[0].place_reasons)
        ratio = found.record.lesion_ratio("1", "Cho/NAA")
        assert ratio is not None
        assert ratio.value is None
        assert message in " ".join(ratio.reasons)

    def test_a_seed_farther_than_the_margin_is_only_recorded(self, tmp_path: Path, lesion: Structure) -> None:
        seed = turned_voxels((1, 1, 1), (20.0, 20.0, 20.0)).to_ras([[0.9, 0.0, 0.0]])  # 8 mm from the face
        near = self.measured(tmp_path, lesions=[lesion], seed_positions_mm=seed)
        assert (near.rows[0].seed_distance_mm, near.rows[0].place_reasons) == (pytest.approx(8.0), ())
        wide = SpectroscopySettings(seed_margin_mm=10.0)
        far = self.measured(tmp_path, lesions=[lesion], seed_positions_mm=seed, settings=wide)
        assert "8.0 mm from the voxel" in far.rows[0].place_reasons[0]

    def test_a_voxel_beside_the_anatomy_is_refused_and_one_that_sticks_out_is_told(self, tmp_path: Path) -> None:
        away = Grid.covering(CENTRE_MM + 100, CENTRE_MM + 150, 1.0)
        with pytest.raises(SpectroscopyError, match="lie outside the anatomical image"):
            self.measured(tmp_path, anatomy=away)
        half = Grid.covering(CENTRE_MM, CENTRE_MM + 60, 1.0)
        assert "sticks out" in self.measured(tmp_path, anatomy=half).record.warnings[0]

    def test_the_least_share_is_the_users(self, tmp_path: Path) -> None:
        small = box("1", (-5.0, -5.0, -5.0), (5.0, 5.0, 5.0))
        loose = SpectroscopySettings(least_lesion_share=0.1)
        found = self.measured(tmp_path, lesions=[small], settings=loose).record.lesion_ratio("1", "Cho/NAA")
        assert found is not None
        assert found.value == pytest.approx(3.0)


class TestRequest:
    def test_two_lesions_of_one_name_are_refused(self, single: Spectra, lesion: Structure) -> None:
        with pytest.raises(SpectroscopyError, match="Two lesions have one name"):
            SpectroscopyRequest(single, [lesion, lesion])

    @pytest.mark.parametrize("value", [-0.1, 1.5, True, "half"])
    def test_settings_outside_their_range_are_refused(self, value: object) -> None:
        with pytest.raises(SpectroscopyError, match=r"Least share of the lesion .* expected 0 to 1"):
            SpectroscopySettings(least_lesion_share=value)  # type: ignore[arg-type]

    def test_every_setting_and_ratio_has_its_facts_and_source(self) -> None:
        assert all(facts.source for facts in setting_facts())
        assert set(ratio_facts()) == set(RatioName)
        assert ratio_facts()[RatioName.CHO_CR].quantity.value == "113081"

    def test_a_normal_voxel_has_to_be_there(self, single: Spectra) -> None:
        with pytest.raises(SpectroscopyError, match=r"no voxel \(4, 0, 0\)"):
            measure_spectroscopy(SpectroscopyRequest(single, normal_voxels=[(4, 0, 0)]))


def test_files_that_are_no_record_are_refused(tmp_path: Path) -> None:
    (tmp_path / "spectroscopy.json").write_text('{"schema": 1, "patient_id": ""}')
    with pytest.raises(InputFileError, match=r"spectroscopy\.json: 'name' is missing"):
        read_spectroscopy_record(tmp_path)
    (tmp_path / "other.json").write_text('{"schema": 9}')
    with pytest.raises(InputFileError, match="schema 9"):
        read_spectroscopy_record(tmp_path / "other.json")
