"""Every stand-in widget, and every .ui file of the repository, has only what the real widgets have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reference import REFERENCE, needs_reference

REPOSITORY = Path(__file__).resolve().parents[2]
UI_FILES = [
    *sorted(REPOSITORY.glob("*/Resources/UI/*.ui")),
    REPOSITORY / "Testing/gui/data/ExampleModule/Resources/UI/ExampleModule.ui",
]

pytestmark = needs_reference("slicer_widgets.json")


@pytest.fixture
def contract(slicer_app: Any) -> Any:
    from slicer_standin.contract import Contract

    return Contract(REFERENCE / "slicer_widgets.json")


def a_stand_in(name: str, base: type, **members: Any) -> type:
    return type(base)(name, (base,), members)


def test_no_stand_in_has_what_the_real_widget_lacks(contract: Any) -> None:
    from slicer_standin.stand_in import registered

    assert len(registered) > 25
    assert [problem for cls in registered.values() for problem in contract.class_problems(cls)] == []


@pytest.mark.parametrize("path", UI_FILES, ids=lambda path: path.name)
def test_no_ui_file_asks_for_what_a_widget_lacks(contract: Any, path: Path) -> None:
    assert contract.ui_problems(path) == []


def test_an_invented_property_is_found(contract: Any) -> None:
    from slicer_standin import qt

    wrong = a_stand_in("ctkSliderWidget", qt.QWidget, colour=qt.Property(str, lambda self: ""))
    assert contract.class_problems(wrong) == ["ctkSliderWidget has no property colour"]


def test_an_invented_signal_is_found(contract: Any) -> None:
    from slicer_standin import qt

    wrong = a_stand_in("ctkSliderWidget", qt.QWidget, slid=qt.Signal(float), valueChanged=qt.Signal(int))
    assert contract.class_problems(wrong) == [
        "ctkSliderWidget has no signal slid(double)",
        "ctkSliderWidget has no signal valueChanged(int)",
    ]


def test_an_invented_method_is_found(contract: Any) -> None:
    from slicer_standin import qt

    wrong = a_stand_in("ctkSliderWidget", qt.QWidget, slideBy=lambda self, step: None)
    assert contract.class_problems(wrong) == ["ctkSliderWidget has no method slideBy"]


def test_a_wrong_base_class_is_found(contract: Any) -> None:
    from slicer_standin import qt

    wrong = a_stand_in("ctkDirectoryButton", qt.QPushButton)
    assert contract.class_problems(wrong) == ["ctkDirectoryButton must derive from QWidget"]


def test_a_class_that_nothing_is_known_of_may_have_nothing_of_its_own(contract: Any) -> None:
    from slicer_standin import qt

    assert contract.class_problems(a_stand_in("ctkUnheardOf", qt.QWidget)) == []
    wrong = a_stand_in("ctkUnheardOf", qt.QWidget, sing=lambda self: None)
    assert contract.class_problems(wrong) == ["ctkUnheardOf.sing: nothing is known of the real class"]


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ('<property name="suffix">', '<property name="ending">', "ctkSliderWidget has no property ending"),
        ("<signal>mrmlSceneChanged(", "<signal>sceneChanged(", "qMRMLWidget has no signal sceneChanged(vtkMRMLScene*)"),
        ("<slot>setMRMLScene(", "<slot>takeScene(", "qMRMLNodeComboBox has no slot takeScene(vtkMRMLScene*)"),
        ('<property name="checkable">', '<property name="tickable">', "QPushButton has no property tickable"),
    ],
)
def test_a_wrong_ui_file_is_found(contract: Any, tmp_path: Path, right: str, wrong: str, problem: str) -> None:
    path = tmp_path / "Wrong.ui"
    path.write_text(UI_FILES[-1].read_text().replace(right, wrong, 1))
    problems = contract.ui_problems(path)
    assert len(problems) == 1
    assert problems[0].endswith(problem)
