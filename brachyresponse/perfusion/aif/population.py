"""Arterial input functions of populations: a formula in place of a measured artery."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.types import BoolArray, FloatArray

SECONDS_PER_MINUTE = 60.0
ROUNDING_S = 1e-6
"""A time this little before arrival is the arrival itself, computed from other units."""


class PopulationModel(StrEnum):
    """Whose population."""

    PARKER = "parker"
    GEORGIOU = "georgiou"
    PRECLINICAL = "preclinical"


@dataclass(frozen=True)
class PopulationFacts:
    """The published constants of a model.

    Parameters
    ----------
    label, citation
        For people.
    dose_mmol_per_kg
        What was injected when it was measured; None where that is not established.
    constants
        By the names of ``data/population.json``.
    """

    label: str
    citation: str
    dose_mmol_per_kg: float | None
    constants: dict[str, Any]


@cache
def population_facts(model: str) -> PopulationFacts:
    """Return the constants of a population model with their citation.

    Raises
    ------
    PerfusionError
        There is no such model.
    """
    if model not in list(PopulationModel):
        raise PerfusionError(f"There is no population AIF {model!r}: choose one of {', '.join(PopulationModel)}.")
    text = (files("brachyresponse.perfusion.aif") / "data" / "population.json").read_text(encoding="utf-8")
    facts = json.loads(text)["models"][model]
    return PopulationFacts(facts["label"], facts["citation"], facts["dose_mmol_per_kg"], facts["constants"])


def parker_aif(time_s: FloatArray, *, arrival_s: float = 0.0, dose_mmol_per_kg: float | None = 0.1) -> FloatArray:
    """Return the AIF of Parker in whole blood, mmol/L; zero before arrival.

    Parameters
    ----------
    time_s
        When, s, any shape.
    arrival_s
        When the agent arrives, on the same clock. The formula is evaluated at ``time_s - arrival_s``: no resampling.
    dose_mmol_per_kg
        The curve is scaled by it; published for 0.1. None leaves it as published.

    References
    ----------
    Parker et al. 2006, Magn Reson Med 56:993, Eq. 1 and Table 1.
    """
    facts = population_facts(PopulationModel.PARKER)
    constants = facts.constants
    since_min, has_arrived = _since_arrival(time_s, arrival_s, SECONDS_PER_MINUTE)
    blood = constants["alpha_mmol_per_l"] * np.exp(-constants["beta_per_min"] * since_min)
    blood /= 1 + np.exp(-constants["s_per_min"] * (since_min - constants["tau_min"]))
    for area, centre, width in zip(
        constants["area_mmol_min_per_l"], constants["centre_min"], constants["width_min"], strict=True
    ):
        blood += area / (width * np.sqrt(2 * np.pi)) * np.exp(-((since_min - centre) ** 2) / (2 * width**2))
    return np.where(has_arrived, blood * _dose_factor(facts, dose_mmol_per_kg), 0.0)


def georgiou_aif(time_s: FloatArray, *, arrival_s: float = 0.0, dose_mmol_per_kg: float | None = 0.1) -> FloatArray:
    """Return the AIF of Georgiou in whole blood, mmol/L; zero before arrival. Parameters as :func:`parker_aif`.

    Three decaying exponentials, each pass of the bolus through the body spread as a gamma distribution (Horsfield's
    form).

    References
    ----------
    Georgiou et al. 2019, Magn Reson Med 81:1955, doi:10.1002/mrm.27524, Table 3.
    """
    from scipy.special import gammaln, xlogy

    facts = population_facts(PopulationModel.GEORGIOU)
    constants = facts.constants
    since_min, has_arrived = _since_arrival(time_s, arrival_s, SECONDS_PER_MINUTE)
    amplitudes, decays = np.array(constants["amplitude_mmol_per_l"]), np.array(constants["decay_per_min"])
    blood = np.exp(-since_min[..., None] * decays) @ amplitudes
    passes = np.zeros_like(blood)
    alpha, beta = constants["alpha"], constants["beta_min"]
    for number in range(int(since_min.max(initial=0.0) / constants["tau_min"]) + 1):
        in_pass = np.maximum(since_min - number * constants["tau_min"], 0.0)
        shape = (number + 1) * alpha + number
        density = np.exp(xlogy(shape, in_pass / beta) - in_pass / beta - gammaln(shape + 1)) / beta
        passes += np.where(in_pass > 0, density, 0.0)
    return np.where(has_arrived, blood * passes * _dose_factor(facts, dose_mmol_per_kg), 0.0)


def preclinical_aif(time_s: FloatArray, *, arrival_s: float = 0.0, dose_mmol_per_kg: float | None = None) -> FloatArray:
    """Return the AIF of a rat in whole blood, mmol/L: a linear rise, then two exponentials; zero before arrival.

    Parameters
    ----------
    time_s, arrival_s
        As :func:`parker_aif`.
    dose_mmol_per_kg
        Not scaled by a dose: the one it was measured at is not established here, so only None is taken.

    References
    ----------
    McGrath et al. 2009, Magn Reson Med 61:1173, doi:10.1002/mrm.21959, model B.
    """
    facts = population_facts(PopulationModel.PRECLINICAL)
    constants = facts.constants
    since_s, has_arrived = _since_arrival(time_s, arrival_s, 1.0)
    amplitudes, decays = np.array(constants["amplitude_mmol_per_l"]), np.array(constants["decay_per_s"])
    rise = amplitudes.sum() * since_s / constants["rise_s"]
    decay = np.exp(-np.maximum(since_s - constants["rise_s"], 0.0)[..., None] * decays) @ amplitudes
    blood = np.where(since_s < constants["rise_s"], rise, decay)
    return np.where(has_arrived, blood * _dose_factor(facts, dose_mmol_per_kg), 0.0)


def population_blood(
    model: str, time_s: FloatArray, *, arrival_s: float = 0.0, dose_mmol_per_kg: float | None = None
) -> FloatArray:
    """Return the AIF of a model chosen by name, whole blood, mmol/L; a dose of None leaves it as published.

    Raises
    ------
    PerfusionError
        There is no such model, or it cannot be scaled to the dose.
    """
    population_facts(model)
    formulas = {
        PopulationModel.PARKER: parker_aif,
        PopulationModel.GEORGIOU: georgiou_aif,
        PopulationModel.PRECLINICAL: preclinical_aif,
    }
    return formulas[PopulationModel(model)](time_s, arrival_s=arrival_s, dose_mmol_per_kg=dose_mmol_per_kg)


def blood_to_plasma(aif_mmol_l: FloatArray, *, hematocrit: float) -> FloatArray:
    """Return the plasma concentration, mmol/L, of a whole-blood one: Cp = Cb / (1 - hematocrit).

    Raises
    ------
    PerfusionError
        The hematocrit is not at least 0 and below 1.
    """
    if not 0 <= hematocrit < 1:
        raise PerfusionError(f"The hematocrit is {hematocrit:g}: give the share of cells in blood, as 0.42.")
    return np.asarray(aif_mmol_l) / (1 - hematocrit)


def _since_arrival(time_s: FloatArray, arrival_s: float, seconds_per_unit: float) -> tuple[FloatArray, BoolArray]:
    """Return the time since arrival in a model's unit, 0 before it, and where the agent has arrived."""
    since_s = np.asarray(time_s, float) - arrival_s
    return np.maximum(since_s, 0.0) / seconds_per_unit, since_s >= -ROUNDING_S


def _dose_factor(facts: PopulationFacts, dose_mmol_per_kg: float | None) -> float:
    if dose_mmol_per_kg is None:
        return 1.0
    if facts.dose_mmol_per_kg is None:
        raise PerfusionError(
            f"The dose of the AIF {facts.label} is not established, so it cannot be scaled to "
            f"{dose_mmol_per_kg:g} mmol/kg: leave the dose out, or measure the AIF."
        )
    if not dose_mmol_per_kg > 0:
        raise PerfusionError(f"The dose is {dose_mmol_per_kg:g} mmol/kg: give what was injected, as 0.1.")
    return dose_mmol_per_kg / facts.dose_mmol_per_kg
