"""The stand-in widgets behave towards a module as the real ones do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest


@pytest.fixture
def ctk(slicer_app: Any) -> Any:
    import ctk

    return ctk


@pytest.fixture
def slicer(scene: Any) -> Any:
    import slicer

    return slicer


def node_box(slicer: Any, *, none: bool = True, actions: bool = True) -> Any:
    box = slicer.qMRMLNodeComboBox()
    box.nodeTypes = ["vtkMRMLTableNode"]
    box.noneEnabled = none
    box.addEnabled = box.removeEnabled = actions
    box.setMRMLScene(slicer.mrmlScene)
    return box


def add_table(slicer: Any, name: str) -> Any:
    return slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTableNode", name)


def heard_by(widget: Any, signature: str) -> list[Any]:
    heard: list[Any] = []
    widget.connect(signature, lambda *arguments: heard.append(arguments[0] if len(arguments) == 1 else arguments))
    return heard


def test_a_node_selector_lists_nodes_of_its_classes_only(slicer: Any) -> None:
    box = node_box(slicer)
    table = add_table(slicer, "Metrics")
    slicer.mrmlScene.AddNewNodeByClass("vtkMRMLTextNode", "Note")
    assert box.nodes() == [table]
    assert box.nodeFromIndex(0) is table
    assert box.nodeFromIndex(1) is None


def test_a_node_selector_without_a_scene_is_disabled_and_remembers_what_to_select(slicer: Any) -> None:
    table = add_table(slicer, "Metrics")
    box = slicer.qMRMLNodeComboBox()
    box.nodeTypes = ["vtkMRMLTableNode"]
    box.setCurrentNodeID(table.GetID())
    assert not box.enabled
    box.setMRMLScene(slicer.mrmlScene)
    assert box.enabled
    assert box.currentNode() is table


def test_a_new_node_is_not_selected_by_itself(slicer: Any) -> None:
    with_none, without_none = node_box(slicer), node_box(slicer, none=False)
    add_table(slicer, "Metrics")
    assert with_none.currentNode() is None
    assert without_none.currentNode() is None


def test_the_first_node_is_selected_where_there_is_neither_none_nor_an_action(slicer: Any) -> None:
    box = node_box(slicer, none=False, actions=False)
    table = add_table(slicer, "Metrics")
    assert box.currentNode() is table


def test_selecting_a_node_tells_once_in_each_way(slicer: Any) -> None:
    box, table = node_box(slicer), add_table(slicer, "Metrics")
    nodes, flags = heard_by(box, "currentNodeChanged(vtkMRMLNode*)"), heard_by(box, "currentNodeChanged(bool)")
    ids = heard_by(box, "currentNodeIDChanged(QString)")
    box.setCurrentNode(table)
    box.setCurrentNode(table)
    box.setCurrentNode(None)
    assert (nodes, flags, ids) == ([table, None], [True, False], [table.GetID(), ""])


def test_the_neighbour_of_a_removed_node_is_selected(slicer: Any) -> None:
    box = node_box(slicer)
    tables = [add_table(slicer, name) for name in "ABC"]
    box.setCurrentNode(tables[1])
    slicer.mrmlScene.RemoveNode(tables[1])
    assert box.currentNode() is tables[2]
    slicer.mrmlScene.RemoveNode(tables[2])
    assert box.currentNode() is tables[0]
    slicer.mrmlScene.RemoveNode(tables[0])
    assert box.currentNode() is None


def test_a_renamed_node_is_renamed_in_the_list(slicer: Any) -> None:
    from PySide6.QtWidgets import QComboBox

    table = add_table(slicer, "Metrics")
    box = node_box(slicer)
    table.SetName("DVH")
    assert box.findChild(QComboBox).findText("DVH") == 1


def test_a_node_is_listed_by_its_attribute(slicer: Any) -> None:
    box = node_box(slicer)
    box.addAttribute("vtkMRMLTableNode", "BrachyResponse.Kind", "plan")
    plan, other = add_table(slicer, "Plan"), add_table(slicer, "Other")
    plan.SetAttribute("BrachyResponse.Kind", "plan")
    other.SetAttribute("BrachyResponse.Kind", "limits")
    assert box.nodes() == [plan]


def test_a_hidden_node_is_not_listed(slicer: Any) -> None:
    box = node_box(slicer)
    table = add_table(slicer, "Metrics")
    table.SetHideFromEditors(True)
    assert box.nodeCount() == 0
    box.showHidden = True
    assert box.nodeCount() == 1


def test_the_action_to_create_a_node_creates_and_selects_one(slicer: Any) -> None:
    from PySide6.QtWidgets import QComboBox

    box = node_box(slicer)
    box.baseName = "Plan"
    added = heard_by(box, "nodeAddedByUser(vtkMRMLNode*)")
    inner = box.findChild(QComboBox)
    row = inner.findText("Create new Table")
    inner.activated.emit(row)
    assert added == [box.currentNode()]
    assert box.currentNode().GetName() == "Plan"


def test_an_unknown_node_class_is_an_error(slicer: Any) -> None:
    box = node_box(slicer)
    with pytest.raises(RuntimeError, match="vtkMRMLNonsenseNode, which is no MRML class"):
        box.nodeTypes = ["vtkMRMLNonsenseNode"]


def test_a_selector_that_is_gone_is_not_called_by_the_scene(slicer: Any) -> None:
    import shiboken6

    box = node_box(slicer)
    shiboken6.delete(box)
    add_table(slicer, "Metrics")


def test_checked_nodes_are_told(slicer: Any) -> None:
    box = slicer.qMRMLCheckableNodeComboBox()
    box.nodeTypes = ["vtkMRMLTableNode"]
    box.setMRMLScene(slicer.mrmlScene)
    first, second = add_table(slicer, "A"), add_table(slicer, "B")
    changes = heard_by(box, "checkedNodesChanged()")
    box.check(second)
    box.check(second)
    assert (box.checkedNodes(), box.uncheckedNodes()) == ([second], [first])
    assert len(changes) == 1


@pytest.fixture
def segmentation(slicer: Any) -> Any:
    node = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLSegmentationNode", "Structures")
    for segment_id, name in (("ptv", "PTV"), ("skin", "Skin")):
        node.GetSegmentation().AddEmptySegment(segment_id, name)
    return node


def test_the_first_segment_is_selected_with_its_segmentation(slicer: Any, segmentation: Any) -> None:
    selector = slicer.qMRMLSegmentSelectorWidget()
    selector.setMRMLScene(slicer.mrmlScene)
    heard = heard_by(selector, "currentSegmentChanged(QString)")
    selector.setCurrentNode(segmentation)
    assert selector.currentSegmentID() == "ptv"
    selector.setCurrentSegmentID("skin")
    selector.setCurrentSegmentID("nothing")
    assert heard == ["ptv", "skin"]


def test_no_segment_is_selected_where_none_is_allowed(slicer: Any, segmentation: Any) -> None:
    selector = slicer.qMRMLSegmentSelectorWidget()
    selector.noneEnabled = True
    selector.setMRMLScene(slicer.mrmlScene)
    selector.setCurrentNode(segmentation)
    assert selector.currentSegmentID() == ""
    selector.setCurrentSegmentID("skin")
    assert selector.currentSegmentID() == "skin"
    selector.setCurrentSegmentID("")
    assert selector.currentSegmentID() == ""


def test_a_removed_segment_gives_way_to_the_first(slicer: Any, segmentation: Any) -> None:
    selector = slicer.qMRMLSegmentSelectorWidget()
    selector.setMRMLScene(slicer.mrmlScene)
    selector.setCurrentNode(segmentation)
    selector.setCurrentSegmentID("skin")
    segmentation.GetSegmentation().AddEmptySegment("bone", "Bone")
    assert selector.currentSegmentID() == "skin"
    segmentation.GetSegmentation().RemoveSegment("skin")
    assert selector.currentSegmentID() == "ptv"


def test_the_segments_table_keeps_its_selection(slicer: Any, segmentation: Any) -> None:
    table = slicer.qMRMLSegmentsTableView()
    table.setMRMLScene(slicer.mrmlScene)
    table.setSegmentationNode(segmentation)
    heard = heard_by(table, "selectionChanged(QItemSelection,QItemSelection)")
    table.setSelectedSegmentIDs(["skin"])
    segmentation.GetSegmentation().AddEmptySegment("bone", "Bone")
    assert heard
    assert table.segmentCount == 3
    assert table.selectedSegmentIDs() == ["skin"]
    assert table.segmentIDForRow(table.rowForSegmentID("bone")) == "bone"


def test_a_table_view_follows_its_node_and_writes_an_edited_cell(slicer: Any) -> None:
    node = add_table(slicer, "Limits")
    slicer.util.updateTableFromArray(node, [np.array([100.0, 150.0])], ["limit"])
    view = slicer.qMRMLTableView()
    view.setMRMLScene(slicer.mrmlScene)
    view.setMRMLTableNode(node)
    assert view.tableModel().rowCount() == 2
    view.tableModel().item(1, 0).setText("160")
    assert node.GetTable().GetValue(1, 0).ToDouble() == 160
    node.AddEmptyRow()
    assert view.tableModel().rowCount() == 3


def test_a_row_that_is_clicked_is_told(slicer: Any) -> None:
    node = add_table(slicer, "Seeds")
    slicer.util.updateTableFromArray(node, [np.array([1.0, 2.0])], ["number"])
    view = slicer.qMRMLTableView()
    view.setMRMLTableNode(node)
    heard = heard_by(view, "selectionChanged()")
    view.selectRow(1)
    assert heard == [()]


def test_the_markups_widget_lists_control_points(slicer: Any) -> None:
    seeds = slicer.mrmlScene.AddNewNodeByClass("vtkMRMLMarkupsFiducialNode", "Seeds")
    widget = slicer.qSlicerSimpleMarkupsWidget()
    widget.setMRMLScene(slicer.mrmlScene)
    widget.setCurrentNode(seeds)
    seeds.AddControlPoint(1.0, 2.0, 3.0, "7")
    assert widget.tableWidget().item(0, 0).text() == "7"
    assert widget.tableWidget().item(0, 3).text() == "3.00"
    heard = heard_by(widget, "currentMarkupsControlPointSelectionChanged(int)")
    widget.highlightNthControlPoint(0)
    assert heard == [0]


def test_a_collapsed_section_is_as_high_as_its_header(ctk: Any) -> None:
    import qt

    section = ctk.ctkCollapsibleButton("Advanced")
    label = qt.QLabel("Grid spacing")
    qt.QVBoxLayout(section).addWidget(label)
    open_height = section.property("sizeHint").height()
    heard = heard_by(section, "contentsCollapsed(bool)")
    section.collapsed = True
    assert section.property("sizeHint").height() == 24 < open_height
    assert label.isHidden()
    section.collapsed = False
    assert not label.isHidden()
    assert heard == [True, False]


def test_what_the_panel_has_hidden_stays_hidden_when_its_section_opens(ctk: Any) -> None:
    import qt

    section = ctk.ctkCollapsibleButton("Advanced")
    shown, hidden = qt.QLabel("shown"), qt.QLabel("hidden")
    column = qt.QVBoxLayout(section)
    column.addWidget(shown)
    column.addWidget(hidden)
    hidden.hide()
    section.collapsed = True
    section.collapsed = False
    assert hidden.isHidden()
    assert not shown.isHidden()


@pytest.mark.parametrize("name", ["ctkSliderWidget", "ctkDoubleSpinBox"])
def test_a_number_is_kept_within_its_range_and_told(ctk: Any, name: str) -> None:
    control = getattr(ctk, name)()
    control.setRange(0, 10)
    heard = heard_by(control, "valueChanged(double)")
    control.value = 4.5
    control.value = 40
    assert heard == [4.5, 10.0]
    control.suffix = " mm"
    assert control.spinBox().text == "10.00 mm"


def test_a_slider_without_tracking_tells_when_it_is_released(ctk: Any) -> None:
    control = ctk.ctkSliderWidget()
    control.setRange(0, 10)
    control.tracking = False
    told, changing = heard_by(control, "valueChanged(double)"), heard_by(control, "valueIsChanging(double)")
    control.slider().setSliderDown(True)
    control.slider().setValue(500)
    assert (told, changing) == ([], [5.0])
    control.slider().setSliderDown(False)
    assert told == [5.0]


def test_a_range_tells_both_values(ctk: Any) -> None:
    control = ctk.ctkRangeWidget()
    control.setRange(0, 50)
    control.setValues(10, 20)
    heard = heard_by(control, "valuesChanged(double,double)")
    control.minimumValue = 5
    assert heard == [(5.0, 20.0)]


def test_a_path_is_typed_or_browsed_for(ctk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import qt

    control = ctk.ctkPathLineEdit()
    heard = heard_by(control, "currentPathChanged(QString)")
    control.currentPath = "plan.json"
    monkeypatch.setattr(qt.QFileDialog, "getOpenFileName", lambda *_: "other.json")
    control.browse()
    monkeypatch.setattr(qt.QFileDialog, "getExistingDirectory", lambda *_: "reports")
    control.filters = control.Dirs
    control.browse()
    assert heard == ["plan.json", "other.json", "reports"]


def test_a_chosen_folder_is_made_absolute(ctk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import qt

    control = ctk.ctkDirectoryButton()
    heard = heard_by(control, "directoryChanged(QString)")
    monkeypatch.setattr(qt.QFileDialog, "getExistingDirectory", lambda *_: "reports")
    control.browse()
    assert heard == [str(Path("reports").resolve())] == [control.directory]


def test_a_colour_is_told_by_its_button(ctk: Any) -> None:
    import qt

    control = ctk.ctkColorPickerButton()
    heard = heard_by(control, "colorChanged(QColor)")
    control.color = qt.QColor(255, 0, 0)
    assert [colour.name() for colour in heard] == ["#ff0000"]


def test_a_check_box_in_a_button_makes_it_stay_down(ctk: Any) -> None:
    button = ctk.ctkCheckablePushButton()
    heard = heard_by(button, "checkBoxToggled(bool)")
    button.checkState = 2
    assert (button.checkable, button.checked, heard) == (True, True, [True])
