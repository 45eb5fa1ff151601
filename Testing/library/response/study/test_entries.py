"""Plain rows of what was measured, where it lies and how it is perfused, from what computed them."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.perfusion.study import MapName, PerfusionRecord
from brachyresponse.response.field import SiteOfFailure, site_of_failure
from brachyresponse.response.measurement import measure_structure
from brachyresponse.response.study import PerfusionEntry, SiteEntry, measurement_entry
from lesion_balls import ball

DAY = date(2026, 6, 1)


def test_a_measurement_is_kept_with_the_ends_of_its_diameters() -> None:
    measured = measure_structure(ball((10, -20, 30), 8))
    entry = measurement_entry(DAY, "T1", measured)
    assert (entry.visit, entry.lesion, entry.origin, entry.holes) == (DAY, "T1", "automatic", "exclude")
    assert entry.longest_mm == pytest.approx(measured.longest_mm, abs=5e-4)  # kept to a micrometre
    ends = np.reshape(entry.longest_ras_mm, (2, 3))
    assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx(measured.longest_mm, abs=2e-3)
    assert entry.plane == "axial"


def test_a_site_of_failure_is_kept_with_its_dose() -> None:
    grid = Grid.covering([-30, -30, -30], [30, 30, 30], 2.0)
    dose = Volume("Dose", np.full(grid.shape_kji, 120.0), grid, "Gy")
    entry = SiteEntry.of(DAY, "T1", site_of_failure(ball((0, 0, 0), 6), dose, 100.0))
    assert entry.site is SiteOfFailure.IN_FIELD
    assert (entry.d50_gy, entry.v100_percent) == (120.0, 100.0)
    assert entry.sentence


def perfusion(scan: date | None) -> Any:
    row: dict[str, Any] = {"lesion": "T1", "map": MapName.RCBV, "low": 1.8, "high": 2.5}
    rows = [SimpleNamespace(**row, value=2.1, statistic="mean"), SimpleNamespace(**row, value=3.0, statistic="p90")]
    return SimpleNamespace(scan_date=scan, ratios=rows)


def test_the_ratios_of_a_perfusion_study_get_its_date() -> None:
    record: PerfusionRecord = perfusion(DAY)
    assert PerfusionEntry.of_record(record) == (PerfusionEntry(DAY, "rcbv", "T1", 2.1, 1.8, 2.5, "mean"),)
    assert PerfusionEntry.of_record(record, "p90")[0].ratio == 3.0


def test_a_perfusion_study_without_a_date_has_no_place_in_time() -> None:
    with pytest.raises(ResponseError, match="has no scan date"):
        PerfusionEntry.of_record(perfusion(None))
