"""Choices and messages: CTK's versions of Qt's own widgets."""

from __future__ import annotations

from slicer_standin import qt
from slicer_standin.stand_in import stand_in, stored


@stand_in
class ctkComboBox(qt.QComboBox):
    """A combo box with a text for "nothing chosen"."""

    def _show_default(self) -> None:
        self.setPlaceholderText(self.defaultText)

    defaultText = stored(str, "", _show_default)
    forceDefault = stored(bool, False)
    elideMode = stored(int, 3)
    scrollWheelEffect = stored(int, 0)
    currentUserDataAsString = qt.Property(
        str,
        lambda self: str(self.currentData or ""),
        lambda self, value: self.setCurrentIndex(self.findData(value)),
    )


@stand_in
class ctkCheckBox(qt.QCheckBox):
    """A check box."""


@stand_in
class ctkMessageBox(qt.QMessageBox):
    """A message box."""
