"""The five models on the rows of the OSIPI collection, each row with its own noisy input."""

from __future__ import annotations

import pytest

import osipi
from brachyresponse.perfusion import fit_dce
from dce_cases import FILES, TOLERANCES, OsipiCase, osipi_cases, topic_file

DELAYED_EVERY = 6
"""With a delay every sixth row here, all of them in the validation."""


def worst_share(case: OsipiCase, model: str, delayed: bool, share: float) -> float:
    fit = fit_dce(case.tissue, case.time_s, case.plasma, model=model, fit_delay=delayed, standard_errors=False)
    assert fit.valid
    return max(TOLERANCES[name].check(fit.values[name], value, share) for name, value in case.expected.items())


def parametrised(delayed: bool, models: list[str]) -> list[object]:
    return [pytest.param(model, marks=osipi.needs_osipi(topic_file(model, delayed)), id=model) for model in models]


@pytest.mark.parametrize("model", parametrised(False, ["tofts", "extended_tofts", "patlak"]))
def test_rows_without_delay_are_within_half_of_every_tolerance(model: str) -> None:
    for case in osipi_cases(model, delayed=False):
        worst_share(case, model, delayed=False, share=0.5)


@pytest.mark.parametrize("model", parametrised(False, ["2cum", "2cxm"]))
def test_rows_without_delay_are_within_every_tolerance(model: str) -> None:
    for case in osipi_cases(model, delayed=False):
        worst_share(case, model, delayed=False, share=1.0)


@pytest.mark.parametrize("model", parametrised(True, list(FILES)))
def test_rows_with_a_fitted_delay_are_within_every_tolerance(model: str) -> None:
    for case in list(osipi_cases(model, delayed=True))[::DELAYED_EVERY]:
        worst_share(case, model, delayed=True, share=1.0)


@pytest.mark.validation
@pytest.mark.parametrize("model", parametrised(True, list(FILES)))
def test_all_rows_with_a_fitted_delay_are_within_every_tolerance(model: str) -> None:
    for case in osipi_cases(model, delayed=True):
        worst_share(case, model, delayed=True, share=1.0)
