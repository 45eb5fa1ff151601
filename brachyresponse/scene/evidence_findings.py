"""The findings of evidence: those that a person typed in, and those that were collected from the scene."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

import slicer

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence import Finding, Quality
from brachyresponse.response.evidence.gathering.checks import check_findings
from brachyresponse.response.evidence.weighing.inputs import quantity_of
from brachyresponse.scene.evidence_fields import EvidenceField, evidence_json, set_evidence_field
from brachyresponse.scene.evidence_parts import require_evidence


class FindingOrigin(StrEnum):
    """Where a finding comes from."""

    TYPED = "typed in"
    PERFUSION = "perfusion study"
    DIFFUSION = "diffusion"
    SPECTROSCOPY = "spectroscopy"


@dataclass(frozen=True)
class KeptFinding:
    """A finding as it is kept, with its origin; those that were collected are refreshed."""

    finding: Finding
    origin: FindingOrigin = FindingOrigin.TYPED


@dataclass(frozen=True)
class MergedFindings:
    """Findings after the scene was looked through, and a sentence on each that contradicts one that was typed in."""

    findings: tuple[KeptFinding, ...]
    conflicts: tuple[str, ...] = field(default_factory=tuple)


def read_findings(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[KeptFinding, ...]:
    """Return the findings in the order of the table.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or what is kept is damaged.
    """
    try:
        return tuple(_from_json(values) for values in evidence_json(evidence_node, EvidenceField.FINDINGS, []))
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise ResponseError(
            f"Evidence {evidence_node.GetName()!r}: what is kept of its findings is damaged ({error}); delete it and "
            "create it anew."
        ) from error


def quantity_found(evidence_node: slicer.vtkMRMLScriptedModuleNode, marker_id: str) -> str:
    """Return the id of what a marker's value is in evidence; empty where it has none."""
    found = (each.finding for each in read_findings(evidence_node) if each.finding.id == marker_id)
    measured = next(map(quantity_of, found), None)
    return measured.id if measured is not None else ""


def write_findings(evidence_node: slicer.vtkMRMLScriptedModuleNode, findings: Iterable[KeptFinding]) -> None:
    """Keep findings."""
    set_evidence_field(evidence_node, EvidenceField.FINDINGS, [_to_json(each) for each in findings] or None)


def finding_of_row(evidence_node: slicer.vtkMRMLScriptedModuleNode, row: int) -> KeptFinding:
    """Return the finding of a row of the table, counted from 0.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence or row, or what is kept is damaged.
    """
    return _row(read_findings(evidence_node), row)


def add_finding(evidence_node: slicer.vtkMRMLScriptedModuleNode, finding: Finding) -> None:
    """Add a finding that a person typed in; it takes the place of one that was collected for the same marker.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence or marker, the value makes no sense, or one was typed in for the marker already; then
        nothing is changed.
    """
    require_evidence(evidence_node)
    check_findings(evidence_node.GetName(), [finding])
    before = read_findings(evidence_node)
    for each in before:
        if each.finding.id == finding.id and each.origin is FindingOrigin.TYPED:
            raise ResponseError(
                f"Marker {finding.id!r} has a value already, {told(each.finding)}: remove it before you type another."
            )
    kept = [each for each in before if each.finding.id != finding.id]
    write_findings(evidence_node, [*kept, KeptFinding(finding)])


def remove_finding(evidence_node: slicer.vtkMRMLScriptedModuleNode, row: int) -> None:
    """Remove a finding that was typed in, by its row, counted from 0.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence or row, or the finding was collected: it would come back.
    """
    before = list(read_findings(evidence_node))
    chosen = _row(before, row)
    if chosen.origin is not FindingOrigin.TYPED:
        raise ResponseError(
            f"Marker {chosen.finding.id!r} was collected from the {chosen.origin} of the visit: leave it out with a "
            "reason, or type in another value."
        )
    del before[row]
    write_findings(evidence_node, before)


def set_included(
    evidence_node: slicer.vtkMRMLScriptedModuleNode, row: int, is_included: bool, reason: str = ""
) -> None:
    """Leave a finding out with a reason, or take it in again, by its row, counted from 0.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence or row, or a finding is left out without a reason.
    """
    before = list(read_findings(evidence_node))
    chosen = _row(before, row)
    said = reason.strip()
    if not is_included and not said:
        raise ResponseError(f"Marker {chosen.finding.id!r} is left out without a reason: say why.")
    finding = replace(chosen.finding, is_included=is_included, reason="" if is_included else said)
    before[row] = replace(chosen, finding=finding)
    write_findings(evidence_node, before)


def merge_findings(before: Iterable[KeptFinding], collected: Iterable[KeptFinding]) -> MergedFindings:
    """Return findings after collecting: typed ones stay, collected ones are refreshed, and keep the user's exclusion.

    A marker has one value: where one was typed in and another was collected, the typed one is kept and that is said.
    """
    kept = [each for each in before if each.origin is FindingOrigin.TYPED]
    typed = {each.finding.id: each.finding for each in kept}
    left_out = {_key(each): each.finding.reason for each in before if not each.finding.is_included}
    conflicts: list[str] = []
    for each in collected:
        own = typed.get(each.finding.id)
        if own is None:
            reason = left_out.get(_key(each))
            excluded = {} if reason is None else {"is_included": False, "reason": reason}
            kept.append(replace(each, finding=replace(each.finding, **excluded)))  # type: ignore[arg-type]
        elif not _agree(own, each.finding):
            conflicts.append(
                f"Marker {own.id!r}: {told(own)} was typed in, the {each.origin} of the visit says "
                f"{told(each.finding)}; the typed one is used. Remove it to use the other."
            )
    return MergedFindings(tuple(kept), tuple(conflicts))


def told(finding: Finding) -> str:
    """Return a finding in words: its value with its unit, or positive or negative."""
    if finding.value is None:
        return "positive" if finding.positive else "negative"
    unit = "" if finding.unit in ("", "1") else f" {finding.unit}"
    statistic = f" ({finding.statistic})" if finding.statistic else ""
    return f"{finding.value:g}{unit}{statistic}"


def _agree(one: Finding, other: Finding) -> bool:
    same = (one.value, one.positive, one.unit or "1") == (other.value, other.positive, other.unit or "1")
    return same and one.statistic == other.statistic


def _key(kept: KeptFinding) -> tuple[str, str, str]:
    return kept.finding.id, kept.finding.statistic, kept.origin


def _row(findings: Sequence[KeptFinding], row: int) -> KeptFinding:
    if row not in range(len(findings)):
        raise ResponseError(f"There is no marker in row {row!r}, counted from 0: there are {len(findings)}.")
    return findings[row]


def _to_json(kept: KeptFinding) -> dict[str, Any]:
    usual, values = asdict(Finding("")), asdict(replace(kept.finding, details=dict(kept.finding.details)))
    changed = {name: value for name, value in values.items() if name == "id" or value != usual[name]}
    return {"origin": kept.origin.value, **changed}


def _from_json(values: Mapping[str, Any]) -> KeptFinding:
    given = {name: value for name, value in values.items() if name != "origin"}
    if "quality" in given:
        given["quality"] = Quality(given["quality"])
    return KeptFinding(Finding(**given), FindingOrigin(values["origin"]))
