"""Trade-offs as parallel coordinates: an axis a criterion, the better the higher, a line a plan."""

from __future__ import annotations

from textwrap import wrap

import numpy as np

from brachyresponse.planning.inverse.trade_off.plans import Criterion, TradeOffs
from brachyresponse.scene.inverse_trade_off_groups import plan_label
from brachyresponse.types import FloatArray, IntArray

AXIS, HEIGHT = "axis", "worst (0) to best (1)"
TIED, GAP = "\N{NO-BREAK SPACE}", " " * 3
"""Within an axis's name, where a line does not end, and between two names."""
NEAR_EACH_OTHER = 10.0
"""Of worst and best, in the criterion's unit: then decimals tell them apart."""
WIDEST_TITLE = 60
"""Characters of a line below the chart: the plot view cuts what is wider."""


def heights(found: TradeOffs) -> FloatArray:
    """Return each plan's place between the worst, 0, and the best, 1, on every criterion, (plans, criteria)."""
    values = np.array([[_better_higher(plan.value(each), each) for each in found.criteria] for plan in found.plans])
    lowest, span = values.min(axis=0), np.ptp(values, axis=0)
    return np.where(span > 0, (values - lowest) / np.where(span > 0, span, 1.0), 1.0)


def lines_of(found: TradeOffs, places: IntArray) -> tuple[dict[str, FloatArray], list[str]]:
    """Return the lines of some plans as one, with a label for each of its points.

    It runs to and fro: from one plan to the next along the outermost axes, where it hides nothing.
    """
    axes, shares = np.arange(len(found.criteria)), heights(found)
    runs = [axes if turn % 2 == 0 else axes[::-1] for turn in range(len(places))]
    across = np.concatenate(runs)
    up = np.concatenate([shares[place, run] for place, run in zip(places, runs, strict=True)])
    labels = [_label(found, place, axis) for place, run in zip(places, runs, strict=True) for axis in run]
    return {AXIS: across + 1.0, HEIGHT: up}, labels


def axes_title(found: TradeOffs) -> str:
    """Return what the axes stand for, by their numbers, each with its values from worst to best."""
    named = []
    for number, criterion in enumerate(found.criteria, start=1):
        values = [plan.value(criterion) for plan in found.plans]
        worst, best = (min(values), max(values)) if criterion.more_is_better else (max(values), min(values))
        digits = 1 if criterion.unit and abs(best - worst) < NEAR_EACH_OTHER else 0
        text = f"{number} {criterion.name}: {worst:.{digits}f} to {best:.{digits}f} {criterion.unit[:1]}".strip()
        named.append(text.replace(" ", TIED))
    lines = wrap(" ".join(named), WIDEST_TITLE)
    return "\n".join(line.replace(" ", GAP).replace(TIED, " ") for line in lines)


def _label(found: TradeOffs, place: int, axis: int) -> str:
    criterion = found.criteria[axis]
    value = f"{found.plans[place].value(criterion):.1f}".removesuffix(".0")
    return f"{plan_label(found, place)}, {criterion.name} {value} {criterion.unit[:1]}".strip()


def _better_higher(value: float, criterion: Criterion) -> float:
    return value if criterion.more_is_better else -value
