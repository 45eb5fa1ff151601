"""Fixtures of every layer. The Slicer stand-in starts when a test first asks for it, never for a library test."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from slicer_standin.application import SlicerApplication
    from slicer_standin.hidden_errors import HiddenErrors
    from slicer_standin.layout import LayoutManager
    from slicer_standin.main_window import MainWindow
    from slicer_standin.views import SliceView, ThreeDView

REPOSITORY = Path(__file__).resolve().parent.parent
LONGEST = (
    "workflow/test_demo.py",
    "packaging/test_modules_load.py",
    "gui/test_seedverify_panel.py",
    "gui/test_seedverify_upset.py",
)
"""Files that take longest, to begin with: at the end one would keep one worker while the others have nothing to do."""


def pytest_configure(config: pytest.Config) -> None:
    """An exception that Python itself could only print fails the test as well."""
    config.addinivalue_line("filterwarnings", "error::pytest.PytestUnraisableExceptionWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest."""
    first = {REPOSITORY / "Testing" / name for name in LONGEST}
    items.sort(key=lambda item: item.path not in first)


def fail_on_hidden_errors() -> None:
    """Fail the running phase of a test when VTK, Qt or a slot had an error that did not reach the test."""
    watching = sys.modules.get("slicer_standin.hidden_errors")
    if watching is None:
        return
    if messages := watching.hidden_errors.take():
        pytest.fail("hidden errors:\n" + "\n".join(messages), pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """A hidden error in a fixture fails its test."""
    yield
    fail_on_hidden_errors()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """A hidden error in a test fails it."""
    yield
    fail_on_hidden_errors()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """A hidden error in cleaning up is an error of its test."""
    yield
    fail_on_hidden_errors()


@pytest.fixture(scope="session")
def slicer_app() -> SlicerApplication:
    """``slicer.app`` of the stand-in, with the real scene and logics; hidden errors are watched from here on."""
    pytest.importorskip("slicer_core", reason="needs the slicer-core wheel")
    pytest.importorskip("PySide6", reason="needs PySide6")
    from slicer_standin.application import start
    from slicer_standin.hidden_errors import watch
    from slicer_standin.style import apply_light_theme

    application = start(os.environ.get("SLICER_PYTHON"))
    watch()
    apply_light_theme(application)
    return application


@pytest.fixture
def hidden_errors(slicer_app: SlicerApplication) -> HiddenErrors:
    """For a test that provokes a hidden error: ``with hidden_errors.expected("division by zero"): ...``."""
    from slicer_standin.hidden_errors import hidden_errors

    return hidden_errors


@pytest.fixture
def scene(slicer_app: SlicerApplication) -> Iterator[Any]:
    """The MRML scene, empty before and after the test; the settings are those of a first start."""
    import slicer

    slicer_app.forgetSettings()
    slicer.mrmlScene.Clear(0)
    yield slicer.mrmlScene
    slicer_app.processEvents()
    slicer.mrmlScene.Clear(0)
    _remove_views(slicer.mrmlScene)
    slicer_app.processEvents()


def _remove_views(scene: Any) -> None:
    """Remove what a closed scene keeps: slice views are singletons, and one that is turned would be seen by others."""
    import slicer

    for name in ("vtkMRMLSliceNode", "vtkMRMLSliceCompositeNode"):
        for node in slicer.util.getNodesByClass(name):
            scene.RemoveNode(node)


@pytest.fixture
def load_widget(scene: Any) -> Iterator[Callable[[str | Path], Any]]:
    """``load_widget("BrachyDose")`` loads the module of the repository (or a file's path) and returns its widget."""
    from slicer_standin.modules import load_module, unload_module

    names: list[str] = []

    def load(module: str | Path) -> Any:
        path = Path(module)
        loaded = load_module(path if path.suffix == ".py" else REPOSITORY / path / f"{path}.py")
        names.append(loaded.name)
        panel = loaded.widgetRepresentation()
        panel.enter()
        return panel.self()

    yield load
    for name in names:
        unload_module(name)


@pytest.fixture
def a_slice_view(scene: Any) -> Iterator[SliceView]:
    """An axial slice view of the scene."""
    from slicer_standin.views import SliceView

    view = SliceView("Red", "Axial")
    yield view
    view.close()


@pytest.fixture
def a_3d_view(scene: Any) -> Iterator[ThreeDView]:
    """A 3D view of the scene."""
    from slicer_standin.views import ThreeDView

    view = ThreeDView()
    yield view
    view.close()


@pytest.fixture
def a_layout_manager(scene: Any) -> Iterator[LayoutManager]:
    """``slicer.app.layoutManager()`` with slice, 3D, plot and table views, which is None without this fixture."""
    from slicer_standin.layout import LayoutManager

    with LayoutManager() as manager:
        yield manager


@pytest.fixture
def a_main_window(scene: Any) -> Iterator[MainWindow]:
    """``slicer.util.mainWindow()`` with a module selector, which is None without this fixture."""
    from slicer_standin.main_window import MainWindow

    with MainWindow() as window:
        yield window


@pytest.fixture
def dark_theme(slicer_app: SlicerApplication) -> Iterator[None]:
    """Slicer's dark palette for one test."""
    from slicer_standin.style import apply_dark_theme, apply_light_theme

    apply_dark_theme(slicer_app)
    yield
    apply_light_theme(slicer_app)
