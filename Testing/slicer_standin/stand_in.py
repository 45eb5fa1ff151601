"""What every stand-in widget is made of: its registration and its Qt properties."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Property

from slicer_standin.pythonqt import stand_in_classes

registered: dict[str, type] = {}


def stand_in(cls: type) -> type:
    """Class decorator: the class may be named by a .ui file, and each of its properties has its ``setX`` method."""
    for name, declared in list(vars(cls).items()):
        setter_name = "set" + name[0].upper() + name[1:]
        if isinstance(declared, Property) and declared.fset is not None and setter_name not in vars(cls):
            setattr(cls, setter_name, declared.fset)
    registered[cls.__name__] = cls
    stand_in_classes.add(cls)
    return cls


def stored(type_: Any, default: Any, changed: Callable[[Any], None] | None = None) -> Property:
    """A Qt property that only keeps its value; ``changed(self)`` is called when another value is set."""
    key = object()

    def read(self: Any) -> Any:
        return self.__dict__.setdefault("_stored", {}).get(key, default)

    def write(self: Any, value: Any) -> None:
        if value == read(self):
            return
        self.__dict__["_stored"][key] = value
        if changed is not None:
            changed(self)

    return Property(type_, read, write)


def forwarded(type_: Any, part: str, name: str) -> Property:
    """A Qt property that belongs to an inner widget: ``self.<part>.<name>``."""

    def read(self: Any) -> Any:
        return getattr(getattr(self, part), name)

    def write(self: Any, value: Any) -> None:
        setattr(getattr(self, part), name, value)

    return Property(type_, read, write)
