"""Two scans of one implant side by side: at once, and about a month later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from brachyresponse.errors import VerificationError
from brachyresponse.planning import Table
from brachyresponse.planning.exports import Cell
from brachyresponse.verification.comparison import MetricComparison
from brachyresponse.verification.record import VerificationRecord, record_of
from brachyresponse.verification.verification import Verification

SEEDS = "seeds"


@dataclass(frozen=True)
class ScanRow:
    """One number at two scans: planned, first, second, and second minus first.

    ``structure`` is ``seeds`` for counts and displacements; a value is None where it is not known; ``stamp`` says
    which scan's structure was carried over.
    """

    structure: str
    id: str
    label: str
    unit: str
    plan: float | None
    first: float | None
    second: float | None
    stamp: str = ""
    decimals: int = 2

    @property
    def difference(self) -> float | None:
        """Second minus first; None where one of both is not known."""
        return None if self.first is None or self.second is None else self.second - self.first


@dataclass(frozen=True)
class ScanComparison:
    """Two scans of one implant.

    Parameters
    ----------
    first_date, second_date
        Of the scans.
    first_days, second_days
        After the implant.
    rows
        Seeds first, then the metrics of targets and organs.
    warnings
        What makes the two hard to compare.
    """

    first_date: date
    second_date: date
    first_days: int
    second_days: int
    rows: tuple[ScanRow, ...]
    warnings: tuple[str, ...]

    @property
    def table(self) -> Table:
        """The rows as a table."""
        columns = (
            "structure", "metric", "unit", "plan", f"day {self.first_days}", f"day {self.second_days}", "difference",
            "stamp",
        )  # fmt: skip
        title = f"Implant on {self.first_date} (day {self.first_days}) and {self.second_date} (day {self.second_days})"
        return Table(title, columns, tuple(_cells(row) for row in self.rows))


def compare_scans(
    first: Verification | VerificationRecord, second: Verification | VerificationRecord
) -> ScanComparison:
    """Return two verifications of one implant side by side, as of day 0 and of about day 30.

    Raises
    ------
    VerificationError
        They are of different patients, plans or implant dates, a scan has no date, or the second is not later.
    """
    before, after = (item if isinstance(item, VerificationRecord) else record_of(item) for item in (first, second))
    _check_one_implant(before, after)
    if before.scan_date is None or after.scan_date is None:
        raise VerificationError("A scan without a date cannot be compared with another: give both their dates.")
    if after.scan_date <= before.scan_date:
        raise VerificationError(
            f"The second scan, of {after.scan_date}, is not after the first, of {before.scan_date}: exchange them."
        )
    return ScanComparison(
        first_date=before.scan_date,
        second_date=after.scan_date,
        first_days=(before.scan_date - before.implant_date).days,
        second_days=(after.scan_date - after.implant_date).days,
        rows=(*_seed_rows(before, after), *_metric_rows(before, after)),
        warnings=_warnings(before, after),
    )


def _check_one_implant(before: VerificationRecord, after: VerificationRecord) -> None:
    for what, one, other in (
        ("patient", before.patient_id, after.patient_id),
        ("plan", before.plan, after.plan),
        ("implant date", str(before.implant_date), str(after.implant_date)),
        ("seed model", before.source, after.source),
        ("prescription", f"{before.prescription_gy:g} Gy", f"{after.prescription_gy:g} Gy"),
    ):
        if one and other and one != other:
            raise VerificationError(
                f"The two verifications are not of one implant: {what} {one!r} and {other!r}; choose two scans of one."
            )


def _seed_rows(before: VerificationRecord, after: VerificationRecord) -> list[ScanRow]:
    counts = (
        ("found", "Seeds found", float(before.seeds.planned), before.seeds.found, after.seeds.found),
        ("missing", "Planned seeds missing", None, len(before.seeds.missing), len(after.seeds.missing)),
        ("extra", "Extra seeds", None, len(before.seeds.extra), len(after.seeds.extra)),
        ("migrated", "Seeds that may have migrated", None, len(before.migrated), len(after.migrated)),
    )
    rows = [
        ScanRow(SEEDS, key, label, "", planned, float(one), float(other), decimals=0)
        for key, label, planned, one, other in counts
    ]
    means = [record.displacement["total"].mean_mm for record in (before, after)]
    shares = [_percent(record.share_delivered) for record in (before, after)]
    return [
        *rows,
        ScanRow(SEEDS, "displacement", "Mean displacement from the plan", "mm", None, means[0], means[1]),
        ScanRow(SEEDS, "delivered", "Dose delivered by the scan", "%", None, shares[0], shares[1], decimals=1),
    ]


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _metric_rows(before: VerificationRecord, after: VerificationRecord) -> list[ScanRow]:
    """Targets are brought together by what they are, organs by their names."""
    ones, others = ({_key(row): row for row in record.metrics} for record in (before, after))
    return [_metric_row(ones.get(key), others.get(key)) for key in dict.fromkeys((*ones, *others))]


def _key(row: MetricComparison) -> tuple[str, str, str]:
    return (row.role, row.structure if row.role == "organ" else "", row.id)


def _metric_row(one: MetricComparison | None, other: MetricComparison | None) -> ScanRow:
    known = other or one
    assert known is not None  # a key comes from one of both
    stamps = (f"{which}: {row.stamp}" for which, row in (("first", one), ("second", other)) if row and row.stamp)
    return ScanRow(
        structure=known.structure,
        id=known.id,
        label=known.label,
        unit=known.unit,
        plan=known.plan,
        first=one.implant if one else None,
        second=other.implant if other else None,
        stamp="; ".join(stamps),
        decimals=known.decimals,
    )


def _warnings(before: VerificationRecord, after: VerificationRecord) -> tuple[str, ...]:
    said = []
    if before.registration.method != after.registration.method:
        said.append(
            f"The scans were registered to the plan in different ways ({before.registration.method}, "
            f"{after.registration.method}): displacements may differ for that alone."
        )
    for which, record in (("first", before), ("second", after)):
        if record.target_stamp:
            said.append(f"The target of the {which} scan is {record.target_stamp}: its numbers are not the target's.")
    if before.seeds.found != after.seeds.found:
        said.append(
            f"{before.seeds.found} seeds were found on the first scan, {after.seeds.found} on the second: "
            "correct the lists before their doses are compared."
        )
    return tuple(said)


def _cells(row: ScanRow) -> tuple[Cell, ...]:
    values = ("" if value is None else value for value in (row.plan, row.first, row.second, row.difference))
    return (row.structure, row.label, row.unit, *values, row.stamp)
