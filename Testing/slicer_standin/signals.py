"""PythonQt's ``object.connect("signal(types)", function)``, which refuses a signal that the class does not have."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from PySide6.QtCore import SIGNAL, QMetaMethod, QObject

# Types that only Slicer registers with Qt: a stand-in's signal carries them as a Python object.
SLICER_TYPE = re.compile(r"vtk\w+\*|vtkIdType")


def normalised(signature: str) -> str:
    """The signature as Qt writes it: no blanks, no ``const``, no reference marks."""
    return re.sub(r"\bconst\b|&|\s", "", signature)


def signal_signatures(sender: QObject) -> set[str]:
    """Every signal the sender has, in C++ types; stand-ins name the Slicer types in ``cpp_signals``."""
    return _signatures_of(type(sender))


@cache
def _signatures_of(cls: type) -> set[str]:
    meta = cls.staticMetaObject
    methods = (meta.method(index) for index in range(meta.methodCount()))
    qt_signatures = {
        bytes(method.methodSignature()).decode()
        for method in methods
        if method.methodType() == QMetaMethod.MethodType.Signal
    }
    declared = {signature for base in cls.__mro__ for signature in vars(base).get("cpp_signals", ())}
    return {signature for signature in qt_signatures if "PyObject" not in signature} | declared


def _checked_signal(sender: QObject, signature: str) -> str:
    wanted = normalised(signature)
    if wanted not in signal_signatures(sender):
        name = wanted.partition("(")[0]
        near = sorted(known for known in signal_signatures(sender) if known.partition("(")[0] == name)
        raise ValueError(f"{type(sender).__name__} has no signal {signature}; of that name it has {near or 'none'}.")
    return SIGNAL(SLICER_TYPE.sub("PyObject", wanted))


def connect(self: QObject, signature: str, *receiver: Any) -> bool:
    """Connect as PythonQt does: ``(signal, function)`` or ``(signal, receiver, "slot(types)")``."""
    return bool(QObject.connect(self, _checked_signal(self, signature), _function_of(receiver)))


def disconnect(self: QObject, signature: str, *receiver: Any) -> bool:
    """Undo :func:`connect`; False when there was no such connection, as in PythonQt."""
    return bool(QObject.disconnect(self, _checked_signal(self, signature), _function_of(receiver)))


def _function_of(receiver: tuple[Any, ...]) -> Callable[..., Any]:
    if len(receiver) == 1:
        return receiver[0]
    target, slot = receiver
    return getattr(target, slot.partition("(")[0])
