"""Holds stand-in widgets and .ui files against what the real classes have, by Slicer's and CTK's headers."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6 import QtCore, QtWidgets

from slicer_standin.qmrml.scene import SceneHolder

# Of QVTKOpenGLNativeWidget a stand-in needs only that it is a widget.
QT_BASES = {"QVTKOpenGLNativeWidget": QtWidgets.QWidget}

# Declared in qMRMLNodeComboBox.h over several lines, which the extraction has missed.
MISSED_METHODS = {"qMRMLNodeComboBox": {"addAttribute"}}


class Contract:
    """The widget classes by name: their bases, properties, signals and methods."""

    def __init__(self, path: Path) -> None:
        self.classes: dict[str, Any] = json.loads(path.read_text())

    def members(self, class_name: str, kind: str) -> set[str]:
        """Every "properties", "signals" or "methods" of a class and of its bases that are not Qt's own."""
        return {
            member for name in self._line(class_name) if name in self.classes for member in self.classes[name][kind]
        }

    def qt_base(self, class_name: str) -> type:
        """The Qt class that a widget derives from."""
        name = self._line(class_name)[-1]
        return QT_BASES.get(name) or getattr(QtWidgets, name)

    def _line(self, class_name: str) -> list[str]:
        line = [class_name]
        while line[-1] in self.classes:
            line.append(self.classes[line[-1]]["bases"][0])
        return line

    def class_problems(self, cls: type) -> list[str]:
        """What a stand-in class has that the real class of its name lacks."""
        name = cls.__name__
        if name not in self.classes:
            own = [*own_properties(cls), *own_signals(cls), *own_methods(cls)]
            return [f"{name}.{member}: nothing is known of the real class" for member in own]
        qt_base = self.qt_base(name)
        problems = [] if _first_qt_class(cls) is qt_base else [f"{name} must derive from {qt_base.__name__}"]
        invented = {
            "property": set(own_properties(cls)) - self.members(name, "properties"),
            "signal": set(own_signals(cls)) - self.members(name, "signals"),
            "method": {method for method in own_methods(cls) if not self._has_method(name, method)},
        }
        return problems + [f"{name} has no {kind} {one}" for kind, found in invented.items() for one in sorted(found)]

    def _has_method(self, class_name: str, method: str) -> bool:
        is_setter = method.startswith("set") and method[3:4].lower() + method[4:] in self.members(
            class_name, "properties"
        )
        known = self.members(class_name, "methods") | MISSED_METHODS.get(class_name, set())
        return is_setter or method in known or hasattr(self.qt_base(class_name), method)

    def ui_problems(self, path: Path) -> list[str]:
        """What a .ui file sets, or connects to, that the real widgets lack."""
        root = ElementTree.parse(path).getroot()
        classes = {widget.get("name", ""): widget.get("class", "") for widget in root.iter("widget")}
        problems = []
        for widget in root.iter("widget"):
            problems += self._widget_problems(widget)
        for connection in root.iter("connection"):
            problems += self._connection_problems({field.tag: field.text or "" for field in connection}, classes)
        return [f"{path.name}: {problem}" for problem in problems]

    def _widget_problems(self, widget: ElementTree.Element) -> Iterator[str]:
        class_name = widget.get("class", "")
        known = self._known_properties(class_name)
        for declared in widget.findall("property"):
            if declared.get("stdset") != "0" and declared.get("name") not in known:
                yield f"{widget.get('name')}: {class_name} has no property {declared.get('name')}"

    def _known_properties(self, class_name: str) -> set[str]:
        if class_name == "Line":  # Designer's own name for a QFrame, with a made-up orientation
            return {"orientation"} | qt_properties(QtWidgets.QFrame)
        if class_name in self.classes:
            return self.members(class_name, "properties") | qt_properties(self.qt_base(class_name))
        return qt_properties(getattr(QtWidgets, class_name, QtWidgets.QWidget))

    def _connection_problems(self, connection: dict[str, str], classes: dict[str, str]) -> Iterator[str]:
        sender, receiver = classes.get(connection["sender"], ""), classes.get(connection["receiver"], "")
        if sender in self.classes and connection["signal"] not in self.members(sender, "signals") | qt_signals(
            sender, self
        ):
            yield f"{connection['sender']}: {sender} has no signal {connection['signal']}"
        slot = connection["slot"].partition("(")[0]
        if receiver in self.classes and not self._has_method(receiver, slot):
            yield f"{connection['receiver']}: {receiver} has no slot {connection['slot']}"


def own_properties(cls: type) -> list[str]:
    """Names of the properties that a stand-in class declares itself."""
    return [name for name, value in vars(cls).items() if isinstance(value, QtCore.Property)]


def own_signals(cls: Any) -> list[str]:
    """Signatures, in C++ types, of the signals that a stand-in class declares itself."""
    meta = cls.staticMetaObject
    methods = (meta.method(index) for index in range(meta.methodOffset(), meta.methodCount()))
    signatures = [
        bytes(m.methodSignature()).decode() for m in methods if m.methodType() == QtCore.QMetaMethod.MethodType.Signal
    ]
    declared = list(vars(cls).get("cpp_signals", ()))
    named = {signature.partition("(")[0] for signature in declared}
    return declared + [s for s in signatures if "PyObject" not in s or s.partition("(")[0] not in named]


def own_methods(cls: type) -> list[str]:
    """Names of the public methods that a stand-in class defines itself, or has as a holder of a scene."""
    own = [name for name, value in vars(cls).items() if callable(value) and not name.startswith("_")]
    own = [name for name in own if not isinstance(vars(cls)[name], (QtCore.Signal, QtCore.Property, type))]
    return own + (["setMRMLScene"] if SceneHolder in cls.__bases__ else [])


def qt_properties(qt_class: Any) -> set[str]:
    """The properties of one of Qt's own classes."""
    meta = qt_class.staticMetaObject
    return {meta.property(index).name() for index in range(meta.propertyCount())}


def qt_signals(class_name: str, contract: Contract) -> set[str]:
    """The signals that a widget class has from Qt."""
    meta = contract.qt_base(class_name).staticMetaObject
    return {bytes(meta.method(index).methodSignature()).decode() for index in range(meta.methodCount())}


def _first_qt_class(cls: type) -> type:
    return next(base for base in cls.__mro__ if base.__module__.startswith("PySide6"))
