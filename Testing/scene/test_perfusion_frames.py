from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import slicer
import slicer.util

from brachyresponse.errors import GeometryError, PerfusionError
from brachyresponse.scene import perfusion_studies
from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.perfusion_acquisition import read_acquisition, set_parameter
from brachyresponse.scene.perfusion_frames import read_frames
from brachyresponse.scene.perfusion_sequences import add_sequence, load_series
from brachyresponse.scene.perfusion_studies import create_study, read_study_series
from brachyresponse.scene.perfusion_times import read_times, set_times, times_of
from brachyresponse.types import AnyArray
from scene.building import bent_transform, linear_transform, oblique_grid, rotation, volume_of
from scene.perfused import series
from scene_state import scene_state

SHAPE, COUNT = (3, 4, 5), 6
LABELS, TAG = "MultiVolume.FrameLabels", "MultiVolume.FrameIdentifyingDICOMTagName"
UNITS = "MultiVolume.FrameIdentifyingDICOMTagUnits"


def frame(number: int) -> AnyArray:
    return np.full(SHAPE, 100 + number, np.int16)


def sequence(scene: Any, index: Sequence[str] | None = None, **attributes: str) -> Any:
    """A sequence as DICOM import leaves it: the index counts, the attributes tell."""
    node = scene.AddNewNodeByClass("vtkMRMLSequenceNode", "Series")
    node.SetIndexName("")
    node.SetIndexUnit("")
    for number, value in enumerate(index or [str(n) for n in range(COUNT)]):
        volume = slicer.vtkMRMLScalarVolumeNode()
        slicer.util.updateVolumeFromArray(volume, frame(number))
        node.SetDataNodeAtValue(volume, value)
    for name, value in attributes.items():
        node.SetAttribute({"labels": LABELS, "tag": TAG, "units": UNITS}.get(name, name), value)
    return node


def multi_volume(scene: Any, count: int = COUNT, dtype: type = np.int16) -> Any:
    """A volume with a value a frame: a multi-volume has the same image, and its class is not in this Slicer."""
    values = np.stack([frame(number) for number in range(count)], axis=-1).astype(dtype)
    node = scene.AddNewNodeByClass("vtkMRMLVectorVolumeNode", "Multi-volume")
    slicer.util.updateVolumeFromArray(node, values)
    return node


class TestFrames:
    def test_the_frames_of_a_sequence_are_views_of_slicers_own_arrays(self, scene: Any) -> None:
        node = sequence(scene)
        found = read_frames([node])
        slicer.util.arrayFromVolume(node.GetNthDataNode(2))[1, 1, 1] = 7
        assert len(found.frames) == COUNT
        assert found.frames[2][1, 1, 1] == 7
        assert found.frames[3][0, 0, 0] == 103

    def test_a_volume_with_a_value_a_frame_is_a_series_too_and_is_not_copied(self, scene: Any) -> None:
        node = multi_volume(scene)
        found = read_frames([node])
        slicer.util.arrayFromVolume(node)[0, 0, 0, 5] = 7
        assert [each[1, 2, 3] for each in found.frames] == [100, 101, 102, 103, 104, 105]
        assert found.frames[5][0, 0, 0] == 7

    def test_several_volumes_are_frames_in_their_order(self, scene: Any) -> None:
        volumes = [volume_of(frame(number), oblique_grid(SHAPE), f"Frame {number}") for number in (2, 0, 1)]
        found = read_frames(volumes)
        assert [each[0, 0, 0] for each in found.frames] == [102, 100, 101]
        np.testing.assert_allclose(found.grid.ijk_to_ras, oblique_grid(SHAPE).ijk_to_ras)

    def test_a_series_lies_where_the_volume_lies_through_which_it_is_browsed(self, scene: Any) -> None:
        node = add_sequence(scene, series())
        proxy = slicer.util.addVolumeFromArray(frame(0), name="Proxy")
        browser = scene.GetFirstNodeByClass("vtkMRMLSequenceBrowserNode")
        browser.AddProxyNode(proxy, node, False)
        transform = linear_transform(scene, rotation(30, [0, 0, 1]), [5.0, 0, 0])
        browser.GetProxyNode(node).SetAndObserveTransformNodeID(transform.GetID())
        expected = np.eye(4)
        expected[:3, :3], expected[:3, 3] = rotation(30, [0, 0, 1]), [5.0, 0, 0]
        np.testing.assert_allclose(read_frames([node]).grid.ijk_to_ras, expected @ series().grid.ijk_to_ras, atol=1e-9)
        study = create_study(scene, browser.GetProxyNode(node), "By proxy")
        assert perfusion_studies.perfusion_parts(study, perfusion_studies.PerfusionRole.SERIES) == [node]

    def test_a_series_under_a_bent_transform_is_refused(self, scene: Any) -> None:
        volumes = [volume_of(frame(number), oblique_grid(SHAPE)) for number in range(3)]
        for volume in volumes:
            volume.SetAndObserveTransformNodeID(bent_transform(scene).GetID())
        with pytest.raises(GeometryError, match="non-linear transform 'Bent': harden it"):
            read_frames(volumes)


