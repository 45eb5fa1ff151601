"""Push buttons."""

from __future__ import annotations

from slicer_standin import qt
from slicer_standin.stand_in import stand_in, stored


@stand_in
class ctkPushButton(qt.QPushButton):
    """A push button whose text and icon can be aligned."""

    buttonTextAlignment = stored(int, 0)
    iconAlignment = stored(int, 0)
    elideMode = stored(int, 3)


@stand_in
class ctkCheckablePushButton(ctkPushButton):
    """A push button with a check box in it."""

    checkBoxToggled = qt.Signal(bool)

    def _toggle(self) -> None:
        checked = self.checkState == 2  # Qt::Checked
        if self.checkBoxControlsButton:
            self.setCheckable(checked)
        if self.checkBoxControlsButtonToggleState:
            self.setChecked(checked)
        self.checkBoxToggled.emit(checked)

    checkState = stored(int, 0, _toggle)
    indicatorAlignment = stored(int, 0)
    checkBoxControlsButton = stored(bool, True)
    checkBoxControlsButtonToggleState = stored(bool, True)
    checkBoxUserCheckable = stored(bool, True)


@stand_in
class ctkMenuButton(qt.QPushButton):
    """A push button with a menu at its right."""


@stand_in
class ctkColorPickerButton(qt.QPushButton):
    """A button that shows a colour and lets the user choose another."""

    colorChanged = qt.Signal(qt.QColor)
    colorNameChanged = qt.Signal(str)

    def _show_colour(self) -> None:
        swatch = qt.QPixmap(16, 16)
        swatch.fill(self.color)
        self.setIcon(qt.QIcon(swatch))
        self.setText(self.color.name() if self.displayColorName else "")
        self.colorChanged.emit(self.color)

    color = stored(qt.QColor, qt.QColor("black"), _show_colour)
    colorName = stored(str, "")
    displayColorName = stored(bool, True, _show_colour)
    dialogOptions = stored(int, 0)
