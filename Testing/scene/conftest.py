"""Fixtures of the tests of the adapters, which need the MRML scene of the slicer-core wheel."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import slicer

if importlib.util.find_spec("slicer_core") is None:
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture
def turned(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLTransformNode:
    """A transform node that turns by 30 degrees about an oblique axis and moves by a few centimetres."""
    from scene.building import linear_transform, rotation

    return linear_transform(scene, rotation(30.0, [1, 2, 3]), [12.0, -30.0, 45.0])
