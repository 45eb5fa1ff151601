from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from brachyresponse.errors import InputFileError, PlanError
from brachyresponse.planning import (
    ImplantPlan,
    Needle,
    SheetOptions,
    Table,
    loading_sheet,
    needle_angles_deg,
    seeds_table,
    write_csv,
    write_loading_csv,
    write_seeds_csv,
)
from brachyresponse.planning.dates import check_reference_date
from brachyresponse.planning.train import describe_train
from brachyresponse.seeds import Seeds
from brachyresponse.sources import load_source

SOURCE = load_source("amersham_6711")
ROUNDING = 1e-9


def needle_along(direction: list[float]) -> Needle:
    return Needle(1, np.zeros(3), np.array(direction, float))


@pytest.mark.parametrize(
    ("direction_ras", "axial_deg", "tilt_deg"),
    [
        ([0, -1, 0], 0, 0),  # from the front straight to the back
        ([-1, 0, 0], 90, 0),  # to the patient's left
        ([1, 0, 0], -90, 0),
        ([0, 1, 0], 180, 0),
        ([-1, -1, 0], 45, 0),
        ([0, -1, 1], 0, 45),  # towards the head
        ([0, -1, -1], 0, -45),
        ([0, 0, 1], None, 90),
        ([0, 0, -1], None, -90),
    ],
)
def test_a_needles_direction_is_an_axial_angle_and_a_tilt(
    direction_ras: list[float], axial_deg: float | None, tilt_deg: float
) -> None:
    axial, tilt = needle_angles_deg(needle_along(direction_ras))
    assert tilt == pytest.approx(tilt_deg, abs=1e-6)
    if axial_deg is None:
        assert axial is None
    else:
        assert axial == pytest.approx(axial_deg, abs=ROUNDING)
        assert str(axial) != "-0.0"


def test_seeds_and_spacers_are_in_order_from_the_tip(
    plan_of: Callable, straight_needle: Callable, seeds_along: Callable
) -> None:
    needle = replace(straight_needle(4), tip_mm=np.array([0.0, -20.0, 0.0]), hole="C4")  # 70 mm long
    plan = plan_of((needle,), seeds_along(needle, 45, 55, 65))
    (row,) = loading_sheet(plan, SOURCE).needles
    assert describe_train(row.train) == "2.8 mm, seed, 5.5 mm, seed, 5.5 mm, seed"
    assert [part.seed for part in row.train if part.is_seed] == [3, 2, 1]
    assert (row.number, row.hole, row.seed_count) == (4, "C4", 3)
    assert row.first_seed_depth_mm == pytest.approx(65, abs=ROUNDING)
    assert row.last_seed_depth_mm == pytest.approx(45, abs=ROUNDING)
    assert row.tip_depth_mm == pytest.approx(70, abs=ROUNDING)
    assert row.strength_u == pytest.approx(1.8, abs=ROUNDING)
    spacers = [part for part in row.train if not part.is_seed]
    # from the tip to the far end of the last seed: nothing is missing
    assert sum(part.length_mm for part in row.train) == pytest.approx(70 - 45 + 2.25, abs=ROUNDING)
    assert spacers[1].depth_mm == pytest.approx(60, abs=ROUNDING)


def test_seeds_end_to_end_need_no_spacer(plan_of: Callable, straight_needle: Callable, seeds_along: Callable) -> None:
    needle = straight_needle()
    plan = plan_of((needle,), seeds_along(needle, 97.75, 93.25))
    assert describe_train(loading_sheet(plan, SOURCE).needles[0].train) == "seed, seed"


def test_trains_that_cannot_be_loaded_are_refused(
    plan_of: Callable, straight_needle: Callable, seeds_along: Callable
) -> None:
    needle = straight_needle()
    with pytest.raises(PlanError, match=r"Needle 1: seed 1 overlaps seed 2 by 0\.5 mm; move it along the needle"):
        loading_sheet(plan_of((needle,), seeds_along(needle, 50, 54)), SOURCE)
    with pytest.raises(PlanError, match=r"seed 1 reaches beyond the tip by 1\.2 mm"):
        loading_sheet(plan_of((needle,), seeds_along(needle, 99)), SOURCE)
    with pytest.raises(PlanError, match="has no seeds: load the needles"):
        loading_sheet(plan_of((needle,), Seeds.none()), SOURCE)


def test_the_order_has_spares_rounded_up_and_decays_to_the_implant_day(a_plan: ImplantPlan) -> None:
    options = SheetOptions(spare_fraction=0.2, reference_date=date(2026, 1, 5))  # 60 days before the implant
    (row,) = loading_sheet(a_plan, SOURCE, options=options).order
    assert (row.planned, row.spare, row.ordered) == (7, 2, 9)
    assert row.implant.strength_u == pytest.approx(0.6, abs=ROUNDING)
    assert row.implant.activity_mbq == pytest.approx(0.6 / 1.27 * 37, rel=1e-9)
    assert row.implant.activity_mci == pytest.approx(0.6 / 1.27, rel=1e-9)
    # half-life 59.4 d: ordered twice as strong, a little more
    assert row.reference.strength_u == pytest.approx(0.6 * 2 ** (60 / 59.4), rel=1e-9)
    assert row.reference.day == date(2026, 1, 5)


