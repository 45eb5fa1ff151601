"""Diffusion, spectroscopy and PET as markers: values with what belongs to them, and refusals with their reason."""

from __future__ import annotations

from dataclasses import replace

import pytest

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence import OwnCutoff, Quality
from brachyresponse.response.evidence.gathering import (
    central_restriction,
    findings_of_diffusion,
    findings_of_spectroscopy,
    pet_finding,
    pet_findings,
)
from evidence_records import LESION, diffusion, spectroscopy


def test_the_adc_of_the_solid_part_comes_with_its_ratio_and_percentiles() -> None:
    found = {finding.id: finding for finding in findings_of_diffusion(diffusion(adc=1250.0), LESION)}
    assert set(found) == {"adc_hgg_vandijken", "adc_glioma_li2016", "dwi_meta_2018"}
    finding = found["adc_hgg_vandijken"]
    assert (finding.value, finding.unit, finding.statistic) == (1250.0, "1e-6 mm2/s", "mean")
    assert finding.details["ratio_to_white_matter"] == "1.50 (1.40 to 1.60)"
    assert finding.details["percentiles"] == "p5 1050, p10 1100"


def test_an_own_cutoff_for_a_low_percentile_takes_that_percentile() -> None:
    own = OwnCutoff("adc_hgg_vandijken", 900.0, "p5", "Physics group")
    found = {one.id: one for one in findings_of_diffusion(diffusion(adc=1250.0), LESION, own_cutoffs=[own])}
    assert (found["adc_hgg_vandijken"].value, found["adc_hgg_vandijken"].statistic) == (1050.0, "p5")
    assert found["adc_glioma_li2016"].statistic == "mean"


def test_a_part_that_is_not_evaluable_is_a_finding_with_its_reason() -> None:
    finding = findings_of_diffusion(diffusion(reasons=("Only 12 voxels are valid.",)), LESION)[0]
    assert finding.value is None
    assert finding.quality is Quality.POOR
    assert finding.reason == "ADC is not evaluable: Only 12 voxels are valid."


def test_a_map_that_nobody_looked_at_for_distortion_is_limited() -> None:
    assert findings_of_diffusion(diffusion(), LESION)[0].quality is Quality.GOOD
    assert findings_of_diffusion(diffusion(is_undistorted=None), LESION)[0].quality is Quality.LIMITED


def test_central_restriction_is_described_and_no_finding() -> None:
    assert central_restriction(diffusion(), LESION) == "The core diffuses less than the rim."
    ids = [finding.id for finding in findings_of_diffusion(diffusion(), LESION)]
    assert "centrally_restricted_diffusion" not in ids
    assert central_restriction(diffusion(restrictions=()), LESION) == ""


def test_choline_ratios_are_markers_and_one_that_pools_ratios_takes_cho_naa() -> None:
    found = {finding.id: finding for finding in findings_of_spectroscopy(spectroscopy(cho_naa=2.4), LESION)}
    assert found["cho_naa_glioma_zhang"].value == found["mrs_hgg_vandijken"].value == 2.4
    assert found["mrs_hgg_vandijken"].details["quantity"] == "cho_naa"
    assert found["cho_cr_li2016"].value == 1.9
    assert found["lipid_lactate"].value == 0.6
    assert found["cho_cr_li2016"].details["normal_side"] == "0.80"


def test_a_metabolite_above_its_bound_is_a_finding_with_the_reason_and_what_the_ratio_exceeds() -> None:
    found = {finding.id: finding for finding in findings_of_spectroscopy(spectroscopy(cho_naa=None), LESION)}
    refused = found["cho_naa_glioma_zhang"]
    assert refused.value is None
    assert refused.quality is Quality.POOR
    assert refused.reason == "Cho/NAA is not evaluable: NAA has a bound of 34 %, above 20 %. It is at least 3.00."
    assert found["cho_cr_li2016"].value == 1.9


def test_a_voxel_that_holds_little_of_the_lesion_is_limited() -> None:
    assert findings_of_spectroscopy(spectroscopy(share=0.8), LESION)[0].quality is Quality.GOOD
    assert findings_of_spectroscopy(spectroscopy(share=0.6), LESION)[0].quality is Quality.LIMITED


def test_a_study_of_several_lesions_needs_the_right_name() -> None:
    record = spectroscopy()
    two = replace(record, lesions=(*record.lesions, replace(record.lesions[0], name="T2")))
    with pytest.raises(ResponseError, match=r"'PRESS 144' has no lesion 'T9', but 'T1', 'T2': correct the name"):
        findings_of_spectroscopy(two, "T9")
    part = diffusion().parts[0]
    twice = diffusion(parts=(part, replace(part, lesion="T2")))
    with pytest.raises(ResponseError, match=r"diffusion study of 2026-08-01 has no lesion 'T9', but 'T1', 'T2'"):
        findings_of_diffusion(twice, "T9")


@pytest.mark.parametrize(
    ("tracer", "measure", "expected"),
    [
        ("18F-FET", "TBRmax", "fet_tbrmax_romagna"),
        ("18F-FET", "TBRmean", "aa_pet_mets_2023"),
        ("11C-MET", "LNRmax", "met_lnr_yomo"),
        ("18F-FDOPA", "ratio to striatum", "aa_pet_mets_2023"),
        ("68Ga-DOTATOC", "SUVmax", "dotatoc"),
        ("201Tl", "index", "tl201_index_serizawa"),
    ],
)
def test_a_pet_value_belongs_to_the_marker_of_its_tracer(tracer: str, measure: str, expected: str) -> None:
    finding = pet_finding(tracer, measure, 2.4, "contralateral cortex")
    assert finding.id == expected
    assert finding.details["reference_region"] == "contralateral cortex"


def test_a_mean_is_never_given_to_a_marker_of_the_maximum() -> None:
    maximum = {finding.id for finding in pet_findings("18F-FET", "TBRmax", 2.4, "cortex")}
    mean = {finding.id for finding in pet_findings("18F-FET", "TBRmean", 2.4, "cortex")}
    assert maximum - mean == {"fet_tbrmax_romagna", "fet_tbrmax_ceccon"}


def test_pet_without_reference_region_and_unknown_tracers_are_refused() -> None:
    with pytest.raises(ResponseError, match=r"18F-FET TBRmax of 2.4 has no reference region"):
        pet_finding("18F-FET", "TBRmax", 2.4, "")
    with pytest.raises(ResponseError, match=r"no tracer '13N-NH3' in the table of cut-offs: choose one of 18F-FET"):
        pet_finding("13N-NH3", "ratio", 2.4, "cortex")
    with pytest.raises(ResponseError, match=r"measure 'ratio' of 201Tl may be several"):
        pet_finding("201Tl", "ratio", 2.4, "scalp")
