"""Whether the answer of evidence still belongs to what it was made of."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import slicer

from brachyresponse.errors import BrachyResponseError
from brachyresponse.scene.contents import drawn_contents, in_steps
from brachyresponse.scene.diffusion_records import diffusion_record_text
from brachyresponse.scene.diffusion_staleness import stale_diffusion_reason
from brachyresponse.scene.evidence_fields import EvidenceField, evidence_text
from brachyresponse.scene.evidence_nodes import lesion_of, measured_lesions, visits_until
from brachyresponse.scene.evidence_parts import EvidenceRole, evidence_part, evidence_parts, visit_of
from brachyresponse.scene.evidence_perfusion import perfusion_texts
from brachyresponse.scene.nodes import get_attribute
from brachyresponse.scene.response_fields import ResponseField, response_text
from brachyresponse.scene.response_implant_seeds import implant_on
from brachyresponse.scene.response_lesions import LesionEntry, read_entries, segment_of
from brachyresponse.scene.response_measuring import current_size
from brachyresponse.scene.response_parts import VisitPart, need_assessment, visit_parts
from brachyresponse.scene.response_staleness import OUT_OF_DATE, dose_contents, registration_contents
from brachyresponse.scene.response_visits import day_of_visit
from brachyresponse.scene.spectroscopy_records import spectra_signature
from brachyresponse.scene.spectroscopy_staleness import stale_spectra_reason
from brachyresponse.scene.stale import SIGNATURE, input_signature, is_current, mark_current, stale_reason

RESULT_ROLES = (EvidenceRole.RECORD, EvidenceRole.MARKERS, EvidenceRole.TEXT, EvidenceRole.CHART)
FIELDS = {
    "the prior was changed": (EvidenceField.PRIOR_LOW, EvidenceField.PRIOR_MID, EvidenceField.PRIOR_HIGH,
                              EvidenceField.PRIOR_SOURCE, EvidenceField.PRIOR_SET_BY),
    "a marker was changed": (EvidenceField.FINDINGS,),
    "an answer was changed": (EvidenceField.ANSWERS,),
    "a cut-off or a setting was changed": (EvidenceField.OWN_CUTOFFS, EvidenceField.SETTINGS,
                                           EvidenceField.POPULATION, EvidenceField.PERFUSION_LESION),
    "the context was changed": (EvidenceField.CONTEXT,),
}  # fmt: skip
PERFUSION, DIFFUSION, SPECTRA = "a perfusion study was changed", "the diffusion was changed", "a spectrum was changed"
A_TREATMENT, A_LESION = "a treatment, the tumour or the patient ID was changed", "the lesion was changed"
PATIENT = (ResponseField.TREATMENTS, ResponseField.TUMOUR, ResponseField.PATIENT_ID)
A_REGISTRATION, SEEDS = "a registration or a dose was changed", "the seeds were changed"
REASONS = (*FIELDS, PERFUSION, DIFFUSION, SPECTRA, A_TREATMENT, A_LESION, A_REGISTRATION, SEEDS)
"""In the order of the parts of a signature."""


def mark_evidence_current(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Say of the answer that it was computed from what the scene holds now."""
    mark_current(_results(evidence_node), evidence_signature(evidence_node))


def stale_evidence_reason(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return why the answer no longer holds; empty while it does, or while there is none.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, its lesion was removed, or what is kept of it is damaged.
    """
    record = evidence_part(evidence_node, EvidenceRole.RECORD)
    if record is None or stale_reason(record) or is_current(record, signature := evidence_signature(evidence_node)):
        return "" if record is None else stale_reason(record)
    before = get_attribute(record, SIGNATURE).split()
    changed = [why for why, was, now in zip_longest(REASONS, before, signature.split()) if was != now]
    return changed[0] if changed else A_LESION


def say_evidence_staleness(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Say on the results themselves whether they are out of date: in their descriptions and above the text."""
    reason = stale_evidence_reason(evidence_node)
    said = f"{OUT_OF_DATE} {reason}; weigh again." if reason else ""
    for node in _results(evidence_node):
        if (node.GetDescription() or "") != said:
            node.SetDescription(said)
    for node in evidence_parts(evidence_node, EvidenceRole.TEXT):
        lines = [line for line in (node.GetText() or "").split("\n") if not line.startswith(OUT_OF_DATE)]
        text = "\n".join([said, *lines] if said else lines)
        if node.GetText() != text:
            node.SetText(text)


def evidence_signature(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> str:
    """Return a text that is another one when something changes that the answer depends on; the same after loading.

    Raises
    ------
    SceneError, ResponseError
        There is no such evidence, its lesion was removed, or what is kept of it is damaged.
    """
    visit_node = visit_of(evidence_node)
    owner, implant = need_assessment(visit_node), implant_on(visit_node)
    subjects = (
        *(tuple(evidence_text(evidence_node, field) for field in fields) for fields in FIELDS.values()),
        perfusion_texts(visit_node),
        (diffusion_record_text(visit_node), stale_diffusion_reason(visit_node)),
        (spectra_signature(visit_node), *map(stale_spectra_reason, visit_parts(visit_node, VisitPart.SPECTRA))),
        tuple(response_text(owner, field) for field in PATIENT),
        list(_lesion(evidence_node)),
        [registration_contents(visit_node), *dose_contents(owner)],
        "" if implant.seeds is None else in_steps(implant.seeds.positions_mm),
    )
    return " ".join(input_signature(subject) for subject in subjects)


def _lesion(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> Iterator[object]:
    """The lesion as it is drawn and sized, its volumes at this visit and before, and the others of the visit."""
    visit_node, entry = visit_of(evidence_node), lesion_of(evidence_node)
    chosen = segment_of(visit_node, entry)
    yield entry.id, entry.state, day_of_visit(visit_node), *_size(visit_node, entry)
    yield "" if chosen is None or not chosen.exists else drawn_contents(chosen.node, chosen.segment_id)
    for node in visits_until(visit_node):
        volumes = [each.size.volume_ml for each in read_entries(node) if each.id == entry.id]
        yield day_of_visit(node), volumes
    yield measured_lesions(visit_node)


def _size(visit_node: slicer.vtkMRMLScriptedModuleNode, entry: LesionEntry) -> tuple[object, ...]:
    """The size as the lines lie now; where one was deleted the sentence that says so, which is a change as well."""
    try:
        size = current_size(visit_node, entry)
    except BrachyResponseError as error:
        return (str(error),)
    return size.longest_mm, size.volume_ml


def _results(evidence_node: slicer.vtkMRMLScriptedModuleNode) -> list[slicer.vtkMRMLNode]:
    return [node for role in RESULT_ROLES for node in evidence_parts(evidence_node, role)]
