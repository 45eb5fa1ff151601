"""The self-test of ResponseAssess, as *Reload and Test* runs it."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from reference import PROJECT


@pytest.fixture
def self_test(scene: Any) -> Any:
    from slicer_standin.modules import load_module

    module = sys.modules[load_module(PROJECT / "ResponseAssess" / "ResponseAssess.py").name]
    test = module.ResponseAssessTest()
    test.setUp()
    return test


def test_the_self_test_assesses_sizes_typed_by_hand(self_test: Any) -> None:
    self_test.test_assessByHand()


def test_the_self_test_weighs_evidence(self_test: Any) -> None:
    self_test.test_weighEvidence()


def test_the_self_test_refuses_bad_input(self_test: Any) -> None:
    self_test.test_badInputChangesNothing()


@pytest.mark.validation
def test_the_self_test_assesses_the_digital_patient(self_test: Any) -> None:
    self_test.test_assessSamplePatient()


def test_the_self_test_fits_a_spectrum_of_a_file(self_test: Any) -> None:
    self_test.test_spectraFromAFile()
