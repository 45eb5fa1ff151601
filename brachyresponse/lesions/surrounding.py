"""The tissue round a lesion: its most frequent value, and how much it varies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.types import AnyArray

BINS = 128
DARKEST_SHARE = 0.75
"""Of the most frequent value: what is darker is another tissue and tells nothing of the spread."""


@dataclass(frozen=True)
class Surrounding:
    """Level and spread (standard deviation) of the tissue round a lesion."""

    level: float
    spread: float

    @classmethod
    def of(cls, values: AnyArray) -> Surrounding:
        """Return level and spread of brain with a lesion in it, values (N,).

        The spread is taken from the darker side, since the lesion is on the brighter one.
        """
        level = most_frequent(values)
        darker = values[(values <= level) & (values > DARKEST_SHARE * level)]
        return cls(level, 1.4826 * float(np.median(level - darker)) if darker.size else 0.0)

    def threshold(self, share: float, lesion_level: float) -> float:
        """Return the value at a share of the way to the lesion."""
        return self.level + share * (lesion_level - self.level)


def most_frequent(values: AnyArray) -> float:
    """Return the mode of values (N,): the middle of the fullest bin of a smoothed histogram."""
    low, high = np.percentile(values, [0.5, 99.5])
    if high <= low:
        return float(low)
    count, edges = np.histogram(values, BINS, (low, high))
    smooth = np.convolve(count, [1, 2, 3, 2, 1], mode="same")
    fullest = int(np.argmax(smooth))
    return float(edges[fullest : fullest + 2].mean())
