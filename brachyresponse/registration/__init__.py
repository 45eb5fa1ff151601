"""The rigid motion that brings one image to another: a search that knows nothing of what the images show."""

from brachyresponse.registration.pair import ImagePair, Measure
from brachyresponse.registration.search import (
    COARSE,
    FINE,
    Level,
    inverse,
    refine,
    search,
    to_matrix,
    to_transform,
)

__all__ = [
    "COARSE",
    "FINE",
    "ImagePair",
    "Level",
    "Measure",
    "inverse",
    "refine",
    "search",
    "to_matrix",
    "to_transform",
]
