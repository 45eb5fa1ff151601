"""Planned and true seeds of the four reference CTs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from reference import REFERENCE

CASES = ("dev1_pelvis_1mm", "dev2_pelvis_2.5mm", "dev3_headneck_2mm_oblique", "dev4_pelvis_3mm_lowdose_oblique")


@dataclass(frozen=True)
class PlannedAndTrue:
    """Row n of ``planned_mm`` was meant to be row n of ``true_mm``; both (N, 3) RAS."""

    planned_mm: NDArray[np.float64]
    planned_axes: NDArray[np.float64]
    true_mm: NDArray[np.float64]

    @property
    def count(self) -> int:
        return len(self.planned_mm)


def read_planned_and_true(case: str) -> PlannedAndTrue:
    text = (REFERENCE / "ct_seeds" / f"{case}.truth.json").read_text(encoding="utf-8")
    seeds: list[dict[str, Any]] = json.loads(text)["seeds"]
    names = ("planned_center_ras_mm", "planned_axis_ras", "center_ras_mm")
    return PlannedAndTrue(*(np.array([seed[name] for seed in seeds]) for name in names))


def offset(points_mm: NDArray[np.float64], shift_mm: float, turn_deg: float, *, seed: int) -> NDArray[np.float64]:
    """Points turned about their middle by an angle and moved by a length, both in random directions."""
    random = np.random.default_rng(seed)
    axis, way = (vector / np.linalg.norm(vector) for vector in random.normal(size=(2, 3)))
    middle = points_mm.mean(axis=0)
    turn = Rotation.from_rotvec(np.deg2rad(turn_deg) * axis).as_matrix()
    return (points_mm - middle) @ turn.T + middle + shift_mm * way
