"""The evidence of an assessment in files, with the pictures of what it was collected from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import slicer

from brachyresponse.errors import InputFileError, ResponseError, reason_of
from brachyresponse.pictures.diffusion_record_picture import diffusion_chart
from brachyresponse.pictures.spectrum_fit_picture import fit_picture
from brachyresponse.report.response_evidence import Captioned, Place
from brachyresponse.response.evidence.gathering.request_file import NAME, SCHEMA
from brachyresponse.response.evidence.gathering.weigh import LesionEvidence
from brachyresponse.response.study import ResponseStudy
from brachyresponse.scene.diffusion_records import read_visit_diffusion
from brachyresponse.scene.diffusion_staleness import stale_diffusion_reason
from brachyresponse.scene.evidence_nodes import evidences_of, lesion_of
from brachyresponse.scene.evidence_staleness import stale_evidence_reason
from brachyresponse.scene.response_lesions import lesion_label
from brachyresponse.scene.response_parts import VisitPart, visit_parts
from brachyresponse.scene.response_visits import day_of_visit, visits_of
from brachyresponse.scene.spectroscopy_data import read_data
from brachyresponse.scene.spectroscopy_measuring import most_telling_voxel
from brachyresponse.scene.spectroscopy_records import read_record as read_spectra_record
from brachyresponse.scene.spectroscopy_staleness import stale_spectra_reason
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.spectroscopy.study import fit_voxel


def write_evidence(evidence: Sequence[LesionEvidence], folder: Path) -> Path:
    """Write the evidence on all lesions as ``evidence.json``, which ``respond --evidence`` reads to the same answer.

    Raises
    ------
    InputFileError
        The file cannot be written.
    """
    contents = {"schema": SCHEMA, "lesions": [one.as_json() for one in evidence]}
    text = json.dumps(contents, indent=1, ensure_ascii=False, allow_nan=False)
    try:
        (folder / NAME).write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise InputFileError(f"{NAME} cannot be written: {reason_of(error)}; choose another folder.") from error
    return folder / NAME


def check_evidence_is_current(assessment_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Refuse to write files of evidence that no longer belongs to what it was made of.

    Raises
    ------
    ResponseError
        Evidence on a lesion is out of date.
    """
    for visit_node in visits_of(assessment_node):
        for node in evidences_of(visit_node):
            if reason := stale_evidence_reason(node):
                label = lesion_label(visit_node, lesion_of(node).id)
                raise ResponseError(
                    f"{label}: its evidence is out of date ({reason}): weigh it again and assess, then write the files."
                )


def evidence_beside(
    assessment_node: slicer.vtkMRMLScriptedModuleNode, study: ResponseStudy
) -> dict[Place, tuple[Captioned, ...]]:
    """Return what is shown with the evidence, by visit and lesion: ADC histograms, and spectra with their fits."""
    nodes = {day_of_visit(node): node for node in visits_of(assessment_node)}
    return {(one.visit, one.lesion): tuple(_pictures(nodes[one.visit], one.lesion)) for one in study.evidence}


def _pictures(visit_node: slicer.vtkMRMLScriptedModuleNode, lesion: str) -> Iterator[Captioned]:
    """Of what is current: evidence is not weighed from anything else."""
    record = read_visit_diffusion(visit_node)
    if record is not None and lesion in record.lesions and not stale_diffusion_reason(visit_node):
        yield diffusion_chart(record, lesion), f"ADC of lesion {lesion}, map {record.map!r}"
    for node in visit_parts(visit_node, VisitPart.SPECTRA):
        found = read_spectra_record(node)
        if found is None or found.lesion(lesion) is None or stale_spectra_reason(node):
            continue
        data = read_data(node)
        if isinstance(data, Spectra) and any(each.snr is not None for each in found.voxels):
            fit = fit_voxel(data, most_telling_voxel(found))
            yield fit_picture(fit, name=found.name), f"Spectrum {found.name!r} of lesion {lesion} with its fit"
