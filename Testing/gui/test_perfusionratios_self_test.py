"""The self-test of PerfusionRatios: the digital patient's two visits, as *Reload and Test* runs it."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from reference import PROJECT


@pytest.fixture
def self_test(scene: Any) -> Any:
    from slicer_standin.modules import load_module

    module = sys.modules[load_module(PROJECT / "PerfusionRatios" / "PerfusionRatios.py").name]
    test = module.PerfusionRatiosTest()
    test.setUp()
    return test


@pytest.mark.validation
def test_the_self_test_measures_both_visits_of_the_digital_patient(self_test: Any) -> None:
    self_test.test_measureBothVisits()


def test_the_self_test_refuses_bad_input(self_test: Any) -> None:
    self_test.test_badInputChangesNothing()
