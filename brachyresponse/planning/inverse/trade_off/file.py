"""Trade-offs in files: ``trade_offs.json``, schema 1, with every plan.

``plan`` holds what all plans have in common, in the form of plan.json without needles and seeds; ``plans`` one record
a plan: ``number``, ``weights``, ``cost``, ``figures``, ``needles`` and ``seeds``. ``front`` counts from 0.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from brachyresponse.errors import InputFileError
from brachyresponse.planning.inverse.trade_off.figures import PlanFigures
from brachyresponse.planning.inverse.trade_off.plans import TradeOffPlan, TradeOffs
from brachyresponse.planning.inverse.weights import ObjectiveWeights
from brachyresponse.planning.plain_fields import from_fields, plain_fields
from brachyresponse.planning.plan_file import implant_fields, implant_from_record, plan_fields, plan_from_record
from brachyresponse.planning.record import Record, read_result

SCHEMA = 1
TRADE_OFFS_FILE = "trade_offs.json"


def write_trade_offs(found: TradeOffs, path: str | Path) -> Path:
    """Write all plans and return the path.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    path = Path(path)
    fields = {
        "schema": SCHEMA,
        "wanted": found.wanted,
        "random_seed": found.random_seed,
        "criteria": [plain_fields(criterion) for criterion in found.criteria],
        "front": list(found.front),
        "plan": plan_fields(found.header),
        "plans": [trade_off_fields(plan) for plan in found.plans],
    }
    try:
        path.write_text(json.dumps(fields, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"The trade-offs cannot be written to {path.name}: {error.strerror}.") from error
    return path


def read_trade_offs(path: str | Path) -> TradeOffs:
    """Return the plans of a file, or of the ``trade_offs.json`` in a folder.

    Raises
    ------
    InputFileError
        The file cannot be read, is damaged or of another schema.
    """
    return read_result(path, TRADE_OFFS_FILE, SCHEMA, _trade_offs)


def add_plan(plan: TradeOffPlan, path: Path) -> None:
    """Add a plan to a file of plans, one JSON object a line.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    try:
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(trade_off_fields(plan), ensure_ascii=False, allow_nan=False) + "\n")
    except OSError as error:
        raise InputFileError(f"The plans cannot be written to {path.name}: {error.strerror}.") from error


def added_plans(path: Path) -> Iterator[TradeOffPlan]:
    """Yield the plans of a file that :func:`add_plan` wrote; a line that is just being written is left out."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    for line in text.splitlines(keepends=True):
        if line.endswith("\n"):
            yield trade_off_from_record(Record(path.name, json.loads(line)))


def trade_off_fields(plan: TradeOffPlan) -> dict[str, Any]:
    """Return the fields of one plan."""
    figures = plain_fields(plan.figures) | {"organs": dict(plan.figures.organs)}
    return {
        "number": plan.number,
        "weights": plain_fields(plan.weights),
        "cost": plan.cost,
        "figures": figures,
        **implant_fields(plan.needles, plan.seeds),
    }


def trade_off_from_record(record: Record) -> TradeOffPlan:
    """Return the plan that :func:`trade_off_fields` wrote."""
    needles, seeds = implant_from_record(record)
    figures = record.part("figures")
    organs = figures.part("organs")
    return TradeOffPlan(
        number=record.whole("number"),
        weights=from_fields(record.part("weights"), ObjectiveWeights),
        cost=record.number("cost"),
        figures=PlanFigures(
            **{name: figures.number(name) for name in ("d90", "v100", "v150", "v200")},
            organs={name: organs.number(name) for name in organs.fields},
            broken=figures.texts("broken"),
        ),
        needles=needles,
        seeds=seeds,
    )


def _trade_offs(record: Record) -> TradeOffs:
    plans = tuple(trade_off_from_record(part) for part in record.records("plans"))
    header = plan_from_record(record.part("plan"))
    return TradeOffs(header, plans, record.whole("wanted"), record.whole("random_seed"))
