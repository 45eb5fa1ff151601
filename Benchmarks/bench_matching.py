"""What pairing 100 planned with 100 implanted seeds costs, and how many find the planned seed they were meant to be."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from figures import Figure, seconds

from brachyresponse.seeds import align_for_pairing, match_seeds
from ct_truth import CASES, PlannedAndTrue, offset, read_planned_and_true
from reference import REFERENCE

LOST_AND_FALSE = 0.05
REPEATS = 10


def bench_match_100_seeds() -> list[Figure]:
    """Time to pair 100 seeds, and to find the offset of 15 mm and 10 degrees between them first."""
    random = np.random.default_rng(0)
    planned = random.uniform(0, 60, (100, 3))
    implanted = planned + random.normal(0, 2, planned.shape)
    apart = offset(implanted, 15, 10, seed=0)
    axes = np.tile([0.0, 0.0, 1.0], (100, 1))
    times: dict[str, Callable[[], object]] = {
        "match_seeds, 100 seeds": lambda: match_seeds(planned, implanted),
        "the same, heeding needles": lambda: match_seeds(planned, implanted, needle_directions=axes),
        "the same, 15 mm and 10 degrees apart, with align_for_pairing": lambda: match_seeds(
            planned, apart, alignment=align_for_pairing(planned, apart)
        ),
    }
    limits = (0.2, 0.2, 1.0)
    return [
        Figure(what, seconds(work, 3), "s", limit=limit)
        for (what, work), limit in zip(times.items(), limits, strict=True)
    ]


def bench_true_partners() -> list[Figure]:
    """Share of seeds paired with their true partner, all four reference CTs together; nothing without them."""
    if not (REFERENCE / "ct_seeds").exists():
        return []
    return [
        Figure(f"true partners, {words}", 100 * true_share(**options), "%")
        for words, options in (
            ("as they lie", {"apart": False}),
            ("15 mm and 10 degrees apart", {"apart": True}),
            ("as they lie, 5 % lost and 5 % false", {"apart": False, "lost": LOST_AND_FALSE}),
            ("apart, 5 % lost and 5 % false", {"apart": True, "lost": LOST_AND_FALSE}),
            (
                "apart, 5 % lost and 5 % false, chains avoided",
                {"apart": True, "lost": LOST_AND_FALSE, "avoid_chains": True},
            ),
        )
    ]


def true_share(*, apart: bool, lost: float = 0.0, avoid_chains: bool = False) -> float:
    """Share over all cases and repeats; as many false seeds are added as are lost, anywhere in the implant."""
    right = total = 0
    for case in CASES:
        truth = read_planned_and_true(case)
        for repeat in range(REPEATS):
            kept, found = with_errors(truth, lost, repeat)
            found = offset(found, 15, 10, seed=repeat) if apart else found
            alignment = align_for_pairing(truth.planned_mm, found) if apart else None
            match = match_seeds(truth.planned_mm, found, alignment=alignment, avoid_chains=avoid_chains)
            right += sum(j < len(kept) and kept[j] == i for i, j in match.pairs)
            total += len(kept)
    return right / total


def with_errors(truth: PlannedAndTrue, lost: float, repeat: int) -> tuple[np.ndarray, np.ndarray]:
    """Which seeds are kept, and where they and the false ones lie."""
    random = np.random.default_rng(repeat)
    kept = np.flatnonzero(random.random(truth.count) >= lost)
    box = truth.true_mm.min(axis=0), truth.true_mm.max(axis=0)
    return kept, np.concatenate([truth.true_mm[kept], random.uniform(*box, (round(lost * truth.count), 3))])
