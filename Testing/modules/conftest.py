"""The module file and plans of the small patient, for the Logic of BrachyDose."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from brachyresponse.digital_patient import DigitalPatient
from small_patient import add_plan, add_small_patient
from the_digital_patient import the_patient


@pytest.fixture
def brachydose(scene: Any) -> ModuleType:
    """The module file, as Slicer loads it."""
    import sys

    from reference import PROJECT
    from slicer_standin.modules import load_module

    return sys.modules[load_module(PROJECT / "BrachyDose" / "BrachyDose.py").name]


@pytest.fixture(scope="session")
def digital_patient() -> DigitalPatient:
    """Built once: it takes seconds."""
    return the_patient()


@pytest.fixture
def quick_sample_patient(
    brachydose: ModuleType, digital_patient: DigitalPatient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The module builds the digital patient without waiting."""
    built_in = "brachyresponse.scene.brachydose_logic.plan_logic.build_patient"
    monkeypatch.setattr(built_in, lambda report: digital_patient)


@pytest.fixture
def logic(brachydose: ModuleType) -> Any:
    return brachydose.BrachyDoseLogic()


@pytest.fixture
def small_patient(scene: Any) -> dict[str, Any]:
    """Image, segmentation and segment IDs of the small patient."""
    return add_small_patient(scene)


@pytest.fixture
def plan(logic: Any, small_patient: dict[str, Any]) -> Any:
    """A plan of the small patient without needles."""
    return add_plan(logic, small_patient)


@pytest.fixture
def planned(logic: Any, plan: Any) -> Any:
    """The plan with a template of needles and seeds on them."""
    logic.makeTemplate(plan, direction=(0, 0, -1), pitchMm=8)
    logic.loadNeedles(plan, spacingMm=8)
    return plan


@pytest.fixture
def evaluated(logic: Any, planned: Any) -> Any:
    """The plan with dose and results."""
    logic.evaluatePlan(planned, spacingMm=2.0, marginMm=15.0)
    return planned


@pytest.fixture
def seedverify(scene: Any) -> ModuleType:
    """The module file of SeedVerify, as Slicer loads it."""
    import sys

    from reference import PROJECT
    from slicer_standin.modules import load_module

    return sys.modules[load_module(PROJECT / "SeedVerify" / "SeedVerify.py").name]


@pytest.fixture
def verifier(seedverify: ModuleType) -> Any:
    """The Logic of SeedVerify."""
    return seedverify.SeedVerifyLogic()


@pytest.fixture
def verified(scene: Any) -> Any:
    """A verification of the small patient with found seeds, registration and structures on the implant CT."""
    from scene.verified import add_verified

    return add_verified(scene)


@pytest.fixture(scope="session")
def phantom() -> Any:
    """A small post-implant CT with known seeds; made once: it takes seconds."""
    from ct_phantom import Recipe, make_case

    return make_case(Recipe(seeds=5, pixel_mm=0.7, thickness_mm=1.25, field_mm=(48.0, 46.0, 40.0), random_seed=2))
