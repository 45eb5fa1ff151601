"""A study's time line: gaps stay gaps, thresholds step with the nadir, treatments and markers find their places."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from brachyresponse.response.study import evaluate_response, read_request
from brachyresponse.response.timeline import Timeline, TimelineMark, timeline_of
from brachyresponse.response.vocabulary import Category
from invented_case import glioma

BASELINE, SECOND, THIRD = date(2026, 2, 2), date(2026, 6, 1), date(2026, 8, 3)


def timeline(**changes: Any) -> Timeline:
    return timeline_of(evaluate_response(read_request(glioma(**changes))))


def mark(name: str, **changes: Any) -> TimelineMark:
    return next(one for one in timeline(**changes).marks if one.name.startswith(name))


def test_sum_and_thresholds_follow_the_visits() -> None:
    found = timeline()
    assert [(point.date, point.value) for point in found.size.points] == [
        (BASELINE, 780.0),
        (SECOND, 300.0),
        (THIRD, 520.0),
    ]
    assert found.size.unit == "mm²"
    assert [(step.start, step.end, step.value) for step in found.nadir.steps] == [
        (BASELINE, SECOND, 780.0),
        (SECOND, THIRD, 300.0),
    ]
    assert [step.value for step in found.progression.steps] == pytest.approx([975.0, 375.0])  # 25 % over the nadir
    assert [step.value for step in found.response.steps] == pytest.approx([390.0, 390.0])  # half the baseline


def test_a_visit_without_a_sum_leaves_a_gap() -> None:
    visits = glioma()["visits"]
    visits[1]["lesions"][0] = {"id": "T1", "state": "not_evaluable"}
    found = timeline(visits=visits, measurements=None)
    assert [point.value for point in found.size.points] == [780.0, None, 520.0]
    assert [step.value for step in found.nadir.steps] == [780.0, 780.0]


def test_recist_asks_for_five_millimetres_of_a_small_sum() -> None:
    visits = [
        {
            "date": day,
            "role": role,
            "lesions": [{"id": "T1", "kind": "soft tissue", "organ": "lung", "longest_mm": size}],
        }
        for day, role, size in (("2026-02-02", "baseline", 12.0), ("2026-06-01", "follow-up", 40.0))
    ]
    visits.append({**visits[1], "date": "2026-08-03"})
    beside = {"adjudications": None, "measurements": None, "perfusion": None, "sites": None}
    found = timeline(criteria="RECIST-1.1", visits=visits, **beside)
    assert [step.value for step in found.progression.steps] == pytest.approx([17.0, 17.0])  # 12 + 5, more than 20 %
    assert found.size.unit == "mm"
    assert found.window is None


def test_the_short_rano_of_gliasite_measures_progression_from_the_baseline() -> None:
    found = timeline(criteria="RANO-GliaSite")
    assert [step.value for step in found.progression.steps] == pytest.approx([975.0, 975.0])  # 25 % over the baseline


def test_the_early_window_counts_from_the_end_of_radiation() -> None:
    window = timeline().window
    assert window is not None
    assert (window.start, (window.end - window.start).days) == (date(2026, 1, 5), 84)
    assert timeline(treatments=None).window is None


def test_the_readers_word_and_new_lesions_stand_at_their_visit() -> None:
    visits = glioma()["visits"]
    visits[2]["new_lesions"] = [{"id": "N1", "field": "outside", "measurable": True}]
    last = timeline(visits=visits).visits[-1]
    assert (last.category, last.adjudicated, last.has_new_lesion) == (Category.PD, Category.SD, True)


def test_treatments_are_days_stretches_or_go_on() -> None:
    rows = [
        {"kind": "source removal", "start": "2026-01-05", "prescription_gy": 60.0},
        {"kind": "external beam", "start": "2021-03-01", "end": "2021-04-12", "prescription_gy": 60.0, "fractions": 30},
        {"kind": "bevacizumab", "start": "2026-05-01"},
        {"kind": "biopsy", "start": "2026-08-10", "result": "necrosis"},
        {"kind": "performance status", "start": "2026-08-10", "score": 80},
    ]
    assert mark("Source removal, 60 Gy", treatments=rows).end is None
    assert not mark("Source removal", treatments=rows).is_open
    assert mark("External beam, 60 Gy in 30", treatments=rows).end == date(2021, 4, 12)
    assert mark("Bevacizumab", treatments=rows).is_open
    assert mark("Biopsy, necrosis", treatments=rows).start == date(2026, 8, 10)
    assert len(timeline(treatments=rows).marks) == 4  # performance status is no treatment


def test_a_dose_of_steroids_holds_until_the_next() -> None:
    rows = [
        {"kind": "steroids", "start": "2026-01-01", "dose_mg": 4.0},
        {"kind": "steroids", "start": "2026-03-01", "dose_mg": 8.0},
    ]
    assert mark("Steroids, 4 mg", treatments=rows).end == date(2026, 3, 1)
    assert mark("Steroids, 8 mg", treatments=rows).is_open


def test_thyroglobulin_of_other_assays_and_with_antibodies_are_series_of_their_own() -> None:
    def marker(day: str, value: float, **more: Any) -> dict[str, Any]:
        return {"kind": "serum marker", "start": day, "value_ug_per_l": value, "method": "A", **more}

    rows = [
        marker("2026-02-02", 12, tsh_mu_per_l=0.1, antibodies="absent"),
        marker("2026-06-01", 8, antibodies="absent"),
        marker("2026-08-03", 3, antibodies="present"),
        marker("2026-09-03", 9, method="B"),
    ]
    found = {series.name: [point.value for point in series.points] for series in timeline(treatments=rows).serum}
    assert found == {
        "Thyroglobulin (A)": [12.0, 8.0],
        "Thyroglobulin (A, antibodies present)": [3.0],
        "Thyroglobulin (B)": [9.0],
        "TSH": [0.1],
    }


def test_ratios_keep_their_interval_and_their_gap() -> None:
    (series,) = timeline().perfusion
    assert [(point.value, point.low) for point in series.points] == [(2.1, 1.8), (None, None)]
    assert series.name.endswith("T1")


def test_what_is_due_next_is_on_the_axis() -> None:
    found = timeline()
    assert found.next_due in found.days
    assert found.days == tuple(sorted(found.days))