class TestWhatIsNoSeries:
    def test_nothing_and_other_nodes_are_refused(self, scene: Any) -> None:
        with pytest.raises(SceneError, match="No dynamic series is chosen"):
            create_study(scene, None, "Study")
        table = scene.AddNewNodeByClass("vtkMRMLTableNode", "Numbers")
        with pytest.raises(SceneError, match="'Numbers' is a Table, which holds no frames"):
            create_study(scene, table, "Study")

    def test_one_frame_is_refused(self, scene: Any) -> None:
        with pytest.raises(PerfusionError, match="'CT' is one frame: choose the whole series"):
            create_study(scene, volume_of(frame(0), oblique_grid(SHAPE)), "Study")
        with pytest.raises(PerfusionError, match="has 1 frame: a dynamic series needs many"):
            create_study(scene, sequence(scene, ["0"]), "Study")

    def test_colours_and_complex_numbers_are_refused(self, scene: Any) -> None:
        with pytest.raises(PerfusionError, match="3 values a voxel, as complex numbers or colours"):
            read_frames([multi_volume(scene, 3, np.uint8)])
        with pytest.raises(PerfusionError, match="2 values a voxel"):
            read_frames([multi_volume(scene, 2, np.float32)])

    def test_frames_of_another_size_or_place_are_named(self, scene: Any) -> None:
        first = volume_of(frame(0), oblique_grid(SHAPE))
        small = volume_of(np.zeros((3, 4, 4)), oblique_grid((3, 4, 4)))
        with pytest.raises(PerfusionError, match=r"Frame 2 of series 'CT' has shape \(3, 4, 4\), expected \(3, 4, 5\)"):
            read_frames([first, small])
        elsewhere = slicer.util.addVolumeFromArray(frame(0))
        with pytest.raises(PerfusionError, match="Frame 3 of series 'CT' lies elsewhere than the first"):
            read_frames([first, first, elsewhere])

    @pytest.mark.parametrize(
        ("tag", "said"), [("FlipAngle", "differ in flip angle"), ("EchoTime", "differ in echo time")]
    )
    def test_a_series_of_flip_angles_or_echoes_is_not_mistaken_for_a_dynamic_one(
        self, scene: Any, tag: str, said: str
    ) -> None:
        node = sequence(scene, labels="2,5,10,15,20,25", tag=tag, units="degrees")
        state = scene_state(scene)
        with pytest.raises(PerfusionError, match=said):
            create_study(scene, node, "Study")
        assert scene_state(scene) == state


