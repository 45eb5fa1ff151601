"""Fixtures of the tests of the adapters."""

from __future__ import annotations

import pytest
import slicer

from scene.building import linear_transform, rotation


@pytest.fixture
def turned(scene: slicer.vtkMRMLScene) -> slicer.vtkMRMLTransformNode:
    """A transform node that turns by 30 degrees about an oblique axis and moves by a few centimetres."""
    return linear_transform(scene, rotation(30.0, [1, 2, 3]), [12.0, -30.0, 45.0])
