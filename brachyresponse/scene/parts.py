"""Nodes that stand for a thing of ours, such as a plan or an assessment, and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import slicer

from brachyresponse.scene.hierarchy import (
    folder_of,
    forget,
    named_folder,
    place,
    place_dose,
    remove_folder_if_empty,
    rename_folder,
)
from brachyresponse.scene.nodes import (
    SceneError,
    batch,
    get_attribute,
    nodes_of_class,
    referenced_nodes,
    require_node,
    set_referenced_nodes,
)
from brachyresponse.scene.seeds_as_written import AS_WRITTEN_ROLE
from brachyresponse.scene.slicerrt import LEVELS_ROLE

OWNER_CLASS = "vtkMRMLScriptedModuleNode"
KIND_ATTRIBUTE = "Kind"

BELONGINGS = (AS_WRITTEN_ROLE, LEVELS_ROLE)
"""Roles in which a node of ours refers to a table that serves it alone."""


class OwnerKind(StrEnum):
    """What a node can stand for; the value is its attribute in the scene."""

    PLAN = "ImplantPlan"
    VERIFICATION = "ImplantVerification"
    PERFUSION = "PerfusionStudy"
    RESPONSE = "ResponseAssessment"
    VISIT = "ResponseVisit"
    EVIDENCE = "ResponseEvidence"
    SPECTRA = "ResponseSpectra"

    @property
    def noun(self) -> str:
        """How the user calls it."""
        return NOUNS.get(self.value, self.name.lower())


NOUNS = {OwnerKind.PERFUSION.value: "perfusion study", OwnerKind.RESPONSE.value: "assessment"}
"""Where the name in the code is not the user's word."""


class PartRole(StrEnum):
    """What a node is to its owner; the value is the role of the node reference. Each kind of owner has its own."""

    @property
    def is_input(self) -> bool:
        """Whether the owner only uses the node: it stays when the owner is deleted, and where the user put it."""
        return False

    @property
    def is_listed(self) -> bool:
        """Whether people look for the node in the subject hierarchy."""
        return True


class DoseRole(PartRole):
    """Roles that every owner of a dose has under the same name, so that isodoses serve them all."""

    DOSE = "doseRef"
    ISODOSE = "isodoseRef"


def kind_of(node: slicer.vtkMRMLNode | None) -> OwnerKind | None:
    """Return what a node stands for; None for any other node, such as a module's parameter node of the same class."""
    if node is None or not node.IsA(OWNER_CLASS):
        return None
    kind = get_attribute(node, KIND_ATTRIBUTE)
    return OwnerKind(kind) if kind in set(OwnerKind) else None


def require_kind(node: slicer.vtkMRMLScriptedModuleNode, kind: OwnerKind) -> None:
    """Refuse a node that does not stand for a thing of a kind.

    Raises
    ------
    SceneError
        There is no node, or it stands for something else.
    """
    require_node(node, OWNER_CLASS, kind.noun)
    if kind_of(node) is not kind:
        raise SceneError(f"{node.GetName()!r} is no {kind.noun}: choose one, or create one.")


def owners_in(scene: slicer.vtkMRMLScene, kind: OwnerKind) -> list[slicer.vtkMRMLScriptedModuleNode]:
    """Return the nodes of a scene that stand for things of a kind, in the order in which they were made."""
    return [node for node in nodes_of_class(scene, OWNER_CLASS) if kind_of(node) is kind]


