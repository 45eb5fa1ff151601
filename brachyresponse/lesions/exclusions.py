"""Voxels of a lesion that do not count, why, and how much of the lesion is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import StructureError
from brachyresponse.types import BoolArray

MOST_BLOOD_SHARE = 0.25
"""Of a lesion that is blood or calcification: more, and DSC, diffusion and spectroscopy are refused."""


@dataclass(frozen=True, eq=False)
class Exclusion:
    """Voxels that do not count.

    Parameters
    ----------
    name
        For tables: ``seeds``, ``vessels``, ``necrosis``.
    mask
        [k, j, i] bool.
    reason
        A sentence: why, and how they were found.
    most_share
        Of the lesion that may be excluded for this reason; more makes it not evaluable. None: any share.
    """

    name: str
    mask: BoolArray
    reason: str
    most_share: float | None = None


@dataclass(frozen=True)
class ExclusionRow:
    """What one exclusion takes from a lesion.

    Parameters
    ----------
    voxels
        Voxels of the lesion that it takes.
    share_taken
        Of the lesion, by this exclusion alone.
    share_left
        Of the lesion after this exclusion and those before it.
    """

    name: str
    voxels: int
    share_taken: float
    share_left: float
    reason: str


@dataclass(frozen=True, eq=False)
class LesionLeft:
    """What is left of a lesion.

    Parameters
    ----------
    mask
        [k, j, i]: voxels of the lesion that count.
    share
        Of the lesion, 0 to 1.
    rows
        What each exclusion takes, in their order.
    refusals
        Sentences that make the lesion not evaluable.
    """

    mask: BoolArray
    share: float
    rows: tuple[ExclusionRow, ...]
    refusals: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The share that is left, in words."""
        taken = [f"{row.name} {row.share_taken:.0%}" for row in self.rows if row.voxels]
        return f"{self.share:.0%} of the lesion is left" + (f" (taken: {', '.join(taken)})." if taken else ".")


def combine(lesion: BoolArray, exclusions: Sequence[Exclusion]) -> LesionLeft:
    """Take all exclusions from a lesion, and state what each takes and what is left.

    Parameters
    ----------
    lesion
        [k, j, i] bool.

    Raises
    ------
    StructureError
        The lesion is empty, or an exclusion lies on another grid.
    """
    total = int(np.count_nonzero(lesion))
    if total == 0:
        raise StructureError("The lesion is empty: draw it, or choose another one.")
    left, rows, refusals = lesion.copy(), [], []
    for exclusion in exclusions:
        if exclusion.mask.shape != lesion.shape:
            raise StructureError(
                f"Exclusion {exclusion.name!r} has shape {exclusion.mask.shape}, the lesion {lesion.shape}: they must "
                "agree."
            )
        taken = int(np.count_nonzero(lesion & exclusion.mask))
        left &= ~exclusion.mask
        share_left = float(np.count_nonzero(left)) / total
        rows.append(ExclusionRow(exclusion.name, taken, taken / total, share_left, exclusion.reason))
        if exclusion.most_share is not None and taken > exclusion.most_share * total:
            refusals.append(
                f"{taken / total:.0%} of the lesion is {exclusion.name}, at most {exclusion.most_share:.0%} may be."
            )
    return LesionLeft(left, float(np.count_nonzero(left)) / total, tuple(rows), tuple(refusals))
