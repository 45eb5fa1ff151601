"""Results that no longer belong to their inputs: marked on the result's node, with the reason, and read back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import fields, is_dataclass

import numpy as np
import slicer

from brachyresponse.scene.nodes import get_attribute, set_attribute
from brachyresponse.scene.plan_parts import PlanRole, plan_parts

SIGNATURE, STALE = "InputSignature", "Stale"
RESULT_ROLES = (
    PlanRole.DOSE,
    PlanRole.ISODOSE,
    PlanRole.DVH_TABLE,
    PlanRole.DVH_CHART,
    PlanRole.METRICS,
    PlanRole.RULES,
    PlanRole.LOADING,
    PlanRole.BALLOON_SECTORS,
    PlanRole.BALLOON_DEPTHS,
)


def input_signature(*inputs: object) -> str:
    """Return a text that is the same for the same inputs, in this session and after loading, and else another.

    Parameters
    ----------
    inputs
        Arrays, numbers, text, dates, None, tuples, mappings, and dataclasses of these: seeds, plans, grids, structures.
    """
    digest = hashlib.sha256()
    for value in inputs:
        _add(digest, value)
    return digest.hexdigest()[:32]


def mark_current(nodes: Iterable[slicer.vtkMRMLNode], signature: str) -> None:
    """Say of results that they were just computed from the inputs of a signature."""
    for node in nodes:
        set_attribute(node, SIGNATURE, signature)
        set_attribute(node, STALE, None)


def mark_stale(nodes: Iterable[slicer.vtkMRMLNode], reason: str) -> None:
    """Say of results why they no longer hold; a reason that was given before stays.

    Parameters
    ----------
    reason
        The end of a sentence that begins with "Out of date:", such as ``"a seed was moved"``.
    """
    for node in nodes:
        if not stale_reason(node):
            set_attribute(node, STALE, reason)


def stale_reason(node: slicer.vtkMRMLNode) -> str:
    """Return why a result no longer holds; empty while it does."""
    return get_attribute(node, STALE)


def is_current(node: slicer.vtkMRMLNode, signature: str) -> bool:
    """Tell whether a result was computed from the inputs of a signature and not marked stale since."""
    return not stale_reason(node) and get_attribute(node, SIGNATURE) == signature


def result_nodes(plan_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLNode]:
    """Return the nodes of a plan that are computed from it."""
    return [node for role in RESULT_ROLES for node in plan_parts(plan_node, role)]


def _add(digest: hashlib._Hash, value: object) -> None:
    digest.update(f"<{type(value).__name__}>".encode())
    if isinstance(value, np.ndarray):
        digest.update(f"{value.dtype.str}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            _add(digest, getattr(value, field.name))
    elif isinstance(value, dict):
        _add(digest, tuple(value.items()))
    elif isinstance(value, (tuple, list)):
        for item in value:
            _add(digest, item)
    else:
        digest.update(repr(value).encode())
    digest.update(b"</>")
