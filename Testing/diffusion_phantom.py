"""A head made of balls whose ADC is known: white matter, a lesion with a core, on a clinical grid."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from brachyresponse.diffusion import ADC_UNIT, DiffusionRequest
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.types import BoolArray, FloatArray

WHITE, RIM, CORE = 800.0, 1300.0, 900.0
LESION_MM, WHITE_MATTER_MM = (20.0, 0.0, 0.0), (-20.0, 0.0, 0.0)
NOISE = 60.0


def grid() -> Grid:
    matrix = np.diag([2.0, 2.0, 4.0, 1.0])
    matrix[:3, 3] = (-40, -20, -18)
    return Grid((10, 21, 41), matrix)


def ball(centre_mm: tuple[float, float, float], radius_mm: float) -> BoolArray:
    inside: BoolArray = np.linalg.norm(grid().points_mm() - np.array(centre_mm), axis=-1) < radius_mm
    return inside


def structure(name: str, centre_mm: tuple[float, float, float], radius_mm: float) -> Structure:
    return Structure(name, ball(centre_mm, radius_mm), grid())


@cache
def adc_values() -> FloatArray:
    values = np.full(grid().shape_kji, WHITE)
    values[ball(LESION_MM, 14)] = RIM
    values[ball(LESION_MM, 8)] = CORE
    values += np.random.default_rng(0).normal(0, NOISE, values.shape)
    values.setflags(write=False)
    return values


def request(values: FloatArray | None = None, unit: str = ADC_UNIT, **changed: Any) -> DiffusionRequest:
    """What is asked of the phantom; parts of it may be changed."""
    asked: dict[str, Any] = {
        "adc": Volume("ADC", adc_values() if values is None else values, grid(), unit),
        "lesions": {"T1": structure("T1", LESION_MM, 14)},
        "cores": {"T1": structure("Core", LESION_MM, 8)},
        "white_matter": structure("White matter", WHITE_MATTER_MM, 12),
        "is_registered": True,
        "is_undistorted": True,
    }
    return DiffusionRequest(**(asked | changed))
