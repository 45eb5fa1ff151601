"""Gives PySide6 objects PythonQt's manners, as far as a scripted module can tell.

* A Qt property is a Python attribute: ``button.text``; ``button.text()`` is a TypeError, as in Slicer.
* ``button.connect("clicked()", f)``, with a check that the signal exists.
* An attribute that is neither property nor method is refused on a plain Qt object.
* A number is taken where an enumerator is expected; ``exec_`` exists; ``name`` and ``className()`` too.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from enum import Enum
from functools import cache
from typing import Any

from PySide6 import QtCore, QtGui, QtWidgets

from slicer_standin import signals

# Qt asks a class written in Python for these methods by name, so there they stay methods; elsewhere they are values.
VIRTUAL_PROPERTIES = {"sizeHint", "minimumSizeHint"}

stand_in_classes: set[type] = set()


def qobject_classes() -> list[type]:
    """Every QObject class of QtCore, QtGui and QtWidgets, base classes first."""
    named = (getattr(module, name) for module in (QtCore, QtGui, QtWidgets) for name in dir(module))
    found = {
        value
        for value in named
        if isinstance(value, type) and issubclass(value, QtCore.QObject) and hasattr(value, "staticMetaObject")
    }
    return sorted(found, key=lambda cls: (len(cls.__mro__), cls.__name__))


def adopt_manners() -> None:
    """Patch the PySide6 classes; called once, when ``qt`` is first imported."""
    classes = qobject_classes()
    readers = {cls: cls.__getattribute__ for cls in classes}
    for cls in classes:
        _properties_as_attributes(cls)
        cls.__getattribute__ = _attribute_reader(readers[cls])
        cls.__setattr__ = _set_attribute
    _add_pythonqt_methods()


class QtProperty(property):
    """A Qt property; a static method of the same name is found on the class, such as ``QTimer.singleShot``."""

    static: staticmethod[Any, Any] | None = None

    def __get__(self, obj: Any, owner: type | None = None) -> Any:
        if obj is None and self.static is not None:
            return self.static.__get__(None, owner)
        return super().__get__(obj, owner)


def _properties_as_attributes(cls: type) -> None:
    meta = cls.staticMetaObject
    for index in range(meta.propertyOffset(), meta.propertyCount()):
        declared = meta.property(index)
        name = declared.name()
        if name in VIRTUAL_PROPERTIES:
            continue
        setter_name = "set" + name[0].upper() + name[1:]
        setter = inspect.getattr_static(cls, setter_name, None)
        if declared.isEnumType() and inspect.ismethoddescriptor(setter):
            setter = _taking_numbers(name, setter)
            setattr(cls, setter_name, setter)
        static = inspect.getattr_static(cls, name, None)
        attribute = QtProperty(_property_reader(cls, name), _property_writer(name, setter))
        attribute.static = static if isinstance(static, staticmethod) else None
        setattr(cls, name, attribute)


def _property_reader(cls: type, name: str) -> Callable[[Any], Any]:
    capital = name[0].upper() + name[1:]
    for candidate in (name, "is" + capital, "has" + capital):
        method = inspect.getattr_static(cls, candidate, None)
        if inspect.ismethoddescriptor(method) and not isinstance(method, staticmethod):
            return lambda self: method.__get__(self, type(self))()
    return lambda self: self.property(name)


def _property_writer(name: str, setter: Any) -> Callable[[Any, Any], None]:
    if setter is None or isinstance(setter, property):
        return lambda self, value: self.setProperty(name, value)
    return lambda self, value: setter.__get__(self, type(self))(value)


def _taking_numbers(name: str, setter: Any) -> Callable[[Any, Any], None]:
    def set_enumerator(self: Any, value: Any) -> None:
        if isinstance(value, int) and not isinstance(value, Enum):
            self.setProperty(name, value)
        else:
            setter.__get__(self, type(self))(value)

    return set_enumerator


def _attribute_reader(original: Callable[[Any, str], Any]) -> Callable[[Any, str], Any]:
    """``__getattribute__`` with PythonQt's connect, its virtual properties as values, and dynamic properties."""

    def read(self: Any, name: str) -> Any:
        if name in ("connect", "disconnect"):
            return getattr(signals, name).__get__(self)
        if name in VIRTUAL_PROPERTIES and not _is_written_in_python(type(self), name):
            return original(self, name)()
        try:
            return original(self, name)
        except AttributeError:
            if not name.startswith("_") and name.encode() in _dynamic_properties(self, original):
                return original(self, "property")(name)
            raise

    return read


