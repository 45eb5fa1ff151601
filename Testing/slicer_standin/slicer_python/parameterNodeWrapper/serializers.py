"""How a parameter's value is kept in the parameter node, as Slicer keeps it, so that scenes can be exchanged."""

from __future__ import annotations

import pathlib
from dataclasses import dataclass
from enum import Enum
from typing import Any

import slicer

from .annotations import Validator


@dataclass(frozen=True)
class Serializer:
    """Keeps one value as text under its name; the value's type makes it from the text again."""

    type: Any
    validators: tuple[Validator, ...]

    def default(self) -> Any:
        """The value of a parameter without a default of its own."""
        return self.type()

    def validate(self, value: Any) -> None:
        """Raise ValueError for None or a value outside the limits, TypeError for a wrong type."""
        if value is None:
            raise ValueError("Value must not be None")
        self._check_type(value)
        for validator in self.validators:
            validator.validate(value)

    def _check_type(self, value: Any) -> None:
        accepted = (int, float) if self.type is float else self.type
        if not isinstance(value, accepted):
            raise TypeError(f"Value must be of type '{self.type}', is type '{type(value)}' value '{value}'")

    def is_in(self, node: Any, name: str) -> bool:
        """Whether the node has this parameter."""
        return bool(node.HasParameter(name))

    def write(self, node: Any, name: str, value: Any) -> None:
        """Validate and keep."""
        self.validate(value)
        node.SetParameter(name, str(value))

    def read(self, node: Any, name: str) -> Any:
        """The value kept."""
        return self.type(node.GetParameter(name))


class BoolSerializer(Serializer):
    """``True`` or ``False`` as text."""

    def read(self, node: Any, name: str) -> bool:
        """The value kept."""
        return bool(node.GetParameter(name) == "True")


class EnumSerializer(Serializer):
    """An enumeration by its member's name: renaming a member breaks scenes that were saved before."""

    def default(self) -> Any:
        """The first member."""
        return next(iter(self.type))

    def write(self, node: Any, name: str, value: Any) -> None:
        """Validate and keep."""
        self.validate(value)
        node.SetParameter(name, value.name)

    def read(self, node: Any, name: str) -> Any:
        """The value kept."""
        key = node.GetParameter(name)
        if key not in self.type.__members__:
            raise ValueError(f"Found {key!r} in parameter node but it is not a name in {self.type!r}")
        return self.type[key]


class NodeSerializer(Serializer):
    """A MRML node as a node reference, beside an empty parameter that says it has been set; may be None."""

    def default(self) -> None:
        """No node."""

    def validate(self, value: Any) -> None:
        """None is a value here."""
        if value is not None:
            super().validate(value)

    def write(self, node: Any, name: str, value: Any) -> None:
        """Validate and keep."""
        self.validate(value)
        node.SetParameter(name, "")
        node.SetNodeReferenceID(name, value.GetID() if value is not None else None)

    def read(self, node: Any, name: str) -> Any:
        """The node referred to."""
        return node.GetNodeReference(name)


def create_serializer(type_: Any, validators: tuple[Validator, ...]) -> Serializer:
    """The serializer of a type; TypeError for one that our modules do not use."""
    if type_ is bool:
        return BoolSerializer(type_, validators)
    if type_ in (int, float, str) or (isinstance(type_, type) and issubclass(type_, pathlib.PurePath)):
        return Serializer(type_, validators)
    if isinstance(type_, type) and issubclass(type_, Enum):
        return EnumSerializer(type_, validators)
    if isinstance(type_, type) and issubclass(type_, slicer.vtkMRMLNode):
        return NodeSerializer(type_, validators)
    raise TypeError(
        f"Unable to create serializer for type: {type_}; the stand-in has number, text, bool, Enum, Path, node."
    )
