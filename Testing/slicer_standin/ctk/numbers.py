"""Numbers: spin box, slider with spin box, range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slicer_standin import qt
from slicer_standin.stand_in import forwarded, stand_in, stored

SLIDER_STEPS = 1000


def borderless_row(widget: qt.QWidget, *parts: qt.QWidget) -> None:
    """Lay the parts out side by side, as wide as the widget."""
    row = qt.QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    for part in parts:
        row.addWidget(part)


@stand_in
class ctkDoubleSpinBox(qt.QWidget):
    """A number with unit; in CTK too a plain widget around a QDoubleSpinBox."""

    valueChanged = qt.Signal((float,), (str,))
    editingFinished = qt.Signal()
    decimalsChanged = qt.Signal(int)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        super().__init__(parent)
        self._spin = qt.QDoubleSpinBox()
        borderless_row(self, self._spin)
        self.setSizePolicy(self._spin.sizePolicy)
        self.setFocusProxy(self._spin)
        self._spin.valueChanged.connect(self._tell)
        self._spin.editingFinished.connect(self.editingFinished)

    def _tell(self, value: float) -> None:
        self.valueChanged[float].emit(value)
        self.valueChanged[str].emit(self._spin.text)

    value = forwarded(float, "_spin", "value")
    minimum = forwarded(float, "_spin", "minimum")
    maximum = forwarded(float, "_spin", "maximum")
    singleStep = forwarded(float, "_spin", "singleStep")
    decimals = forwarded(int, "_spin", "decimals")
    suffix = forwarded(str, "_spin", "suffix")
    prefix = forwarded(str, "_spin", "prefix")
    readOnly = forwarded(bool, "_spin", "readOnly")
    frame = forwarded(bool, "_spin", "frame")
    alignment = forwarded(int, "_spin", "alignment")
    cleanText = qt.Property(str, lambda self: self._spin.cleanText)
    decimalsOption = stored(int, 0)
    invertedControls = stored(bool, False)
    sizeHintPolicy = stored(int, 0)

    def setRange(self, minimum: float, maximum: float) -> None:
        """Both limits at once."""
        self._spin.setRange(minimum, maximum)

    def text(self) -> str:
        """What is shown, with prefix and suffix."""
        return self._spin.text

    def spinBox(self) -> qt.QDoubleSpinBox:
        """The inner spin box."""
        return self._spin

    def lineEdit(self) -> qt.QLineEdit:
        """The inner editor."""
        return self._spin.lineEdit()

    def stepUp(self) -> None:
        """One step up."""
        self._spin.stepUp()

    def stepDown(self) -> None:
        """One step down."""
        self._spin.stepDown()


@stand_in
class ctkSliderWidget(qt.QWidget):
    """A slider and a spin box that show one number."""

    valueChanged = qt.Signal(float)
    valueIsChanging = qt.Signal(float)
    decimalsChanged = qt.Signal(int)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        super().__init__(parent)
        self._slider = qt.QSlider(qt.Qt.Orientation.Horizontal)
        self._slider.setRange(0, SLIDER_STEPS)
        self._spin = qt.QDoubleSpinBox()
        self._spin.setRange(0, 99)
        self._following = False
        borderless_row(self, self._slider, self._spin)
        self._spin.valueChanged.connect(self._follow_spin_box)
        self._slider.valueChanged.connect(self._follow_slider)
        self._slider.sliderReleased.connect(self._tell)

    def _follow_spin_box(self, value: float) -> None:
        low, high = self._spin.minimum, self._spin.maximum
        self._following = True
        self._slider.setValue(round((value - low) / (high - low) * SLIDER_STEPS) if high > low else 0)
        self._following = False
        if self.tracking or not self._slider.isSliderDown():
            self._tell()
        else:
            self.valueIsChanging.emit(value)

    def _follow_slider(self, step: int) -> None:
        if not self._following:
            low, high = self._spin.minimum, self._spin.maximum
            self._spin.setValue(low + (high - low) * step / SLIDER_STEPS)

    def _tell(self) -> None:
        self.valueChanged.emit(self._spin.value)

    value = forwarded(float, "_spin", "value")
    minimum = forwarded(float, "_spin", "minimum")
    maximum = forwarded(float, "_spin", "maximum")
    singleStep = forwarded(float, "_spin", "singleStep")
    decimals = forwarded(int, "_spin", "decimals")
    suffix = forwarded(str, "_spin", "suffix")
    prefix = forwarded(str, "_spin", "prefix")
    pageStep = stored(float, 10.0)
    tracking = stored(bool, True)
    tickInterval = stored(float, 0.0)
    tickPosition = stored(int, 0)
    spinBoxVisible = forwarded(bool, "_spin", "visible")
    spinBoxAlignment = stored(int, 0)
    popupSlider = stored(bool, False)
    invertedAppearance = forwarded(bool, "_slider", "invertedAppearance")
    invertedControls = forwarded(bool, "_slider", "invertedControls")
    synchronizeSiblings = stored(int, 0)

    def setRange(self, minimum: float, maximum: float) -> None:
        """Both limits at once."""
        self._spin.setRange(minimum, maximum)

    def slider(self) -> qt.QSlider:
        """The inner slider."""
        return self._slider

    def spinBox(self) -> qt.QDoubleSpinBox:
        """The inner spin box."""
        return self._spin


def set_both(name: str) -> Callable[[Any, Any], None]:
    """A setter of one property of both spin boxes of a range."""

    def write(self: ctkRangeWidget, value: Any) -> None:
        setattr(self._low, name, value)
        setattr(self._high, name, value)

    return write


@stand_in
class ctkRangeWidget(qt.QWidget):
    """Two numbers, the lower left and the higher right."""

    valuesChanged = qt.Signal(float, float)
    minimumValueChanged = qt.Signal(float)
    maximumValueChanged = qt.Signal(float)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        super().__init__(parent)
        self._low, self._high = qt.QDoubleSpinBox(), qt.QDoubleSpinBox()
        borderless_row(self, self._low, self._high)
        self._high.setValue(99)
        for spin, changed in ((self._low, self.minimumValueChanged), (self._high, self.maximumValueChanged)):
            spin.valueChanged.connect(changed)
            spin.valueChanged.connect(self._tell)

    def _tell(self) -> None:
        self.valuesChanged.emit(self._low.value, self._high.value)

    minimumValue = forwarded(float, "_low", "value")
    maximumValue = forwarded(float, "_high", "value")
    minimum = qt.Property(float, lambda self: self._low.minimum, set_both("minimum"))
    maximum = qt.Property(float, lambda self: self._high.maximum, set_both("maximum"))
    decimals = qt.Property(int, lambda self: self._low.decimals, set_both("decimals"))
    singleStep = qt.Property(float, lambda self: self._low.singleStep, set_both("singleStep"))
    suffix = qt.Property(str, lambda self: self._low.suffix, set_both("suffix"))
    prefix = qt.Property(str, lambda self: self._low.prefix, set_both("prefix"))
    tracking = stored(bool, True)
    symmetricMoves = stored(bool, False)

    def setRange(self, minimum: float, maximum: float) -> None:
        """The limits of both numbers."""
        self.minimum, self.maximum = minimum, maximum

    def setValues(self, minimum: float, maximum: float) -> None:
        """Both numbers."""
        self._low.setValue(minimum)
        self._high.setValue(maximum)


@stand_in
class ctkDoubleSlider(qt.QSlider):
    """Named by Slicer's own parameter node connectors; not used by our panels."""


@stand_in
class ctkDoubleRangeSlider(qt.QSlider):
    """Named by Slicer's own parameter node connectors; not used by our panels."""
