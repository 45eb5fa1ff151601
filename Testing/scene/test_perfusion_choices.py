"""What a study is computed with: settings, T1, arterial input, days, seeds, dose, images; and motion taken out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
import slicer.util

from brachyresponse.errors import DoseError, PerfusionError, SeedsError, StructureError
from brachyresponse.perfusion import DynamicSeries
from brachyresponse.perfusion.motion import MotionCorrection
from brachyresponse.perfusion.series import FlipAngleSeries
from brachyresponse.scene import perfusion_choices as choices
from brachyresponse.scene import perfusion_images as images
from brachyresponse.scene import perfusion_motion as motion
from brachyresponse.scene import perfusion_t1 as t1s
from brachyresponse.scene.dose_volume import write_dose
from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.perfusion_parts import PerfusionRole, perfusion_part, perfusion_parts
from brachyresponse.scene.perfusion_request import read_request
from brachyresponse.scene.perfusion_sequences import add_flip_angles, fill_sequence
from brachyresponse.scene.perfusion_studies import read_study_series
from brachyresponse.scene.perfusion_t1 import T1Choice
from brachyresponse.scene.seeds import create_seeds_node, write_seeds
from brachyresponse.scene.tables import read_table
from brachyresponse.seeds import Origin, Seeds
from scene.building import volume_of
from scene.perfused import SHAPE_KJI, T1_S, Perfused, add_perfused, grid, signals


@pytest.fixture
def perfused(scene: Any) -> Perfused:
    return add_perfused(scene)


@pytest.fixture
def study(perfused: Perfused) -> Any:
    return perfused.node


def flip_angles() -> FlipAngleSeries:
    return FlipAngleSeries("VFA", tuple(signals()[:3]), grid(), (2.0, 10.0, 20.0), 0.006, "made")


class TestSettings:
    def test_only_what_was_changed_is_kept(self, study: Any) -> None:
        choices.set_setting(study, "hematocrit", "0.45")
        assert choices.read_settings(study).hematocrit == 0.45
        kept = choices.perfusion_json(study, choices.PerfusionField.SETTINGS)
        assert kept["hematocrit"] == 0.45
        assert "threshold" not in kept
        choices.set_setting(study, "hematocrit", type(choices.read_settings(study))().hematocrit)
        assert "hematocrit" not in choices.perfusion_json(study, choices.PerfusionField.SETTINGS)

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("hematocrit", 42, "The hematocrit is 42, expected 0 to below 1"),
            ("hematocrit", "much", "'much' is not a number; give one"),
            ("least_voxels", 2.5, "2.5 is not a whole number; give one"),
            ("model", "simple", "there is no 'simple'; choose one of tofts, extended_tofts"),
            ("statistic", "mode", "choose one of mean, median, p95, hot_spot"),
            ("parameter", "delay", "there is no .delay.; choose one of ktrans, "),
            ("fit_delay", "-5", "'-5' is not yes or no; give one"),
            ("least_voxels", float("inf"), "inf is not a whole number; give one"),
            ("threshold", "nan", "Limit of hyperperfusion is nan, expected 0.1 to 100"),
            ("weather", 1, "no setting 'weather': choose one of"),
        ],
    )
    def test_a_value_that_cannot_be_is_refused_and_the_one_before_stays(
        self, study: Any, name: str, value: Any, said: str
    ) -> None:
        before = choices.read_settings(study)
        with pytest.raises(PerfusionError, match=said):
            choices.set_setting(study, name, value)
        assert choices.read_settings(study) == before

    def test_several_are_changed_together_or_not_at_all(self, study: Any) -> None:
        before = choices.read_settings(study)
        with pytest.raises(PerfusionError, match="'soon' is not a number"):
            choices.set_settings(study, {"hematocrit": 0.4, "threshold": "soon"})
        assert choices.read_settings(study) == before
        choices.set_settings(study, {"hematocrit": 0.4, "threshold": 2})
        assert (choices.read_settings(study).hematocrit, choices.read_settings(study).threshold) == (0.4, 2.0)

    def test_none_takes_the_proposal_again(self, study: Any) -> None:
        choices.set_setting(study, "seed_margin_mm", 3)
        assert read_request(study).settings.seed_margin_mm == 3.0
        choices.set_setting(study, "seed_margin_mm", None)
        assert read_request(study).settings.seed_margin_mm is None


class TestT1:
    def test_it_has_one_source_and_the_last_one_counts(self, scene: Any, study: Any) -> None:
        assert t1s.read_t1(study) == T1_S
        t1_map = volume_of(np.full(SHAPE_KJI, 1400.0), grid(), "T1 map")
        t1s.set_t1(study, T1Choice(volume_node=t1_map))
        assert t1s.read_t1(study).name == "T1 map"  # type: ignore[union-attr]
        t1s.set_t1(study, T1Choice(flip_angle_nodes=[add_flip_angles(scene, flip_angles(), "VFA")]))
        found = t1s.read_t1(study)
        assert isinstance(found, FlipAngleSeries)
        assert found.flip_angle_deg == (2.0, 10.0, 20.0)
        assert found.tr_s == pytest.approx(0.006)
        t1s.set_t1(study, T1Choice())
        assert t1s.read_t1(study) is None

    def test_images_that_tell_neither_angles_nor_tr_ask_for_them(self, scene: Any, study: Any) -> None:
        volumes = [volume_of(each, grid(), "VFA") for each in signals()[:2]]
        with pytest.raises(PerfusionError, match="'VFA' does not tell its flip angles: give them"):
            t1s.set_t1(study, T1Choice(flip_angle_nodes=volumes))
        with pytest.raises(PerfusionError, match="'VFA' does not tell its repetition time: give it, in s"):
            t1s.set_t1(study, T1Choice(flip_angle_nodes=volumes, flip_angle_deg=(5, 20)))
        assert t1s.read_t1(study) == T1_S
        t1s.set_t1(study, T1Choice(flip_angle_nodes=volumes, flip_angle_deg=(5, 20), tr_s=0.005))
        assert t1s.read_t1(study).flip_angle_deg == (5.0, 20.0)  # type: ignore[union-attr]

    def test_two_sources_and_milliseconds_are_refused(self, perfused: Perfused) -> None:
        with pytest.raises(PerfusionError, match="one source"):
            T1Choice(seconds=1.0, volume_node=perfused.anatomical)
        with pytest.raises(PerfusionError, match=r"T1 before contrast is 1400 s, expected 0\.05 to 10"):
            T1Choice(seconds=1400)


class TestAif:
    def test_a_population_a_segment_or_what_is_found(self, perfused: Perfused) -> None:
        study = perfused.node
        assert choices.read_aif_choice(study).segment.name == "Artery"  # type: ignore[union-attr]
        choices.set_aif(study, "population", model="georgiou")
        assert choices.aif_source(study) == "georgiou"
        choices.set_aif(study, "automatic")
        assert choices.read_aif_choice(study).segment is None
        with pytest.raises(PerfusionError, match="no arterial input function 'guess': choose automatic"):
            choices.set_aif(study, "guess")
        with pytest.raises(PerfusionError, match="choose the segment"):
            choices.set_aif(study, "segment")
        with pytest.raises(StructureError, match="no segment 'none'"):
            choices.set_aif(study, "segment", perfused.segmentation, "none")
        assert choices.aif_source(study) == "automatic"


def test_days_are_dates_or_text(study: Any) -> None:
    choices.set_day(study, "treatment", "2026-03-06")
    choices.set_day(study, "surgery", date(2026, 10, 1))
    assert choices.read_dates(study).treatment == date(2026, 3, 6)
    choices.set_day(study, "surgery", "")
    assert choices.read_dates(study).surgery is None
    with pytest.raises(PerfusionError, match="date of the treatment '6 March' is not written as 2026-03-06"):
        choices.set_day(study, "treatment", "6 March")
    with pytest.raises(PerfusionError, match="no day 'birth': choose one of treatment"):
        choices.set_day(study, "birth", None)


class TestImplant:
    def test_seeds_count_by_place_and_axis_also_without_a_strength(self, scene: Any, study: Any) -> None:
        node = create_seeds_node(scene, "Seeds")
        seeds = Seeds(np.array([[10.0, 0, 0], [12, 0, 0]]), np.array([[0, 0, 1.0], [0, 0, 1.0]]), 0.5)
        write_seeds(seeds, node, origin=Origin.DETECTED)
        node.SetNthControlPointDescription(1, "axis=unknown")
        images.set_seeds(study, node)
        found = read_request(study).seeds
        assert found is not None
        np.testing.assert_allclose(found.positions_mm, seeds.positions_mm)
        assert found.axis_known.tolist() == [True, False]
        assert read_request(study).notes == ()

    def test_seeds_that_lie_elsewhere_are_said(self, scene: Any, study: Any) -> None:
        node = create_seeds_node(scene, "Seeds")
        write_seeds(Seeds(np.array([[900.0, 0, 0]]), np.array([[0, 0, 1.0]]), 0.5), node)
        images.set_seeds(study, node)
        assert read_request(study).notes[0].startswith("None of the 1 seeds lies in the field of view of series")

    def test_nodes_that_hold_neither_seeds_nor_dose_are_refused(self, perfused: Perfused) -> None:
        with pytest.raises((SceneError, SeedsError), match="cannot serve as"):
            images.set_seeds(perfused.node, perfused.segmentation)
        with pytest.raises(DoseError, match="is not marked as a dose"):
            images.set_dose(perfused.node, perfused.anatomical)

    def test_the_dose_comes_with_its_limit(self, scene: Any, study: Any) -> None:
        node = write_dose(np.full(SHAPE_KJI, 3.0), grid(), scene)
        images.set_dose(study, node)
        choices.set_setting(study, "dose_limit_gy", 4)
        request = read_request(study)
        assert request.dose is not None
        assert request.dose.unit == "Gy"
        assert request.settings.dose_limit_gy == 4
        images.set_dose(study, None)
        assert read_request(study).dose is None

    def test_an_image_that_is_none_is_refused(self, scene: Any, study: Any) -> None:
        empty = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode", "Empty")
        with pytest.raises(ValueError, match="'Empty' holds no image"):
            images.set_image(study, PerfusionRole.T2_STAR, empty, "T2*-weighted image")
        assert perfusion_part(study, PerfusionRole.T2_STAR) is None


class TestMotion:
    @pytest.fixture
    def corrected(self, study: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
        def correct(series: DynamicSeries, *, report: Any) -> MotionCorrection:
            report(1.0, "moved")
            frames = tuple(frame + 1000 for frame in series.frames)
            moved = np.outer(np.arange(series.frame_count), [0.1, 0.0, 0.2])
            return MotionCorrection(replace(series, frames=frames), moved, moved / 10, 0, ("It moved.",))

        monkeypatch.setattr(motion, "correct_motion", correct)
        return motion.correct_study_motion(study, lambda *_: None)[0]

    def test_the_corrected_series_is_used_and_the_one_scanned_stays(self, perfused: Perfused, corrected: Any) -> None:
        study = perfused.node
        assert read_study_series(study).frames[3].min() > 1000
        assert read_study_series(study, as_scanned=True).frames[3].min() < 1000
        assert motion.is_motion_corrected(study)
        motion.correct_study_motion(study, lambda *_: None)
        assert read_study_series(study).frames[3].max() < 2600  # not corrected twice
        motion.discard_motion_correction(study)
        assert read_study_series(study).frames[3].min() < 1000
        assert perfusion_parts(study, PerfusionRole.MOTION_SERIES) == []

    def test_motion_is_plotted_in_mm_and_degrees(self, perfused: Perfused, corrected: Any) -> None:
        table = read_table(perfusion_part(perfused.node, PerfusionRole.MOTION_TABLE))
        assert table.columns[:2] == ("time (s)", "to the right (mm)")
        assert table.rows[10][1] == pytest.approx(1.0)
        assert table.rows[10][4] == pytest.approx(0.1)
        assert corrected.GetNumberOfPlotSeriesNodes() == 6
        found = read_request(perfused.node).motion
        assert found is not None
        np.testing.assert_allclose(found.translations_mm[10], [1.0, 0.0, 2.0], atol=1e-9)
        assert found.warnings == ("It moved.",)

    def test_a_study_deleted_meanwhile_gets_nothing(self, scene: Any, perfused: Perfused, corrected: Any) -> None:
        def close(fraction: float, message: str) -> None:
            scene.Clear(0)

        with pytest.raises(SceneError, match="'Follow-up' was deleted while motion was corrected"):
            motion.correct_study_motion(perfused.node, close)


def test_a_sequence_is_filled_anew_without_leftovers(scene: Any, perfused: Perfused) -> None:
    short = read_study_series(perfused.node)
    short = replace(short, frames=short.frames[:4], time_s=short.time_s[:4])
    fill_sequence(perfused.series, short)
    assert perfused.series.GetNumberOfDataNodes() == 4
    assert slicer.util.arrayFromVolume(perfused.series.GetNthDataNode(3)).shape == SHAPE_KJI
