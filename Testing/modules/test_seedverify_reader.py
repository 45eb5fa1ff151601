"""What a reader does through the Logic: accept a doubtful seed, add the first one, pair what lies apart."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import slicer
import slicer.util

from brachyresponse.scene.tables import column_of, read_table
from brachyresponse.scene.verification_parts import VerificationRole, set_verification_part
from brachyresponse.scene.verification_registration import need_registration, write_registration
from brachyresponse.scene.verification_seeds import write_found_seeds
from brachyresponse.seeds import Origin
from scene.verified import Verified

QUICK = {"doseSpacingMm": 2.5, "doseMarginMm": 12.0}


@pytest.fixture
def evaluated(verifier: Any, verified: Verified) -> Verified:
    verifier.evaluate(verified.node, **QUICK)
    return verified


class TestAccepting:
    def test_an_accepted_seed_is_no_longer_doubtful_after_loading_and_in_the_files_either(
        self, verifier: Any, evaluated: Verified, tmp_path: Path, scene: Any
    ) -> None:
        doubtful = replace(evaluated.found, confidence=np.array([0.3, 0.6, *evaluated.found.confidence[2:]]))
        write_found_seeds(evaluated.node, doubtful)
        assert verifier.lowConfidenceSeeds(evaluated.node)[:2] == [0, 1]
        verifier.acceptSeed(evaluated.node, 0)
        assert verifier.lowConfidenceSeeds(evaluated.node)[0] == 1
        verifier.undo(evaluated.node)
        assert verifier.lowConfidenceSeeds(evaluated.node)[0] == 0
        verifier.redo(evaluated.node)
        files = {path.name: path for path in verifier.exportVerification(evaluated.node, tmp_path / "out")}
        assert ",confirmed," in files["seeds.csv"].read_text()
        seeds = json.loads(files["detected.json"].read_text())["seeds"]
        assert [seed["origin"] for seed in seeds].count("confirmed") == 1
        assert "confirmed by a reader" in next(tmp_path.glob("out/*.html")).read_text()
        path = str(tmp_path / "scene.mrb")
        assert scene.WriteToMRB(path)
        scene.Clear(0)
        assert scene.ReadFromMRB(path, True)
        (node,) = verifier.verifications()
        assert verifier.foundSeeds(node).origins[0] is Origin.CONFIRMED
        assert verifier.lowConfidenceSeeds(node)[0] == 1


class TestAddingWithoutASearch:
    def test_the_first_seed_can_be_added_by_hand_and_taken_back(self, verifier: Any, phantom: Any, scene: Any) -> None:
        ct = slicer.util.addVolumeFromArray(phantom.ct_hu, ijkToRAS=phantom.grid.ijk_to_ras, name="Implant CT")
        node = verifier.createVerification(ct)
        assert verifier.prepareAdding(node) is verifier.prepareAdding(node)
        assert verifier.seedCounts(node) == (0, None, 0)
        assert not verifier.canUndo(node)
        index = verifier.addSeed(node, phantom.centres_mm[0] + [0.5, 0.5, 0.5])
        assert (index, verifier.foundSeeds(node).origins) == (0, (Origin.MANUAL,))
        verifier.undo(node)
        assert verifier.foundSeeds(node).count == 0

    def test_without_an_image_there_is_nothing_to_click_on(self, verifier: Any, verified: Verified) -> None:
        set_verification_part(verified.node, VerificationRole.IMPLANT_VOLUME, None)
        with pytest.raises(ValueError, match="has no implant CT: choose one"):
            verifier.prepareAdding(verified.node)


class TestMatchingApart:
    def test_seeds_laid_on_each_other_are_paired_and_nothing_moves(
        self, verifier: Any, verified: Verified, scene: Any
    ) -> None:
        """The registration is off by 14 mm along x: more than the limit, and about a seed's distance."""
        true, off = need_registration(verified.node), np.eye(4)
        off[0, 3] = 14.0
        write_registration(verified.node, replace(true, matrix=off @ true.matrix))
        matrix, seeds = verifier.registration(verified.node).matrix, verifier.foundSeeds(verified.node).positions_mm
        lost = column_of(read_table(verifier.matchSeeds(verified.node, 4.0)), "state").count("paired")
        table = read_table(verifier.matchSeeds(verified.node, 4.0, aligned=True))
        states, moved = column_of(table, "state"), column_of(table, "displacement (mm)")
        assert states.count("paired") == 8 > lost
        moved = [float(mm) for mm, state in zip(moved, states, strict=True) if state == "paired"]
        assert min(moved) > 11  # 14 mm less how far the seeds moved: as registered, not as laid on each other
        np.testing.assert_array_equal(verifier.registration(verified.node).matrix, matrix)
        np.testing.assert_array_equal(verifier.foundSeeds(verified.node).positions_mm, seeds)
        assert verifier.evaluate(verified.node, **QUICK).match.count == 8  # paired so again
