"""The Segment Editor is opened on what the plan uses."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest


@pytest.fixture
def opened(scene: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the modules that were opened."""
    import slicer

    names: list[str] = []
    monkeypatch.setattr(slicer.util, "selectModule", names.append)
    return names


@pytest.fixture
def editor(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Stands for the ``qMRMLSegmentEditorWidget`` of the module, with the slots it has in Slicer."""
    import slicer

    editor = Mock(spec_set=["setSegmentationNode", "setSourceVolumeNode"])
    widget = SimpleNamespace(self=lambda: SimpleNamespace(editor=editor))
    module = SimpleNamespace(widgetRepresentation=lambda: widget)
    monkeypatch.setattr(slicer.modules, "segmenteditor", module, raising=False)
    return editor


def test_segmentation_and_image_are_chosen_in_the_editor(scene: Any, opened: list[str], editor: Mock) -> None:
    from brachyresponse.slicer_panel.layout import edit_segments

    segmentation = scene.AddNewNodeByClass("vtkMRMLSegmentationNode")
    volume = scene.AddNewNodeByClass("vtkMRMLScalarVolumeNode")
    edit_segments(segmentation, volume)
    assert opened == ["SegmentEditor"]
    editor.setSegmentationNode.assert_called_once_with(segmentation)
    editor.setSourceVolumeNode.assert_called_once_with(volume)


def test_without_an_image_the_editor_keeps_its_own(scene: Any, opened: list[str], editor: Mock) -> None:
    from brachyresponse.slicer_panel.layout import edit_segments

    edit_segments(scene.AddNewNodeByClass("vtkMRMLSegmentationNode"), None)
    assert not editor.setSourceVolumeNode.called


def test_without_the_editor_s_widget_the_module_is_opened_all_the_same(scene: Any, opened: list[str]) -> None:
    from brachyresponse.slicer_panel.layout import edit_segments

    edit_segments(scene.AddNewNodeByClass("vtkMRMLSegmentationNode"), None)
    assert opened == ["SegmentEditor"]
