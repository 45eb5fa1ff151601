"""How a widget shows a parameter and tells of its change."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from enum import Enum
from typing import Any

import ctk
import qt
import slicer

from .annotations import Choice, Decimals, Maximum, Minimum, SingleStep, WithinRange, first_of, split_annotations


class GuiConnector:
    """One widget bound to one parameter: reads and writes one property, listens to one signal."""

    property_name = ""
    signal_name = ""

    def __init__(self, widget: Any, type_: Any, annotations: tuple[Any, ...]) -> None:
        self._widget, self._type, self._annotations = widget, type_, annotations
        self._callback: Callable[[], None] | None = None
        self.prepare()

    def prepare(self) -> None:
        """Set the widget's limits and choices from the parameter's annotations."""

    def widget(self) -> Any:
        """The widget."""
        return self._widget

    def onChanged(self, callback: Callable[[], None] | None) -> None:
        """Call back when the widget's value changes; None ends that."""
        signal = getattr(self._widget, self.signal_name)
        if callback is None:
            signal.disconnect(self._changed)
        else:
            signal.connect(self._changed)
        self._callback = callback

    def _changed(self) -> None:
        if self._callback is not None:
            self._callback()

    def read(self) -> Any:
        """The widget's value."""
        return getattr(self._widget, self.property_name)

    def write(self, value: Any) -> None:
        """Show a value."""
        setattr(self._widget, self.property_name, value)


class CheckBoxConnector(GuiConnector):
    """A check box."""

    property_name, signal_name = "checked", "stateChanged"


class CheckableButtonConnector(GuiConnector):
    """A push button that stays down."""

    property_name, signal_name = "checked", "toggled"

    def prepare(self) -> None:
        """A button that is not checkable is made so, as in Slicer."""
        self._widget.checkable = True


class NumberConnector(GuiConnector):
    """A spin box or slider: its limits are the parameter's."""

    property_name, signal_name = "value", "valueChanged"

    def prepare(self) -> None:
        """Limits, decimals and step; a slider without two limits is an error, as in Slicer."""
        for kind, name in ((Decimals, "decimals"), (SingleStep, "singleStep")):
            wanted = first_of(self._annotations, kind)
            if wanted is not None:
                setattr(self._widget, name, wanted.value)
        if self._type is int and hasattr(self._widget, "decimals"):
            self._widget.decimals = 0
        self._widget.setRange(*self._range())

    def _range(self) -> tuple[float, float]:
        low, high = self._limits()
        if isinstance(self._widget, (qt.QSlider, ctk.ctkSliderWidget)) and None in (low, high):
            name = type(self._widget).__name__
            raise RuntimeError(f"Cannot have a connection to {name} where the number is unbounded.")
        least, most = (-(2**31), 2**31 - 1) if isinstance(self._widget, qt.QSpinBox) else (float("-inf"), float("inf"))
        return (least if low is None else low), (most if high is None else high)

    def _limits(self) -> tuple[float | None, float | None]:
        both = first_of(self._annotations, WithinRange)
        if both is not None:
            return both.minimum, both.maximum
        low, high = first_of(self._annotations, Minimum), first_of(self._annotations, Maximum)
        return (None if low is None else low.minimum), (None if high is None else high.maximum)

    def read(self) -> Any:
        """The number, of the parameter's type."""
        return self._type(self._widget.value)


class ComboBoxConnector(GuiConnector):
    """A combo box: filled with the choices of a parameter, or the members of an enumeration."""

    signal_name = "currentIndexChanged"

    def prepare(self) -> None:
        """Replace the items; the selection stays where it was in the list, as in Slicer."""
        if isinstance(self._type, type) and issubclass(self._type, Enum):
            self._values = list(self._type)
            label = getattr(self._type, "label", lambda member: member.name)
        else:
            choice = first_of(self._annotations, Choice)
            if choice is None:
                raise RuntimeError("A combo box needs the Choice annotation on its parameter.")
            self._values, label = list(choice.choices), str
        row = self._widget.currentIndex
        self._widget.clear()
        self._widget.addItems([label(value) for value in self._values])
        self._widget.currentIndex = row if 0 <= row < len(self._values) else 0

    def read(self) -> Any:
        """The chosen value."""
        return self._values[self._widget.currentIndex]

    def write(self, value: Any) -> None:
        """Choose a value."""
        if value not in self._values:
            raise ValueError(f"Unable to find value {value} in choices {self._values}")
        self._widget.currentIndex = self._values.index(value)


