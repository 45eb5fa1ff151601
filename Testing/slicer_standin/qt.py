"""Stand-in for Slicer's ``qt`` module: the names of QtCore, QtGui and QtWidgets in one place, PythonQt's way."""

from __future__ import annotations

from PySide6 import QtCore, QtGui, QtWidgets

from slicer_standin.pythonqt import adopt_manners
from slicer_standin.ui_loader import QUiLoader as QUiLoader

adopt_manners()
for _module in (QtCore, QtGui, QtWidgets):
    globals().update({name: getattr(_module, name) for name in dir(_module) if name.startswith("Q")})

Signal, Slot, Property = QtCore.Signal, QtCore.Slot, QtCore.Property