class TestTimes:
    def test_labels_of_dicom_are_ms_after_midnight(self, scene: Any) -> None:
        labels = ",".join(str(36_000_000 + 1500 * number) for number in range(COUNT))
        study = create_study(scene, sequence(scene, labels=labels, tag="AcquisitionTime", units="ms"), "Study")
        known = read_times(study)
        assert known.time_s is not None
        np.testing.assert_allclose(known.time_s, 1.5 * np.arange(COUNT), atol=1e-9)
        assert "AcquisitionTime" in known.said

    def test_a_scan_across_midnight_that_was_sorted_is_put_in_order(self, scene: Any) -> None:
        labels = "500,2500,86394500,86396500,86398500,86399500"
        study = create_study(scene, sequence(scene, labels=labels, tag="AcquisitionTime", units="ms"), "Study")
        found = read_study_series(study)
        np.testing.assert_allclose(found.time_s, [0, 2, 4, 5, 6, 8], atol=1e-9)
        assert [each[0, 0, 0] for each in found.frames] == [102, 103, 104, 105, 100, 101]

    def test_an_index_of_time_is_taken_with_its_unit(self, scene: Any) -> None:
        node = sequence(scene, ["0", "2500", "5000", "8000", "10500", "13000"])
        node.SetIndexName("time")
        node.SetIndexUnit("ms")
        known = read_times(create_study(scene, node, "Study"))
        assert known.time_s is not None
        assert known.time_s.tolist() == [0, 2.5, 5, 8, 10.5, 13]

    def test_frame_numbers_are_never_taken_for_seconds(self, scene: Any) -> None:
        node = sequence(scene)
        node.SetIndexName("time")
        node.SetIndexUnit("s")
        study = create_study(scene, node, "Study")
        assert read_times(study).time_s is None
        with pytest.raises(PerfusionError, match="only counts its frames, 0 to 5: enter the time between frames"):
            read_study_series(study)
        set_times(study, 1.0)
        assert read_study_series(study).time_s.tolist() == [0, 1, 2, 3, 4, 5]
        assert read_times(study).said == "entered: every 1 s"

    def test_a_registered_series_has_the_times_of_the_one_it_is_browsed_with(self, scene: Any) -> None:
        labels = ",".join(str(1500 * number) for number in range(COUNT))
        scanned = sequence(scene, labels=labels, tag="AcquisitionTime", units="ms")
        registered = sequence(scene)
        browser = scene.AddNewNodeByClass("vtkMRMLSequenceBrowserNode", "Browser")
        browser.SetAndObserveMasterSequenceNodeID(scanned.GetID())
        browser.AddSynchronizedSequenceNodeID(registered.GetID())
        found = read_study_series(create_study(scene, registered, "Study"))
        assert found.time_s.tolist() == [0, 1.5, 3, 4.5, 6, 7.5]

    def test_volumes_and_labels_of_another_number_ask_for_times(self, scene: Any) -> None:
        volumes = create_study(scene, [volume_of(frame(n), oblique_grid(SHAPE)) for n in range(4)], "Volumes")
        assert "does not tell when its frames were acquired: enter" in read_times(volumes).said
        short = create_study(scene, sequence(scene, labels="0,1500", tag="AcquisitionTime", units="ms"), "Short")
        assert "has 6 frames, but MultiVolume.FrameLabels tells of 2: frames are missing" in read_times(short).said

    def test_a_series_that_has_lost_frames_since_is_not_measured(self, scene: Any) -> None:
        node = add_sequence(scene, series())
        study = create_study(scene, node, "Study")
        node.RemoveDataNodeAtValue(node.GetNthIndexValue(3))
        with pytest.raises(PerfusionError, match="has 29 frames, but had 30 when it was chosen: choose it again"):
            read_study_series(study)


class TestAcquisition:
    def test_attributes_of_dicom_are_in_ms_and_say_where_they_come_from(self, scene: Any) -> None:
        told = {"MultiVolume.DICOM.RepetitionTime": "4.8", "MultiVolume.DICOM.FlipAngle": "15"}
        acquisition = read_acquisition(create_study(scene, sequence(scene, **told), "Study"))
        assert acquisition.tr_s == pytest.approx(0.0048)
        assert acquisition.flip_angle_deg == 15
        assert acquisition.origins["tr_s"] == "DICOM RepetitionTime"

    def test_a_figure_in_a_wrong_unit_is_left_out_and_said_and_can_be_entered(self, scene: Any) -> None:
        told = {"MultiVolume.DICOM.RepetitionTime": "0.005", "MultiVolume.DICOM.FlipAngle": "15"}
        study = create_study(scene, sequence(scene, **told), "Study")
        acquisition = read_acquisition(study)
        assert acquisition.tr_s is None
        assert acquisition.flip_angle_deg == 15
        assert "repetition time is 5e-06 s" in acquisition.notes[0]
        set_parameter(study, "tr_s", 0.005)
        assert read_acquisition(study).tr_s == 0.005

    def test_flip_angles_that_the_side_car_lists_make_no_dynamic_series(self, scene: Any) -> None:
        frames = read_frames([sequence(scene)])
        with pytest.raises(PerfusionError, match="The frames differ in flip angle"):
            times_of(frames, {"FlipAngle": [2, 5, 10, 15]})

    def test_a_series_of_ours_keeps_everything_that_was_known(self, scene: Any) -> None:
        study = create_study(scene, add_sequence(scene, series()), "Study")
        found = read_study_series(study)
        assert found.acquisition == series().acquisition
        np.testing.assert_allclose(found.time_s, series().time_s, atol=1e-9)
        np.testing.assert_array_equal(found.frames[7], series().frames[7])
        np.testing.assert_allclose(found.grid.ijk_to_ras, series().grid.ijk_to_ras, atol=1e-9)


