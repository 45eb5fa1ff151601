"""Boots ``slicer``: the wheel's scene and logics, with the application object and the widgets that the wheel lacks."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

OWN_SLICER_PYTHON = Path(__file__).parent / "slicer_python"

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")

from slicer_standin import qt  # noqa: E402 - Qt reads its platform when it is first imported


class SlicerApplication(qt.QApplication):
    """``slicer.app`` of an application that runs without a main window, in testing mode."""

    startupCompleted = qt.Signal()
    majorVersion, minorVersion, revision = 5, 12, "stand-in"
    documentationBaseUrl = "https://slicer.readthedocs.io/en/latest/"

    def __init__(self) -> None:
        super().__init__(["Slicer", "-platform", "offscreen"])
        self._temporary_folder = tempfile.TemporaryDirectory(prefix="slicer_standin_")
        self.temporaryPath = self._temporary_folder.name
        self._keep_settings_apart()
        self._scene = self._logic = self._module_manager = self._layout_manager = None

    def _keep_settings_apart(self) -> None:
        """Settings go to the temporary folder, never to the user's own."""
        self.setOrganizationName("NA-MIC")
        self.setApplicationName("Slicer")
        qt.QSettings.setDefaultFormat(qt.QSettings.Format.IniFormat)
        qt.QSettings.setPath(qt.QSettings.Format.IniFormat, qt.QSettings.Scope.UserScope, self.temporaryPath)
        self.forgetSettings()

    def forgetSettings(self) -> None:
        """Back to the settings of a first start (not a method of Slicer's application)."""
        qt.QSettings().clear()
        qt.QSettings().setValue("Developer/SelfTestDisplayMessageDelay", 100)

    def testingEnabled(self) -> bool:
        """True, as with ``--testing``: message boxes return their default instead of waiting for a click."""
        return True

    def settings(self) -> qt.QSettings:
        """The application's settings."""
        return qt.QSettings()

    userSettings = settings
    revisionUserSettings = settings

    def mrmlScene(self) -> Any:
        """The scene."""
        return self._scene

    def applicationLogic(self) -> Any:
        """The application logic."""
        return self._logic

    def moduleManager(self) -> Any:
        """The module manager."""
        return self._module_manager

    def layoutManager(self) -> Any:
        """None as with ``--no-main-window``, unless a test has set one."""
        return self._layout_manager

    def setLayoutManager(self, manager: Any) -> None:
        """For tests that need views (not a method of Slicer's application)."""
        self._layout_manager = manager

    def moduleDocumentationUrl(self, module_name: str) -> str:
        """Where a module's page would be."""
        return f"{self.documentationBaseUrl}user_guide/modules/{module_name.lower()}.html"

    def translate(self, context: str, text: str) -> str:
        """No language but English."""
        return text

    def restart(self) -> None:
        """Not in a test."""
        raise RuntimeError("The stand-in cannot restart.")

    def pauseRender(self) -> None:
        """Views of the stand-in render when they are asked to."""

    def resumeRender(self) -> None:
        """See :meth:`pauseRender`."""


def start(slicer_python: str | Path | None = None) -> SlicerApplication:
    """Boot once per process and return ``slicer.app``; later calls return the same.

    Parameters
    ----------
    slicer_python
        A folder that holds Slicer's own ``ScriptedLoadableModule.py``, ``parameterNodeWrapper`` and ``i18n.py``
        (``bin/Python/slicer`` of an installed Slicer). Default: the environment variable ``SLICER_PYTHON``, else the
        stand-in's own versions.
    """
    running = qt.QApplication.instance()
    if isinstance(running, SlicerApplication):
        return running
    sys.modules["qt"] = qt
    application = SlicerApplication()
    import slicer
    import slicer.util

    slicer.app = application
    slicer.__path__.append(str(_slicer_python_folder(slicer_python)))
    from slicer_standin import modules

    application._scene, application._logic = modules.start_scene(application.temporaryPath)
    slicer.mrmlScene = application._scene
    application._module_manager = modules.start_modules(application._logic, application.temporaryPath)
    _name_widgets(slicer)
    return application


def _slicer_python_folder(given: str | Path | None) -> Path:
    folder = Path(given or os.environ.get("SLICER_PYTHON") or OWN_SLICER_PYTHON)
    if not (folder / "ScriptedLoadableModule.py").is_file():
        raise FileNotFoundError(f"SLICER_PYTHON names {folder}, which holds no ScriptedLoadableModule.py.")
    return folder


def _name_widgets(slicer: Any) -> None:
    """Put the stand-in widgets where a module looks for them."""
    from slicer_standin import ctk, qmrml, sample_data

    sys.modules["ctk"] = ctk
    sys.modules["SampleData"] = sample_data
    for name in qmrml.__all__:
        setattr(slicer, name, getattr(qmrml, name))
