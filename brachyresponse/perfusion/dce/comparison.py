"""Which of several models a voxel's curve asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.dce.dce_fit import DceFit
from brachyresponse.perfusion.dce.models import DceModel
from brachyresponse.types import BoolArray, Float32Array, IntArray


@dataclass(frozen=True, eq=False)
class ModelChoice:
    """Models compared on the same curves.

    Parameters
    ----------
    models
        In the order in which they were given.
    weights
        (M, ...) Akaike weights: how much each model is to be believed among these; NaN where a fit is not valid.
    best
        (...) number of the model with the largest weight, -1 where there is none.
    """

    models: tuple[DceModel, ...]
    weights: Float32Array
    best: IntArray

    def chosen(self, model: str) -> BoolArray:
        """Return the voxels in which a model is the best."""
        return np.asarray(self.best == self.models.index(DceModel.named(model)))


def compare_models(fits: Sequence[DceFit]) -> ModelChoice:
    """Weigh fits of different models to the same curves by AICc, as Patlak against extended Tofts.

    Raises
    ------
    PerfusionError
        Fewer than two fits, or fits of other voxels or frames.

    References
    ----------
    Burnham and Anderson 2002, Model Selection and Multimodel Inference, 2nd edition, section 2.9 (Akaike weights).
    """
    if len(fits) < 2:
        raise PerfusionError(f"There is {len(fits)} fit to be compared: give two or more models of the same curves.")
    if len({(fit.valid.shape, len(fit.plasma.values)) for fit in fits}) > 1:
        raise PerfusionError("The fits are of other voxels or frames: compare models of the same curves.")
    aicc = np.stack([fit.aicc for fit in fits]).astype(np.float64)
    known = np.isfinite(aicc).all(axis=0)
    relative = np.exp(-(aicc - np.where(known, aicc.min(axis=0), 0)) / 2)
    weights = np.where(known, relative / relative.sum(axis=0), np.nan).astype(np.float32)
    best = np.where(known, np.where(known, aicc, 0).argmin(axis=0), -1)
    return ModelChoice(tuple(fit.model for fit in fits), weights, best)
