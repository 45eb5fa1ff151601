"""The JSON text of a verification; :mod:`brachyresponse.verification.record_file` says what it holds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np

from brachyresponse.verification.axis_effect import AxisEffect
from brachyresponse.verification.comparison import MetricComparison
from brachyresponse.verification.migration import MigratedSeed
from brachyresponse.verification.near_organs import SeedNearOrgan
from brachyresponse.verification.record import VerificationRecord

SCHEMA = 1


def record_text(record: VerificationRecord) -> str:
    """Return the JSON text of a record."""
    values = {"schema": SCHEMA, **_plain_fields(record)}
    return json.dumps(values, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """A value as JSON knows it; dataclasses become objects."""
    if hasattr(value, "__dataclass_fields__"):
        return _plain_fields(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value.isoformat() if isinstance(value, date) else value


def _plain_fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass; a difference is written beside its values, and seeds are counted from 1."""
    known = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, MetricComparison | AxisEffect):
        known["difference"] = value.difference
    if isinstance(value, SeedNearOrgan | MigratedSeed):
        known["seed"] = value.seed + 1
    return known
