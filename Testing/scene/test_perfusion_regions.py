"""Lesions, white matter and masks: chosen, grown, proposed and carried."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import slicer.util

from brachyresponse.errors import PerfusionError, StructureError
from brachyresponse.geometry import Structure, Volume
from brachyresponse.lesions import GrownLesion, MrRegistration, SagittalPlane, WhiteMatter
from brachyresponse.scene import perfusion_carrying, perfusion_growing, perfusion_segments
from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part, perfusion_parts, set_perfusion_part
from brachyresponse.scene.perfusion_segments import MASK, WHITE_MATTER, chosen_segment
from brachyresponse.scene.perfusion_studies import create_study, set_kind
from brachyresponse.scene.segments import segment_ids, segment_name, write_structure
from scene.perfused import Perfused, add_perfused, ball, grid
from scene_state import scene_state


@pytest.fixture
def perfused(scene: Any) -> Perfused:
    return add_perfused(scene)


def grown_from(image: Volume, click_mm: Any, *, barriers: Structure | None = None) -> GrownLesion:
    """What the library would grow: the lesion's ball, whatever was clicked; a barrier stands in a warning."""
    warnings = () if barriers is None else (f"Stopped at {barriers.name}.",)
    return GrownLesion(Structure("Lesion", ball("Lesion"), image.grid), 400.0, 300.0, 500.0, warnings)


def proposed(image: Volume, lesion: Structure, *, dose: Volume | None, dose_limit_gy: float) -> WhiteMatter:
    plane = SagittalPlane(np.zeros(3), np.array([1.0, 0, 0]), 1.0)
    structure = Structure("White matter", ball("White matter"), image.grid)
    return WhiteMatter(structure, "left", lesion.name, 20.0, 1.0, dose_limit_gy, plane)


class TestChoosing:
    def test_lesions_keep_their_order_and_their_names(self, perfused: Perfused) -> None:
        node, drawn = perfused.node, perfused.segmentation
        second = write_structure(Structure("Second", ball("Artery"), grid()), drawn)
        perfusion_segments.add_lesion(node, drawn, second)
        perfusion_segments.add_lesion(node, drawn, second)
        assert list(perfusion_segments.read_lesions(node)) == ["Lesion", "Second"]
        perfusion_segments.remove_lesion(node, drawn, perfused.ids["Lesion"])
        assert list(perfusion_segments.read_lesions(node)) == ["Second"]

    def test_two_lesions_of_one_name_are_refused(self, scene: Any, perfused: Perfused) -> None:
        other = scene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Other")
        same = write_structure(Structure("Lesion", ball("Artery"), grid()), other)
        with pytest.raises(PerfusionError, match="Another lesion is named 'Lesion'"):
            perfusion_segments.add_lesion(perfused.node, other, same)

    def test_an_empty_or_missing_segment_is_refused(self, perfused: Perfused) -> None:
        empty = perfused.segmentation.GetSegmentation().AddEmptySegment("", "Empty")
        with pytest.raises(StructureError, match="'Empty' of 'Drawn' is empty"):
            perfusion_segments.add_lesion(perfused.node, perfused.segmentation, empty)
        with pytest.raises(StructureError, match="has no segment 'nothing'"):
            perfusion_segments.choose_segment(perfused.node, WHITE_MATTER, perfused.segmentation, "nothing")
        assert [lesion.name for lesion in perfusion_segments.lesion_segments(perfused.node)] == ["Lesion"]

    def test_a_deleted_segment_and_a_deleted_segmentation_are_said(self, scene: Any, perfused: Perfused) -> None:
        (lesion,) = perfusion_segments.lesion_segments(perfused.node)
        perfused.segmentation.GetSegmentation().RemoveSegment(perfused.ids["Lesion"])
        assert not lesion.exists
        with pytest.raises(StructureError, match="A segment of segmentation 'Drawn' that was chosen was deleted"):
            perfusion_segments.read_lesions(perfused.node)
        scene.RemoveNode(perfused.segmentation)
        (lesion,) = perfusion_segments.lesion_segments(perfused.node)
        with pytest.raises(StructureError, match="A segment that was chosen was deleted: remove it here"):
            lesion.read()

    def test_masks_have_their_roles(self, perfused: Perfused) -> None:
        perfusion_segments.choose_mask(perfused.node, "vessels", perfused.segmentation, perfused.ids["Artery"])
        assert list(perfusion_segments.read_masks(perfused.node)) == ["vessels"]
        perfusion_segments.choose_mask(perfused.node, "vessels", None, "")
        assert perfusion_segments.read_masks(perfused.node) == {}
        with pytest.raises(PerfusionError, match="no mask 'bone': choose one of brain, barriers, vessels"):
            perfusion_segments.choose_mask(perfused.node, "bone", perfused.segmentation, perfused.ids["Artery"])


