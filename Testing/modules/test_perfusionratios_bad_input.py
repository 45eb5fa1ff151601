"""Bad input to a study of the scene: a sentence that says what to do, or a warning, and the scene stays as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import slicer.util

from brachyresponse.errors import BrachyResponseError
from brachyresponse.geometry import Structure
from brachyresponse.perfusion import DynamicSeries
from brachyresponse.perfusion.study import MapName
from brachyresponse.scene.perfusion_sequences import add_sequence, fill_sequence
from brachyresponse.scene.segments import write_structure
from brachyresponse.types import AnyArray
from scene.building import volume_of
from scene.perfused import FRAMES, SHAPE_KJI, SIGNAL, Perfused, add_perfused, ball, grid, series, signals
from scene_state import scene_state


@pytest.fixture
def logic(scene: Any) -> Any:
    import sys

    from reference import PROJECT
    from slicer_standin.modules import load_module

    module = sys.modules[load_module(PROJECT / "PerfusionRatios" / "PerfusionRatios.py").name]
    return module.PerfusionRatiosLogic()


@pytest.fixture
def perfused(scene: Any) -> Perfused:
    return add_perfused(scene)


def refill(perfused: Perfused, frames: AnyArray) -> None:
    """Give the series of a study other frames."""
    fill_sequence(perfused.series, replace(series(), frames=tuple(frames.astype(np.float32))))


def refused(logic: Any, perfused: Perfused, said: str) -> None:
    """A run is refused with a sentence, and the scene is as it was."""
    state = scene_state(slicer.mrmlScene)
    with pytest.raises(BrachyResponseError, match=said):
        logic.compute(perfused.node)
    assert scene_state(slicer.mrmlScene) == state


class TestSeries:
    def test_voxels_that_are_no_number_or_constant_are_left_out_and_said(self, logic: Any, perfused: Perfused) -> None:
        frames = signals().copy()
        k, j, i = np.argwhere(ball("Lesion"))[0]
        frames[3, k, j, i] = np.nan
        frames[:, k, j, i + 1] = SIGNAL
        refill(perfused, frames)
        study = logic.compute(perfused.node)
        assert np.isnan(study.map(MapName.KTRANS).values[k, j, i])
        assert [warning.split(") ")[1] for warning in study.warnings] == [
            "hold values that are no numbers: they are left out.",
            "never change: they are left out.",
        ]
        assert logic.warnings(perfused.node) == study.warnings

    def test_negative_signals_are_not_computed(self, logic: Any, perfused: Perfused) -> None:
        frames = signals().copy()
        frames[:, ball("Lesion")] *= -1
        refill(perfused, frames)
        study = logic.compute(perfused.node)
        assert np.isnan(study.map(MapName.VP).values[ball("Lesion")]).all()
        row = study.ratio("Lesion", MapName.VP)
        assert row.ratio.value is None
        assert row.ratio.reasons

    def test_no_bolus_is_said(self, logic: Any, perfused: Perfused) -> None:
        noise = np.random.default_rng(1).normal(0, 0.5, (FRAMES, *SHAPE_KJI))
        refill(perfused, SIGNAL + noise)
        refused(logic, perfused, "bolus")

    def test_a_bolus_before_the_first_frame_is_said(self, logic: Any, perfused: Perfused) -> None:
        late = DynamicSeries("Late", tuple(signals()[12:]), grid(), series().time_s[12:] - 48.0, series().acquisition)
        node = add_sequence(slicer.mrmlScene, late)
        logic.setSeries(perfused.node, node)
        logic.setKind(perfused.node, "dce")
        refused(logic, perfused, "bolus")

    def test_another_series_forgets_what_was_entered_for_the_one_before(
        self, logic: Any, perfused: Perfused, scene: Any
    ) -> None:
        logic.setParameter(perfused.node, "tr_s", 0.007)
        logic.setSeries(perfused.node, add_sequence(scene, series(), "Again"))
        assert logic.acquisition(perfused.node).tr_s == 0.005
        assert logic.kind(perfused.node) is None

    def test_a_series_that_is_refused_leaves_the_study_as_it_was(
        self, logic: Any, perfused: Perfused, scene: Any
    ) -> None:
        state = scene_state(scene)
        with pytest.raises(BrachyResponseError, match="is one frame"):
            logic.setSeries(perfused.node, perfused.anatomical)
        assert scene_state(scene) == state

    def test_a_removed_series_is_said(self, logic: Any, perfused: Perfused, scene: Any) -> None:
        scene.RemoveNode(perfused.series)
        refused(logic, perfused, "No dynamic series is chosen")


class TestRegions:
    def test_a_lesion_outside_the_field_of_view_is_said(self, logic: Any, perfused: Perfused, scene: Any) -> None:
        matrix = grid().ijk_to_ras.copy()
        matrix[:3, 3] += 500.0
        away = Structure("Away", ball("Lesion"), replace(grid(), ijk_to_ras=matrix))
        logic.addLesion(perfused.node, perfused.segmentation, write_structure(away, perfused.segmentation))
        refused(logic, perfused, "'Away'")

    def test_without_lesion_and_white_matter_there_are_maps_and_no_ratios(self, logic: Any, perfused: Perfused) -> None:
        logic.removeLesion(perfused.node, perfused.segmentation, perfused.ids["Lesion"])
        logic.setWhiteMatter(perfused.node, None, "")
        study = logic.compute(perfused.node)
        assert study.ratios == ()
        assert MapName.KTRANS in logic.maps(perfused.node)
        assert logic.ratioTable(perfused.node).GetNumberOfRows() == 0

    def test_a_lesion_that_was_emptied_since_is_said(self, logic: Any, perfused: Perfused) -> None:
        segment = perfused.segmentation.GetSegmentation().GetSegment(perfused.ids["Lesion"])
        image = segment.GetRepresentation("Binary labelmap")
        image.GetPointData().GetScalars().Fill(0)
        refused(logic, perfused, "'Lesion' of 'Drawn' is empty: draw it")

    def test_lesion_and_white_matter_that_overlap_are_said(self, logic: Any, perfused: Perfused) -> None:
        logic.setWhiteMatter(perfused.node, perfused.segmentation, perfused.ids["Lesion"])
        refused(logic, perfused, r"The lesion and the white matter share 7\.78 cc")


class TestT1AndAif:
    def test_a_t1_map_of_another_geometry_is_resampled_and_said(
        self, logic: Any, perfused: Perfused, scene: Any
    ) -> None:
        shape = (12, 24, 24)
        matrix = grid().ijk_to_ras.copy()
        matrix[:3, 3] -= matrix[:3, :3].sum(axis=1) / 4
        matrix[:3, :3] /= 2
        fine = volume_of(np.full(shape, 1400.0), replace(grid(), shape_kji=shape, ijk_to_ras=matrix), "T1 map")
        logic.setT1(perfused.node, volumeNode=fine)
        study = logic.compute(perfused.node)
        assert "The T1 map 'T1 map' has another geometry than the series and was resampled to it." in study.warnings

    def test_an_artery_without_a_bolus_is_said(self, logic: Any, perfused: Perfused) -> None:
        frames = signals().copy()
        rng = np.random.default_rng(2)
        frames[:, ball("Artery")] = SIGNAL + rng.normal(0, 1, frames[:, ball("Artery")].shape)
        refill(perfused, frames)
        refused(logic, perfused, "no bolus: it does not rise above its noise, so choose another series, mask or artery")

    def test_t1_that_is_not_known_is_asked_for(self, logic: Any, perfused: Perfused) -> None:
        logic.setT1(perfused.node)
        refused(logic, perfused, "T1 before contrast is not known")

    def test_an_agent_that_is_not_in_the_table_is_said(self, logic: Any, perfused: Perfused) -> None:
        logic.setSetting(perfused.node, "relaxivity_per_s_per_mmol_l", None)
        logic.setParameter(perfused.node, "agent", "water")
        refused(logic, perfused, "water")


def test_a_dsc_of_a_dce_is_refused_for_its_echo_time_or_its_signal(logic: Any, perfused: Perfused) -> None:
    logic.setParameter(perfused.node, "te_s", None)
    logic.setKind(perfused.node, "dsc")
    refused(logic, perfused, "te_s")


class TestCalls:
    @pytest.mark.parametrize(
        ("call", "said"),
        [
            (lambda logic, node: logic.compute(None), "No perfusion study is chosen"),
            (lambda logic, node: logic.deleteStudy(None), "No perfusion study is chosen"),
            (lambda logic, node: logic.setParameter(node, "tr_s", "fast"), "'fast' is not a number"),
            (lambda logic, node: logic.setFrameTimes(node, "soon"), "Frame times are numbers, in s, found 'soon'"),
            (lambda logic, node: logic.curveAt(node, "there"), "A position is three numbers in mm, found 'there'"),
            (lambda logic, node: logic.curveAt(node, (1.0, np.nan, 0.0)), "A position is three numbers in mm"),
            (lambda logic, node: logic.showChart(node), "'Follow-up' has no curves yet: measure it first"),
        ],
    )
    def test_what_is_no_study_number_or_place_is_said(
        self, logic: Any, perfused: Perfused, call: Any, said: str
    ) -> None:
        state = scene_state(slicer.mrmlScene)
        with pytest.raises(BrachyResponseError, match=said):
            call(logic, perfused.node)
        assert scene_state(slicer.mrmlScene) == state


class TestCopies:
    def test_a_copy_that_is_deleted_takes_nothing_of_the_study_along(self, logic: Any, perfused: Perfused) -> None:
        logic.compute(perfused.node)
        state = len(logic.maps(perfused.node)), logic.curveChart(perfused.node)
        copy = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLScriptedModuleNode", "Copy")
        copy.Copy(perfused.node)
        assert logic.studies() == [perfused.node, copy]
        logic.deleteStudy(copy)
        assert (len(logic.maps(perfused.node)), logic.curveChart(perfused.node)) == state
        assert logic.studies() == [perfused.node]
        assert logic.staleReason(perfused.node) == ""