class LineEditConnector(GuiConnector):
    """A line of text."""

    property_name, signal_name = "text", "textChanged"

    def write(self, value: str) -> None:
        """Writing moves the cursor, so only when the text differs."""
        if value != self._widget.text:
            self._widget.text = value


class TextEditConnector(GuiConnector):
    """A text of several lines, without format."""

    property_name, signal_name = "plainText", "textChanged"


class LabelConnector(GuiConnector):
    """A label: shows, never tells."""

    property_name = "text"

    def onChanged(self, callback: Callable[[], None] | None) -> None:
        """A label has no such signal."""


class PathConnector(GuiConnector):
    """A path line or folder button."""

    def prepare(self) -> None:
        """The two widgets name their path differently."""
        self.property_name = "currentPath" if isinstance(self._widget, ctk.ctkPathLineEdit) else "directory"
        self.signal_name = f"{self.property_name}Changed"

    def read(self) -> Any:
        """The path, of the parameter's type."""
        return self._type(super().read())

    def write(self, value: Any) -> None:
        """Show a path."""
        super().write(str(value))


class NodeConnector(GuiConnector):
    """A node selector: lists the parameter's class."""

    signal_name = "currentNodeChanged"

    def prepare(self) -> None:
        """The parameter's class decides, whatever the .ui file says, as in Slicer."""
        self._widget.nodeTypes = [self._type().GetClassName()]

    def read(self) -> Any:
        """The selected node."""
        return self._widget.currentNode()

    def write(self, value: Any) -> None:
        """Select a node."""
        self._widget.setCurrentNode(value)


# Exact widget classes and the kinds of parameter they show, as Slicer's own list has them.
CONNECTORS: tuple[tuple[type[GuiConnector], tuple[type, ...], tuple[type, ...]], ...] = (
    (CheckBoxConnector, (qt.QCheckBox, ctk.ctkCheckBox), (bool,)),
    (CheckableButtonConnector, (qt.QPushButton, ctk.ctkCheckablePushButton), (bool,)),
    (NumberConnector, (qt.QSlider, qt.QSpinBox), (int,)),
    (
        NumberConnector,
        (qt.QDoubleSpinBox, ctk.ctkSliderWidget, ctk.ctkDoubleSpinBox, slicer.qMRMLSliderWidget, slicer.qMRMLSpinBox),
        (float, int),
    ),
    (ComboBoxConnector, (qt.QComboBox, ctk.ctkComboBox), (int, float, str, bool, Enum)),
    (LineEditConnector, (qt.QLineEdit,), (str,)),
    (TextEditConnector, (qt.QTextEdit,), (str,)),
    (LabelConnector, (qt.QLabel,), (str,)),
    (PathConnector, (ctk.ctkPathLineEdit, ctk.ctkDirectoryButton), (pathlib.PurePath,)),
    (NodeConnector, (slicer.qMRMLNodeComboBox,), (slicer.vtkMRMLNode,)),
)


def _is_of(type_: Any, kinds: tuple[type, ...]) -> bool:
    by_subclass = tuple(kind for kind in kinds if kind in (Enum, pathlib.PurePath, slicer.vtkMRMLNode))
    return type_ in kinds or (isinstance(type_, type) and bool(by_subclass) and issubclass(type_, by_subclass))


def createGuiConnector(widget: Any, datatype: Any) -> GuiConnector:
    """The connector for this widget and (annotated) type; RuntimeError when Slicer has none."""
    type_, annotations = split_annotations(datatype)
    for connector, widget_classes, kinds in CONNECTORS:
        if type(widget) in widget_classes and _is_of(type_, kinds):
            return connector(widget, type_, annotations)
    raise RuntimeError(f"Unable to create GUI connector from datatype '{datatype}' to widget type '{type(widget)}'.")
