"""Collects what goes wrong without an exception reaching the test: VTK errors, Qt warnings, exceptions in slots."""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import vtk
from PySide6 import QtCore

# Messages that mean nothing here, each with the reason.
HARMLESS = (
    re.compile(r"This plugin does not support"),  # Qt's offscreen platform has no window manager to talk to
    re.compile(r"[Tt]erminolog|LoadRegionContext"),  # the terminology files are in no wheel
)


@dataclass
class HiddenErrors:
    """What was hidden since the last :meth:`take`."""

    messages: list[str] = field(default_factory=list)

    def report(self, message: str) -> None:
        """Keep a message, unless it is one of the harmless."""
        if not any(pattern.search(message) for pattern in HARMLESS):
            self.messages.append(message.strip())

    def take(self) -> list[str]:
        """What there is, and forget it."""
        taken, self.messages = self.messages, []
        return taken

    @contextmanager
    def expected(self, pattern: str) -> Iterator[list[str]]:
        """A hidden error that matches must happen in this block, and no other; it does not fail the test."""
        before = self.take()
        caught: list[str] = []
        yield caught
        caught += self.take()
        self.messages = before + [message for message in caught if not re.search(pattern, message)]
        if not any(re.search(pattern, message) for message in caught):
            raise AssertionError(f"No hidden error matches {pattern!r}; there was {caught or 'none'}.")


hidden_errors = HiddenErrors()


def watch() -> HiddenErrors:
    """Start to listen to VTK, Qt and Python; once per process."""
    window = vtk.vtkOutputWindow()
    window.SetDisplayModeToNever()
    for event in (vtk.vtkCommand.ErrorEvent, vtk.vtkCommand.WarningEvent):
        window.AddObserver(event, _vtk_message)
    vtk.vtkOutputWindow.SetInstance(window)
    vtk.vtkLogger.SetStderrVerbosity(vtk.vtkLogger.VERBOSITY_OFF)
    QtCore.qInstallMessageHandler(_qt_message)
    sys.excepthook = _unhandled_exception
    return hidden_errors


@vtk.calldata_type(vtk.VTK_STRING)
def _vtk_message(caller: vtk.vtkObject, event: str, text: str) -> None:
    hidden_errors.report(f"VTK {event}: {text}")


def _qt_message(kind: QtCore.QtMsgType, context: Any, text: str) -> None:
    if kind not in (QtCore.QtMsgType.QtDebugMsg, QtCore.QtMsgType.QtInfoMsg):
        hidden_errors.report(f"Qt {kind.name}: {text}")


def _unhandled_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """PySide6 and VTK hand an exception in a slot or observer to ``sys.excepthook``, and go on."""
    hidden_errors.report("".join(traceback.format_exception(kind, error, trace)))
    sys.__excepthook__(kind, error, trace)
