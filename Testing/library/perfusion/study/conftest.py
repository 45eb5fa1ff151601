"""Studies of the small head, each measured once."""

from __future__ import annotations

import pytest

import small_study
from brachyresponse.perfusion import PerfusionStudy, measure_perfusion


@pytest.fixture(scope="session")
def dce() -> PerfusionStudy:
    return measure_perfusion(small_study.request())


@pytest.fixture(scope="session")
def dsc() -> PerfusionStudy:
    return measure_perfusion(small_study.dsc_request())
