"""The tissue round a lesion: its most frequent value, and how much it varies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.types import AnyArray

if TYPE_CHECKING:
    from brachyresponse.lesions.growing_box import GrowingBox

DARK_SHARE = 0.2
"""Below so much of the click's value is air, skull or flowing blood."""
BINS = 128
LEAST_SPREADS = 3.0


@dataclass(frozen=True)
class Surrounding:
    """Level and spread (standard deviation) of the tissue round a lesion."""

    level: float
    spread: float

    def threshold(self, share: float, lesion_level: float) -> float:
        """Return the value at a share of the way to the lesion, at least three spreads above the tissue."""
        return max(self.level + share * (lesion_level - self.level), self.level + LEAST_SPREADS * self.spread)


def surrounding_tissue(box: GrowingBox) -> Surrounding:
    """Return the tissue round the click: the mode of the values there, and the spread below it.

    The spread is taken from the darker side, since the lesion is on the brighter one.
    """
    values = box.values[box.near & (box.values > DARK_SHARE * box.click_level)]
    level = most_frequent(values)
    darker = values[(values <= level) & (values > 0.7 * level)]
    return Surrounding(level, 1.4826 * float(np.median(level - darker)))


def most_frequent(values: AnyArray) -> float:
    """Return the mode of values (N,): the middle of the fullest bin of a smoothed histogram."""
    low, high = np.percentile(values, [0.5, 99.5])
    if high <= low:
        return float(low)
    count, edges = np.histogram(values, BINS, (low, high))
    smooth = np.convolve(count, [1, 2, 3, 2, 1], mode="same")
    fullest = int(np.argmax(smooth))
    return float(edges[fullest : fullest + 2].mean())
