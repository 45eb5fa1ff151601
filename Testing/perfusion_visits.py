"""Perfusion scans of the digital patient, each made once for all tests."""

from __future__ import annotations

from functools import cache

import numpy as np

from brachyresponse.digital_patient.perfusion import DigitalPerfusion, PatientVariant, Visit, perfusion_visit
from brachyresponse.geometry import Structure, share_on_grid
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import BoolArray


def the_visit(
    variant: PatientVariant = PatientVariant.RECURRENCE_AT_MARGIN,
    visit: Visit = Visit.FOLLOW_UP,
    kind: SeriesKind = SeriesKind.DCE,
) -> DigitalPerfusion:
    return _made(variant, visit, kind)


@cache
def _made(variant: PatientVariant, visit: Visit, kind: SeriesKind) -> DigitalPerfusion:
    return perfusion_visit(variant=variant, visit=visit, kind=kind)


def on_series(scan: DigitalPerfusion, structure: Structure, least_share: float = 0.5) -> BoolArray:
    """Voxels of the series of which at least a share belongs to a structure, [k, j, i]."""
    return np.asarray(share_on_grid(structure, scan.series.grid) >= least_share)
