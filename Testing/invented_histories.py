"""Invented histories in the schema of the response cases, close to the thresholds, from a random seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

JSON = dict[str, Any]
CHANGES = (0.0, 0.3, 0.49, 0.5, 0.65, 0.699, 0.7, 0.8, 0.9, 1.0, 1.0, 1.1, 1.19, 1.2, 1.25, 1.3, 1.4, 1.5)
INTERVALS_DAYS = (14, 27, 28, 29, 42, 56, 84)


def invented_history(criteria: str, seed: int) -> JSON:
    """Return a case with two to seven visits; what the papers leave open does not occur in it."""
    chance = random.Random(f"{criteria} {seed}")
    is_3d = criteria == "RANO-2.0" and chance.random() < 0.4
    lesions = [_lesion(chance, criteria, index, has_volume=is_3d) for index in range(1, chance.randint(2, 4))]
    day = date(2024, 1, 8)
    visits = [_visit(criteria, day, "baseline", lesions)]
    for _ in range(chance.randint(1, 6)):
        day += timedelta(days=chance.choice(INTERVALS_DAYS))
        visits.append(_follow_up(chance, criteria, day, visits[-1]["lesions"], lesions))
    is_early_judged = criteria in ("RANO-2010",) and chance.random() < 0.5
    return {
        "id": f"{criteria}-{seed}",
        "title": "Invented",
        "criteria": criteria,
        "options": _options(chance, criteria, is_3d=is_3d),
        "radiation_end": "2023-12-11" if is_early_judged else None,
        "treatment_start": None,
        "visits": visits,
    }


def _options(chance: random.Random, criteria: str, *, is_3d: bool) -> JSON:
    if criteria == "RECIST-1.1":
        return {
            "confirmation_required": chance.random() < 0.5,
            "min_sd_weeks": chance.choice([0, 6, 8]),
            "hold_confirmed_pr": chance.random() < 0.3,
        }
    if criteria == "RANO-2.0":
        return {"measure": "3D" if is_3d else "2D", "antiangiogenic": chance.random() < 0.4}
    return {}


def _lesion(chance: random.Random, criteria: str, index: int, *, has_volume: bool) -> JSON:
    longest = chance.choice([12.0, 15.0, 20.0, 25.0, 30.0])
    lesion: JSON = {"id": f"T{index}", "role": "target", "organ": "brain", "kind": "enhancing", "longest_mm": longest}
    if criteria != "RECIST-1.1":
        volume = {"volume_ml": round(longest / 20, 4)} if has_volume else {}
        return {**lesion, "perpendicular_mm": 10.0, **volume}
    lesion["organ"] = ("lung", "liver", "neck")[index - 1]
    if index == 3 or chance.random() < 0.2:
        return {**lesion, "kind": "node", "organ": "neck", "longest_mm": longest + 8, "short_axis_mm": longest + 3}
    return {**lesion, "kind": "soft tissue"}


def _visit(criteria: str, day: date, role: str, lesions: list[JSON]) -> JSON:
    visit: JSON = {"date": day.isoformat(), "role": role, "lesions": lesions, "non_target": "none", "new_lesions": []}
    if criteria == "RECIST-1.1":
        return visit
    is_baseline = role == "baseline"
    state = {"t2_flair": "stable_or_improved", "clinical_status": "stable_or_improved"}
    return {
        **visit,
        **state,
        "steroid_dose_mg": 4 if is_baseline else 0,
        "steroid_trend": None if is_baseline else "stable",
    }


def _follow_up(chance: random.Random, criteria: str, day: date, before: list[JSON], first: list[JSON]) -> JSON:
    lesions = [_changed(chance, now, start) for now, start in zip(before, first, strict=True)]
    visit = _visit(criteria, day, "follow-up", lesions)
    visit["non_target"] = chance.choice(["none"] * 8 + ["PD"])
    if chance.random() < 0.08:
        is_measurable, field = chance.random() < 0.6, chance.choice(["inside", "outside"])
        certainty = chance.choice(["unequivocal", "equivocal"])
        visit["new_lesions"] = [{"id": "N1", "field": field, "measurable": is_measurable, "certainty": certainty}]
    if criteria != "RECIST-1.1":
        dose, trend = chance.choice([(0, "stable"), (0, "stable"), (0, "stable"), (2, "decreased"), (8, "increased")])
        visit.update(steroid_dose_mg=dose, steroid_trend=trend)
        visit["t2_flair"] = chance.choice(["stable_or_improved"] * 8 + ["worse"])
        visit["clinical_status"] = chance.choice(["stable_or_improved"] * 10 + ["worse"])
    return visit


def _changed(chance: random.Random, before: JSON, start: JSON) -> JSON:
    share = chance.choice(CHANGES) if chance.random() < 0.6 else 1.0
    known = {key: start[key] for key in ("id", "role", "organ", "kind")}
    if chance.random() < 0.06:
        return {**known, "state": "not_evaluable"}
    if share == 0.0:
        return {**known, "state": "absent"}
    is_from_before = "longest_mm" in before and "volume_ml" not in start and chance.random() < 0.5
    from_which = before if is_from_before else start
    sizes = {key: from_which[key] * share for key in ("longest_mm", "short_axis_mm", "volume_ml") if key in from_which}
    if "perpendicular_mm" in start:
        sizes["perpendicular_mm"] = min(start["perpendicular_mm"], sizes["longest_mm"])
    return {**known, **{key: round(size, 4) for key, size in sizes.items()}}