def test_a_file_with_its_side_car_becomes_a_sequence(scene: Any, tmp_path: Path) -> None:
    import SimpleITK as sitk

    image = sitk.JoinSeries([series().grid.to_image(each) for each in series().frames])
    sitk.WriteImage(image, str(tmp_path / "dce.nii.gz"))
    timing = ", ".join(f"{time_s:g}" for time_s in series().time_s)
    text = f'{{"FrameTimesStart": [{timing}], "RepetitionTimeExcitation": 0.005, "FlipAngle": 20, "EchoTime": 0.0018}}'
    (tmp_path / "dce.json").write_text(text, encoding="utf-8")
    node = load_series(scene, tmp_path / "dce.nii.gz", None, lambda fraction, message: None)
    found = read_study_series(create_study(scene, node, "Study"))
    np.testing.assert_allclose(found.time_s, series().time_s, atol=1e-9)
    assert found.acquisition.origins["te_s"] == "BIDS EchoTime"
    np.testing.assert_array_equal(found.frames[4], series().frames[4])


class Database:
    """What is asked of ``slicer.dicomDatabase``: by instance, what differs from the others."""

    isOpen = True
    COMMON: ClassVar = {"0018,0080": "4.8", "0018,0081": "1.9", "0018,0087": "3", "0018,0010": "Gadavist"}

    def __init__(self, **own: Sequence[str]) -> None:
        self.own = {"0018,1314": ["12"] * 3, **own}

    def instanceValue(self, uid: str, tag: str) -> str:
        return self.own[tag][int(uid)] if tag in self.own else self.COMMON.get(tag, "")


class TestDicomDatabase:
    def load(self, monkeypatch: pytest.MonkeyPatch, **own: Sequence[str]) -> list[Any]:
        """Three volumes from DICOM."""
        monkeypatch.setattr(slicer, "dicomDatabase", Database(**own), raising=False)
        volumes = [volume_of(frame(number), oblique_grid(SHAPE), f"Frame {number}") for number in range(3)]
        for number, volume in enumerate(volumes):
            volume.SetAttribute("DICOM.instanceUIDs", f"{number} 9")
        return volumes

    def test_volumes_tell_their_times_and_how_they_were_acquired(
        self, scene: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        clock = ["235958.5", "000000.5", "000002.5"]
        found = read_study_series(create_study(scene, self.load(monkeypatch, **{"0008,0032": clock}), "Study"))
        assert found.time_s.tolist() == [0, 2, 4]
        assert (found.acquisition.tr_s, found.acquisition.field_strength_t) == (pytest.approx(0.0048), 3.0)
        assert found.acquisition.agent == "gadobutrol"

    def test_volumes_of_several_flip_angles_are_no_dynamic_series(
        self, scene: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with pytest.raises(PerfusionError, match="differ in flip angle"):
            create_study(scene, self.load(monkeypatch, **{"0018,1314": ["2", "10", "20"]}), "Study")

    def test_times_that_are_not_told_are_asked_for(self, scene: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        study = create_study(scene, self.load(monkeypatch, **{"0008,0032": ["", "noon", "120000"]}), "Study")
        assert read_times(study).time_s is None
        assert read_acquisition(study).flip_angle_deg == 12
