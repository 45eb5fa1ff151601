"""Verifications in files: ``verification.json``, schema 1.

One JSON object, UTF-8. Seeds are counted from 1 everywhere in it; what is not known is null.

- ``patient_id``, ``plan`` (name), ``source``, ``prescription_gy``, ``target`` (the one judged), ``implant_date``,
  ``scan_date``, ``days_after_implant``, ``share_delivered`` (0 to 1, by the scan), ``target_stamp`` and ``carried``
  (the structures that were carried over and not contoured anew).
- ``seeds``: ``planned``, ``implanted`` (by the record of the procedure), ``found``, ``paired``, ``missing`` (planned
  seeds), ``extra`` (found seeds).
- ``registration``: ``method``, ``matrix`` (16 numbers, plan RAS to implant RAS, row by row), ``residual_mm``,
  ``residual_is``.
- ``displacement``: for ``total``, ``along`` (of pairs whose deep end is known), ``along_size``, ``lateral``,
  ``deeper``: ``count``, ``mean_mm``, ``sd_mm``, ``median_mm``, ``largest_mm``.
- ``metrics``: ``role``, ``structure``, ``id``, ``label``, ``unit``, ``plan``, ``implant``, ``difference``, ``oedema``
  (with the model, else null), ``stamp``, ``note``, ``formula``, ``decimals``.
- ``organ_limits``: ``structure``, ``limit``, ``unit``, ``plan``, ``implant``, ``passed``, ``stamp``, ``note``.
- ``findings``: ``rule``, ``label``, ``found``, ``value``, ``unit``, ``limit``, ``severity``, ``passed``, ``source``,
  ``position_mm``.
- ``cold_regions``: ``structure``, ``volume_cc``, ``share_percent``, ``centre_mm``, ``coldest_mm``, ``least_gy``,
  ``mean_gy``, ``where``, ``stamp``.
- ``near_organs``: ``seed``, ``organ``, ``distance_mm``, ``position_mm``, ``stamp``. ``migrated``: ``seed``,
  ``nearest_seed_mm``, ``off_plan_mm``, ``outside_target_mm``, ``reason``, ``position_mm``, ``stamp``.
- ``axis_effects``: ``structure``, ``id``, ``label``, ``unit``, ``used``, ``all_axes``, ``all_points``, ``difference``,
  ``stamp``.
- ``oedema``: null, or ``swelling``, ``half_life_days``, ``exponent``.
- ``methods`` and ``warnings``: sentences.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from brachyresponse.planning import RuleFinding, Severity
from brachyresponse.planning.record import Record, read_result
from brachyresponse.seeds.displacement import DisplacementSummary
from brachyresponse.types import FloatArray
from brachyresponse.verification.axis_effect import AxisEffect
from brachyresponse.verification.cold_regions import ColdRegion
from brachyresponse.verification.comparison import ComparedRole, MetricComparison
from brachyresponse.verification.migration import MigratedSeed
from brachyresponse.verification.near_organs import SeedNearOrgan
from brachyresponse.verification.oedema import OedemaModel
from brachyresponse.verification.organ_limits import LimitComparison
from brachyresponse.verification.record import RegistrationRecord, SeedCounts, VerificationRecord
from brachyresponse.verification.record_text import SCHEMA
from brachyresponse.verification.registration import RegistrationMethod

NAME = "verification.json"


def read_verification(path: str | Path) -> VerificationRecord:
    """Return the verification of a JSON file, or of the folder that :func:`write_verification` wrote.

    Raises
    ------
    InputFileError
        The file cannot be read, is damaged, of another schema, or a field is missing or wrong; the message names the
        file and the field.
    """
    return read_result(path, NAME, SCHEMA, _verification)


def _verification(record: Record) -> VerificationRecord:
    return VerificationRecord(
        patient_id=record.text("patient_id"),
        plan=record.text("plan"),
        source=record.text("source"),
        prescription_gy=record.number("prescription_gy"),
        target=record.text("target"),
        implant_date=record.day("implant_date"),
        scan_date=record.optional_day("scan_date"),
        days_after_implant=record.whole("days_after_implant") if record.has("days_after_implant") else None,
        share_delivered=record.optional_number("share_delivered"),
        target_stamp=record.text("target_stamp"),
        carried=record.texts("carried"),
        seeds=_counts(record.part("seeds")),
        registration=_registration(record.part("registration")),
        displacement={name: _summary(item) for name, item in record.parts("displacement").items()},
        metrics=tuple(_metric(item) for item in record.records("metrics")),
        organ_limits=tuple(_organ_limit(item) for item in record.records("organ_limits")),
        findings=tuple(_finding(item) for item in record.records("findings")),
        cold_regions=tuple(_cold_region(item) for item in record.records("cold_regions")),
        near_organs=tuple(_near_organ(item) for item in record.records("near_organs")),
        migrated=tuple(_migrated(item) for item in record.records("migrated")),
        axis_effects=tuple(_axis_effect(item) for item in record.records("axis_effects")),
        oedema=_oedema(record.part("oedema")) if record.has("oedema") else None,
        methods=record.texts("methods"),
        warnings=record.texts("warnings"),
    )


def _counts(item: Record) -> SeedCounts:
    return SeedCounts(
        planned=item.whole("planned"),
        implanted=item.whole("implanted") if item.has("implanted") else None,
        found=item.whole("found"),
        paired=item.whole("paired"),
        missing=tuple(int(number) for number in item.numbers("missing")),
        extra=tuple(int(number) for number in item.numbers("extra")),
    )


def _registration(item: Record) -> RegistrationRecord:
    return RegistrationRecord(
        item.choice("method", RegistrationMethod),
        item.numbers("matrix"),
        item.optional_number("residual_mm"),
        item.text("residual_is"),
    )


def _summary(item: Record) -> DisplacementSummary:
    names = ("mean_mm", "sd_mm", "median_mm", "largest_mm")
    return DisplacementSummary(item.whole("count"), *(item.optional_number(name) for name in names))


def _metric(item: Record) -> MetricComparison:
    return MetricComparison(
        role=item.choice("role", ComparedRole),
        structure=item.text("structure"),
        id=item.text("id"),
        label=item.text("label"),
        unit=item.text("unit"),
        plan=item.optional_number("plan"),
        implant=item.optional_number("implant"),
        oedema=item.optional_number("oedema"),
        stamp=item.text("stamp"),
        note=item.text("note", ""),
        formula=item.text("formula", ""),
        decimals=item.whole("decimals", 2),
    )


def _organ_limit(item: Record) -> LimitComparison:
    return LimitComparison(
        structure=item.text("structure"),
        limit=item.text("limit"),
        unit=item.text("unit"),
        plan=item.optional_number("plan"),
        implant=item.optional_number("implant"),
        passed=item.flag("passed") if item.has("passed") else None,
        stamp=item.text("stamp"),
        note=item.text("note", ""),
    )


def _finding(item: Record) -> RuleFinding:
    return RuleFinding(
        rule=item.text("rule"),
        label=item.text("label"),
        found=item.text("found"),
        value=item.optional_number("value"),
        unit=item.text("unit"),
        limit=item.text("limit"),
        severity=item.choice("severity", Severity),
        passed=item.flag("passed") if item.has("passed") else None,
        source=item.text("source"),
        position_mm=_place(item, "position_mm") if item.has("position_mm") else None,
    )


def _cold_region(item: Record) -> ColdRegion:
    return ColdRegion(
        structure=item.text("structure"),
        volume_cc=item.number("volume_cc"),
        share_percent=item.number("share_percent"),
        centre_mm=_place(item, "centre_mm"),
        coldest_mm=_place(item, "coldest_mm"),
        least_gy=item.number("least_gy"),
        mean_gy=item.number("mean_gy"),
        where=item.text("where"),
        stamp=item.text("stamp"),
    )


def _near_organ(item: Record) -> SeedNearOrgan:
    return SeedNearOrgan(
        seed=item.whole("seed") - 1,
        organ=item.text("organ"),
        distance_mm=item.number("distance_mm"),
        position_mm=_place(item, "position_mm"),
        stamp=item.text("stamp"),
    )


def _migrated(item: Record) -> MigratedSeed:
    return MigratedSeed(
        seed=item.whole("seed") - 1,
        nearest_seed_mm=item.optional_number("nearest_seed_mm"),
        off_plan_mm=item.number("off_plan_mm"),
        outside_target_mm=item.number("outside_target_mm"),
        reason=item.text("reason"),
        position_mm=_place(item, "position_mm"),
        stamp=item.text("stamp"),
    )


def _axis_effect(item: Record) -> AxisEffect:
    return AxisEffect(
        structure=item.text("structure"),
        id=item.text("id"),
        label=item.text("label"),
        unit=item.text("unit"),
        used=item.number("used"),
        all_axes=item.number("all_axes"),
        all_points=item.number("all_points"),
        stamp=item.text("stamp"),
    )


def _oedema(item: Record) -> OedemaModel:
    return OedemaModel(item.number("swelling"), item.number("half_life_days"), item.number("exponent"))


def _place(item: Record, key: str) -> FloatArray:
    return np.array(item.vector(key))