class TestGrowing:
    def test_a_grown_lesion_is_an_own_segment_that_is_measured(
        self, perfused: Perfused, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(perfusion_growing, "grow_lesion", grown_from)
        perfusion_segments.remove_lesion(perfused.node, perfused.segmentation, perfused.ids["Lesion"])
        perfusion_segments.choose_mask(perfused.node, "barriers", perfused.segmentation, perfused.ids["Artery"])
        node, segment_id = perfusion_growing.grow_lesion_segment(perfused.node, [18, 4, 0])
        assert node is perfusion_part(perfused.node, PerfusionRole.SEGMENTS)
        np.testing.assert_array_equal(perfusion_segments.read_lesions(perfused.node)["Lesion"].mask, ball("Lesion"))
        assert perfusion_growing.read_notes(node, segment_id).endswith("Stopped at Artery.")
        second = perfusion_growing.grow_lesion_segment(perfused.node, [18, 4, 0])
        assert segment_name(*second) == "Lesion 2"

    def test_a_lesion_grown_beside_one_that_was_drawn_gets_a_name_of_its_own(
        self, perfused: Perfused, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(perfusion_growing, "grow_lesion", grown_from)
        perfusion_growing.grow_lesion_segment(perfused.node, [18, 4, 0], perfused.anatomical)
        assert list(perfusion_segments.read_lesions(perfused.node)) == ["Lesion", "Lesion 2"]

    def test_without_an_image_or_off_the_lesion_nothing_is_written(self, scene: Any, perfused: Perfused) -> None:
        bare = create_study(scene, perfused.series, "Bare")
        state = scene_state(scene)
        with pytest.raises(SceneError, match="'Bare' has no anatomical image: choose one"):
            perfusion_growing.grow_lesion_segment(bare, [18, 4, 0])
        with pytest.raises(SceneError, match="has no anatomical image"):
            perfusion_growing.propose_white_matter_segment(bare)
        with pytest.raises(StructureError):
            perfusion_growing.grow_lesion_segment(perfused.node, [500, 0, 0])
        assert scene_state(scene) == state

    def test_white_matter_is_proposed_for_the_largest_lesion_and_proposed_again_in_place(
        self, perfused: Perfused, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(perfusion_growing, "propose_white_matter", proposed)
        node, segment_id = perfusion_growing.propose_white_matter_segment(perfused.node)
        assert chosen_segment(perfused.node, WHITE_MATTER) == perfusion_segments.ChosenSegment(node, segment_id)
        notes = perfusion_growing.read_notes(node, segment_id)
        assert "opposite 'Lesion', 20 mm from it, at most 1.0 Gy (limit 5 Gy)." in notes
        assert perfusion_growing.propose_white_matter_segment(perfused.node) == (node, segment_id)
        assert len(segment_ids(node)) == 1


class TestCarrying:
    @pytest.fixture
    def moved(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        matrix = np.eye(4)
        matrix[:3, 3] = grid().ijk_to_ras[:3, 0]  # one voxel along i

        def register(fixed: Volume, moving: Volume, *, report: Any) -> MrRegistration:
            report(1.0, "registered")
            return MrRegistration(matrix, 0.4, "Half of the RMS distance.", ("Look at it.",))

        monkeypatch.setattr(perfusion_carrying, "register_mr", register)
        return matrix

    def test_segments_come_to_the_series_with_the_residual_and_again_from_what_was_drawn(
        self, perfused: Perfused, moved: Any
    ) -> None:
        for _ in range(2):
            transform = perfusion_carrying.carry_to_series(perfused.node, perfused.anatomical, lambda *_: None)
            lesion = perfusion_segments.read_lesions(perfused.node)["Lesion"]
            np.testing.assert_array_equal(lesion.mask[..., 1:], ball("Lesion")[..., :-1])
        assert perfusion_carrying.residual_mm(transform) == 0.4
        assert perfusion_parts(perfused.node, PerfusionRole.REGISTRATION) == [transform]
        np.testing.assert_allclose(slicer.util.arrayFromTransformMatrix(transform), moved, atol=1e-9)
        assert perfused.ids["Lesion"] in segment_ids(perfused.segmentation)  # what was drawn stays

    def test_the_lesion_of_another_visit_comes_beside_the_one_drawn_here(
        self, scene: Any, perfused: Perfused, moved: Any
    ) -> None:
        before = add_perfused(scene, "Before")
        perfusion_carrying.carry_from_visit(perfused.node, before.node, lambda *_: None)
        perfusion_carrying.carry_from_visit(perfused.node, before.node, lambda *_: None)
        assert list(perfusion_segments.read_lesions(perfused.node)) == ["Lesion", "Lesion of Before"]
        white = chosen_segment(perfused.node, WHITE_MATTER)
        assert white is not None
        assert white.node is perfused.segmentation  # the own one stays

    def test_a_visit_without_segments_takes_over_all(self, scene: Any, perfused: Perfused, moved: Any) -> None:
        other = create_study(scene, perfused.series, "Other")
        set_kind(other, "dce")
        with pytest.raises(SceneError, match="'Other' has no anatomical image"):
            perfusion_carrying.carry_from_visit(other, perfused.node, lambda *_: None)
        assert perfusion_parts(other, PerfusionRole.SEGMENTS) == []
        set_perfusion_part(other, PerfusionRole.ANATOMICAL, perfused.anatomical)
        perfusion_carrying.carry_from_visit(other, perfused.node, lambda *_: None)
        assert list(perfusion_segments.read_lesions(other)) == ["Lesion"]
        assert chosen_segment(other, WHITE_MATTER) is not None
        assert perfusion_segments.chosen_slots(other, MASK) == []

    def test_what_was_drawn_on_the_series_itself_stays_there(self, perfused: Perfused, moved: Any, scene: Any) -> None:
        other = slicer.util.addVolumeFromArray(np.ones((4, 4, 4)), name="Other grid")
        with pytest.raises(PerfusionError, match="has no lesion and no white matter to carry"):
            perfusion_carrying.carry_to_series(perfused.node, other, lambda *_: None)
        assert [lesion.node for lesion in perfusion_segments.lesion_segments(perfused.node)] == [perfused.segmentation]

    def test_a_scene_that_is_closed_meanwhile_gets_nothing(self, scene: Any, perfused: Perfused, moved: Any) -> None:
        def close(fraction: float, message: str) -> None:
            scene.Clear(0)

        with pytest.raises(SceneError, match="'Follow-up' was deleted while segments were carried"):
            perfusion_carrying.carry_to_series(perfused.node, perfused.anatomical, close)

    def test_nothing_to_carry_and_a_foreign_transform_are_said(self, scene: Any, perfused: Perfused) -> None:
        bare = create_study(scene, perfused.series, "Bare")
        with pytest.raises(PerfusionError, match="'Bare' has no lesion and no white matter to carry"):
            perfusion_carrying.carry_to_series(bare, perfused.anatomical, lambda *_: None)
        foreign = scene.AddNewNodeByClass("vtkMRMLLinearTransformNode", "Foreign")
        with pytest.raises(PerfusionError, match="'Foreign' was not made by a registration of ours"):
            perfusion_carrying.residual_mm(foreign)
