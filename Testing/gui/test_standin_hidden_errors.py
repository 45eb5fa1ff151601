"""Errors that VTK, Qt and slots would hide fail the test in which they happen: each guard is shown to work."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TESTING = Path(__file__).resolve().parent.parent

HIDING_TESTS = """
import gc
import pytest


def test_vtk_error(slicer_app):
    import vtk
    vtk.vtkXMLPolyDataReader().Update()


def test_vtk_warning(slicer_app):
    import vtk
    vtk.vtkOutputWindow.GetInstance().DisplayWarningText("a warning")


def test_mrml_error(scene):
    import slicer
    slicer.vtkMRMLMarkupsFiducialNode().SetNthControlPointLabel(5, "nowhere")


def test_exception_in_a_slot(slicer_app):
    import qt
    button = qt.QPushButton()
    button.connect("clicked()", lambda: 1 / 0)
    button.click()


def test_exception_in_a_vtk_observer(slicer_app):
    import vtk
    observed = vtk.vtkObject()
    observed.AddObserver("ModifiedEvent", lambda *_: 1 / 0)
    observed.Modified()


def test_exception_in_a_timer(slicer_app):
    import qt
    qt.QTimer.singleShot(0, lambda: 1 / 0)
    slicer_app.processEvents()


def test_qt_warning(slicer_app):
    import qt
    qt.QPainter(qt.QPixmap())


def test_exception_in_a_destructor(slicer_app):
    class Careless:
        def __del__(self):
            raise ValueError("in a destructor")

    Careless()
    gc.collect()


@pytest.fixture
def a_bad_fixture(slicer_app):
    from PySide6.QtCore import qWarning
    qWarning("in a fixture")


def test_error_in_a_fixture(a_bad_fixture):
    pass


def test_nothing_hidden(scene):
    scene.AddNewNodeByClass("vtkMRMLTableNode")
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Outcome and reason of each test above, run in a process of its own with the repository's conftest."""
    folder = tmp_path_factory.mktemp("hiding")
    (folder / "test_hiding.py").write_text(HIDING_TESTS)
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-p", "no:cacheprovider", "-rA", "-q", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(TESTING)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    found = re.findall(r"^(PASSED|FAILED|ERROR) test_hiding\.py::(\w+)(.*)", done.stdout, re.MULTILINE)
    assert found, done.stdout + done.stderr
    return {name: outcome + reason for outcome, name, reason in found}


@pytest.mark.parametrize(
    "name",
    [
        "test_vtk_error",
        "test_vtk_warning",
        "test_mrml_error",
        "test_exception_in_a_slot",
        "test_exception_in_a_vtk_observer",
        "test_exception_in_a_timer",
        "test_qt_warning",
    ],
)
def test_a_hidden_error_fails_its_test(outcomes: dict[str, str], name: str) -> None:
    assert outcomes[name].startswith("FAILED - Failed: hidden errors")


def test_an_exception_in_a_destructor_fails_its_test(outcomes: dict[str, str]) -> None:
    assert outcomes["test_exception_in_a_destructor"].startswith("FAILED - pytest.PytestUnraisab")


def test_a_hidden_error_in_a_fixture_is_an_error_of_its_test(outcomes: dict[str, str]) -> None:
    assert outcomes["test_error_in_a_fixture"].startswith("ERROR - Failed: hidden errors")


def test_a_test_without_hidden_errors_passes_after_all_that(outcomes: dict[str, str]) -> None:
    assert outcomes["test_nothing_hidden"] == "PASSED"


def test_an_expected_error_does_not_fail_its_test(hidden_errors: Any) -> None:
    import vtk

    with hidden_errors.expected("File name not specified|returned failure") as messages:
        vtk.vtkXMLPolyDataReader().Update()
    assert len(messages) == 2


def test_an_expected_error_that_does_not_come_fails(hidden_errors: Any) -> None:
    with pytest.raises(AssertionError, match="No hidden error matches"), hidden_errors.expected("division"):
        pass


def test_another_error_than_the_expected_is_still_hidden(hidden_errors: Any) -> None:
    from PySide6.QtCore import qWarning

    with hidden_errors.expected("first"):
        qWarning("first")
        qWarning("second")
    assert hidden_errors.take() == ["Qt QtWarningMsg: second"]


def test_harmless_messages_are_known_by_name(hidden_errors: Any) -> None:
    hidden_errors.report("Qt QtWarningMsg: This plugin does not support propagateSizeHints()")
    assert hidden_errors.take() == []
