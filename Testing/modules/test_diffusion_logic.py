"""The diffusion of a visit through the Logic: its map and unit, the white matter, what is measured, and its life."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import slicer
import slicer.util

from brachyresponse.errors import BrachyResponseError, Cancelled, DiffusionError
from brachyresponse.scene.nodes import nodes_of_class
from brachyresponse.scene.perfusion_images import set_seeds
from brachyresponse.scene.perfusion_segments import WHITE_MATTER, choose_segment
from brachyresponse.scene.seeds import create_seeds_node, write_seeds
from brachyresponse.scene.tables import column_of, read_table
from brachyresponse.seeds import Seeds
from evidence_records import dsc
from scene.followed import FOLLOW_UP, ball, grid, response_logic
from scene.weighed import (
    ADC_LESION,
    ADC_WHITE,
    CENTRE_MM,
    LESION,
    RADIUS_MM,
    Followed,
    add_adc,
    add_drawn,
    add_perfusion,
    add_white_matter,
)
from scene_state import scene_state


@pytest.fixture
def logic(scene: Any) -> Any:
    return response_logic()


@pytest.fixture
def followed(logic: Any, scene: Any) -> Followed:
    return add_drawn(logic, scene)


@pytest.fixture
def visit(followed: Followed) -> Any:
    return followed.visit


@pytest.fixture
def ready(logic: Any, followed: Followed) -> Any:
    """The visit with its ADC map and white matter."""
    logic.setDiffusion(followed.visit, add_adc())
    logic.setDiffusionReference(followed.visit, *add_white_matter(followed.scan))
    return followed.visit


class TestMap:
    def test_the_unit_is_that_of_the_codes_or_asked_for(self, logic: Any, followed: Followed) -> None:
        plain = add_adc(unit=False)
        before = scene_state(slicer.mrmlScene)
        with pytest.raises(DiffusionError, match="'ADC': The ADC map has no unit: give it"):
            logic.setDiffusion(followed.visit, plain)
        with pytest.raises(DiffusionError, match="unit 'furlongs' of the ADC map is not known"):
            logic.setDiffusion(followed.visit, plain, "furlongs")
        assert scene_state(slicer.mrmlScene) == before
        logic.setDiffusion(followed.visit, plain, "1e-6 mm2/s")
        assert logic.diffusionVolume(followed.visit) is plain

    def test_a_map_in_another_unit_gives_the_same_figures(self, logic: Any, ready: Any, followed: Followed) -> None:
        expected = logic.measureDiffusion(ready, LESION).part(LESION).statistic().value
        node = add_adc(unit=False)
        slicer.util.updateVolumeFromArray(node, slicer.util.arrayFromVolume(node) * 1e-3)
        logic.setDiffusion(ready, node, "1e-3 mm2/s")
        found = logic.measureDiffusion(ready, LESION).part(LESION).statistic().value
        assert found == pytest.approx(expected, rel=1e-5)  # single precision
        logic.setDiffusion(ready, node, "1e-6 mm2/s")
        with pytest.raises(DiffusionError, match="1,000 times too small; correct the unit"):
            logic.measureDiffusion(ready, LESION)

    def test_weighted_images_give_a_map_of_our_own_with_codes(self, logic: Any, visit: Any) -> None:
        signals = (np.full(grid().shape_kji, 1000.0), 1000.0 * np.exp(-1000 * 800e-6) * np.ones(grid().shape_kji))
        nodes = [
            slicer.util.addVolumeFromArray(each.astype(np.float32), ijkToRAS=grid().ijk_to_ras, name=f"b {number}")
            for number, each in enumerate(signals)
        ]
        adc = logic.setWeightedImages(visit, nodes, [0, 1000])
        assert slicer.util.arrayFromVolume(adc).mean() == pytest.approx(800.0, rel=1e-4)  # single precision
        assert adc.GetVoxelValueQuantity().GetCodeValue() == "113041"
        assert adc.GetVoxelValueUnits().GetCodeValue() == "10-6.mm2/s"
        assert (logic.diffusionVolume(visit), logic.weightedImages(visit)) == (adc, nodes)
        logic.setDiffusion(visit, None)
        assert adc.GetScene() is None
        assert nodes[0].GetScene() is not None

    def test_weighted_images_that_do_not_fit_are_refused(self, logic: Any, visit: Any, followed: Followed) -> None:
        volume = followed.scan.volume
        other = slicer.util.addVolumeFromArray(np.ones((4, 5, 6), np.float32), name="small")
        before = scene_state(slicer.mrmlScene)
        for nodes, b_values, message in (
            ([volume], [0], "There are 1 diffusion-weighted images, at least two are needed"),
            ([volume, other], [0, 1000], "'small' lies on .*: choose images of one series"),
            ([volume, volume], [1000, 1000], "two different b values are needed"),
        ):
            with pytest.raises(BrachyResponseError, match=message):
                logic.setWeightedImages(visit, nodes, b_values)
        assert scene_state(slicer.mrmlScene) == before


class TestReference:
    def test_that_of_the_perfusion_study_is_taken_unless_another_is_chosen(
        self, logic: Any, followed: Followed, scene: Any
    ) -> None:
        study = add_perfusion(scene, "DSC", dsc(), FOLLOW_UP)
        segmentation, segment_id = add_white_matter(followed.scan)
        choose_segment(study, WHITE_MATTER, segmentation, segment_id)
        assert logic.diffusionReference(followed.visit) is None
        logic.setPerfusion(followed.visit, study)
        assert logic.diffusionReference(followed.visit).name == "White matter"
        own = followed.scan.draw("Other", (-12.0, -8.0, 0.0), 4.0)
        logic.setDiffusionReference(followed.visit, followed.scan.segmentation, own)
        assert logic.diffusionReference(followed.visit).segment_id == own
        logic.setDiffusionReference(followed.visit, None, "")
        assert logic.diffusionReference(followed.visit).segment_id == segment_id

    def test_without_a_drawn_lesion_none_is_proposed(self, logic: Any, followed: Followed) -> None:
        logic.removeLesion(followed.visit, LESION)
        with pytest.raises(DiffusionError, match="has no lesion with a segment, opposite which"):
            logic.proposeDiffusionReference(followed.visit)


class TestMeasure:
    def test_the_lesion_against_white_matter_in_table_chart_and_record(self, logic: Any, ready: Any) -> None:
        record = logic.measureDiffusion(ready, LESION)
        mean = record.part(LESION).statistic("mean")
        assert mean.value == pytest.approx(ADC_LESION, rel=0.01)  # noise of 2 % over hundreds of voxels
        assert mean.low < ADC_LESION / ADC_WHITE < mean.high
        table = read_table(logic.diffusionTable(ready))
        assert set(column_of(table, "lesion")) == {LESION, "White matter"}
        chart = logic.diffusionHistogram(ready)
        names = {chart.GetNthPlotSeriesNode(n).GetName() for n in range(chart.GetNumberOfPlotSeriesNodes())}
        assert "white matter" in names
        assert any(LESION in name for name in names)
        assert logic.diffusionState(ready) == ""
        assert logic.diffusionRecord(ready) is not None

    def test_seeds_with_their_margin_are_left_out(self, logic: Any, ready: Any, scene: Any) -> None:
        without = logic.measureDiffusion(ready, LESION).part(LESION).valid_voxels
        seeds_node = create_seeds_node(scene)
        write_seeds(Seeds(np.array([CENTRE_MM]), np.array([[0.0, 0.0, 1.0]]), np.array([0.5])), seeds_node)
        logic.setVisitSeeds(ready, seeds_node)
        assert logic.diffusionState(ready) == "the seeds were changed"
        record = logic.measureDiffusion(ready, LESION)
        assert record.seeds == 1
        assert record.part(LESION).valid_voxels < without
        assert any("seed" in each.exclusion for each in record.exclusions)
        logic.setVisitSeeds(ready, None)
        study = add_perfusion(scene, "DSC", dsc(), FOLLOW_UP)
        set_seeds(study, seeds_node)
        logic.setPerfusion(ready, study)
        assert logic.diffusionState(ready) == ""  # the same seeds, by the perfusion study

    def test_a_lesion_that_is_mostly_void_is_not_evaluable_and_no_error(self, logic: Any, ready: Any) -> None:
        node = logic.diffusionVolume(ready)
        slicer.util.arrayFromVolume(node)[ball(CENTRE_MM, RADIUS_MM - 0.5)] = 0.0
        slicer.util.arrayFromVolumeModified(node)
        (why, *_) = logic.measureDiffusion(ready, LESION).part(LESION).reasons
        assert "valid" in why

    def test_a_transform_above_the_map_moves_it(self, logic: Any, ready: Any, scene: Any) -> None:
        transform = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "away")
        matrix = np.eye(4)
        matrix[0, 3] = -16.0
        slicer.util.updateTransformMatrixFromArray(transform, matrix)
        logic.diffusionVolume(ready).SetAndObserveTransformNodeID(transform.GetID())
        record = logic.measureDiffusion(ready, LESION)
        assert record.part(LESION).statistic().value == pytest.approx(ADC_WHITE, rel=0.02)  # the lesion moved away

    def test_what_changes_makes_it_out_of_date(self, logic: Any, ready: Any, followed: Followed) -> None:
        logic.measureDiffusion(ready)
        changes = {
            "the ADC map or what is known of it was changed": lambda: logic.setDiffusionUndistorted(ready, False),
            "the white matter was changed": lambda: followed.scan.draw("White matter", (-12.0, -4.0, 0.0), 5.0),
            "a lesion was changed": lambda: followed.scan.draw("Drawn", CENTRE_MM, RADIUS_MM - 2),
        }
        for reason, change in changes.items():
            change()
            assert logic.diffusionState(ready) == reason
            logic.measureDiffusion(ready)
            assert logic.diffusionState(ready) == ""
        assert logic.diffusionRecord(ready).part(LESION).reasons  # displaced by distortion, as was said

    def test_what_cannot_be_measured_leaves_the_scene_as_it_was(
        self, logic: Any, ready: Any, followed: Followed
    ) -> None:
        def stop(share: float, message: str) -> None:
            raise Cancelled

        logic.addManualLesion(ready, "T2", 9.0, 8.0)
        before = scene_state(slicer.mrmlScene)
        with pytest.raises(Cancelled):
            logic.measureDiffusion(ready, LESION, stop)
        with pytest.raises(BrachyResponseError, match="'T2' at the visit of 2026-06-01 has no segment"):
            logic.measureDiffusion(ready, "T2")
        with pytest.raises(BrachyResponseError, match="has no lesion 'T9'"):
            logic.measureDiffusion(ready, "T9")
        earlier = logic.visits(followed.assessment)[0]
        with pytest.raises(DiffusionError, match="The visit of 2026-03-01 has no ADC map"):
            logic.measureDiffusion(earlier, LESION)
        assert scene_state(slicer.mrmlScene) == before

    def test_a_saved_scene_brings_it_back_and_a_deleted_visit_takes_it_along(
        self, logic: Any, ready: Any, scene: Any, tmp_path: Path
    ) -> None:
        expected = logic.measureDiffusion(ready, LESION)
        assert scene.WriteToMRB(str(tmp_path / "diffusion.mrb"))
        scene.Clear(0)
        assert scene.ReadFromMRB(str(tmp_path / "diffusion.mrb"), True)
        logic = response_logic()
        (assessment,) = logic.assessments()
        visit = logic.visits(assessment)[1]
        assert logic.diffusionRecord(visit).parts == expected.parts
        assert logic.diffusionState(visit) == ""
        volume = logic.diffusionVolume(visit)
        logic.removeVisit(assessment, visit)
        assert volume.GetScene() is scene
        assert not nodes_of_class(scene, "vtkMRMLPlotChartNode")
