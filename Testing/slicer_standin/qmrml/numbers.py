"""Numbers with a quantity ("length"), whose unit the scene knows."""

from __future__ import annotations

from slicer_standin import qt
from slicer_standin.ctk import ctkDoubleSpinBox, ctkRangeWidget, ctkSliderWidget
from slicer_standin.qmrml.scene import SceneHolder
from slicer_standin.stand_in import stand_in, stored


@stand_in
class qMRMLSliderWidget(SceneHolder, ctkSliderWidget):
    """A slider with a unit."""

    quantity = stored(str, "")
    unitAwareProperties = stored(int, 0)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        ctkSliderWidget.__init__(self, parent)


@stand_in
class qMRMLSpinBox(SceneHolder, ctkDoubleSpinBox):
    """A spin box with a unit."""

    quantity = stored(str, "")
    unitAwareProperties = stored(int, 0)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        ctkDoubleSpinBox.__init__(self, parent)


@stand_in
class qMRMLRangeWidget(SceneHolder, ctkRangeWidget):
    """A range with a unit."""

    quantity = stored(str, "")

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        ctkRangeWidget.__init__(self, parent)
