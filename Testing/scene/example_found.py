"""Found seeds with something in every field, and a plan whose seeds they are."""

from __future__ import annotations

from typing import Any

import numpy as np

from brachyresponse.scene.plan_setup import start_plan
from brachyresponse.scene.plans import write_plan_node
from brachyresponse.seeds import Origin
from brachyresponse.seeds.detection import DetectedSeeds, RejectedCandidate, RejectionReason
from scene.example_plan import example_plan

PLACES_MM = np.array([[0.0, 0, 0], [8, 0, 0], [0, 9, 3], [-8, -4, -6]])
AXES = np.array([[0.0, 0, 1], [0, 0.6, 0.8], [0.6, 0, 0.8], [0, 0, 1]])


def example_found() -> DetectedSeeds:
    """Four seeds, one of them manual, one uncertain, one without a sure axis; two rejected candidates."""
    rejected = (
        RejectedCandidate([12.5, 3, -4], [0, 1, 0], 0.21, 0.9, RejectionReason.BRIGHTER),
        RejectedCandidate([-3, 11, 0.25], [0.8, 0, 0.6], 0.44, 0.125, RejectionReason.WRONG_SHAPE),
    )
    return DetectedSeeds(
        PLACES_MM,
        AXES,
        np.array([0.98, 0.4, 0.75, 0.3]),
        np.array([0.9, 0.1234567, 0.8, 0.7]),
        (Origin.DETECTED, Origin.DETECTED, Origin.DETECTED, Origin.MANUAL),
        rejected,
        ("4 seeds were found, 5 expected.",),
    )


def assert_same_found(one: DetectedSeeds, other: DetectedSeeds, *, atol: float = 1e-9) -> None:
    """Both hold the same seeds and rejected candidates; ``atol`` in mm, for lengths that went through a file."""
    assert one.origins == other.origins
    for name in ("positions_mm", "directions", "confidence", "axis_confidence"):
        np.testing.assert_allclose(getattr(one, name), getattr(other, name), atol=atol, err_msg=name)
    assert [c.reason for c in one.rejected] == [c.reason for c in other.rejected]
    for mine, theirs in zip(one.rejected, other.rejected, strict=True):
        np.testing.assert_allclose(mine.position_mm, theirs.position_mm, atol=atol)
        np.testing.assert_allclose(mine.direction, theirs.direction, atol=atol)
        assert (mine.confidence, mine.axis_confidence) == (theirs.confidence, theirs.axis_confidence)


def add_example_plan(scene: Any, name: str = "Plan A") -> Any:
    """The node of the example plan."""
    node = start_plan(scene, name)
    write_plan_node(example_plan(node.GetName()), node)
    return node
