"""Spectra in ResponseAssess: loaded, fitted, drawn, saved with the scene, and told when they are out of date."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import slicer
import vtk

from brachyresponse.errors import BrachyResponseError, Cancelled, InputFileError, SpectroscopyError
from brachyresponse.geometry import Grid, Structure
from brachyresponse.scene.nodes import SceneError, nodes_of_class
from brachyresponse.scene.segments import write_structure
from brachyresponse.scene.tables import column_of, read_table
from brachyresponse.spectroscopy import Spectra, read_spectra, read_spectroscopy_record, write_nifti_mrs
from scene.building import linear_transform, rotation
from scene.followed import BASELINE, Scan, add_scan, ball, grid, response_logic
from scene_state import scene_state
from spectra_files import DWELL_S, TRANSMITTER_MHZ, brain, turned_voxels

TABLE = "metabolite,amplitude,crb_percent,te_ms\nCho,3,5,144\nNAA,1,5,144\nCr,2,6,144\n"


def at_origin(size_ijk: tuple[int, int, int], voxel_mm: tuple[float, float, float]) -> Grid:
    """Oblique voxels about the middle of the image."""
    turned = turned_voxels(size_ijk, voxel_mm)
    matrix = turned.ijk_to_ras.copy()
    matrix[:3, 3] -= turned.centre_mm
    return Grid(turned.shape_kji, matrix)


def spectra_of(name: str, fid: np.ndarray, voxels: Grid, **more: Any) -> Spectra:
    return Spectra(name, fid, voxels, DWELL_S, TRANSMITTER_MHZ, 144.0, **more)


@pytest.fixture
def logic(scene: Any) -> Any:
    return response_logic()


@pytest.fixture
def scan(scene: Any) -> Scan:
    return add_scan(scene, "Baseline")


@pytest.fixture
def visit(logic: Any, scan: Scan) -> Any:
    """A visit with a ball of 14 mm as lesion T1."""
    node = logic.addVisit(logic.createAssessment("Anna"), BASELINE, "baseline", scan.volume)
    logic.addLesion(node, scan.segmentation, scan.draw("Lesion", (0.0, 0.0, 0.0), 7.0), "T1")
    return node


@pytest.fixture
def load(logic: Any, visit: Any, tmp_path: Path) -> Callable[[Spectra], Any]:
    return lambda spectra: logic.loadSpectra(visit, write_nifti_mrs(spectra, tmp_path / f"{spectra.name}.nii.gz"))


@pytest.fixture
def single(load: Callable[[Spectra], Any]) -> Any:
    return load(spectra_of("svs", brain()[None, None, None], at_origin((1, 1, 1), (12.0, 12.0, 12.0))))


@pytest.fixture
def csi(load: Callable[[Spectra], Any]) -> Any:
    """Two voxels with a decay, and one without."""
    fid = np.array([brain(cho=12.0, naa=4.0), brain(seed=1), np.zeros_like(brain())]).reshape(1, 1, 3, -1)
    return load(spectra_of("csi", fid, at_origin((3, 1, 1), (8.0, 8.0, 8.0))))


def names_of(scene: Any, part: str) -> list[str]:
    nodes = (scene.GetNthNode(number) for number in range(scene.GetNumberOfNodes()))
    return [node.GetName() for node in nodes if part in (node.GetName() or "")]


class TestVoxel:
    def test_it_is_drawn_where_it_lies_oblique(self, logic: Any, single: Any) -> None:
        model = logic.voxelNode(single)
        bounds = np.array(model.GetPolyData().GetBounds())
        corners = at_origin((1, 1, 1), (12.0, 12.0, 12.0)).to_ras(
            [[i, j, k] for i in (-0.5, 0.5) for j in (-0.5, 0.5) for k in (-0.5, 0.5)]
        )
        np.testing.assert_allclose(bounds[::2], corners.min(axis=0), atol=1e-4)  # by the file's single precision
        np.testing.assert_allclose(bounds[1::2], corners.max(axis=0), atol=1e-4)
        assert model.GetDisplayNode().GetVisibility2D()
        assert logic.gridNode(single) is None

    def test_its_share_follows_the_lesion_and_a_transform_above_the_voxel(
        self, logic: Any, scene: Any, single: Any
    ) -> None:
        inside = np.linalg.norm(
            at_origin((1, 1, 1), (12.0, 12.0, 12.0)).to_ras(np.random.default_rng(0).uniform(-0.5, 0.5, (100_000, 3))),
            axis=-1,
        )
        share = logic.lesionShare(single)
        assert share == pytest.approx(np.mean(inside < 7.0), abs=0.03)  # the lesion is drawn in voxels of 2 mm
        assert logic.lesionVoxels(single) == [((0, 0, 0), {"T1": share})]
        for wrong, message in ((("T9",), "no lesion 'T9'"), (("T1", (9, 0, 0)), "no voxel")):
            with pytest.raises(BrachyResponseError, match=message):
                logic.lesionShare(single, *wrong)
        away = linear_transform(scene, np.eye(3), [0.0, 0.0, 100.0])
        logic.voxelNode(single).SetAndObserveTransformNodeID(away.GetID())
        assert logic.lesionShare(single) == 0.0
        turned = linear_transform(scene, rotation(30.0, [1, 2, 3]), [0.0, 0.0, 0.0])
        logic.voxelNode(single).SetAndObserveTransformNodeID(turned.GetID())
        assert logic.lesionShare(single) == pytest.approx(share, abs=0.03)  # a ball, turned about its middle
        wide = linear_transform(scene, 2 * np.eye(3), [0.0, 0.0, 0.0])
        logic.voxelNode(single).SetAndObserveTransformNodeID(wide.GetID())
        with pytest.raises(BrachyResponseError, match="scales, shears or mirrors"):
            logic.lesionShare(single)

    def test_one_that_was_hardened_is_refused_until_it_is_drawn_again(
        self, logic: Any, scene: Any, single: Any
    ) -> None:
        away = linear_transform(scene, np.eye(3), [0.0, 0.0, 5.0])
        logic.voxelNode(single).SetAndObserveTransformNodeID(away.GetID())
        logic.voxelNode(single).HardenTransform()
        with pytest.raises(SpectroscopyError, match="itself was changed, as by hardening"):
            logic.lesionShare(single)
        logic.spectrumChart(single)
        assert logic.lesionShare(single) > 0.6

    def test_of_an_image_that_was_moved_it_is_moved_as_well(
        self, logic: Any, scene: Any, scan: Scan, load: Callable[[Spectra], Any], visit: Any
    ) -> None:
        far = linear_transform(scene, rotation(40.0, [1, 1, 0]), [0.0, 0.0, 300.0])
        for node in (scan.volume, scan.segmentation):
            node.SetAndObserveTransformNodeID(far.GetID())
        node = load(spectra_of("svs", brain()[None, None, None], at_origin((1, 1, 1), (12.0, 12.0, 12.0))))
        assert logic.voxelNode(node).GetTransformNodeID() == far.GetID()
        assert logic.lesionShare(node) > 0.6
        assert "under the transform of 'Baseline T1" in " ".join(logic.fitSpectra(node).record.notes)

    def test_it_is_hidden_and_shown(self, logic: Any, csi: Any) -> None:
        assert logic.isVoxelShown(csi)
        logic.showVoxel(csi, False)
        assert not logic.isVoxelShown(csi)
        assert not logic.gridNode(csi).GetDisplayVisibility()


class TestFit:
    def test_a_single_voxel_gets_record_tables_and_chart(self, logic: Any, single: Any, scene: Any) -> None:
        study = logic.fitSpectra(single)
        ratio = logic.spectraRecord(single).lesion_ratio("T1", "Cho/NAA")
        assert ratio.value == study.record.lesion_ratio("T1", "Cho/NAA").value == pytest.approx(0.6, rel=0.03)  # noise
        assert "Cho" in column_of(read_table(logic.metaboliteTable(single)), "metabolite")
        assert "Cho/NAA" in column_of(read_table(logic.ratioTable(single)), "ratio")
        assert "T1" in column_of(read_table(logic.lesionRatioTable(single)), "lesion")
        (chart,) = nodes_of_class(scene, "vtkMRMLPlotChartNode")
        assert (chart.GetXAxisRange(), chart.GetXAxisRangeAuto()) == ((4.2, -1.0), False)  # higher ppm to the left
        sentences = " ".join(logic.spectraSentences(single))
        assert "TE 144 ms" in sentences
        assert "Cho/NAA, voxel: 0.6" in sentences or "Cho/NAA, voxel: 0.5" in sentences
        with pytest.raises(SpectroscopyError, match="a single voxel has none"):
            logic.ratioMap(single, "Cho/NAA")

    def test_the_table_of_the_spectrum_adds_up(self, logic: Any, single: Any, scene: Any) -> None:
        logic.fitSpectra(single)
        (series, *_) = nodes_of_class(scene, "vtkMRMLPlotSeriesNode")
        table = read_table(series.GetTableNode())
        ppm, measured, fitted, residual = (
            np.array(column_of(table, name), float) for name in ("chemical shift (ppm)", "spectrum", "fit", "residual")
        )
        np.testing.assert_allclose(measured - fitted, residual, atol=1e-6 * np.ptp(measured))
        assert ppm[np.argmax(measured * (np.abs(ppm - 2.0) < 0.2))] == pytest.approx(2.01, abs=0.03)  # NAA, by points

    def test_a_grid_gets_maps_with_codes_on_its_oblique_voxels(self, logic: Any, csi: Any) -> None:
        logic.fitSpectra(csi)
        volume = logic.ratioMap(csi, "Cho/Cr")
        assert volume.GetVoxelValueQuantity().GetCodeValue() == "113081"
        assert volume.GetVoxelValueUnits().GetCodeValue() == "{ratio}"
        np.testing.assert_allclose(slicer.util.arrayFromVolume(volume)[0, 0], [1.5, 0.75, 0.0], rtol=0.05)
        matrix = vtk.vtkMatrix4x4()
        volume.GetIJKToRASMatrix(matrix)
        expected = at_origin((3, 1, 1), (8.0, 8.0, 8.0)).ijk_to_ras
        np.testing.assert_allclose(np.reshape(matrix.GetData(), (4, 4)), expected, atol=1e-4)
        with pytest.raises(SpectroscopyError, match="no ratio 'NAA/Cho'"):
            logic.ratioMap(csi, "NAA/Cho")

    def test_files_are_those_of_the_library_and_come_back(self, logic: Any, csi: Any, tmp_path: Path) -> None:
        with pytest.raises(SpectroscopyError, match="not fitted yet"):
            logic.exportSpectra(csi, tmp_path)
        study = logic.fitSpectra(csi)
        files = logic.exportSpectra(csi, tmp_path / "files")
        assert {"spectroscopy.json", "metabolites.csv", "cho_naa.nrrd", "spectra.nii.gz"} <= {
            each.name for each in files
        }
        assert read_spectroscopy_record(tmp_path / "files").voxels == study.record.voxels
        again = read_spectra(tmp_path / "files" / "spectra.nii.gz")
        assert again.grid == at_origin((3, 1, 1), (8.0, 8.0, 8.0))
        logic.setNormalVoxels(csi, [(0, 0, 0)])
        with pytest.raises(SpectroscopyError, match="a choice was changed"):
            logic.exportSpectra(csi, tmp_path / "files")

    def test_the_chart_follows_the_chosen_voxel(self, logic: Any, csi: Any) -> None:
        logic.fitSpectra(csi)
        assert logic.shownVoxel(csi) == (1, 0, 0)  # it holds most of the lesion
        chart = logic.spectrumChart(csi, (0, 0, 0))
        assert "voxel 0 0 0" in chart.GetTitle()
        assert logic.shownVoxel(csi) == (0, 0, 0)
        for wrong, message in (((2, 0, 0), "is empty"), ((3, 0, 0), "no voxel")):
            with pytest.raises(SpectroscopyError, match=message):
                logic.spectrumChart(csi, wrong)
        assert logic.shownVoxel(csi) == (0, 0, 0)

    def test_cancelling_leaves_the_scene_as_it_was(self, logic: Any, csi: Any, scene: Any) -> None:
        def stop(fraction: float, message: str) -> None:
            raise Cancelled

        before = scene_state(scene)
        with pytest.raises(Cancelled):
            logic.fitSpectra(csi, stop)
        assert scene_state(scene) == before
        assert logic.spectraRecord(csi) is None
        assert logic.spectraSentences(csi) == ()

    def test_a_table_of_another_program_has_ratios_but_no_spectrum(
        self, logic: Any, visit: Any, tmp_path: Path
    ) -> None:
        (tmp_path / "fitted.csv").write_text(TABLE)
        node = logic.loadMetaboliteTable(visit, tmp_path / "fitted.csv")
        logic.setVoxelLesion(node, "T1")
        logic.fitSpectra(node)
        assert logic.spectraRecord(node).lesion_ratio("T1", "Cho/NAA").value == pytest.approx(3.0)
        assert (logic.voxelLesion(node), logic.lesionShare(node), logic.voxelNode(node)) == ("T1", None, None)
        with pytest.raises(SpectroscopyError, match="a table of amplitudes without spectra"):
            logic.spectrumChart(node)


class TestChoices:
    """By a table: nothing has to be fitted."""

    @pytest.fixture
    def table(self, logic: Any, visit: Any, tmp_path: Path) -> Any:
        (tmp_path / "fitted.csv").write_text(TABLE)
        return logic.loadMetaboliteTable(visit, tmp_path / "fitted.csv")

    def test_what_changes_makes_the_result_out_of_date_and_says_so(self, logic: Any, table: Any, scan: Scan) -> None:
        assert logic.spectraStale(table) == ""
        logic.fitSpectra(table)
        assert logic.spectraStale(table) == ""
        logic.setVoxelLesion(table, "T1")
        assert logic.spectraStale(table) == "a choice was changed"
        assert "OUT OF DATE: a choice was changed" in logic.ratioTable(table).GetDescription()
        logic.fitSpectra(table)
        assert "OUT OF DATE" not in logic.ratioTable(table).GetDescription()
        write_structure(Structure("Lesion", ball((3.0, 0.0, 0.0), 7.0), grid()), scan.segmentation)
        assert logic.spectraStale(table) == "a lesion was changed"

    def test_a_lesion_that_is_not_drawn_does_not_concern_them(self, logic: Any, table: Any, visit: Any) -> None:
        logic.fitSpectra(table)
        logic.addManualLesion(visit, "T2", 9.0, 8.0)
        assert logic.spectraStale(table) == ""

    def test_a_lesion_that_is_renamed_or_removed_is_followed(self, logic: Any, table: Any, visit: Any) -> None:
        logic.setVoxelLesion(table, "T1")
        logic.renameLesion(visit, "T1", "T7")
        assert logic.voxelLesion(table) == "T7"
        logic.removeLesion(visit, "T7")
        assert logic.voxelLesion(table) == ""
        with pytest.raises(BrachyResponseError, match="no lesion 'T7'"):
            logic.setVoxelLesion(table, "T7")

    def test_settings_and_structures_are_kept(self, logic: Any, single: Any, scan: Scan) -> None:
        logic.setSpectraSetting(single, "least_lesion_share", 0.9)
        assert logic.spectraSettings(single).least_lesion_share == 0.9
        for name, value, message in (("share", 1, "no setting 'share'"), ("least_lesion_share", 2, "expected 0 to 1")):
            with pytest.raises(SpectroscopyError, match=message):
                logic.setSpectraSetting(single, name, value)
        logic.setSpectraStructure(single, "ventricle", scan.segmentation, scan.draw("Ventricle", (0.0, 0.0, 0.0), 9.0))
        with pytest.raises(SpectroscopyError, match="choose one of ventricle, bone"):
            logic.setSpectraStructure(single, "skin", scan.segmentation, "x")
        study = logic.fitSpectra(single)
        assert "is ventricle" in study.rows[0].place_reasons[0]

    def test_of_several_voxels_none_is_laid_on_a_lesion_by_hand(self, logic: Any, csi: Any) -> None:
        with pytest.raises(SpectroscopyError, match="has 3 voxels"):
            logic.setVoxelLesion(csi, "T1")
        logic.setNormalVoxels(csi, [(2, 0, 0)])
        assert logic.normalVoxels(csi) == ((2, 0, 0),)
        with pytest.raises(SpectroscopyError, match="no voxel"):
            logic.setNormalVoxels(csi, [(9, 0, 0)])


class TestScene:
    def test_a_saved_scene_holds_all_and_fits_to_the_same(
        self, logic: Any, csi: Any, scene: Any, tmp_path: Path
    ) -> None:
        turn = linear_transform(scene, rotation(10.0, [0, 0, 1]), [1.0, 0.0, 0.0])
        logic.voxelNode(csi).SetAndObserveTransformNodeID(turn.GetID())
        logic.setNormalVoxels(csi, [(0, 0, 0)])
        before = logic.fitSpectra(csi).record
        assert scene.WriteToMRB(str(tmp_path / "scene.mrb"))
        scene.Clear(0)
        assert scene.ReadFromMRB(str(tmp_path / "scene.mrb"), True)
        (node,) = logic.spectra(logic.visits(logic.assessments()[0])[0])
        assert logic.spectraRecord(node).voxels == before.voxels
        assert logic.spectraStale(node) == ""
        assert logic.shownVoxel(node) == (1, 0, 0)
        assert logic.ratioMap(node, "Cho/NAA").GetVoxelValueQuantity().GetCodeValue() == "CHO_NAA"
        assert logic.fitSpectra(node).record.voxels == before.voxels
        (chart,) = nodes_of_class(scene, "vtkMRMLPlotChartNode")
        assert chart.GetXAxisRange() == (4.2, -1.0)  # the legend lies right of the spectrum

    def test_deleting_takes_all_that_is_theirs(self, logic: Any, csi: Any, single: Any, visit: Any, scene: Any) -> None:
        logic.fitSpectra(single)
        logic.removeSpectra(single)
        assert names_of(scene, "svs") == []
        assert nodes_of_class(scene, "vtkMRMLPlotSeriesNode") == []
        assert logic.spectra(visit) == [csi]
        assert names_of(scene, "csi") != []
        logic.removeVisit(logic.assessmentOf(visit), visit)
        assert names_of(scene, "csi") == []

    def test_they_are_named_by_their_visit(self, logic: Any, single: Any, visit: Any) -> None:
        logic.renameAssessment(logic.assessmentOf(visit), "Berta")
        assert single.GetName() == "Berta 2026-03-01 svs"
        assert logic.voxelNode(single).GetName() == "Berta 2026-03-01 svs voxel"
        assert logic.spectraVisit(single) is visit


class TestRefused:
    def test_what_cannot_be_loaded_adds_nothing(self, logic: Any, visit: Any, scene: Any, tmp_path: Path) -> None:
        decay = brain()[None, None, None]
        voxel = at_origin((1, 1, 1), (12.0, 12.0, 12.0))
        far = Grid((1, 1, 1), voxel.ijk_to_ras + np.eye(4, 4, 3) * 300)
        logic.setPatientID(logic.assessmentOf(visit), "P1")
        cases = {
            "far": (spectra_of("far", decay, far), SpectroscopyError, "outside the anatomical image"),
            "water": (
                spectra_of("water", decay, voxel, is_water_suppressed=False), SpectroscopyError, "not water-suppressed"
            ),
            "other": (spectra_of("other", decay, voxel, patient_id="P2"), SpectroscopyError, "patient 'P2', but"),
        }  # fmt: skip
        before = scene_state(scene)
        for name, (spectra, error, message) in cases.items():
            path = write_nifti_mrs(spectra, tmp_path / f"{name}.nii.gz")
            with pytest.raises(error, match=message):
                logic.loadSpectra(visit, path)
        for load, name in ((logic.loadSpectra, "gone.nii"), (logic.loadMetaboliteTable, "gone.csv")):
            with pytest.raises(InputFileError, match="cannot be read"):
                load(visit, tmp_path / name)
        assert scene_state(scene) == before

    def test_nodes_that_are_no_spectra(self, logic: Any, visit: Any, single: Any) -> None:
        with pytest.raises(SceneError, match="is no spectra"):
            logic.fitSpectra(visit)
        logic.removeSpectra(single)
        with pytest.raises(SceneError, match="removed from the scene"):
            logic.fitSpectra(single)

    def test_data_that_were_deleted_are_said(self, logic: Any, single: Any, scene: Any) -> None:
        (data,) = [node for node in nodes_of_class(scene, "vtkMRMLTextNode") if node.GetName().endswith("data")]
        data.SetText("AAAA")
        with pytest.raises(SpectroscopyError, match="are damaged"):
            logic.fitSpectra(single)
        scene.RemoveNode(data)
        with pytest.raises(SpectroscopyError, match="were deleted: load the file again"):
            logic.fitSpectra(single)
