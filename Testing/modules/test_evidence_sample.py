"""The evidence of the sample patient: typed in and answered as the digital patient truly is, and labelled so."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import evidence_records as records
from brachyresponse.digital_patient.evidence import EvidenceSession
from brachyresponse.digital_patient.response import ResponseVariant
from brachyresponse.geometry import Grid
from brachyresponse.response.evidence import Answer
from brachyresponse.scene.evidence_sample import CUTOFF, write_sample_evidence
from brachyresponse.scene.spectroscopy_nodes import add_spectra
from brachyresponse.scene.spectroscopy_records import write_record
from brachyresponse.scene.spectroscopy_staleness import mark_spectra_current
from brachyresponse.spectroscopy import Spectra
from scene.followed import response_logic
from scene.weighed import LESION, add_numbers


@pytest.fixture
def logic(scene: Any) -> Any:
    return response_logic()


def session_of(variant: ResponseVariant, diagnosis: str) -> EvidenceSession:
    truth = SimpleNamespace(diagnosis=diagnosis)
    return SimpleNamespace(variant=variant, lesion_id=LESION, truth=truth, pet={})  # type: ignore[return-value]


def test_the_recurrence_that_was_never_hyperperfused_says_that_perfusion_cannot_be_trusted(logic: Any) -> None:
    session = session_of(ResponseVariant.NEVER_HYPERPERFUSED, "recurrence")
    evidence = write_sample_evidence(add_numbers(logic), session)
    (finding,) = logic.findings(evidence)
    assert finding.value == 1.18  # 2.6 over 2.2 mL/100 mL
    assert "the digital patient's own rVp, 1.09 before the implant; no perfusion is scanned here" in finding.source
    assert logic.weigh(evidence).used == ()
    text = logic.evidenceText(evidence).GetText()
    assert "absent hyperperfusion is unreliable in this lesion and has no weight" in text
    assert "6 of 14 proven recurrences" in text


def test_the_voxel_of_the_necrosis_is_answered_as_it_is(logic: Any) -> None:
    visit = add_numbers(logic)
    node = add_spectra(
        visit, Spectra("svs", np.ones((1, 1, 1, 16), complex), Grid((1, 1, 1), np.eye(4)), 5e-4, 127.7, 144.0)
    )
    write_record(node, records.spectroscopy())
    mark_spectra_current(node)
    evidence = write_sample_evidence(visit, session_of(ResponseVariant.NECROSIS, "necrosis"))
    known = {each.id: each for each in logic.questions(evidence)}
    assert known["voxel_mostly_necrosis"].answer is Answer.YES
    assert known["infection_possible"].answer is Answer.NO
    assert "knows how the digital patient was made" in known["voxel_mostly_necrosis"].source
    assert not any(each.id.startswith("dce") for each in logic.findings(evidence))  # it was hyperperfused before


def test_the_cutoff_of_the_sample_is_named_as_invented(logic: Any) -> None:
    evidence = write_sample_evidence(
        add_numbers(logic), session_of(ResponseVariant.PROGRESSION_AT_MARGIN, "recurrence")
    )
    assert logic.ownCutoffs(evidence) == (CUTOFF,)
    assert "invented, for the digital patient only" in CUTOFF.set_by
