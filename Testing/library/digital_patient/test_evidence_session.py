"""Diffusion and spectra of the digital patient: they follow their laws, and can be measured but among the seeds."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from brachyresponse.diffusion import DiffusionRequest, DiffusionSettings, DiffusionStudy, Restriction, measure_diffusion
from brachyresponse.digital_patient.evidence import EvidenceSession, evidence_session, why_no_session
from brachyresponse.digital_patient.evidence.tables import session_facts
from brachyresponse.digital_patient.patient import IMPLANT_DATE
from brachyresponse.digital_patient.response import ResponseVariant
from brachyresponse.digital_patient.response.tables import course_facts
from brachyresponse.errors import ResponseError
from brachyresponse.spectroscopy.vocabulary import Metabolite, SpectraKind

RECURRENCE, NECROSIS = ResponseVariant.NEVER_HYPERPERFUSED, ResponseVariant.NECROSIS
WITH_GRID = ResponseVariant.PROGRESSION_AT_MARGIN
PSEUDOPROGRESSION = ResponseVariant.PSEUDOPROGRESSION
QUICK = DiffusionSettings(bootstrap_samples=10)


@cache
def session(variant: ResponseVariant) -> EvidenceSession:
    return evidence_session(variant)


@cache
def measured(variant: ResponseVariant) -> DiffusionStudy:
    scan = session(variant)
    cores = {} if scan.core is None else {scan.lesion_id: scan.core}
    return measure_diffusion(
        DiffusionRequest(
            adc=scan.diffusion.adc,
            lesions={scan.lesion_id: scan.lesion},
            cores=cores,
            white_matter=scan.white_matter,
            seeds=scan.seeds,
            settings=QUICK,
        )
    )


@pytest.mark.parametrize("variant", [pytest.param(RECURRENCE, marks=pytest.mark.validation), NECROSIS])
def test_the_adc_of_the_solid_part_and_of_white_matter_is_the_true_one(variant: ResponseVariant) -> None:
    truth = session(variant).truth.adc_um2_per_s
    row = measured(variant).row(session(variant).lesion_id)
    assert row.value() == pytest.approx(truth["lesion"], rel=0.03)  # noise, and the spread within the lesion
    assert measured(variant).row("White matter", "reference").value() == pytest.approx(truth["white matter"], rel=0.01)


@pytest.mark.validation
def test_a_recurrence_diffuses_less_than_a_necrosis() -> None:
    recurrence, necrosis = (measured(each).row(session(each).lesion_id) for each in (RECURRENCE, NECROSIS))
    assert session(RECURRENCE).truth.has_restricted_core is None
    for statistic in ("mean", "p5", "p10"):
        assert (recurrence.value(statistic) or 0.0) < (necrosis.value(statistic) or 0.0)


def test_the_core_of_the_necrosis_is_restricted() -> None:
    found = measured(NECROSIS).restrictions["T1"]
    assert session(NECROSIS).truth.has_restricted_core
    assert found.state is Restriction.PRESENT


@pytest.mark.validation  # and in the workflow of the demo
def test_the_lesion_among_the_seeds_is_not_evaluable() -> None:
    row = measured(PSEUDOPROGRESSION).row("T1")
    assert row.value() is None
    assert row.valid_voxels < 0.25 * row.voxels


def test_the_map_is_that_of_the_images() -> None:
    scan = session(NECROSIS).diffusion
    first, second = (image.values for image in scan.images)
    seen = (first > 200) & (second > 60)
    expected = 1e6 * np.log(first[seen] / second[seen]) / 1000
    np.testing.assert_allclose(scan.adc.values[seen], np.maximum(expected, 0), rtol=1e-4)  # float32
    assert scan.b_values_s_per_mm2 == (0, 1000)


@pytest.mark.validation
def test_choline_is_high_in_the_recurrence_and_lipids_in_the_necrosis() -> None:
    recurrence, necrosis = (session(each).single_voxel for each in (RECURRENCE, NECROSIS))
    voxel = (0, 0, 0)
    assert recurrence.ratio(voxel, "Cho", "NAA") > 2.5
    assert necrosis.ratio(voxel, "Cho", "NAA") < 1.2
    assert necrosis.ratio(voxel, "Lip13", "Cr") > recurrence.ratio(voxel, "Lip13", "Cr")


@pytest.mark.validation
def test_one_course_has_a_grid_whose_voxels_hold_the_lesion_by_their_share() -> None:
    grid = session(WITH_GRID).grid
    assert grid is not None
    assert grid.spectra.kind is SpectraKind.MULTI_VOXEL
    choline = [found[Metabolite.CHO] / found[Metabolite.NAA] for found in grid.amplitudes.values()]
    assert min(choline) < 0.7
    assert max(choline) > 2
    assert session(NECROSIS).grid is None


@pytest.mark.validation
def test_the_same_number_gives_the_same_scan_and_another_one_another() -> None:
    again, other = evidence_session(NECROSIS), evidence_session(NECROSIS, random_seed=1)
    np.testing.assert_array_equal(again.diffusion.adc.values, session(NECROSIS).diffusion.adc.values)
    np.testing.assert_array_equal(again.single_voxel.spectra.fid, session(NECROSIS).single_voxel.spectra.fid)
    assert (other.diffusion.adc.values != again.diffusion.adc.values).any()
    assert (other.single_voxel.spectra.fid != again.single_voxel.spectra.fid).any()


def test_the_session_is_that_of_a_visit_of_the_course() -> None:
    for variant in ResponseVariant:
        if not why_no_session(variant):
            assert session_facts(variant)["day"] in [visit["day"] for visit in course_facts(variant)["visits"]]
            assert session_facts(variant)["lesion"] in course_facts(variant)["lesions"]
    assert (session(NECROSIS).scan_date - IMPLANT_DATE).days == session_facts(NECROSIS)["day"]


def test_the_neck_node_has_no_such_session_and_says_why() -> None:
    assert "markers of recurrence or necrosis are of brain lesions" in why_no_session(ResponseVariant.NECK_NODE)
    with pytest.raises(ResponseError, match="the question is not evaluable"):
        evidence_session(ResponseVariant.NECK_NODE)
    assert not why_no_session(RECURRENCE)
