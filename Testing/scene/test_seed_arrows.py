from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from vtk.util.numpy_support import vtk_to_numpy

from brachyresponse.errors import SeedsError, VerificationError
from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.seed_arrows import (
    DISPLACEMENT,
    arrows_polydata,
    marks_polydata,
    show_arrows,
)
from brachyresponse.scene.seed_looks import LOOK_ARRAY, SeedLook
from brachyresponse.scene.tables import read_table
from brachyresponse.scene.verification_matching import match_verification, paired_seeds, read_pairing
from brachyresponse.scene.verification_parts import VerificationRole, set_verification_part, verification_part
from brachyresponse.scene.verification_registration import remove_registration
from brachyresponse.verification import Pairing
from scene.verified import MISSING, MOVED_MM, Verified, add_verified
from scene_state import scene_state


@pytest.fixture
def verified(scene: Any) -> Verified:
    return add_verified(scene, targets=False)


def points_of(polydata: Any) -> np.ndarray:
    return vtk_to_numpy(polydata.GetPoints().GetData()).reshape(-1, 3)


def test_an_arrow_runs_from_planned_to_found_and_carries_its_length() -> None:
    starts, ends = np.array([[0.0, 0, 0], [10, 0, 0]]), np.array([[0.0, 3, 4], [10, 0, 0.5]])
    polydata = arrows_polydata(starts, ends)
    points, lengths = points_of(polydata), vtk_to_numpy(polydata.GetPointData().GetArray(DISPLACEMENT))
    assert np.unique(lengths).tolist() == [0.5, 5.0]
    first = points[lengths == 5.0]
    along = (first - starts[0]) @ [0, 0.6, 0.8]
    assert (along.min(), along.max()) == pytest.approx((0.0, 5.0), abs=1e-5)  # single precision
    across = np.linalg.norm(first - np.outer(along, [0, 0.6, 0.8]), axis=1)
    assert across[along > 4.99].max() == pytest.approx(0.0, abs=1e-5)  # it ends in its tip
    assert polydata.GetNumberOfPolys() > 0


def test_a_seed_that_did_not_move_has_no_arrow() -> None:
    assert arrows_polydata(np.zeros((1, 3)), np.full((1, 3), 0.01)).GetNumberOfPoints() == 0


def test_missing_extra_and_migrated_seeds_are_marked_in_colours_of_their_own(verified: Verified) -> None:
    paired = paired_seeds(verified.node, Pairing())
    for migrated, look in ((frozenset(), SeedLook.EXTRA), (frozenset({8}), SeedLook.MIGRATED)):
        polydata = marks_polydata(replace(paired, migrated=migrated))
        looks = vtk_to_numpy(polydata.GetPointData().GetArray(LOOK_ARRAY))
        points = points_of(polydata)
        for wanted, place in (
            (SeedLook.MISSING, verified.planned_mm[MISSING]),
            (look, verified.found.positions_mm[-1]),
        ):
            ball = points[looks == wanted]
            np.testing.assert_allclose((ball.min(axis=0) + ball.max(axis=0)) / 2, place, atol=0.1)  # a coarse ball


def test_matching_writes_table_and_models_shown_in_slices_too(verified: Verified) -> None:
    rows = read_table(match_verification(verified.node, Pairing(5.0, by_needle=True)))
    assert [row[2] for row in rows.rows].count("paired") == 8
    assert read_pairing(verified.node) == Pairing(5.0, by_needle=True)
    arrows = verification_part(verified.node, VerificationRole.ARROWS)
    lengths = vtk_to_numpy(arrows.GetPolyData().GetPointData().GetArray(DISPLACEMENT))
    np.testing.assert_allclose(lengths, np.linalg.norm(MOVED_MM), atol=1e-6)
    for role in (
        VerificationRole.ARROWS,
        VerificationRole.MARKS,
    ):
        display = verification_part(verified.node, role).GetDisplayNode()
        assert display.GetVisibility2D()
        assert display.GetScalarVisibility()
        assert not verification_part(verified.node, role).GetSelectable()


def test_arrows_and_marks_are_hidden_and_shown_and_stay_so_when_drawn_again(verified: Verified) -> None:
    show_arrows(verified.node, True)  # nothing is drawn yet
    match_verification(verified.node, Pairing())
    show_arrows(verified.node, False)
    match_verification(verified.node, Pairing())
    for role in (VerificationRole.ARROWS, VerificationRole.MARKS):
        assert not verification_part(verified.node, role).GetDisplayNode().GetVisibility()


def test_matching_without_what_it_needs_changes_nothing(verified: Verified, scene: Any) -> None:
    before = scene_state(scene)
    with pytest.raises(SeedsError, match="The greatest distance of a pair is -1 mm"):
        match_verification(verified.node, Pairing(-1))
    assert scene_state(scene) == before
    remove_registration(verified.node)
    before = scene_state(scene)
    with pytest.raises(VerificationError, match="is not registered"):
        match_verification(verified.node, Pairing())
    assert scene_state(scene) == before
    set_verification_part(verified.node, VerificationRole.PLAN, None)
    before = scene_state(scene)
    with pytest.raises(SceneError, match="Verification 'Verification' has no plan: choose one"):
        match_verification(verified.node, Pairing())
    assert scene_state(scene) == before
