"""Weights of the planner's objective, and their presets."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from brachyresponse.errors import PlanError
from brachyresponse.planning.record import Record, parse_record

SCHEMA = 1
PRESETS = "data/objective_presets.json"


@dataclass(frozen=True)
class ObjectiveWeights:
    """What a plan is punished for; every penalty grows linearly with the dose that is missing or too much.

    A penalty's unit is percent of the prescription, averaged over the structure's volume; needles and seeds cost what
    is said here, each. So a weight of 1 on ``underdose`` makes a target that misses 1 % of the prescription everywhere
    as bad as one needle at a cost of 1.

    Parameters
    ----------
    underdose
        Of the target below ``underdose_percent`` of the prescription.
    overdose_150, overdose_200
        Of the target above 150 % and above 200 %.
    coverage
        Of the target below the prescription itself, on top of ``underdose``.
    spill
        Of the tissue round the target above the prescription.
    organs
        Of every organ at risk above half the prescription, limit or not, averaged over 2 cc of it.
    limits
        Of every limit that is not kept, times the limit's own weight.
    needle, seed
        Cost of one.
    underdose_percent
        The dose that is aimed at inside the target, percent of the prescription.
    """

    underdose: float
    coverage: float
    overdose_150: float
    overdose_200: float
    spill: float
    organs: float
    limits: float
    needle: float
    seed: float
    underdose_percent: float = 100.0

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            if not 0 <= value < 1e6:
                raise PlanError(f"The weight {item.name!r} is {value}: give a number from 0 to a million.")


def available_presets() -> tuple[str, ...]:
    """Return the names of the presets, the default first."""
    return tuple(_presets())


def as_weights(weights: ObjectiveWeights | str) -> ObjectiveWeights:
    """Return weights, or those of the preset of a name."""
    return load_weights(weights) if isinstance(weights, str) else weights


def load_weights(name: str) -> ObjectiveWeights:
    """Return the weights of a preset.

    Raises
    ------
    PlanError
        There is no such preset.
    """
    presets = _presets()
    if name not in presets:
        raise PlanError(f"There is no preset {name!r} of the objective: choose one of {', '.join(presets)}.")
    return presets[name]


@cache
def _presets() -> dict[str, ObjectiveWeights]:
    text = (files("brachyresponse.planning.inverse") / PRESETS).read_text("utf-8")
    record = parse_record(text, "objective_presets.json", SCHEMA)
    return {name: _weights(part) for name, part in record.parts("presets").items()}


def _weights(part: Record) -> ObjectiveWeights:
    return ObjectiveWeights(**{item.name: part.number(item.name) for item in fields(ObjectiveWeights)})
