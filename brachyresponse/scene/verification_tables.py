"""The tables of a verification as people read them: seeds, metrics, cold regions, organs near."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from brachyresponse.planning import RuleFinding, Table, VerificationCheck, VerificationLimit
from brachyresponse.seeds import SeedDisplacements, SeedMatch, Seeds
from brachyresponse.verification import ColdRegion, FoundSeeds, MetricComparison, SeedNearOrgan, Verification

NOTHING = "–"


class SeedState(StrEnum):
    """What became of a seed."""

    PAIRED = "paired"
    MISSING = "missing"
    EXTRA = "extra"
    MIGRATED = "migrated"


@dataclass(frozen=True, eq=False)
class PairedSeeds:
    """Planned and found seeds in the space of the implant CT, with their pairs.

    Parameters
    ----------
    migrated
        Indices of found seeds that lie far from every other.
    """

    planned: Seeds
    found: FoundSeeds
    match: SeedMatch
    displacements: SeedDisplacements
    migrated: frozenset[int] = frozenset()

    def state_of(self, found_index: int) -> SeedState:
        """Return what became of a found seed."""
        if found_index in self.migrated:
            return SeedState.MIGRATED
        return SeedState.EXTRA if found_index in set(self.match.extra.tolist()) else SeedState.PAIRED


SEED_COLUMNS = (
    "planned", "found", "state", "displacement (mm)", "along needle (mm)", "lateral (mm)", "deeper (mm)",
    "confidence", "axis confidence", "origin", "R (mm)", "A (mm)", "S (mm)",
)  # fmt: skip


def pairs_table(paired: PairedSeeds) -> Table:
    """Return the table of seeds: pairs in the order of the plan, then missing and extra ones.

    Deeper is under the skin, known once plan and implant were evaluated with it. The last columns are where the seed
    lies on the implant CT: found, or, of a missing one, where it was planned.
    """
    moved = paired.displacements
    rows = []
    for row, (planned, found) in enumerate(paired.match.pairs.tolist()):
        along = f"{moved.along_mm[row]:+.1f}" if moved.is_signed[row] else f"{moved.along_mm[row]:.1f}"
        deeper = NOTHING if moved.deeper_mm is None else f"{moved.deeper_mm[row]:+.1f}"
        distances = (f"{moved.total_mm[row]:.1f}", along, f"{moved.lateral_mm[row]:.1f}", deeper)
        state = paired.state_of(found)
        rows.append((str(planned + 1), str(found + 1), state.value, *distances, *_found_cells(paired.found, found)))
    nowhere, unknown = (NOTHING,) * 4, (NOTHING,) * 3
    for planned in paired.match.missing.tolist():
        place = _place(paired.planned.positions_mm[planned])
        rows.append((str(planned + 1), NOTHING, SeedState.MISSING.value, *nowhere, *unknown, *place))
    for found in paired.match.extra.tolist():
        cells = _found_cells(paired.found, found)
        rows.append((NOTHING, str(found + 1), paired.state_of(found).value, *nowhere, *cells))
    return Table("Seeds", SEED_COLUMNS, tuple(rows))


def _found_cells(found: FoundSeeds, index: int) -> tuple[str, ...]:
    confidences = (found.confidence, found.axis_confidence)
    said = tuple(NOTHING if values is None else f"{values[index]:.2f}" for values in confidences)
    return (*said, found.origins[index].value, *_place(found.positions_mm[index]))


def _place(position_mm: Iterable[float]) -> tuple[str, ...]:
    return tuple(f"{value:.1f}" for value in np.asarray(position_mm, float))


METRIC_COLUMNS = (
    "structure", "role", "metric", "plan", "implant", "difference", "unit", "limit", "finding", "stamp", "note",
)  # fmt: skip
WARNING = "warning"
"""Stands in the column of the metrics where a row is a warning."""


def comparison_table(verification: Verification) -> Table:
    """Return the metrics of plan and implant with the limits they are held to; last sentences and warnings, as notes.

    With an oedema model there is a column of its own.
    """
    columns: tuple[str, ...] = METRIC_COLUMNS
    with_oedema = verification.oedema is not None
    if with_oedema:
        columns = (*columns[:6], "with oedema", *columns[6:])
    rows = [_metric_row(row, verification, with_oedema) for row in verification.comparison]
    sentences = (verification.strengths_sentence, verification.axis_sentence, verification.oedema_sentence)
    empty = ("",) * (len(columns) - 4)
    for kind, said in (("note", filter(None, sentences)), (WARNING, verification.warnings)):
        rows += [(verification.request.plan.name, "", kind, *empty, sentence) for sentence in said]
    return Table("Metrics", columns, tuple(rows))


def cold_regions_table(regions: Iterable[ColdRegion]) -> Table:
    """Return the parts of the targets below the prescription, largest first."""
    columns = (
        "structure", "volume (cc)", "share (%)", "least (Gy)", "mean (Gy)", "where", "R (mm)", "A (mm)", "S (mm)",
        "stamp",
    )  # fmt: skip
    rows = tuple(
        (
            region.structure,
            f"{region.volume_cc:.2f}",
            f"{region.share_percent:.1f}",
            f"{region.least_gy:.1f}",
            f"{region.mean_gy:.1f}",
            region.where,
            *_place(region.centre_mm),
            region.stamp,
        )
        for region in regions
    )
    return Table("Cold regions", columns, rows)


def near_organs_table(near: Iterable[SeedNearOrgan]) -> Table:
    """Return the seeds near organs at risk, nearest first; a distance below zero is inside."""
    columns = ("found", "organ", "distance (mm)", "R (mm)", "A (mm)", "S (mm)", "stamp")
    rows = tuple((str(s.seed + 1), s.organ, f"{s.distance_mm:.1f}", *_place(s.position_mm), s.stamp) for s in near)
    return Table("Seeds near organs", columns, rows)


def _metric_row(row: MetricComparison, verification: Verification, with_oedema: bool) -> tuple[str, ...]:
    judged = [
        (limit, finding)
        for limit, finding in zip(_limits(verification), verification.findings, strict=True)
        if limit.has_limit and _is_of(limit, row, verification)
    ]
    values = (row.plan, row.implant, row.difference, *((row.oedema,) if with_oedema else ()))
    return (
        row.structure,
        row.role.value,
        row.label,
        *(NOTHING if value is None else f"{value:.{row.decimals}f}" for value in values),
        row.unit,
        "; ".join(finding.limit for _, finding in judged),
        "; ".join(_verdict(finding) for _, finding in judged),
        row.stamp,
        row.note,
    )


def _limits(verification: Verification) -> tuple[VerificationLimit, ...]:
    profile = verification.request.profile
    return profile.verification if profile is not None else ()


def _is_of(limit: VerificationLimit, row: MetricComparison, verification: Verification) -> bool:
    """Whether a limit is one on the metric of a row."""
    if limit.check is not VerificationCheck.TARGET_METRIC or limit.metric.lower() != row.id.removesuffix("_percent"):
        return False
    roles, profile = verification.request.anatomy.roles, verification.request.profile
    wanted = limit.on or (profile.target if profile else None)
    return wanted is not None and roles.name_of(wanted) == row.structure


def _verdict(finding: RuleFinding) -> str:
    if finding.passed is None:
        return "not known"
    found = f"{finding.value:.4g} {finding.unit}" if finding.value is not None else ""
    return f"pass ({found})" if finding.passed else f"{finding.severity.value} ({found})"