@pytest.mark.parametrize(("year", "refused"), [(2025, False), (2024, True), (206, True)])
def test_a_reference_date_far_from_the_implant_is_refused(year: int, refused: bool, a_plan: ImplantPlan) -> None:
    options = SheetOptions(reference_date=date(year, 3, 6))
    if not refused:
        assert loading_sheet(a_plan, SOURCE, options=options).order[0].reference.day == date(2025, 3, 6)
        return
    with pytest.raises(PlanError, match=r"days before the implant on 2026-03-06, expected at most 365"):
        loading_sheet(a_plan, SOURCE, options=options)


def test_a_reference_date_may_follow_the_implant_by_a_month_and_no_more() -> None:
    check_reference_date(date(2026, 4, 6), date(2026, 3, 6))
    with pytest.raises(PlanError, match="32 days after the implant on 2026-03-06"):
        check_reference_date(date(2026, 4, 7), date(2026, 3, 6))


@pytest.mark.parametrize(("spare_fraction", "spare"), [(0.0, 0), (1 / 7, 1), (0.15, 2), (1.0, 7)])
def test_the_share_of_spares_is_rounded_up_but_not_beyond(
    spare_fraction: float, spare: int, a_plan: ImplantPlan
) -> None:
    (row,) = loading_sheet(a_plan, SOURCE, options=SheetOptions(spare_fraction)).order
    assert row.spare == spare
    assert row.reference == row.implant


def test_seeds_of_each_strength_are_ordered_apart(a_plan: ImplantPlan) -> None:
    strengths = np.array([0.5, 0.5, 0.6, 0.6, 0.6, 0.6, 0.5004])
    mixed = replace(a_plan, seeds=replace(a_plan.seeds, air_kerma_strength_u=strengths))
    sheet = loading_sheet(mixed, SOURCE)
    assert [(row.implant.strength_u, row.planned) for row in sheet.order] == [(0.6, 4), (0.5, 3)]


def test_seeds_on_no_needle_and_empty_needles_are_accounted_for(a_plan: ImplantPlan, straight_needle: Callable) -> None:
    sheet = loading_sheet(replace(a_plan, needles=(*a_plan.needles, straight_needle(8, x_mm=30))), SOURCE)
    assert [row.number for row in sheet.needles] == [1, 2, 3]
    assert [seed.number for seed in sheet.free_seeds] == [7]
    assert sum(row.seed_count for row in sheet.needles) + len(sheet.free_seeds) == a_plan.seeds.count


def test_the_independent_check_states_what_is_expected(a_plan: ImplantPlan) -> None:
    expected = [line.expected for line in loading_sheet(a_plan, SOURCE).checks]
    assert "8 seeds" in expected  # seven and a spare
    assert "3 needles" in expected
    assert "4.200 U" in expected


def test_the_sheet_says_what_it_is_for_and_names_a_surrogate(a_plan: ImplantPlan) -> None:
    sheet = loading_sheet(replace(a_plan, surrogate_for="4.5 x 0.8 mm seed"), SOURCE)
    assert "research use" in sheet.use
    assert sheet.source_label == f"{SOURCE.label}, surrogate for 4.5 x 0.8 mm seed"
    as_surrogate = SOURCE.as_surrogate_for("4.5 x 0.8 mm seed")
    assert loading_sheet(sheet.plan, as_surrogate).source_label.count("surrogate") == 1


@pytest.mark.parametrize("options", [{"spare_fraction": -0.1}, {"spare_fraction": 1.1}, {"seed_length_mm": 0.0}])
def test_options_that_make_no_sense_are_refused(options: dict) -> None:
    with pytest.raises(PlanError, match=r"share of spare seeds|seed length"):
        SheetOptions(**options)


def read_rows(path: Path) -> list[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


def test_seeds_are_written_with_units_in_the_heading(a_plan: ImplantPlan, tmp_path: Path) -> None:
    heading, *rows = read_rows(write_seeds_csv(a_plan, SOURCE, tmp_path / "seeds.csv"))
    assert len(rows) == a_plan.seeds.count
    row = dict(zip(heading, rows[3], strict=True))
    assert (row["seed"], row["needle"], row["R (mm)"], row["A (mm)"]) == ("4", "2", "0", "-5")
    assert float(row["depth from entry (mm)"]) == pytest.approx(55)
    assert float(row["apparent activity (MBq)"]) == pytest.approx(0.6 / 1.27 * 37, rel=1e-5)  # six digits are written
    free = dict(zip(heading, rows[6], strict=True))
    assert (free["needle"], free["axis"], free["depth from entry (mm)"]) == ("0", "unknown", "")


def test_the_loading_sheet_is_written_block_by_block(a_plan: ImplantPlan, tmp_path: Path) -> None:
    rows = read_rows(write_loading_csv(loading_sheet(a_plan, SOURCE), tmp_path / "sheet.csv"))
    titles = [row[0] for before, row in zip([[], *rows], rows, strict=False) if not before and row]
    assert titles == ["Needle and loading sheet", "Needles", "Seeds on no needle", "Order", "Independent check"]
    assert any("research use" in cell for row in rows for cell in row)


def test_a_table_that_cannot_be_written_is_named(a_plan: ImplantPlan, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"seeds\.csv cannot be written: .*; choose another folder"):
        write_csv(seeds_table(a_plan, SOURCE), tmp_path / "missing" / "seeds.csv")


def test_a_table_with_commas_and_quotes_comes_back(tmp_path: Path) -> None:
    table = Table("Odd", ("a, b", "c"), (('say "x"', 1.25), ("ü", 3)))
    assert read_rows(write_csv(table, tmp_path / "odd.csv")) == [["a, b", "c"], ['say "x"', "1.25"], ["ü", "3"]]
