from __future__ import annotations

import re
from pathlib import Path

import pytest

from command_line_run import RESULT_FILES, Results, run, write_small_patient


def test_the_demo_plans_the_digital_patient_and_says_where_to_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(capsys, "demo", "--out", tmp_path / "demo")
    assert done.status == 0, done.err
    assert f"Report: {tmp_path / 'demo' / 'plan' / 'report.html'}" in done.out
    assert "The same again: python -m brachyresponse plan --image" in done.out
    assert {f.name for f in (tmp_path / "demo" / "patient").iterdir()} == {"CT.nrrd", "MRI.nrrd", "structures.seg.nrrd"}
    results = Results(tmp_path / "demo" / "plan")
    assert results.names == RESULT_FILES
    assert results.metric("GTV", "V100") > 99
    assert results.metric("GTV + 2 mm", "V100") > 95
    assert results.metric("Brainstem", "D0.1cc") < 60
    assert len(re.findall(r'<svg[^>]*class="slice"', results.report)) == 3
    assert results.plan["frame_of_reference_uid"].startswith("2.25.")


def test_slicer_reads_the_segmentation_with_names_values_and_layers(tmp_path: Path) -> None:
    slicer = pytest.importorskip("slicer")
    _, structures = write_small_patient(tmp_path)
    scene = slicer.vtkMRMLScene()
    storage, node = slicer.vtkMRMLSegmentationStorageNode(), slicer.vtkMRMLSegmentationNode()
    scene.AddNode(storage)
    scene.AddNode(node)
    storage.SetFileName(str(structures))
    assert storage.ReadData(node) == 1
    segmentation = node.GetSegmentation()
    ids = [segmentation.GetNthSegmentID(n) for n in range(segmentation.GetNumberOfSegments())]
    assert [segmentation.GetSegment(i).GetName() for i in ids] == ["GTV", "Nerve", "Body"]
    assert [segmentation.GetSegment(i).GetLabelValue() for i in ids] == [1, 2, 1]
    assert [segmentation.GetLayerIndex(i) for i in ids] == [0, 0, 1]