def label_of(owner: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return how a sentence calls an owner: ``Plan 'Plan A'``."""
    kind = kind_of(owner)
    return f"{kind.noun.capitalize() if kind else 'Node'} {owner.GetName()!r}"


def part(owner: slicer.vtkMRMLScriptedModuleNode, role: PartRole) -> slicer.vtkMRMLNode | None:
    """Return the node in a role of an owner, or None; of several, the first."""
    return next(iter(parts(owner, role)), None)


def parts(owner: slicer.vtkMRMLScriptedModuleNode, role: PartRole) -> list[slicer.vtkMRMLNode]:
    """Return the nodes in a role of an owner.

    Raises
    ------
    SceneError
        There is no node, or it stands for nothing of ours.
    """
    require_node(owner, OWNER_CLASS, "plan")
    if kind_of(owner) is None:
        nouns = ", ".join(kind.noun for kind in OwnerKind)
        raise SceneError(f"{owner.GetName()!r} is none of {nouns}: choose one, or create one.")
    return referenced_nodes(owner, role)


def need_part(
    owner: slicer.vtkMRMLScriptedModuleNode, role: PartRole, what: str, how: str = "choose one"
) -> slicer.vtkMRMLNode:
    """Return the node in a role of an owner.

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
    node = part(owner, role)
    if node is None:
        raise SceneError(f"{label_of(owner)} has no {what}: {how}.")
    return node


def set_part(owner: slicer.vtkMRMLScriptedModuleNode, role: PartRole, node: slicer.vtkMRMLNode | None) -> None:
    """Make a node the only one in a role of an owner; None leaves the role empty."""
    set_parts(owner, role, [] if node is None else [node])


def set_parts(owner: slicer.vtkMRMLScriptedModuleNode, role: PartRole, nodes: list[slicer.vtkMRMLNode]) -> None:
    """Make nodes the ones in a role of an owner, in that order; own ones go into the owner's folder.

    Own nodes that were in the role and are no longer are removed from the scene, unless a copy of the owner, made by
    the subject hierarchy, has them too.
    """
    before = parts(owner, role)
    if before != nodes:
        set_referenced_nodes(owner, role, nodes)
    if role.is_input:
        return
    for node in before:
        if not any(node is kept for kept in nodes) and not _is_shared(owner, node, role):
            remove_part(node)
    for node in nodes:
        place_part(owner, node, role)


def place_part(owner: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLNode, role: PartRole) -> None:
    """Put a node into the owner's folder; a dose below a study in it, what people do not look for nowhere."""
    folder = folder_for(owner)
    if role == DoseRole.DOSE:
        place_dose(node, folder)
    elif role.is_listed and not node.GetHideFromEditors():
        place(node, folder)


def folder_for(owner: slicer.vtkMRMLScriptedModuleNode) -> int:
    """Return the item of the folder of an owner; it is made when absent."""
    folder = folder_of(owner)
    if folder is None:
        folder = named_folder(owner.GetScene(), owner.GetName())
        place(owner, folder)
    return folder


def remove_part(node: slicer.vtkMRMLNode) -> None:
    """Remove a node from the scene, with its display and storage nodes and what we keep beside it."""
    scene = node.GetScene()
    roles = ("display", "storage", *BELONGINGS)
    others = [other for role in roles for other in referenced_nodes(node, role)]
    forget(node)
    for removed in (node, *others):
        scene.RemoveNode(removed)


def delete_owner(owner: slicer.vtkMRMLScriptedModuleNode, roles: Iterable[PartRole]) -> None:
    """Delete an owner with its own nodes in some roles, and its folder once that is empty; what it uses stays.

    So does what a copy of it refers to as well.
    """
    scene, folder = owner.GetScene(), folder_for(owner)
    with batch(scene):
        for role in roles:
            for node in [] if role.is_input else parts(owner, role):
                if not _is_shared(owner, node, role):
                    remove_part(node)
        remove_part(owner)
        remove_folder_if_empty(scene, folder)


def _is_shared(owner: slicer.vtkMRMLScriptedModuleNode, node: slicer.vtkMRMLNode, role: PartRole) -> bool:
    """Tell whether another owner of this kind has a node in the same role: a copy, which refers to the same nodes."""
    kind = kind_of(owner)
    others = [] if kind is None else owners_in(owner.GetScene(), kind)
    return any(node is each for other in others if other is not owner for each in referenced_nodes(other, role))


def rename_owner(owner: slicer.vtkMRMLScriptedModuleNode, name: str, roles: Iterable[PartRole]) -> None:
    """Rename an owner, its folder, and its own nodes that carry its name."""
    old, folder = owner.GetName(), folder_for(owner)
    owner.SetName(name)
    rename_folder(owner.GetScene(), folder, name)
    for node in [node for role in roles if not role.is_input for node in parts(owner, role)]:
        if node.GetName().startswith(f"{old} "):
            node.SetName(name + node.GetName().removeprefix(old))
