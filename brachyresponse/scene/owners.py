"""One kind of owner, plans, verifications or perfusion studies: its nodes by typed role, its values by typed field."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, TypeVar

import slicer

from brachyresponse.errors import BrachyResponseError
from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.parts import (
    OwnerKind,
    PartRole,
    kind_of,
    label_of,
    need_part,
    owners_in,
    part,
    parts,
    require_kind,
    set_part,
    set_parts,
)

Role = TypeVar("Role", bound=PartRole)
Field = TypeVar("Field", bound=StrEnum)


@dataclass(frozen=True)
class PartsOf(Generic[Role]):
    """The nodes that belong to owners of a kind. Every method refuses a node that is no such owner.

    Raises
    ------
    SceneError
        By every method that takes an owner: there is no node, or it stands for something else.
    """

    kind: OwnerKind

    def is_one(self, node: slicer.vtkMRMLNode | None) -> bool:
        """Tell whether a node is an owner of this kind; a module's parameter node, of the same class, is not."""
        return kind_of(node) is self.kind

    def require(self, node: slicer.vtkMRMLScriptedModuleNode) -> None:
        """Refuse a node that is no owner of this kind."""
        require_kind(node, self.kind)

    def in_scene(self, scene: slicer.vtkMRMLScene) -> list[slicer.vtkMRMLScriptedModuleNode]:
        """Return the owners of a scene, in the order in which they were made."""
        return owners_in(scene, self.kind)

    def first(self, owner: slicer.vtkMRMLScriptedModuleNode, role: Role) -> slicer.vtkMRMLNode | None:
        """Return the node in a role, or None; of several, the first."""
        self.require(owner)
        return part(owner, role)

    def every(self, owner: slicer.vtkMRMLScriptedModuleNode, role: Role) -> list[slicer.vtkMRMLNode]:
        """Return the nodes in a role."""
        self.require(owner)
        return parts(owner, role)

    def need(
        self, owner: slicer.vtkMRMLScriptedModuleNode, role: Role, what: str, how: str = "choose one"
    ) -> slicer.vtkMRMLNode:
        """Return the node in a role, which must be there.

        Parameters
        ----------
        what
            How the user calls it: ``"planning image"``.
        how
            What the user does to have one.

        Raises
        ------
        SceneError
            The owner has none.
        """
        self.require(owner)
        return need_part(owner, role, what, how)

    def put(self, owner: slicer.vtkMRMLScriptedModuleNode, role: Role, node: slicer.vtkMRMLNode | None) -> None:
        """Make a node the only one in a role; None leaves the role empty."""
        self.require(owner)
        set_part(owner, role, node)

    def put_every(self, owner: slicer.vtkMRMLScriptedModuleNode, role: Role, nodes: list[slicer.vtkMRMLNode]) -> None:
        """Make nodes the ones in a role, in that order; own ones go into the owner's folder.

        Own nodes that were in the role and are no longer are removed from the scene.
        """
        self.require(owner)
        set_parts(owner, role, nodes)

    def made(
        self, owner: slicer.vtkMRMLScriptedModuleNode, role: Role, class_name: str, what: str
    ) -> slicer.vtkMRMLNode:
        """Return the node in a role; it is made when absent, and named after the owner.

        Parameters
        ----------
        what
            The rest of its name: ``"seeds"``.
        """
        node = self.first(owner, role)
        if node is None:
            scene = owner.GetScene()
            node = scene.AddNewNodeByClass(class_name, scene.GetUniqueNameByString(f"{owner.GetName()} {what}"))
            self.put(owner, role, node)
        return node


@dataclass(frozen=True)
class FieldsOf(Generic[Field]):
    """The values of owners of a kind that are attributes of their nodes: text in the scene, typed here.

    Parameters
    ----------
    error
        Raised, beside SceneError for a node that is no such owner, where an attribute is damaged.
    """

    kind: OwnerKind
    error: type[BrachyResponseError]

    def text(self, owner: slicer.vtkMRMLScriptedModuleNode, field: Field) -> str:
        """Return a value as text; empty when it is not set."""
        require_kind(owner, self.kind)
        return get_attribute(owner, field)

    def put(self, owner: slicer.vtkMRMLScriptedModuleNode, field: Field, value: object) -> None:
        """Set a value; None and empty text take it away, what is not text is kept as JSON or a date."""
        require_kind(owner, self.kind)
        if value is None or isinstance(value, str):
            text = value or None
        else:
            text = value.isoformat() if isinstance(value, date) else json.dumps(value)
        set_attribute(owner, field, text)

    def day(self, owner: slicer.vtkMRMLScriptedModuleNode, field: Field) -> date | None:
        """Return a date, or None while it is not set."""
        text = self.text(owner, field)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as error:
            raise self.error(f"{label_of(owner)}: its date {text!r} is not written as 2026-03-06; set it.") from error

    def json(self, owner: slicer.vtkMRMLScriptedModuleNode, field: Field, default: object = None) -> Any:
        """Return a value that is kept as JSON, or a default while it is not set."""
        text = self.text(owner, field)
        try:
            return json.loads(text) if text else default
        except ValueError as error:
            raise self.error(f"{label_of(owner)}: its attribute {field} {text!r} is damaged; set it again.") from error
