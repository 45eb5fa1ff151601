"""Array types of the library's signatures, and how an array becomes a value that nobody can change."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
AnyArray = NDArray[Any]


def frozen_array(values: ArrayLike, dtype: DTypeLike) -> AnyArray:
    """Return a read-only copy of ``values``, for the fields of frozen dataclasses."""
    array = np.array(values, dtype=dtype)
    array.setflags(write=False)
    return array
