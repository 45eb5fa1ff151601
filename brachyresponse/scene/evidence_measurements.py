"""What the measurements of a visit tell of a lesion: its perfusion, its diffusion, its spectra."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain

import slicer

from brachyresponse.errors import BrachyResponseError, DiffusionError
from brachyresponse.response.evidence import ConditionAnswer, Finding, Quality
from brachyresponse.response.evidence.gathering.answers import (
    answers_of_diffusion,
    answers_of_perfusion,
    answers_of_spectroscopy,
)
from brachyresponse.response.evidence.gathering.diffusion import findings_of_diffusion
from brachyresponse.response.evidence.gathering.perfusion import findings_of_perfusion
from brachyresponse.response.evidence.gathering.spectroscopy import findings_of_spectroscopy
from brachyresponse.scene.diffusion_records import read_visit_diffusion
from brachyresponse.scene.diffusion_staleness import stale_diffusion_reason
from brachyresponse.scene.evidence_choices import read_cutoffs
from brachyresponse.scene.evidence_findings import FindingOrigin, KeptFinding
from brachyresponse.scene.evidence_nodes import lesion_of
from brachyresponse.scene.evidence_parts import visit_of
from brachyresponse.scene.evidence_perfusion import perfusion_of
from brachyresponse.scene.evidence_settings import read_settings
from brachyresponse.scene.response_parts import VisitPart, visit_parts
from brachyresponse.scene.spectroscopy_records import read_record
from brachyresponse.scene.spectroscopy_staleness import stale_spectra_reason
from brachyresponse.spectroscopy.study import SpectroscopyRecord

NOT_COLLECTED = "The {} of the visit was not taken: {}"
BEST_FIRST = (Quality.GOOD, Quality.LIMITED, Quality.POOR)


@dataclass(frozen=True)
class Part:
    """What one kind of measurement tells, and the days of its scans."""

    findings: tuple[KeptFinding, ...] = ()
    answers: tuple[ConditionAnswer, ...] = ()
    inputs: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    days: tuple[date | None, ...] = ()


def read_measurements(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[Part, ...]:
    """Return what perfusion, diffusion and spectra of the visit tell of the lesion; nothing is written.

    A measurement that cannot be taken, because it was not made or is out of date, is said in the notes.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, or its lesion was removed.
    """
    lesion_of(evidence_node)
    readers: dict[FindingOrigin, Callable[[slicer.vtkMRMLScriptedModuleNode], Part]] = {
        FindingOrigin.PERFUSION: _of_perfusion,
        FindingOrigin.DIFFUSION: _of_diffusion,
        FindingOrigin.SPECTROSCOPY: _of_spectroscopy,
    }
    return tuple(_part(evidence_node, origin, read) for origin, read in readers.items())


def _part(
    evidence_node: slicer.vtkMRMLScriptedModuleNode,
    origin: FindingOrigin,
    read: Callable[[slicer.vtkMRMLScriptedModuleNode], Part],
) -> Part:
    """What one kind of measurement tells, or the note that says why it tells nothing."""
    try:
        return read(evidence_node)
    except BrachyResponseError as error:
        return Part(notes=(NOT_COLLECTED.format(origin, error),))


def _of_perfusion(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Part:
    found = perfusion_of(evidence_node)
    if found is None:
        return Part()
    settings, cutoffs = read_settings(evidence_node), read_cutoffs(evidence_node)
    findings = findings_of_perfusion(found.scans, found.lesion, settings=settings, own_cutoffs=cutoffs)
    answers = answers_of_perfusion(found.scans, found.lesion, settings)
    days = tuple(record.scan_date for record in found.scans.after)
    return Part(_kept(findings, FindingOrigin.PERFUSION), tuple(answers), found.inputs, days=days)


def _of_diffusion(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Part:
    visit_node, lesion = visit_of(evidence_node), lesion_of(evidence_node).id
    record = read_visit_diffusion(visit_node)
    if record is None:
        return Part()
    if lesion not in record.lesions:
        raise DiffusionError(f"The diffusion of lesion {lesion!r} was not measured: measure it.")
    if reason := stale_diffusion_reason(visit_node):
        raise DiffusionError(f"What was measured is out of date ({reason}): measure it again.")
    findings = findings_of_diffusion(record, lesion, own_cutoffs=read_cutoffs(evidence_node))
    inputs = (f"Diffusion of {record.scan_date}, map {record.map!r}.",)
    answers = answers_of_diffusion(record, lesion)
    return Part(_kept(findings, FindingOrigin.DIFFUSION), answers, inputs, days=(record.scan_date,))


def _of_spectroscopy(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Part:
    """Of several spectra each marker is taken from the one of the best quality; of equal ones from the first."""
    lesion, cutoffs = lesion_of(evidence_node).id, read_cutoffs(evidence_node)
    notes: list[str] = []
    records = list(_spectra_of(evidence_node, notes))
    told = [findings_of_spectroscopy(record, lesion, own_cutoffs=cutoffs) for record in records]
    if len(records) > 1:
        names = ", ".join(repr(record.name) for record in records)
        notes.append(f"Of the spectra {names} each marker is taken from the one of the best quality.")
    answers = tuple(answer for record in records for answer in answers_of_spectroscopy(record, lesion))
    inputs = tuple(f"Spectroscopy of {record.scan_date or 'the visit'}, {record.name!r}." for record in records)
    kept = _kept(_best(chain.from_iterable(told)), FindingOrigin.SPECTROSCOPY)
    return Part(kept, answers, inputs, tuple(notes), tuple(record.scan_date for record in records))


def _spectra_of(evidence_node: slicer.vtkMRMLScriptedModuleNode, notes: list[str]) -> Iterator[SpectroscopyRecord]:
    """What was measured of the spectra of the visit in the lesion; a note on each that cannot be taken."""
    lesion = lesion_of(evidence_node).id
    for node in visit_parts(visit_of(evidence_node), VisitPart.SPECTRA):
        record, stale = read_record(node), stale_spectra_reason(node)
        if record is None:
            notes.append(f"Spectra {node.GetName()!r} were not fitted: fit them.")
        elif stale:
            notes.append(f"Spectra {node.GetName()!r} are out of date ({stale}): fit them again.")
        elif record.lesion(lesion) is None:
            notes.append(f"Spectra {node.GetName()!r} hold nothing of lesion {lesion!r}.")
        else:
            yield record


def _best(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The best finding of each marker, in the order in which the markers come first."""
    best: dict[str, Finding] = {}
    for finding in findings:
        best[finding.id] = min(best.get(finding.id, finding), finding, key=_rank)
    return tuple(best.values())


def _rank(finding: Finding) -> tuple[bool, int]:
    return finding.value is None, BEST_FIRST.index(finding.quality)


def _kept(findings: tuple[Finding, ...], origin: FindingOrigin) -> tuple[KeptFinding, ...]:
    return tuple(KeptFinding(each, origin) for each in findings)
