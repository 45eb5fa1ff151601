"""The page on the evidence says what the data files and the settings hold."""

from __future__ import annotations

import re

import pytest

from brachyresponse.diffusion import DiffusionSettings
from brachyresponse.response.evidence import FigureStatus
from brachyresponse.response.evidence.markers import available_markers, cutoffs_of, default_prior, priors
from brachyresponse.response.evidence.weighing import WeighingSettings
from brachyresponse.spectroscopy.fitting import FitSettings
from brachyresponse.spectroscopy.fitting.quality import limit
from brachyresponse.spectroscopy.study import SpectroscopySettings
from reference import PROJECT

PAGE = (PROJECT / "Docs" / "physics_evidence.md").read_text(encoding="utf-8")
NEVER = PAGE.split("## Never weighed")[1].split("\n## ")[0]


def test_the_page_lists_every_marker_that_is_never_weighed_with_its_reason_and_no_other() -> None:
    listed = dict(re.findall(r"\(`(\w+)`\) \| (.*) \|", NEVER))
    assert listed == {one.id: one.why_not for one in available_markers() if not one.is_weighable}


def test_the_page_counts_the_markers() -> None:
    known = available_markers()
    assert f"Of {len(known)} markers {sum(one.is_weighable for one in known)} may be weighed" in NEVER


def test_the_page_names_what_of_a_weighed_record_is_from_memory() -> None:
    doubtful = [one for one in available_markers() if one.is_weighable and one.from_memory]
    assert doubtful
    for one in doubtful:
        assert f"{one.title}, {one.citation.split(',')[0]} ({', '.join(one.from_memory)})" in NEVER
        assert one.figures is FigureStatus.VERIFIED


def test_the_page_gives_the_default_prior_and_the_number_of_settings() -> None:
    prior = default_prior()
    said = f"Default: {100 * prior.low:.0f} to {100 * prior.high:.0f} %, middle {100 * prior.mid:.0f} %"
    assert said in PAGE
    assert f"The list to choose from has {['nine', 'ten', 'eleven'][len(priors()) - 9]} settings" in PAGE


@pytest.mark.parametrize(
    ("quantity", "statistic"),
    [
        ("rcbv", "mean"),
        ("rcbv", "maximum"),
        ("rcbv_to_grey_matter", "maximum"),
        ("vp", "mean"),
        ("fet_tbr", "maximum"),
        ("fet_tbr", "mean"),
        ("met_ratio", "maximum"),
        ("tl_tumour_to_scalp", ""),
    ],
)
def test_the_page_gives_the_verified_cut_offs(quantity: str, statistic: str) -> None:
    table = PAGE.split("| quantity | statistic | published cut-offs |")[1].split("\n\n")[0]
    verified = [one.value for one in cutoffs_of(quantity, statistic) if one.status is FigureStatus.VERIFIED]
    assert verified
    for value in verified:
        assert (
            re.search(rf"(?<![\d.]){value:.2f}(?![\d])|(?<![\d.]){value:g}(?![\d])", table) or f"{value:.1f} " in table
        )


def test_the_page_gives_the_conventions_that_the_settings_hold() -> None:
    settings = WeighingSettings()
    assert f"every further one {settings.weight:g} **(own)**" in PAGE
    assert f"grey zone of {100 * settings.grey_zone:.0f} % on either side **(own)**" in PAGE
    assert f"held between {settings.least_ratio:g} and {settings.greatest_ratio:g} **(own)**" in PAGE
    assert f"{settings.draws:,}".replace(",", " ") in PAGE
    assert f"to the power {settings.weight_without_pre_treatment:g} without such a scan **(own)**" in PAGE


def test_the_page_gives_the_limits_of_spectra_and_voxels() -> None:
    assert f"a bound above {limit('crb_percent'):g} %" in PAGE
    assert f"above {limit('below_detection_percent'):g} % called" in PAGE
    lines, noise, residual = (limit(name) for name in ("line_width_ppm", "snr", "misfit"))
    assert (
        f"above {lines:g} ppm (unverified), a signal to noise below {noise:g} or a residual above {residual:g}" in PAGE
    )
    low, high = FitSettings().window_ppm
    assert f"{low:g} to {high:g} ppm" in PAGE
    voxel = SpectroscopySettings()
    share, ventricle = 100 * voxel.least_lesion_share, 100 * voxel.largest_ventricle_share
    assert f"{share:g} % of it lesion, {voxel.seed_margin_mm:g} mm from any seed, at most {ventricle:g} %" in PAGE
    assert voxel.largest_bone_share == 0


def test_the_page_gives_the_cold_spot_of_diffusion() -> None:
    assert f"the coldest {DiffusionSettings().cold_spot_cc:g} cc" in PAGE


@pytest.mark.parametrize(
    ("affected", "of_page"),
    [
        ("antiangiogenic_therapy", "perfusion, ADC, SPECT, anatomy"),
        ("high_dose_steroid", "perfusion, ADC, SPECT, anatomy"),
        ("over_quarter_excluded_adc", "DSC, ADC, spectroscopy"),
        ("reference_outside_irradiated", "perfusion"),
        ("baseline_scan", "anatomy"),
        ("ring_enhancing", "central restriction"),
    ],
)
def test_the_page_says_of_which_groups_a_condition_takes_the_weight(affected: str, of_page: str) -> None:
    words = {"DSC": "perfusion", "ADC": "diffusion", "SPECT": "spect", "anatomy": "morphology"}
    words |= {"central restriction": "diffusion"}
    told = {words.get(one, one) for one in of_page.split(", ")}
    assert f"\n| {of_page} | " in PAGE
    assert {str(one.group) for one in available_markers() if affected in one.conditions} <= told