def _is_written_in_python(cls: type, method: str) -> bool:
    return inspect.isfunction(inspect.getattr_static(cls, method, None))


def _dynamic_properties(self: Any, reader: Callable[[Any, str], Any]) -> set[bytes]:
    return {bytes(name) for name in reader(self, "dynamicPropertyNames")()}


@cache
def _declared(cls: type, name: str) -> Any:
    """What a class declares under a name; looked up once, for each panel sets thousands."""
    return inspect.getattr_static(cls, name, None)


def _set_attribute(self: Any, name: str, value: Any) -> None:
    declared = _declared(type(self), name)
    if isinstance(declared, QtCore.Property):
        _set_declared_property(self, declared, name, value)
    elif hasattr(type(declared), "__set__"):
        declared.__set__(self, value)
    elif isinstance(value, QtCore.SignalInstance) or not _refuses(self, name):  # PySide6 caches signal instances so
        self.__dict__[name] = value
    elif name.encode() in _dynamic_properties(self, getattr):
        self.setProperty(name, value)
    elif not _is_child_named_by_loader(name, value):
        raise AttributeError(f"{type(self).__name__} has no attribute named {name!r}; PythonQt refuses to set it.")


def _is_child_named_by_loader(name: str, value: Any) -> bool:
    """PySide6's loader of .ui files makes each child an attribute of the top widget; PythonQt's does not."""
    return isinstance(value, QtCore.QObject) and value.objectName == name


def _set_declared_property(self: Any, declared: QtCore.Property, name: str, value: Any) -> None:
    if declared.fset is None:
        raise AttributeError(f"{type(self).__name__}.{name} is read-only.")
    declared.fset(self, value)


def _refuses(self: Any, name: str) -> bool:
    """A class written in Python takes any attribute; a C++ class, or what stands in for one, does not."""
    if type(self) in stand_in_classes:
        return not name.startswith("_")
    return type(self).__module__.startswith("PySide6")


def _add_pythonqt_methods() -> None:
    QtCore.QObject.name = property(lambda self: self.objectName, lambda self, value: self.setObjectName(value))
    QtCore.QObject.className = lambda self: type(self).staticMetaObject.className()
    QtCore.QObject.delete = lambda self: self.deleteLater()
    for cls in (QtWidgets.QDialog, QtWidgets.QMenu, QtCore.QCoreApplication):
        cls.exec_ = lambda self, *arguments: self.exec(*arguments)
    colour_name = QtGui.QColor.name
    QtGui.QColor.name = lambda self, format_=0: colour_name(self, QtGui.QColor.NameFormat(format_))
    menu_init = QtWidgets.QMenu.__init__
    # Slicer's own developer section gives a menu a parent that is no widget, which PythonQt takes for none.
    QtWidgets.QMenu.__init__ = lambda self, *given: menu_init(
        self, *(g for g in given if isinstance(g, (str, QtWidgets.QWidget)))
    )
    for name in ("getOpenFileName", "getSaveFileName", "getOpenFileNames"):
        setattr(QtWidgets.QFileDialog, name, staticmethod(_first_result(getattr(QtWidgets.QFileDialog, name))))


def _first_result(function: Callable[..., Any]) -> Callable[..., Any]:
    """PySide6 returns the chosen filter beside the files; PythonQt does not."""
    return lambda *arguments, **options: function(*arguments, **options)[0]
