"""Places in words: which way from a centre, and how far."""

from __future__ import annotations

import numpy as np

from brachyresponse.types import FloatArray

WORDS = (("left", "right"), ("posterior", "anterior"), ("inferior", "superior"))
"""For each axis of RAS what its negative and its positive side are called."""
NAMED_SHARE = np.sin(np.deg2rad(22.5))
"""Least share of the distance along an axis for its word: within 22.5 degrees of an axis only one word is said."""
AT_CENTRE_MM = 1.0


def where_from(centre_mm: FloatArray, place_mm: FloatArray) -> str:
    """Return a place seen from a centre, both RAS (3,): ``left, superior, 8 mm from the centre``."""
    offset_mm = np.asarray(place_mm, float) - centre_mm
    distance_mm = float(np.linalg.norm(offset_mm))
    if distance_mm < AT_CENTRE_MM:
        return "at the centre"
    named = [
        words[int(offset > 0)]
        for words, offset in zip(WORDS, offset_mm, strict=True)
        if abs(offset) >= NAMED_SHARE * distance_mm
    ]
    return f"{', '.join(named)}, {distance_mm:.0f} mm from the centre"
