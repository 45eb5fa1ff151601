"""Where T1 before contrast comes from: variable flip angles, a map, or one stated figure."""

from __future__ import annotations

from brachyresponse.geometry import Volume
from brachyresponse.perfusion.series import FlipAngleSeries

__all__ = ["T1_LIMIT_OF_SECONDS", "FlipAngleSeries", "T1Source"]

T1_LIMIT_OF_SECONDS = 20.0
"""A T1 map without a unit whose median lies above this is in milliseconds."""


T1Source = float | Volume | FlipAngleSeries
"""One figure in seconds for all tissue, a T1 map (in s or ms), or images of several flip angles."""
