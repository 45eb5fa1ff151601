"""``qt.QUiLoader`` that knows the stand-ins, makes the file's connections, and refuses what no widget has."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from functools import cache
from typing import Any

from PySide6 import QtCore, QtUiTools, QtWidgets

from slicer_standin.stand_in import registered


class QUiLoader(QtUiTools.QUiLoader):
    """Loads a .ui file as Slicer does; a wrong class, property, signal or slot is an error instead of a shrug."""

    def load(self, device: QtCore.QIODevice, parent: QtWidgets.QWidget | None = None) -> QtWidgets.QWidget:
        """The widget tree of the file that ``device`` holds."""
        file = _read(bytes(device.readAll().data()))
        buffer = QtCore.QBuffer()
        buffer.setData(file.text)
        buffer.open(QtCore.QIODevice.OpenModeFlag.ReadOnly)
        widget = _loader(len(registered)).load(buffer, parent)
        _check_properties(file.root, widget)
        for name, property_name, text in file.enumerators:
            _set_enumerator(_find(widget, name), property_name, text)
        for connection in file.connections:
            _connect(widget, connection)
        return widget


@dataclass(frozen=True)
class UiFile:
    """A .ui file: what Qt's loader can read, and what is done after it."""

    root: ElementTree.Element
    text: bytes
    connections: list[dict[str, str]]
    enumerators: list[tuple[str, str, str]]


@cache
def _read(text: bytes) -> UiFile:
    """Read each file once: every test of a panel loads it anew."""
    root = ElementTree.fromstring(text)
    _check_classes(root)
    connections, enumerators = _take_connections(root), _take_enumerators(root)
    return UiFile(root, ElementTree.tostring(root), connections, enumerators)


@cache
def _loader(count: int) -> QtUiTools.QUiLoader:
    """Qt's loader with all stand-ins, made again when there are more."""
    loader = QtUiTools.QUiLoader()
    for cls in registered.values():
        loader.registerCustomWidget(cls)
    return loader


def _check_classes(root: ElementTree.Element) -> None:
    for custom in root.iter("customwidget"):
        if custom.findtext("class") not in registered:
            raise RuntimeError(f".ui names {custom.findtext('class')}, a widget class that has no stand-in.")


def _take_connections(root: ElementTree.Element) -> list[dict[str, str]]:
    """Remove <connections> from the tree: Qt's loader knows nothing of slots written in Python."""
    taken = []
    for connections in root.findall("connections"):
        taken += [{field.tag: field.text or "" for field in connection} for connection in connections]
        root.remove(connections)
    return taken


def _take_enumerators(root: ElementTree.Element) -> list[tuple[str, str, str]]:
    """Remove what Qt's loader cannot read: enumerators of a stand-in, as (widget, property, "A::B|A::C")."""
    taken = []
    for element in root.iter("widget"):
        cls = registered.get(element.get("class", ""))
        for declared in element.findall("property") if cls else []:
            text = declared.findtext("enum") or declared.findtext("set")
            name = declared.get("name", "")
            if text and any(name in vars(base) for base in cls.__mro__ if base in registered.values()):
                taken.append((element.get("name", ""), name, text))
                element.remove(declared)
    return taken


def _set_enumerator(widget: QtWidgets.QWidget, property_name: str, text: str) -> None:
    value = 0
    for enumerator in text.split("|"):
        owner_name, _, name = enumerator.rpartition("::")
        owner = registered.get(owner_name) or getattr(QtWidgets, owner_name, None) or getattr(QtCore, owner_name, None)
        if not hasattr(owner, name):
            raise RuntimeError(f".ui sets {property_name} of {widget.objectName} to {enumerator}, which is not known.")
        value |= int(getattr(getattr(owner, name), "value", getattr(owner, name)))
    setattr(widget, property_name, value)


def _check_properties(root: ElementTree.Element, loaded: QtWidgets.QWidget) -> None:
    for element in root.iter("widget"):
        if element.get("class") == "Line":  # Designer's own name for a QFrame, with a made-up "orientation"
            continue
        widget = _find(loaded, element.get("name", ""))
        for declared in element.findall("property"):
            name = declared.get("name", "")
            is_dynamic = declared.get("stdset") == "0"
            if not is_dynamic and type(widget).staticMetaObject.indexOfProperty(name) < 0:
                raise RuntimeError(
                    f".ui sets {name!r} on {element.get('name')}: {element.get('class')} has no such property."
                )


def _connect(loaded: QtWidgets.QWidget, connection: dict[str, str]) -> None:
    sender, receiver = _find(loaded, connection["sender"]), _find(loaded, connection["receiver"])
    slot = getattr(receiver, connection["slot"].partition("(")[0], None)
    if slot is None:
        raise RuntimeError(f".ui connects to {connection['slot']}, which {connection['receiver']} does not have.")
    sender.connect(connection["signal"], slot)


def _find(loaded: QtWidgets.QWidget, name: str) -> Any:
    found = loaded if loaded.objectName == name else loaded.findChild(QtCore.QObject, name)
    if found is None:
        raise RuntimeError(f".ui speaks of {name!r}, which is not in it.")
    return found
