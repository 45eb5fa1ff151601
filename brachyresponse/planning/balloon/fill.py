"""The volume that was filled in, against the balloon on the images and against its model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from brachyresponse.errors import PlanError

FLAG_PERCENT, FLAG_ML = 5.0, 1.0
"""Proposed by this software: a difference beyond either is flagged."""


@dataclass(frozen=True)
class BalloonModel:
    """A balloon as it is made: name, catalogue number, nominal diameter and volume."""

    name: str
    catalogue: str
    diameter_mm: float
    nominal_ml: float


@dataclass(frozen=True)
class FillComparison:
    """The fill volume held against another one.

    Parameters
    ----------
    fill_ml, other_ml
        Filled in, and compared with.
    other
        What the other volume is, in words.
    """

    fill_ml: float
    other_ml: float
    other: str

    @property
    def difference_ml(self) -> float:
        """Filled in less the other."""
        return self.fill_ml - self.other_ml

    @property
    def difference_percent(self) -> float:
        """Of the other volume."""
        return self.difference_ml / self.other_ml * 100

    @property
    def is_flagged(self) -> bool:
        """Whether they differ by more than 5 % or 1 mL (proposed)."""
        return abs(self.difference_percent) > FLAG_PERCENT or abs(self.difference_ml) > FLAG_ML

    @property
    def sentence(self) -> str:
        """The comparison in words."""
        ml, percent = round(self.difference_ml, 2) + 0.0, round(self.difference_percent, 1) + 0.0  # no -0
        return (
            f"{self.fill_ml:.4g} mL were filled in, {self.other} has {self.other_ml:.4g} mL: {ml:+.2f} mL "
            f"({percent:+.1f} %); flagged beyond {FLAG_PERCENT:g} % or {FLAG_ML:g} mL, a proposal of this software."
        )


@cache
def balloon_models() -> tuple[BalloonModel, ...]:
    """Return the balloons that are made, smallest first."""
    text = (files("brachyresponse.planning.balloon") / "data/balloon_models.json").read_text(encoding="utf-8")
    return tuple(BalloonModel(**model) for model in json.loads(text)["models"])


def balloon_model(name: str) -> BalloonModel:
    """Return a balloon by its name, as ``30 mm``, or its catalogue number.

    Raises
    ------
    PlanError
        There is no such balloon.
    """
    for model in balloon_models():
        if name.strip() in (model.name, model.catalogue, f"{model.diameter_mm:g}"):
            return model
    known = ", ".join(model.name for model in balloon_models())
    raise PlanError(f"There is no balloon model {name!r}: choose one of {known}, or leave it out.")


def compare_fill(fill_ml: float | None, liquid_ml: float, model: str, *, drawn: bool) -> tuple[FillComparison, ...]:
    """Return the fill volume held against the liquid of the plan's balloon and against the model; what is known.

    Parameters
    ----------
    fill_ml
        Filled in; None when it is not known, and then nothing is compared.
    liquid_ml
        Of the plan's balloon, within its wall.
    model
        Name of the balloon's model; empty when it is not known.
    drawn
        Whether the balloon was segmented; a sphere otherwise.
    """
    if fill_ml is None:
        return ()
    found = [FillComparison(fill_ml, liquid_ml, "the segmented balloon" if drawn else "the sphere of the plan")]
    if model:
        known = balloon_model(model)
        found.append(FillComparison(fill_ml, known.nominal_ml, f"the {known.name} balloon (nominal)"))
    return tuple(found)
