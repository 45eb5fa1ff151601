"""A visit with a lesion of typed sizes, its evidence, and a perfusion study."""

from __future__ import annotations

from typing import Any

import pytest

import evidence_records as records
from scene.followed import FOLLOW_UP, response_logic
from scene.weighed import LESION, add_numbers, add_perfusion


@pytest.fixture
def logic(scene: Any) -> Any:
    return response_logic()


@pytest.fixture
def visit(logic: Any) -> Any:
    return add_numbers(logic)


@pytest.fixture
def evidence(logic: Any, visit: Any) -> Any:
    return logic.createEvidence(visit, LESION)


@pytest.fixture
def perfused(logic: Any, visit: Any, scene: Any) -> Any:
    """The visit's perfusion study: DSC, with a high blood volume."""
    study = add_perfusion(scene, "June DSC", records.dsc(rcbv=3.4), FOLLOW_UP)
    logic.setPerfusion(visit, study)
    return study
