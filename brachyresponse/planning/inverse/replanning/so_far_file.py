"""``so_far.json``: what a CT of the procedure showed, and its dose."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.planning.inverse.replanning.replan import Replanned
from brachyresponse.planning.inverse.replanning.so_far import ImplantedSoFar
from brachyresponse.planning.needles import Needle
from brachyresponse.seeds import Seeds

if TYPE_CHECKING:
    from brachyresponse.verification.cold_regions import ColdRegion

SCHEMA = 1


def write_so_far(replanned: Replanned, path: Path) -> None:
    """Write what is implanted already, its dose and its cold regions.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    try:
        path.write_text(json.dumps(_record(replanned), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{path.name} cannot be written: {reason_of(error)}.") from error


def _record(replanned: Replanned) -> dict[str, Any]:
    found, dose = replanned.so_far, replanned.dose_so_far
    return {
        "schema": SCHEMA,
        "needles": [_needle(needle, found) for needle in found.needles],
        "seeds": [_seed(found.seeds, n) for n in range(found.seeds.count)],
        "needles_not_inserted": list(found.not_inserted),
        "d90_gy": dose.d90_gy,
        "v100_percent": dose.v100_percent,
        "cold_regions": [_region(region) for region in dose.cold_regions],
        "warnings": list(found.warnings),
    }


def _needle(needle: Needle, found: ImplantedSoFar) -> dict[str, Any]:
    return {
        "number": needle.number,
        "hole": needle.hole,
        "entry_ras_mm": needle.entry_mm.tolist(),
        "tip_ras_mm": needle.tip_mm.tolist(),
        "in_place": needle.number in found.in_place,
    }


def _seed(seeds: Seeds, n: int) -> dict[str, Any]:
    return {
        "position_ras_mm": seeds.positions_mm[n].tolist(),
        "direction_ras": seeds.directions[n].tolist(),
        "air_kerma_strength_u": float(seeds.air_kerma_strength_u[n]),
        "needle": int(seeds.needle[n]),
    }


def _region(region: ColdRegion) -> dict[str, Any]:
    return {
        "volume_cc": region.volume_cc,
        "share_percent": region.share_percent,
        "centre_ras_mm": region.centre_mm.tolist(),
        "least_gy": region.least_gy,
        "where": region.where,
    }
