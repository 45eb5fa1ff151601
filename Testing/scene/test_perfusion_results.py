"""A study that was measured: maps, tables, chart and interpretation in the scene, and what becomes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import slicer
import slicer.util

from brachyresponse.errors import Cancelled, PerfusionError
from brachyresponse.perfusion.study import MapName, map_facts
from brachyresponse.scene import perfusion_staleness as staleness
from brachyresponse.scene.hierarchy import folder_of, root_folder
from brachyresponse.scene.nodes import SceneError, nodes_of_class
from brachyresponse.scene.perfusion_acquisition import set_parameter
from brachyresponse.scene.perfusion_choices import set_setting
from brachyresponse.scene.perfusion_curves import write_place
from brachyresponse.scene.perfusion_maps import map_nodes, need_map, show_map, shown_map
from brachyresponse.scene.perfusion_measuring import measure_study
from brachyresponse.scene.perfusion_parts import (
    PerfusionRole,
    perfusion_part,
    perfusion_parts,
    perfusion_studies_in,
)
from brachyresponse.scene.perfusion_records import need_record, read_record
from brachyresponse.scene.perfusion_segments import read_lesions
from brachyresponse.scene.perfusion_studies import create_study, delete_study, read_study_series, rename_study
from brachyresponse.scene.tables import read_table
from scene.perfused import ACQUISITION, Perfused, add_perfused, ball
from scene_state import scene_state


def ignore(fraction: float, message: str) -> None:
    """No progress is shown."""


@pytest.fixture
def perfused(scene: Any) -> Perfused:
    return add_perfused(scene)


@pytest.fixture
def measured(perfused: Perfused) -> Perfused:
    measure_study(perfused.node, ignore)
    return perfused


def values_of(node: Any) -> Any:
    return slicer.util.arrayFromVolume(node)


def series_names(chart: Any) -> list[str]:
    ids = [chart.GetNthPlotSeriesNodeID(n) for n in range(chart.GetNumberOfPlotSeriesNodes())]
    return [slicer.mrmlScene.GetNodeByID(node_id).GetName() for node_id in ids]


class TestMaps:
    def test_they_hold_the_truth_and_say_quantity_and_unit(self, measured: Perfused) -> None:
        node = need_map(measured.node, "ktrans")
        inside = values_of(node)[ball("Lesion")]
        assert inside.mean() == pytest.approx(0.12, rel=0.03)  # the noise of 36 voxels, not the method's error
        assert node.GetVoxelValueQuantity().GetCodeValue() == map_facts("ktrans").quantity.value == "126312"
        assert node.GetVoxelValueUnits().GetCodeMeaning() == "/min"

    def test_what_was_not_computed_is_nan_and_transparent(self, measured: Perfused) -> None:
        node = need_map(measured.node, "vp")
        brain = ball("Lesion") | ball("White matter") | ball("Artery")
        assert np.isnan(values_of(node)[~brain]).all()
        display = node.GetDisplayNode()
        assert display.GetApplyThreshold()
        assert not display.GetInterpolate()
        assert "NaN where it was not computed" in node.GetDescription()
        facts = map_facts("vp")
        assert (display.GetWindowLevelMin(), display.GetWindowLevelMax()) == pytest.approx(facts.window)

    def test_a_view_shows_a_map_in_colours_and_the_image_beside_it(
        self, measured: Perfused, a_slice_view: Any, tmp_path: Path
    ) -> None:
        a_slice_view.show(measured.anatomical)
        measured.segmentation.GetDisplayNode().SetVisibility(False)
        show_map(measured.node, "vp")
        a_slice_view.fit()
        a_slice_view.jump_to((18.0, 4.0, 0.0))
        picture = picture_of(a_slice_view, tmp_path)
        column, row = a_slice_view.pixel_of((18.0, 4.0, 0.0))
        lesion, beside = picture[row, column].astype(int), picture[5, 5].astype(int)
        assert np.ptp(lesion) > 40  # coloured
        assert np.ptp(beside) == 0  # grey: nothing was computed there
        assert shown_map(measured.node) is MapName.VP
        show_map(measured.node, None)
        assert shown_map(measured.node) is None

    def test_one_map_has_its_legend_at_a_time(self, measured: Perfused, a_slice_view: Any) -> None:
        for name in ("vp", "ktrans"):
            show_map(measured.node, name)
        legend = slicer.vtkSlicerColorLogic.GetColorLegendDisplayNode
        assert not legend(need_map(measured.node, "vp")).GetVisibility()
        assert legend(need_map(measured.node, "ktrans")).GetVisibility()
        assert legend(need_map(measured.node, "ktrans")).GetTitleText() == map_facts("ktrans").title

    def test_an_unknown_map_is_refused(self, perfused: Perfused) -> None:
        with pytest.raises(PerfusionError, match="'Follow-up' has no map 'vp': measure it first"):
            show_map(perfused.node, "vp")
        measure_study(perfused.node, ignore)
        with pytest.raises(PerfusionError, match="has no map 'cbf': it has ktrans, vp"):
            show_map(perfused.node, "cbf")


class TestTables:
    def test_ratios_are_there_and_no_cell_is_nan(self, measured: Perfused) -> None:
        table = read_table(perfusion_part(measured.node, PerfusionRole.RATIOS))
        by_kind = {row[1:5:3]: row for row in table.rows}
        value = by_kind["rVp", "mean"][table.columns.index("ratio value")]
        assert float(value) == pytest.approx(3.0, rel=0.05)
        roles = (PerfusionRole.RATIOS, PerfusionRole.COMPARISON, PerfusionRole.EXCLUSIONS, PerfusionRole.TIMING)
        cells = [cell for role in roles for row in read_table(perfusion_part(measured.node, role)).rows for cell in row]
        assert not [cell for cell in cells if str(cell).lower() == "nan"]

    def test_a_study_without_pre_treatment_scan_says_so_rule_by_rule(self, measured: Perfused) -> None:
        text = perfusion_part(measured.node, PerfusionRole.INTERPRETATION).GetText()
        assert text.startswith("Lesion: Hyperperfused")
        assert "[six_of_fourteen]" in text

    def test_the_record_gives_back_what_was_measured(self, measured: Perfused) -> None:
        record = need_record(measured.node)
        row = record.ratio("Lesion", "vp")
        assert row is not None
        assert row.value == pytest.approx(3.0, rel=0.05)
        assert [each.name for each in record.lesions] == ["Lesion"]


class TestChart:
    def test_curves_stand_with_their_fits_and_the_arterial_one_is_scaled(self, measured: Perfused) -> None:
        names = series_names(perfusion_part(measured.node, PerfusionRole.CURVE_CHART))
        assert names[1:] == [
            "Lesion (Follow-up)",
            "Lesion, fit (Follow-up)",
            "White matter (Follow-up)",
            "White matter, fit (Follow-up)",
        ]
        assert names[0].startswith("AIF / ")
        tables = [read_table(node) for node in perfusion_parts(measured.node, PerfusionRole.CURVE_TABLE)]
        peaks = [max(float(row[1]) for row in table.rows) for table in tables]
        assert max(peaks[1:]) / 3 < peaks[0] <= max(peaks[1:])

    def test_the_curve_at_the_crosshair_is_one_more_and_is_replaced(self, scene: Any, perfused: Perfused) -> None:
        study = measure_study(perfused.node, ignore).study
        chart = perfusion_part(perfused.node, PerfusionRole.CURVE_CHART)
        lesion, white = (tuple(int(n) for n in np.argwhere(ball(name))[0]) for name in ("Lesion", "White matter"))
        for place in (lesion, white):
            curve = study.fitted_curve(place)
            write_place(perfused.node, curve)
        assert series_names(chart)[-2:] == ["Crosshair (Follow-up)", "Crosshair, fit (Follow-up)"]
        assert chart.GetNumberOfPlotSeriesNodes() == 7
        table = read_table(perfusion_parts(perfused.node, PerfusionRole.CURVE_TABLE)[-1])
        np.testing.assert_allclose([row[1] for row in table.rows], curve.values, atol=1e-9)
        measure_study(perfused.node, ignore)
        assert chart.GetNumberOfPlotSeriesNodes() == 5

    def test_the_curves_leave_room_for_the_legend(self, measured: Perfused) -> None:
        chart = perfusion_part(measured.node, PerfusionRole.CURVE_CHART)
        tables = [read_table(node) for node in perfusion_parts(measured.node, PerfusionRole.CURVE_TABLE)]
        highest = max(max(row[1:]) for table in tables for row in table.rows)
        low, high = chart.GetYAxisRange()
        assert not chart.GetYAxisRangeAuto()
        assert low < 0 < highest < low + 0.75 * (high - low)


class TestAgain:
    def test_another_run_takes_its_own_nodes_again(self, scene: Any, measured: Perfused) -> None:
        mine = need_map(measured.node, "vp")
        mine.GetDisplayNode().SetWindowLevelMinMax(0.0, 0.5)
        count = scene.GetNumberOfNodes()
        measure_study(measured.node, ignore)
        assert scene.GetNumberOfNodes() == count
        assert need_map(measured.node, "vp") is mine
        assert mine.GetDisplayNode().GetWindowLevelMax() == 0.5  # the user's choice stays

    def test_maps_that_another_model_does_not_have_go(self, measured: Perfused) -> None:
        for model, has_ve in (("extended_tofts", True), ("patlak", False)):
            set_setting(measured.node, "model", model)
            measure_study(measured.node, ignore)
            assert (MapName.VE in map_nodes(measured.node)) is has_ve
        assert "Follow-up ve" not in [
            node.GetName() for node in nodes_of_class(slicer.mrmlScene, "vtkMRMLScalarVolumeNode")
        ]

    def test_a_cancelled_run_leaves_the_scene_as_it_was(self, scene: Any, measured: Perfused) -> None:
        state = scene_state(scene)

        def cancel(fraction: float, message: str) -> None:
            if fraction > 0.5:
                raise Cancelled

        with pytest.raises(Cancelled):
            measure_study(measured.node, cancel)
        assert scene_state(scene) == state

    def test_a_scene_that_is_closed_meanwhile_gets_nothing(self, scene: Any, perfused: Perfused) -> None:
        def close(fraction: float, message: str) -> None:
            if perfusion_studies_in(scene):
                scene.Clear(0)

        with pytest.raises(SceneError, match="'Follow-up' was deleted while it was measured: nothing was written"):
            measure_study(perfused.node, close)
        assert not nodes_of_class(scene, "vtkMRMLTableNode")

    def test_what_is_missing_is_said_before_anything_is_written(self, scene: Any, perfused: Perfused) -> None:
        set_parameter(perfused.node, "tr_s", None)
        state = scene_state(scene)
        with pytest.raises(PerfusionError, match="repetition time, needed for the concentration: enter tr_s, in s"):
            measure_study(perfused.node, ignore)
        assert scene_state(scene) == state


class TestStaleness:
    def test_results_hold_until_something_they_depend_on_changes(self, measured: Perfused) -> None:
        assert staleness.stale_perfusion_reason(measured.node) == ""
        set_parameter(measured.node, "tr_s", 0.006)
        assert "the acquisition or a setting was changed" in staleness.stale_perfusion_reason(measured.node)
        set_parameter(measured.node, "tr_s", 0.005)
        assert staleness.stale_perfusion_reason(measured.node) != ""  # its origin is another
        measure_study(measured.node, ignore)
        assert staleness.stale_perfusion_reason(measured.node) == ""

    def test_a_reason_that_was_given_stays_until_it_is_measured_again(self, measured: Perfused) -> None:
        staleness.mark_perfusion_stale(measured.node, "the lesion was edited")
        assert staleness.stale_perfusion_reason(measured.node) == "the lesion was edited"
        measure_study(measured.node, ignore)
        assert staleness.stale_perfusion_reason(measured.node) == ""

    def test_what_is_changed_during_a_run_makes_its_results_stale(self, perfused: Perfused) -> None:
        def change(fraction: float, message: str) -> None:
            set_parameter(perfused.node, "tr_s", 0.006)

        measure_study(perfused.node, change)
        assert "the acquisition or a setting was changed" in staleness.stale_perfusion_reason(perfused.node)

    def test_a_deleted_series_and_a_deleted_segment_are_noticed(self, scene: Any, measured: Perfused) -> None:
        measured.segmentation.GetSegmentation().RemoveSegment(measured.ids["Lesion"])
        assert staleness.stale_perfusion_reason(measured.node) != ""
        scene.RemoveNode(measured.series)
        assert staleness.stale_perfusion_reason(measured.node) == "the series was taken away"

    def test_a_study_without_results_is_not_stale(self, perfused: Perfused) -> None:
        assert staleness.stale_perfusion_reason(perfused.node) == ""
        assert read_record(perfused.node) is None
        with pytest.raises(PerfusionError, match="'Follow-up' was not measured yet: measure it first"):
            need_record(perfused.node)


class TestLife:
    def test_everything_lies_in_one_folder(self, scene: Any, measured: Perfused) -> None:
        hierarchy = slicer.vtkMRMLSubjectHierarchyNode.GetSubjectHierarchyNode(scene)
        folder = folder_of(measured.node)
        assert hierarchy.GetItemName(folder) == "Follow-up"
        assert hierarchy.GetItemParent(folder) == root_folder(scene)
        listed = (PerfusionRole.MAPS, PerfusionRole.RATIOS, PerfusionRole.CURVE_CHART, PerfusionRole.INTERPRETATION)
        assert {folder_of(node) for role in listed for node in perfusion_parts(measured.node, role)} == {folder}
        assert folder_of(measured.series) != folder

    def test_a_deleted_study_takes_its_belongings_along_and_nothing_else(self, scene: Any) -> None:
        perfused = add_perfused(scene, "First")
        delete_study(create_study(scene, perfused.series, "Second"))  # makes what a scene keeps, as the root folder
        before = {scene.GetNthNode(n).GetID() for n in range(scene.GetNumberOfNodes())}
        delete_study(create_study(scene, perfused.series, "Second"))
        assert {scene.GetNthNode(n).GetID() for n in range(scene.GetNumberOfNodes())} == before
        measure_study(perfused.node, ignore)
        delete_study(perfused.node)
        kept = ("First DCE", "First post-contrast", "Drawn")
        assert all(scene.GetFirstNodeByName(name) is not None for name in kept)
        assert not nodes_of_class(scene, "vtkMRMLPlotChartNode")
        assert not nodes_of_class(scene, "vtkMRMLTextNode")

    def test_a_renamed_study_renames_what_carries_its_name(self, measured: Perfused) -> None:
        rename_study(measured.node, "Month 6")
        assert need_map(measured.node, "vp").GetName() == "Month 6 vp"
        assert perfusion_part(measured.node, PerfusionRole.RATIOS).GetName() == "Month 6 ratios"

    def test_a_saved_scene_brings_the_study_back(self, scene: Any, measured: Perfused, tmp_path: Path) -> None:
        before = values_of(need_map(measured.node, "ktrans")).copy()
        text = perfusion_part(measured.node, PerfusionRole.INTERPRETATION).GetText()
        assert scene.WriteToMRB(str(tmp_path / "study.mrb"))
        scene.Clear(0)
        assert scene.ReadFromMRB(str(tmp_path / "study.mrb"), True)
        (node,) = perfusion_studies_in(scene)
        np.testing.assert_array_equal(values_of(need_map(node, "ktrans")), before)
        assert need_map(node, "ktrans").GetVoxelValueUnits().GetCodeValue() == "/min"
        assert perfusion_part(node, PerfusionRole.INTERPRETATION).GetText() == text
        assert need_record(node).ratio("Lesion", "vp") is not None
        assert read_study_series(node).acquisition == ACQUISITION
        assert list(read_lesions(node)) == ["Lesion"]
        assert staleness.stale_perfusion_reason(node) == ""
        measure_study(node, ignore)  # and it can go on
        assert len(series_names(perfusion_part(node, PerfusionRole.CURVE_CHART))) == 5

    def test_a_scene_added_to_another_brings_a_study_with_parts_of_its_own(
        self, scene: Any, measured: Perfused, tmp_path: Path
    ) -> None:
        assert scene.WriteToMRB(str(tmp_path / "study.mrb"))
        assert scene.ReadFromMRB(str(tmp_path / "study.mrb"), False)
        first, second = perfusion_studies_in(scene)
        assert need_map(first, "vp") is not need_map(second, "vp")
        assert list(read_lesions(second)) == ["Lesion"]
        delete_study(second)
        assert len(map_nodes(first)) > 5
        measure_study(first, ignore)


def picture_of(view: Any, folder: Path) -> Any:
    """Pixels (rows, columns, 3) of a view, the first row at the bottom."""
    import vtk
    from vtk.util.numpy_support import vtk_to_numpy

    reader = vtk.vtkPNGReader()
    reader.SetFileName(str(view.render(folder / "view.png")))
    reader.Update()
    image = reader.GetOutput()
    columns, rows, _ = image.GetDimensions()
    return vtk_to_numpy(image.GetPointData().GetScalars()).reshape(rows, columns, -1)[..., :3]
