"""Invented histories in the schema of the response cases, close to the thresholds, from a random seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

JSON = dict[str, Any]
CHANGES = (0.0, 0.3, 0.49, 0.5, 0.65, 0.699, 0.7, 0.8, 0.9, 1.0, 1.0, 1.1, 1.19, 1.2, 1.25, 1.3, 1.4, 1.5)
SIZES = ("longest_mm", "perpendicular_mm", "short_axis_mm", "volume_ml")
WITHOUT_NON_TARGET = ("none",) * 8 + ("PD",)
WITH_NON_TARGET = ("non-CR/non-PD",) * 4 + ("CR",) * 4 + ("NE", "PD")
INTERVALS_DAYS = (14, 27, 28, 29, 42, 56, 84)


def invented_history(criteria: str, seed: int) -> JSON:
    """Return a case with two to seven visits; what the papers leave open does not occur in it."""
    chance = random.Random(f"{criteria} {seed}")
    is_3d = criteria == "RANO-2.0" and chance.random() < 0.4
    lesions = [_lesion(chance, criteria, index, has_volume=is_3d) for index in range(1, chance.randint(2, 4))]
    day = date(2024, 1, 8)
    visits = [_visit(criteria, day, "baseline", lesions)]
    has_non_target = chance.random() < 0.4
    visits[0]["non_target"] = "non-CR/non-PD" if has_non_target else "none"
    is_early_judged = criteria in ("RANO-2010", "RANO-2.0") and chance.random() < 0.5
    for _ in range(chance.randint(1, 6)):
        day += timedelta(days=chance.choice(INTERVALS_DAYS))
        visits.append(_follow_up(chance, criteria, day, visits[-1], lesions))
        visits[-1]["non_target"] = chance.choice(WITH_NON_TARGET if has_non_target else WITHOUT_NON_TARGET)
        if is_early_judged:
            _settle_early(chance, criteria, visits[-1])
    if chance.random() < 0.2:
        visits.insert(0, _before_baseline(chance, criteria, lesions))
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
        return {
            "measure": "3D" if is_3d else "2D",
            "antiangiogenic": chance.random() < 0.4,
            "confirm_progression": chance.random() < 0.3,
        }
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


def _before_baseline(chance: random.Random, criteria: str, lesions: list[JSON]) -> JSON:
    """A visit before the baseline with smaller lesions: no reference for anything."""
    smaller = [{**lesion, **_scaled(lesion, chance.choice([0.5, 0.9]))} for lesion in lesions]
    visit = _visit(criteria, date(2023, 12, 18), "pre-baseline", smaller)
    return {**visit, "steroid_dose_mg": 1} if "steroid_dose_mg" in visit else visit


def _settle_early(chance: random.Random, criteria: str, visit: JSON) -> None:
    """Leave out what the papers leave open within 12 weeks of radiation, and let histology speak now and then."""
    if criteria == "RANO-2.0":
        visit["clinical_status"] = "stable_or_improved"
        for lesion in visit["new_lesions"]:
            lesion["field"] = "inside"
    if chance.random() < 0.1:
        visit["histology"] = "tumour"


def _new_lesions(chance: random.Random, before: list[JSON]) -> list[JSON]:
    """A doubtful lesion stays and becomes certain now and then; another one may appear."""
    if before and before[0]["certainty"] == "equivocal":
        return [{**before[0], "certainty": chance.choice(["unequivocal", "equivocal"])}]
    if chance.random() >= 0.08:
        return []
    is_measurable, field = chance.random() < 0.6, chance.choice(["inside", "outside"])
    certainty = chance.choice(["unequivocal", "equivocal"])
    return [{"id": "N1", "field": field, "measurable": is_measurable, "certainty": certainty}]


def _follow_up(chance: random.Random, criteria: str, day: date, before: JSON, first: list[JSON]) -> JSON:
    lesions = [
        _changed(chance, now, start, is_recist=criteria == "RECIST-1.1")
        for now, start in zip(before["lesions"], first, strict=True)
    ]
    if chance.random() < 0.1:
        lesions = [{**_known(lesion), "state": "absent"} for lesion in first]
    elif criteria != "RANO-BM" and chance.random() < 0.05:
        lesions[-1] = {**_known(first[-1]), "state": "too_small"}
    if criteria == "RECIST-1.1" and chance.random() < 0.05:
        _merge(lesions)
    visit = _visit(criteria, day, "follow-up", lesions)
    visit["new_lesions"] = _new_lesions(chance, before["new_lesions"])
    if criteria != "RECIST-1.1":
        dose, trend = chance.choice([(0, "stable"), (0, "stable"), (0, "stable"), (2, "decreased"), (8, "increased")])
        visit.update(steroid_dose_mg=dose, steroid_trend=trend)
        visit["t2_flair"] = chance.choice(["stable_or_improved"] * 8 + ["worse"])
        visit["clinical_status"] = chance.choice(["stable_or_improved"] * 10 + ["worse"])
    return visit


def _merge(lesions: list[JSON]) -> None:
    """Let the second of two lesions run into the first one, which then carries the size of the whole."""
    if len(lesions) > 1 and all("longest_mm" in lesion and lesion["kind"] != "node" for lesion in lesions[:2]):
        lesions[0]["longest_mm"] = round(0.9 * (lesions[0]["longest_mm"] + lesions[1]["longest_mm"]), 4)
        lesions[1] = {**_known(lesions[1]), "state": "merged", "merged_into": lesions[0]["id"]}


def _known(lesion: JSON) -> JSON:
    return {key: lesion[key] for key in ("id", "role", "organ", "kind")}


def _scaled(lesion: JSON, share: float) -> JSON:
    return {key: round(lesion[key] * share, 4) for key in SIZES if key in lesion}


def _changed(chance: random.Random, before: JSON, start: JSON, *, is_recist: bool) -> JSON:
    share = chance.choice(CHANGES) if chance.random() < 0.6 else 1.0
    known = _known(start)
    if chance.random() < 0.06:
        return {**known, "state": "not_evaluable"}
    if share == 0.0:
        return {**known, "state": "absent"}
    if is_recist and start["kind"] != "node" and chance.random() < 0.05:
        parts = [{"longest_mm": round(start["longest_mm"] * share * part, 4)} for part in (0.6, 0.5)]
        return {**known, "state": "split", "parts": parts}
    is_from_before = "longest_mm" in before and "volume_ml" not in start and chance.random() < 0.5
    from_which = before if is_from_before else start
    sizes = {key: from_which[key] * share for key in ("longest_mm", "short_axis_mm", "volume_ml") if key in from_which}
    if "perpendicular_mm" in start:
        sizes["perpendicular_mm"] = min(start["perpendicular_mm"], sizes["longest_mm"])
    return {**known, **{key: round(size, 4) for key, size in sizes.items()}}
