"""Two scans of one implant side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from brachyresponse.errors import VerificationError
from brachyresponse.geometry import Grid
from brachyresponse.verification import (
    CARRIED_STAMP,
    Verification,
    VerificationRecord,
    compare_scans,
    record_of,
    verify_implant,
)

GRID = Grid.covering([-24, -24, -24], [24, 24, 24], 2.0)


@pytest.fixture(scope="module")
def scanned(request_of: Callable) -> Callable[..., Verification]:
    def scan(day: date | None, **fields: Any) -> Verification:
        return verify_implant(request_of(scan_date=day, implant_grid=GRID, **fields))

    return scan


@pytest.fixture(scope="module")
def both(scanned: Callable, anatomy_of: Callable, a_ball: Callable, plan_of: Callable) -> tuple[Verification, ...]:
    """Day 0 with a swollen target, and day 30 with the target of the plan and a seed less."""
    swollen = anatomy_of(a_ball("GTV", 13.5))
    fewer = plan_of().seeds.select(slice(0, 22))
    return scanned(date(2026, 3, 6), implant_anatomy=swollen), scanned(date(2026, 4, 5), found=fewer)


def test_the_second_scan_stands_beside_the_first(both: tuple[Verification, Verification]) -> None:
    comparison = compare_scans(*both)
    assert (comparison.first_days, comparison.second_days) == (0, 30)
    rows = {(row.structure, row.id): row for row in comparison.rows}
    d90, volume = rows["GTV", "d90"], rows["GTV", "volume"]
    assert (d90.first, d90.second) == tuple(scan.metric("GTV", "d90").implant for scan in both)
    assert d90.difference == pytest.approx(d90.second - d90.first)
    assert d90.difference > 0
    assert volume.difference < 0
    assert (rows["seeds", "found"].first, rows["seeds", "found"].second) == (23, 22)
    assert rows["seeds", "missing"].second == 1
    assert rows["seeds", "delivered"].second == pytest.approx(29.54, abs=0.01)  # as in the decay table
    assert ("Cord", "mean") in rows
    assert any("23 seeds were found on the first scan, 22 on the second" in said for said in comparison.warnings)


def test_its_table_is_headed_by_the_days(both: tuple[Verification, Verification]) -> None:
    table = compare_scans(*both).table
    assert table.columns[4:6] == ("day 0", "day 30")
    assert "2026-03-06 (day 0) and 2026-04-05 (day 30)" in table.title


def test_records_compare_as_their_verifications_do(both: tuple[Verification, Verification]) -> None:
    first, second = (record_of(scan) for scan in both)
    assert compare_scans(first, second).rows == compare_scans(*both).rows


def test_a_carried_target_is_stamped_by_its_scan(scanned: Callable, both: tuple[Verification, Verification]) -> None:
    later = scanned(date(2026, 4, 5), implant_anatomy=None)
    comparison = compare_scans(both[0], later)
    d90 = next(row for row in comparison.rows if row.id == "d90")
    assert d90.stamp == f"second: {CARRIED_STAMP}"
    assert any("target of the second scan is carried, not verified" in said for said in comparison.warnings)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"patient_id": "P-2"}, "not of one implant: patient 'PAT-1' and 'P-2'"),
        ({"plan": "Other"}, "not of one implant: plan 'Plan' and 'Other'"),
        ({"implant_date": date(2026, 3, 5)}, "not of one implant: implant date"),
        ({"prescription_gy": 145.0}, "not of one implant: prescription '100 Gy' and '145 Gy'"),
        ({"scan_date": None}, "scan without a date cannot be compared"),
        (
            {"scan_date": date(2026, 3, 6)},
            "second scan, of 2026-03-06, is not after the first, of 2026-03-06: exchange",
        ),
    ],
)
def test_scans_that_do_not_belong_together_are_refused(
    change: dict, message: str, both: tuple[Verification, Verification]
) -> None:
    first, second = (record_of(scan) for scan in both)
    other: VerificationRecord = replace(second, **change)
    with pytest.raises(VerificationError, match=message):
        compare_scans(first, other)
