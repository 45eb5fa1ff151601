"""The self-test of SeedVerify on the digital patient's implant, and what it found beside the truth."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from brachyresponse.digital_patient import DigitalImplant, implant_patient
from brachyresponse.scene.tables import column_of, read_table
from reference import PROJECT

FOUND_MM = 1.0
"""A seed that was found lies nearer to where it is."""
REGISTERED_MM = 1.0
"""Bone brings the target's middle nearer than this to where it is."""


@pytest.fixture
def module(scene: Any) -> Any:
    from slicer_standin.modules import load_module

    return sys.modules[load_module(PROJECT / "SeedVerify" / "SeedVerify.py").name]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[DigitalImplant]:
    """The implants that were made, with their truth."""
    implants: list[DigitalImplant] = []

    def keep(*arguments: Any, **options: Any) -> DigitalImplant:
        implants.append(implant_patient(*arguments, **options))
        return implants[-1]

    monkeypatch.setattr("brachyresponse.scene.sample_implant.implant_patient", keep)
    return implants


@pytest.mark.validation  # the demo does the same in every run of the suite
def test_the_self_test_verifies_the_digital_patients_implant_as_it_is(module: Any, made: list[DigitalImplant]) -> None:
    test = module.SeedVerifyTest()
    test.setUp()
    test.test_verifyImplant()
    logic = module.SeedVerifyLogic()
    node, truth = logic.verifications()[0], made[0].truth
    found = logic.foundSeeds(node)
    distance = np.linalg.norm(found.positions_mm[:, None] - truth.positions_mm[None], axis=-1)
    assert distance.min(axis=0).max() < FOUND_MM, "a seed was not found"
    centre = np.linalg.inv(truth.matrix) @ np.append(truth.positions_mm.mean(axis=0), 1.0)
    carried = logic.registration(node).to_implant(centre[:3])
    np.testing.assert_allclose(carried, truth.positions_mm.mean(axis=0), atol=REGISTERED_MM)
    states = column_of(read_table(logic.seedTable(node)), "state")
    planned = column_of(read_table(logic.seedTable(node)), "planned")
    missing = {int(number) - 1 for number, state in zip(planned, states, strict=True) if state == "missing"}
    strayed = {int(truth.planned_index[n]) for n in truth.migrated}
    assert missing == {*truth.missing, *strayed}  # a migrated seed is too far from its place to be its partner
    assert "migrated" in states


def test_the_self_test_refuses_bad_input(module: Any) -> None:
    test = module.SeedVerifyTest()
    test.setUp()
    test.test_badInputChangesNothing()
