"""Stand-in for Slicer's ``ctk`` module: the widgets that module panels use, named as in CTK's headers."""

from slicer_standin.ctk.buttons import (
    ctkCheckablePushButton,
    ctkColorPickerButton,
    ctkMenuButton,
    ctkPushButton,
)
from slicer_standin.ctk.choices import ctkCheckBox, ctkComboBox, ctkMessageBox
from slicer_standin.ctk.collapsible import ctkCollapsibleButton, ctkCollapsibleGroupBox
from slicer_standin.ctk.numbers import (
    ctkDoubleRangeSlider,
    ctkDoubleSlider,
    ctkDoubleSpinBox,
    ctkRangeWidget,
    ctkSliderWidget,
)
from slicer_standin.ctk.paths import ctkDirectoryButton, ctkPathLineEdit

__all__ = [
    "ctkCheckBox",
    "ctkCheckablePushButton",
    "ctkCollapsibleButton",
    "ctkCollapsibleGroupBox",
    "ctkColorPickerButton",
    "ctkComboBox",
    "ctkDirectoryButton",
    "ctkDoubleRangeSlider",
    "ctkDoubleSlider",
    "ctkDoubleSpinBox",
    "ctkMenuButton",
    "ctkMessageBox",
    "ctkPathLineEdit",
    "ctkPushButton",
    "ctkRangeWidget",
    "ctkSliderWidget",
]
