"""PySide6 behind ``qt`` behaves as PythonQt does in Slicer, and refuses what PythonQt refuses."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def qt(slicer_app: Any) -> Any:
    import qt

    return qt


@pytest.fixture
def button(qt: Any) -> Any:
    return qt.QPushButton("Compute")


def test_a_property_is_an_attribute(button: Any) -> None:
    assert button.text == "Compute"
    button.text = "Cancel"
    button.enabled = False
    assert button.text == "Cancel"
    assert not button.enabled
    assert not button.isEnabled()


def test_a_property_is_no_method(button: Any) -> None:
    with pytest.raises(TypeError, match="not callable"):
        button.text()


def test_a_method_that_is_no_property_stays_a_method(qt: Any) -> None:
    panel, row = qt.QWidget(), qt.QHBoxLayout()
    panel.setLayout(row)
    assert panel.layout() is row
    assert panel.parent() is None


def test_a_size_hint_is_a_property_and_still_what_a_layout_asks_for(qt: Any, button: Any) -> None:
    class Tall(qt.QWidget):
        def sizeHint(self) -> Any:
            return qt.QSize(70, 300)

    panel, tall = qt.QWidget(), Tall()
    qt.QVBoxLayout(panel).addWidget(tall)
    assert button.sizeHint.width() > 20
    assert panel.sizeHint.height() >= 300


@pytest.mark.parametrize("name", ["txet", "clickd", "_mine"])
def test_an_unknown_attribute_is_refused(button: Any, name: str) -> None:
    with pytest.raises(AttributeError, match=f"no attribute named '{name}'"):
        setattr(button, name, 1)
    with pytest.raises(AttributeError):
        getattr(button, name)


def test_a_class_written_in_python_takes_any_attribute(qt: Any) -> None:
    class Own(qt.QPushButton):
        pass

    own = Own()
    own.counter = 3
    assert own.counter == 3


def test_a_stand_in_refuses_an_unknown_attribute_too(slicer_app: Any) -> None:
    import ctk

    with pytest.raises(AttributeError, match="no attribute named 'colour'"):
        ctk.ctkSliderWidget().colour = "red"


def test_a_dynamic_property_is_an_attribute_once_it_is_set(button: Any) -> None:
    button.setProperty("SlicerParameterName", "dose")
    assert button.SlicerParameterName == "dose"
    button.SlicerParameterName = "grid"
    assert button.property("SlicerParameterName") == "grid"


def test_a_signal_is_connected_and_disconnected_by_its_signature(button: Any) -> None:
    heard: list[tuple[object, ...]] = []

    def listen(*arguments: object) -> None:
        heard.append(arguments)

    assert button.connect("clicked()", listen)
    assert button.connect("clicked(bool)", listen)
    button.click()
    assert heard == [(), (False,)]
    assert button.disconnect("clicked()", listen)
    assert button.disconnect("clicked(bool)", listen)
    assert not button.disconnect("clicked()", listen)
    button.click()
    assert len(heard) == 2


def test_a_signal_is_connected_as_an_attribute(button: Any) -> None:
    heard: list[bool] = []
    button.clicked.connect(lambda checked: heard.append(checked))
    button.click()
    assert heard == [False]


def test_a_slot_of_another_object_is_named_by_its_signature(qt: Any, button: Any) -> None:
    box = qt.QCheckBox()
    button.connect("clicked()", box, "toggle()")
    button.click()
    assert box.checked


@pytest.mark.parametrize("signature", ["klicked()", "clicked(int)", "clicked", "currentNodeChanged(vtkMRMLNode*)"])
def test_a_signal_that_a_class_does_not_have_is_refused(button: Any, signature: str) -> None:
    with pytest.raises(ValueError, match="QPushButton has no signal"):
        button.connect(signature, print)


def test_a_signal_with_a_slicer_type_is_connected_by_that_type_only(scene: Any) -> None:
    import slicer

    heard: list[Any] = []
    box = slicer.qMRMLNodeComboBox()
    box.nodeTypes = ["vtkMRMLTableNode"]
    box.setMRMLScene(scene)
    box.connect("currentNodeChanged(vtkMRMLNode*)", heard.append)
    node = box.addNode()
    assert heard == [node]
    with pytest.raises(ValueError, match="no signal"):
        box.connect("currentNodeChanged(vtkMRMLScene*)", print)
    with pytest.raises(ValueError, match="no signal"):
        box.connect("currentNodeChanged(PyObject)", print)


def test_a_number_is_taken_for_an_enumerator(qt: Any) -> None:
    slider = qt.QSlider()
    slider.orientation = 1
    assert slider.orientation == qt.Qt.Horizontal
    slider.setOrientation(2)
    assert slider.orientation == qt.Qt.Vertical


def test_a_timer_has_a_property_and_a_static_method_of_one_name(qt: Any, slicer_app: Any) -> None:
    heard: list[str] = []
    timer = qt.QTimer()
    timer.singleShot = True
    timer.interval = 0
    timer.connect("timeout()", lambda: heard.append("timer"))
    timer.start()
    qt.QTimer.singleShot(0, lambda: heard.append("shot"))
    slicer_app.processEvents()
    assert timer.singleShot
    assert sorted(heard) == ["shot", "timer"]


def test_a_shortcut_and_an_icon_can_be_made(qt: Any) -> None:
    panel = qt.QWidget()
    shortcut = qt.QShortcut(qt.QKeySequence("Escape"), panel)
    shortcut.connect("activated()", panel.hide)
    assert shortcut.key.toString() == "Esc"
    assert qt.QIcon().isNull()


def test_a_dialog_has_exec_with_an_underscore(qt: Any) -> None:
    dialog = qt.QDialog()
    qt.QTimer.singleShot(0, dialog.accept)
    assert dialog.exec_() == 1


def test_a_file_dialog_gives_the_file_alone(qt: Any, slicer_app: Any) -> None:
    qt.QTimer.singleShot(0, lambda: slicer_app.activeModalWidget().reject())
    assert qt.QFileDialog.getSaveFileName(None, "Save", "", "", "", qt.QFileDialog.DontUseNativeDialog) == ""


def test_every_object_has_a_name_and_a_class_name(button: Any) -> None:
    button.name = "computeButton"
    assert button.objectName == "computeButton"
    assert button.className() == "QPushButton"


@pytest.mark.parametrize("time", ["first", "second"])
def test_settings_do_not_outlive_a_test(scene: Any, qt: Any, time: str) -> None:
    assert qt.QSettings().value("BrachyDose/LayoutWasShown") is None
    qt.QSettings().setValue("BrachyDose/LayoutWasShown", True)


def test_settings_are_not_the_users_own(qt: Any, slicer_app: Any) -> None:
    assert qt.QSettings().fileName().startswith(slicer_app.temporaryPath)


def test_slicers_own_helpers_find_what_they_need(qt: Any, slicer_app: Any, scene: Any) -> None:
    import slicer

    assert slicer.util.errorDisplay("Failed.") is None
    dialog = slicer.util.createProgressDialog(maximum=3, labelText="Dose", windowModality=qt.Qt.WindowModal)
    dialog.value = 2
    slicer_app.processEvents()
    assert (dialog.labelText, dialog.value, dialog.wasCanceled) == ("Dose", 2, False)
    dialog.close()
    node = scene.AddNewNodeByClass("vtkMRMLTableNode")
    with slicer.util.NodeModify(node), slicer.util.RenderBlocker():
        node.SetName("Metrics")
    with slicer.util.WaitCursor(), pytest.raises(ValueError, match="wrong"), slicer.util.tryWithErrorDisplay("Failed."):
        raise ValueError("wrong")
    assert slicer.util.settingsValue("Nowhere/AtAll", 7) == 7


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ('<widget class="QLabel" name="a"><property name="txet"><string>x</string></property></widget>', "'txet' on a"),
        (
            '<widget class="ctkNothing" name="a"/>'
            "<customwidgets><customwidget><class>ctkNothing</class></customwidget></customwidgets>",
            "no stand-in",
        ),
        (
            '<widget class="QCheckBox" name="a"/><connections><connection><sender>a</sender><signal>tickd()</signal>'
            "<receiver>a</receiver><slot>toggle()</slot></connection></connections>",
            "no signal tickd",
        ),
        (
            '<widget class="QCheckBox" name="a"/><connections><connection><sender>a</sender><signal>toggled(bool)'
            "</signal><receiver>a</receiver><slot>jump()</slot></connection></connections>",
            "a does not have",
        ),
        (
            '<widget class="ctkPathLineEdit" name="a"><property name="filters"><set>ctkPathLineEdit::Dirz</set>'
            "</property></widget>",
            "ctkPathLineEdit::Dirz, which is not known",
        ),
        (
            '<widget class="QCheckBox" name="a"/><connections><connection><sender>b</sender><signal>toggled(bool)'
            "</signal><receiver>a</receiver><slot>toggle()</slot></connection></connections>",
            "'b', which is not in it",
        ),
    ],
)
def test_a_wrong_ui_file_does_not_load(slicer_app: Any, tmp_path: Any, content: str, problem: str) -> None:
    import slicer

    path = tmp_path / "Wrong.ui"
    path.write_text(f'<ui version="4.0"><class>Wrong</class>{content}</ui>')
    with pytest.raises((RuntimeError, ValueError), match=problem):
        slicer.util.loadUI(str(path))


def test_a_ui_file_may_name_enumerators_of_a_stand_in(slicer_app: Any, tmp_path: Any) -> None:
    import ctk
    import slicer

    path = tmp_path / "Path.ui"
    path.write_text(
        '<ui version="4.0"><class>P</class><widget class="ctkPathLineEdit" name="a"><property name="filters">'
        "<set>ctkPathLineEdit::Dirs|ctkPathLineEdit::Writable</set></property></widget></ui>"
    )
    assert slicer.util.loadUI(str(path)).filters == ctk.ctkPathLineEdit.Dirs | ctk.ctkPathLineEdit.Writable
