"""A second, plain reading of the response criteria, written apart from the product.

It reads the rules as README and rules.json of the reference state them, one after the other and without tables, and
answers only what they settle; it shares no code with the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

EDGE = 1e-9
FOUR_WEEKS, TWELVE_WEEKS = timedelta(days=28), timedelta(weeks=12)
RANK = {"PD": 0, "SD": 1, "non-CR/non-PD": 1, "PR": 2, "CR": 3}
JSON = dict[str, Any]


@dataclass
class Said:
    """What the plain reading says of one visit."""

    category: str | None
    sum: float | None
    target: str | None
    from_nadir: float | None
    confirmed: bool = False


def read_plainly(case: JSON) -> tuple[list[Said], str]:
    """Return what is said of every visit, and the best overall response."""
    said: list[Said] = []
    for index, visit in enumerate(case["visits"]):
        if visit["role"] == "follow-up":
            said.append(_follow_up(case, index, said))
        else:
            said.append(Said("baseline" if visit["role"] == "baseline" else None, _sum(case, visit), None, None))
    return said, _best(case, said)


def _size(case: JSON, lesion: JSON) -> float | None:
    state = lesion.get("state", "measured")
    if state in ("absent", "merged"):
        return 0.0
    if state == "too_small":
        return 5.0 if case["criteria"] == "RECIST-1.1" else None
    if state == "not_evaluable":
        return None
    if state == "split":
        return sum(part["longest_mm"] for part in lesion["parts"])
    if case["criteria"].startswith("RANO-2"):
        if case["options"].get("measure") == "3D":
            return float(lesion["volume_ml"])
        return float(lesion["longest_mm"] * lesion["perpendicular_mm"])
    return float(lesion["short_axis_mm"] if lesion["kind"] == "node" else lesion["longest_mm"])


def _sum(case: JSON, visit: JSON) -> float | None:
    sizes = [_size(case, lesion) for lesion in visit["lesions"]]
    return sum(size for size in sizes if size is not None) if sizes and None not in sizes else None


def _is_disease(case: JSON, lesion: JSON) -> bool:
    size = _size(case, lesion)
    return size is not None and (size >= 10 - EDGE if lesion["kind"] == "node" else size > 0)


def _all_gone(case: JSON, visit: JSON) -> bool:
    sizes = [_size(case, lesion) for lesion in visit["lesions"]]
    return None not in sizes and not any(_is_disease(case, lesion) for lesion in visit["lesions"])


def _thresholds(case: JSON) -> tuple[float, float]:
    if case["criteria"] in ("RANO-BM", "RECIST-1.1"):
        return 0.30, 0.20
    return (0.65, 0.40) if case["options"].get("measure") == "3D" else (0.50, 0.25)


def _target(case: JSON, index: int, said: list[Said]) -> str | None:
    visit, visits = case["visits"][index], case["visits"]
    if not visit["lesions"]:
        return None
    first = next(i for i, each in enumerate(visits) if each["role"] == "baseline")
    baseline = said[first].sum
    counted = [i for i in range(first, index) if said[i].sum is not None]
    lowest = min(counted, key=lambda i: said[i].sum or 0.0)
    nadir = said[lowest].sum
    assert baseline is not None
    assert nadir is not None
    decrease = _thresholds(case)[0]
    total = _sum(case, visit)
    was_gone = any(_is_complete(case, said[i]) for i in counted)
    if total is None:
        return _of_what_was_measured(case, visit, visits[lowest], nadir, was_gone=was_gone)
    if _all_gone(case, visit):
        return "CR"
    if was_gone:
        return "PD"
    if _has_grown(case, visit, visits[lowest], nadir, total):
        return "PD"
    return "PR" if baseline - total >= decrease * baseline - EDGE else "SD"


def _is_complete(case: JSON, said: Said) -> bool:
    if case["criteria"] == "RECIST-1.1":
        return said.category == "CR"
    return case["criteria"] != "RANO-BM" and said.target == "CR"


def _of_what_was_measured(case: JSON, visit: JSON, lowest: JSON, nadir: float, *, was_gone: bool) -> str:
    if was_gone and case["criteria"] == "RECIST-1.1":
        return "PD" if any(_is_disease(case, lesion) for lesion in visit["lesions"]) else "NE"
    known = sum(_size(case, lesion) or 0.0 for lesion in visit["lesions"])
    return "PD" if known > nadir and _has_grown(case, visit, lowest, nadir, known) else "NE"


def _has_grown(case: JSON, visit: JSON, lowest: JSON, nadir: float, total: float) -> bool:
    has_grown = total - nadir >= _thresholds(case)[1] * nadir - EDGE
    if case["criteria"] == "RECIST-1.1":
        return has_grown and total - nadir >= 5 - EDGE
    if case["criteria"] == "RANO-BM":
        return has_grown and _one_has_grown(case, visit, lowest)
    return has_grown


def _one_has_grown(case: JSON, visit: JSON, nadir: JSON) -> bool:
    before = {lesion["id"]: _size(case, lesion) or 0.0 for lesion in nadir["lesions"]}
    return any((_size(case, now) or 0.0) - before[now["id"]] >= 5 - EDGE for now in visit["lesions"])


def _follow_up(case: JSON, index: int, said: list[Said]) -> Said:
    visit = case["visits"][index]
    target, total = _target(case, index, said), _sum(case, visit)
    if target == "SD" and case["options"].get("hold_confirmed_pr") and _has_lasting_pr(case, said):
        target = "PR"
    category = (_recist if case["criteria"] == "RECIST-1.1" else _rano)(case, index, target, said)
    sums = [each.sum for each in said if each.category is not None and each.sum is not None]
    from_nadir = 100 * (total - min(sums)) / min(sums) if total is not None and sums and min(sums) > 0 else None
    answer = Said(category, total, target, from_nadir)
    answer.confirmed = _is_confirmed(case, index, answer, said)
    return answer


def _is_confirmed(case: JSON, index: int, answer: Said, said: list[Said]) -> bool:
    """Whether the response has held, visits that were not evaluable apart, for four weeks."""
    if answer.category not in ("CR", "PR"):
        return False
    for earlier in range(index - 1, -1, -1):
        category = said[earlier].category
        if category in ("NE", "pPD"):
            continue
        if category is None or RANK.get(category, -1) < RANK[answer.category]:
            return False
        if _day(case, index) - _day(case, earlier) >= FOUR_WEEKS:
            return True
    return False


def _day(case: JSON, index: int) -> date:
    return date.fromisoformat(case["visits"][index]["date"])


def _rano(case: JSON, index: int, target: str | None, said: list[Said]) -> str:
    visit, options, name = case["visits"][index], case["options"], case["criteria"]
    end = case["radiation_end"]
    is_early = name != "RANO-BM" and end is not None and _day(case, index) - date.fromisoformat(end) < TWELVE_WEEKS
    counts_flair = name != "RANO-2.0" or options.get("antiangiogenic", False)
    flair_worse = counts_flair and visit["t2_flair"] == "worse"
    is_falling = name == "RANO-2010" and visit["steroid_trend"] == "decreased" and _dose_fell(case, index, said)
    worse = visit["clinical_status"] == "worse"
    new = [each for each in visit["new_lesions"] if each["certainty"] == "unequivocal"]
    if name == "RANO-2.0":
        new = [each for each in new if each["measurable"]]
    grown = target == "PD" and not is_falling
    reappeared = target == "PD" and any(each.target == "CR" for each in said)
    flair_grown = flair_worse and not is_falling
    size_signs = grown or reappeared or flair_grown or visit["non_target"] == "PD"
    is_tumour = visit.get("histology") == "tumour"
    if is_early:
        if any(each["field"] == "outside" for each in new) or is_tumour:
            return "PD"
        if size_signs or new:
            return "PD" if name == "RANO-2.0" and _was_preliminary(case, index, said) else "pPD"
    elif size_signs or new or worse:
        must_confirm = options.get("confirm_progression", False) and name == "RANO-2.0"
        is_settled = worse or is_tumour or _was_preliminary(case, index, said)
        return "pPD" if must_confirm and not is_settled else "PD"
    return _rano_column(case, visit, target, flair_worse, worse, bool(new))


def _was_preliminary(case: JSON, index: int, said: list[Said]) -> bool:
    """Whether progression was preliminary four weeks before or earlier, and nothing has refuted it since."""
    since = index
    for earlier in range(index - 1, -1, -1):
        if said[earlier].category == "pPD":
            since = earlier
        elif said[earlier].category != "NE":
            break
    return _day(case, index) - _day(case, since) >= FOUR_WEEKS


def _dose_fell(case: JSON, index: int, said: list[Said]) -> bool:
    """Whether the dose is lower than at the scan that growth is compared with."""
    visits = case["visits"]
    counted = [i for i in range(index) if said[i].category is not None and said[i].sum is not None]
    lowest = min(counted, key=lambda i: said[i].sum or 0.0)
    return bool(visits[index]["steroid_dose_mg"] < visits[lowest]["steroid_dose_mg"])


def _rano_column(case: JSON, visit: JSON, target: str | None, flair_worse: bool, worse: bool, new: bool) -> str:
    trend, rest = visit["steroid_trend"], visit["non_target"]
    if worse or flair_worse or new or trend == "increased" or target in ("NE", "PD") or rest == "NE":
        return "NE"
    if case["options"].get("non_measurable_only") or target is None:
        return "SD"
    is_quiet = rest in ("none", "CR") and all(each["certainty"] == "equivocal" for each in visit["new_lesions"])
    if target == "CR" and is_quiet and visit["steroid_dose_mg"] == 0:
        return "CR"
    return "PR" if target in ("CR", "PR") else "SD"


def _recist(case: JSON, index: int, target: str | None, said: list[Said]) -> str:
    visit = case["visits"][index]
    rest = visit["non_target"]
    is_new = any(each["certainty"] == "unequivocal" for each in visit["new_lesions"])
    is_back = rest == "non-CR/non-PD" and any(_is_complete(case, each) for each in said)
    if target == "PD" or rest == "PD" or is_new or is_back:
        return "PD"
    if target is None:
        return {"CR": "CR", "non-CR/non-PD": "non-CR/non-PD"}.get(rest, "NE")
    if target == "NE":
        return "NE"
    if target == "CR":
        return "CR" if rest in ("none", "CR") else "PR"
    return target


def _has_lasting_pr(case: JSON, said: list[Said]) -> bool:
    must_confirm = case["options"].get("confirmation_required", False)
    since = 1 + max((i for i, each in enumerate(said) if each.category == "PD"), default=-1)
    return any(each.category == "PR" and (each.confirmed or not must_confirm) for each in said[since:])


def _best(case: JSON, said: list[Said]) -> str:
    options, name = case["options"], case["criteria"]
    must_confirm = options.get("confirmation_required", False) if name == "RECIST-1.1" else True
    start = case["treatment_start"] or next(v["date"] for v in case["visits"] if v["role"] == "baseline")
    weeks = timedelta(weeks=options.get("min_sd_weeks", 0) if name == "RECIST-1.1" else 0)
    best, has_progressed = None, False
    for index, each in enumerate(said):
        category = each.category
        if category in (None, "baseline", "NE", "pPD"):
            continue
        if category == "PD":
            has_progressed = True
            break
        if must_confirm and category in ("CR", "PR") and not _is_borne_out(case, index, said):
            category = "SD"
        if category == "SD" and _day(case, index) - date.fromisoformat(start) < weeks:
            continue
        if best is None or RANK[category] > RANK[best]:
            best = category
    return best or ("PD" if has_progressed else "NE")


def progressed_on(case: JSON, said: list[Said]) -> str | None:
    """Return the date of the first progression, dated back to the scan that first showed what was confirmed."""
    index = next((i for i, each in enumerate(said) if each.category == "PD"), None)
    if index is None:
        return None
    visits, name = case["visits"], case["criteria"]
    if name == "RANO-2.0" and _was_preliminary(case, index, said):
        while said[index - 1].category in ("pPD", "NE"):
            index -= 1
        since = [v["date"] for v, each in zip(visits[index:], said[index:], strict=True) if each.category == "pPD"]
        return str(since[0])
    certain = [each["id"] for each in visits[index]["new_lesions"] if each["certainty"] == "unequivocal"]
    if name in ("RANO-BM", "RECIST-1.1") and certain:
        while any(each["id"] in certain for each in visits[index - 1]["new_lesions"]):
            index -= 1
    return str(visits[index]["date"])


def _is_borne_out(case: JSON, index: int, said: list[Said]) -> bool:
    category = said[index].category
    assert category is not None
    if said[index].confirmed:
        return True
    for later in range(index + 1, len(said)):
        word = said[later].category
        if word in ("NE", "pPD"):
            continue
        if word is None or RANK[word] < RANK[category]:
            return False
        if _day(case, later) - _day(case, index) >= FOUR_WEEKS:
            return True
    return False
