"""The test data of the OSIPI code collection: rows, curves and OSIPI's tolerances (reference/osipi/README.md)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from numpy.typing import ArrayLike

from reference import REFERENCE, needs_reference

LARGEST_CELL = 10_000_000
"""A curve is one cell of a table."""


def needs_osipi(topic_file: str) -> pytest.MarkDecorator:
    """Skip a test where a file such as ``"t1_mapping/t1_brain_data.csv"`` is absent."""
    return needs_reference("osipi", *topic_file.split("/"))


@cache
def rows(topic_file: str) -> list[dict[str, str]]:
    """Return the rows of a file such as ``"dce_models/dce_DRO_data_tofts.csv"``, by column name without blanks.

    Empty where the file is absent, so that it may be called while tests are collected.
    """
    path = REFERENCE.joinpath("osipi", *topic_file.split("/"))
    if not path.exists():
        return []
    csv.field_size_limit(LARGEST_CELL)
    with path.open(newline="", encoding="utf-8") as file:
        return [{name.strip(): cell for name, cell in row.items()} for row in csv.DictReader(file)]


def curve(cell: str) -> np.ndarray:
    """Return the numbers of a cell, parted by one or more blanks."""
    return np.array(cell.split(), float)


def column(topic_file: str, name: str) -> np.ndarray:
    """Return a column of single numbers."""
    return np.array([float(row[name]) for row in rows(topic_file)])


@dataclass(frozen=True)
class Tolerance:
    """Numpy's: passed when ``|measured - reference| <= absolute + relative |reference|``."""

    absolute: float
    relative: float = 0.0

    def shares(self, measured: ArrayLike, reference: ArrayLike) -> np.ndarray:
        """Return each error as a share of its tolerance: at most 1 is passed; infinite where nothing was measured."""
        reference = np.asarray(reference, float)
        errors = np.abs(np.asarray(measured, float) - reference)
        return np.where(np.isnan(errors), np.inf, errors / (self.absolute + self.relative * np.abs(reference)))

    def check(self, measured: ArrayLike, reference: ArrayLike, share: float = 1.0) -> float:
        """Assert that every error is within a share of the tolerance; return the worst share."""
        shares = np.atleast_1d(self.shares(measured, reference))
        worst = int(shares.argmax())
        found, expected = np.ravel(measured)[worst], np.ravel(np.broadcast_to(reference, np.shape(measured)))[worst]
        assert shares.max() <= share, (
            f"value {worst}: {found} differs from {expected} by {shares.max():.3g} tolerances, {share} allowed"
        )
        return float(shares.max())


R1_PER_S = Tolerance(0.05, 0.05)
CONCENTRATION_MMOL_L = Tolerance(1e-5, 1e-5)
AIF_MMOL_L = Tolerance(1e-4, 0.01)
KTRANS_PER_MIN = PS_PER_MIN = Tolerance(0.005, 0.1)
VE = Tolerance(0.05)
VP = Tolerance(0.025)
FP_ML_PER_100ML_PER_MIN = Tolerance(5, 0.1)
DELAY_S = Tolerance(1.0)
CBV_ML_PER_100ML = Tolerance(1, 0.1)
CBF_ML_PER_100ML_PER_MIN = Tolerance(15, 0.1)
