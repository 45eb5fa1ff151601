"""The figures of simulated spectra: tissues and disturbances, read once from JSON."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from brachyresponse.spectroscopy.vocabulary import Metabolite


class TissueKind(StrEnum):
    """Tissues whose spectrum can be simulated."""

    WHITE_MATTER = "white matter"
    TUMOUR = "tumour"
    NECROSIS = "necrosis"


def tissue_amplitudes(tissue: TissueKind | str, echo_time_ms: float) -> dict[Metabolite, float]:
    """Return the amplitudes of a tissue at an echo time: what is left of them after their T2."""
    table_ = table("tissues")
    t2_ms, amounts = table_["t2_ms"], table_["tissues"][TissueKind(tissue)]
    return {name: float(amounts[name] * np.exp(-echo_time_ms / t2_ms[name])) for name in Metabolite}


def macromolecules_of(tissue: TissueKind | str) -> float:
    """Return how much of white matter's macromolecules a tissue has."""
    return float(table("tissues")["tissues"][TissueKind(tissue)]["macromolecules"])


@cache
def table(name: str) -> dict[str, Any]:
    """Return one of the data files: ``tissues`` or ``disturbances``."""
    text = resources.files(__package__).joinpath("data", f"{name}.json").read_text(encoding="utf-8")
    content: dict[str, Any] = json.loads(text)
    return content
