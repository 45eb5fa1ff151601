"""A scripted module on the stand-in: panel, parameter node, reload, self-test. Runs on Slicer's own Python as well."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

EXAMPLE = Path(__file__).parent / "data" / "ExampleModule" / "ExampleModule.py"


@pytest.fixture
def widget(load_widget: Callable[[Path], Any]) -> Any:
    return load_widget(EXAMPLE)


@pytest.fixture
def volume(scene: Any) -> Any:
    import slicer

    return slicer.util.addVolumeFromArray(np.arange(24, dtype=np.int16).reshape(2, 3, 4), name="CT")


def test_a_panel_starts_with_the_defaults_of_its_parameter_node(widget: Any) -> None:
    ui = widget.ui
    assert ui.thresholdSlider.value == 100
    assert ui.marginSpinBox.value == 2.5
    assert ui.countSpinBox.value == 3
    assert ui.sideComboBox.currentText == "above the threshold"
    assert ui.modelComboBox.currentText == "2301"
    assert ui.liveButton.checked
    assert not ui.invertCheckBox.checked
    assert not ui.applyButton.enabled


def test_limits_of_a_parameter_become_limits_of_its_widget(widget: Any) -> None:
    assert (widget.ui.countSpinBox.minimum, widget.ui.countSpinBox.maximum) == (0, 20)
    assert widget.ui.marginSpinBox.minimum == 0


@pytest.mark.parametrize(
    ("widget_name", "property_name", "parameter", "shown", "kept"),
    [
        ("thresholdSlider", "value", "threshold", 75.0, 75.0),
        ("marginSpinBox", "value", "margin", 1.5, 1.5),
        ("countSpinBox", "value", "count", 7, 7),
        ("modelComboBox", "currentText", "model", "6711", "6711"),
        ("patientLineEdit", "text", "patient", "Anna", "Anna"),
        ("invertCheckBox", "checked", "invert", True, True),
        ("liveButton", "checked", "live", False, False),
        ("reportPath", "currentPath", "report", "a/b.html", Path("a/b.html")),
    ],
)
def test_a_value_goes_from_the_widget_to_the_parameter_node_and_back(
    widget: Any, widget_name: str, property_name: str, parameter: str, shown: object, kept: object
) -> None:
    control = getattr(widget.ui, widget_name)
    before_shown, before_kept = getattr(control, property_name), getattr(widget.parameterNode, parameter)
    setattr(control, property_name, shown)
    assert getattr(widget.parameterNode, parameter) == kept
    setattr(widget.parameterNode, parameter, before_kept)
    assert getattr(control, property_name) == before_shown


def test_an_enumeration_is_chosen_by_its_label_and_stored_by_its_name(widget: Any) -> None:
    widget.ui.sideComboBox.currentIndex = 1
    assert widget.parameterNode.side.name == "BELOW"
    assert widget.parameterNode.parameterNode.GetParameter("side") == "BELOW"


def test_a_node_goes_from_the_selector_to_the_parameter_node_and_back(widget: Any, volume: Any) -> None:
    widget.ui.inputSelector.setCurrentNode(volume)
    assert widget.parameterNode.inputVolume is volume
    widget.parameterNode.inputVolume = None
    assert widget.ui.inputSelector.currentNode() is None


def test_a_value_outside_the_limits_is_refused(widget: Any) -> None:
    with pytest.raises(ValueError, match="5000"):
        widget.parameterNode.threshold = 5000
    assert widget.parameterNode.threshold == 100


def test_a_value_of_the_wrong_type_is_refused(widget: Any) -> None:
    with pytest.raises(TypeError, match="must be of type"):
        widget.parameterNode.count = "three"


def test_clicking_apply_runs_the_logic_and_shows_the_table(widget: Any, volume: Any) -> None:
    widget.parameterNode.inputVolume = volume
    widget.parameterNode.threshold = 20
    table = widget.ui.outputSelector.addNode()
    assert widget.ui.applyButton.enabled
    widget.ui.applyButton.click()
    assert table.GetTable().GetValue(0, 0).ToInt() == 4
    assert widget.ui.tableView.tableModel().index(0, 0).data() == "4"


def test_an_error_behind_a_button_is_a_hidden_error(widget: Any, volume: Any, hidden_errors: Any) -> None:
    widget.parameterNode.inputVolume = volume
    widget.ui.outputSelector.addNode()
    with hidden_errors.expected("Threshold 100.0 is above every voxel of CT"):
        widget.ui.applyButton.click()


def test_closing_the_scene_brings_the_defaults_back(widget: Any, scene: Any, volume: Any) -> None:
    widget.parameterNode.inputVolume = volume
    widget.parameterNode.threshold = 75
    scene.Clear(0)
    assert widget.parameterNode.inputVolume is None
    assert widget.ui.thresholdSlider.value == 100
    assert widget.ui.inputSelector.nodeCount() == 0


def test_a_saved_scene_restores_the_panel(widget: Any, scene: Any, volume: Any, tmp_path: Path) -> None:
    widget.parameterNode.inputVolume = volume
    widget.parameterNode.patient = "Anna"
    path = tmp_path / "scene.mrb"
    assert scene.WriteToMRB(str(path))
    scene.Clear(0)
    assert widget.ui.patientLineEdit.text == ""
    assert scene.ReadFromMRB(str(path), True)
    widget.enter()
    assert widget.ui.patientLineEdit.text == "Anna"
    assert widget.ui.inputSelector.currentNode().GetName() == "CT"


def test_the_parameter_node_keeps_text_as_slicer_does(widget: Any, volume: Any) -> None:
    node = widget.parameterNode.parameterNode
    widget.parameterNode.inputVolume = volume
    assert node.GetSingletonTag() == "ExampleModule"
    assert node.GetAttribute("ModuleName") == "ExampleModule"
    assert node.GetParameter("invert") == "False"
    assert node.GetParameter("threshold") == "100"
    assert node.GetParameter("inputVolume") == ""
    assert node.GetNodeReferenceID("inputVolume") == volume.GetID()


def test_reload_makes_the_panel_anew_and_cleans_the_old_one_up(widget: Any) -> None:
    import slicer

    widget.onReload()
    again = slicer.modules.ExampleModuleWidget
    assert again is not widget
    assert widget.parameterNode is None
    assert slicer.util.getModuleWidget("ExampleModule") is again


def test_developer_mode_adds_a_reload_button(scene: Any, load_widget: Callable[[Path], Any]) -> None:
    import qt
    import slicer

    qt.QSettings().setValue("Developer/DeveloperMode", True)
    widget = load_widget(EXAMPLE)
    widget.reloadButton.click()
    assert slicer.modules.ExampleModuleWidget is not widget


def test_the_self_test_runs(widget: Any) -> None:
    import slicer

    slicer.selfTests["ExampleModule"](msec=0)


def test_an_unloaded_module_is_gone_and_has_cleaned_up(scene: Any) -> None:
    import slicer

    from slicer_standin.modules import load_module, unload_module

    widget = load_module(EXAMPLE).widgetRepresentation().self()
    unload_module("ExampleModule")
    assert not hasattr(slicer.modules, "examplemodule")
    assert widget.Observations == []


def test_a_file_without_a_class_of_its_name_is_no_module(scene: Any, tmp_path: Path) -> None:
    from slicer_standin.modules import load_module

    (tmp_path / "Stray.py").write_text("x = 1\n")
    with pytest.raises(RuntimeError, match="no class Stray"):
        load_module(tmp_path / "Stray.py")


def test_selecting_a_module_enters_it_and_leaves_the_one_before(widget: Any, a_main_window: Any) -> None:
    import slicer

    slicer.util.selectModule("ExampleModule")
    assert slicer.util.mainWindow() is a_main_window
    assert widget.parent.isEntered
    slicer.util.selectModule("SegmentEditor")
    assert slicer.util.selectedModule() == "SegmentEditor"
    assert not widget.parent.isEntered


def test_there_is_no_module_selector_without_a_main_window(widget: Any) -> None:
    import slicer

    with pytest.raises(RuntimeError, match="Could not find main window"):
        slicer.util.selectModule("ExampleModule")


def test_a_status_message_is_shown_in_the_main_window_only(a_main_window: Any) -> None:
    import slicer

    slicer.util.showStatusMessage("Dose computed")
    assert a_main_window.statusBar().currentMessage() == "Dose computed"


def test_sample_data_is_registered_once_and_built_on_request(scene: Any, slicer_app: Any) -> None:
    import SampleData

    for _ in range(2):
        SampleData.SampleDataLogic.registerCustomSampleDataSource(
            category="Example", sampleName="Patient", uris=[], fileNames=[], customDownloader=lambda s: s.sampleName
        )
    (source,) = SampleData.SampleDataLogic.sampleDataSourcesByCategory("Example")
    assert source.customDownloader(source) == "Patient"


def test_sample_data_with_lists_of_several_lengths_is_refused(slicer_app: Any) -> None:
    import SampleData

    with pytest.raises(ValueError, match="1 fileNames for 0 uris"):
        SampleData.SampleDataLogic.registerCustomSampleDataSource(sampleName="Patient", uris=[], fileNames=["a.nrrd"])
