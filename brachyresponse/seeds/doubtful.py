"""Which found seeds a reader has to look at."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from brachyresponse.seeds.origin import Origin
from brachyresponse.types import FloatArray

LOW_CONFIDENCE = 0.7
"""Seeds below it are shown to the reader one by one."""


def doubtful_seeds(confidence: FloatArray, origins: Sequence[Origin]) -> list[int]:
    """Return the seeds of low confidence that no reader has vouched for, the least certain first.

    Parameters
    ----------
    confidence
        (N,), 0 to 1.
    origins
        How each seed came into the list: one that a reader put in, moved or confirmed was looked at.
    """
    order = np.argsort(confidence, kind="stable")
    return [int(n) for n in order if confidence[n] < LOW_CONFIDENCE and origins[n] is Origin.DETECTED]
