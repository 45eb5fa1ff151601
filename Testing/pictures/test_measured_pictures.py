"""Pictures of measured spectra and diffusion: what the study holds is what is drawn."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

import pictured_evidence
from brachyresponse.diffusion import DiffusionRecord, DiffusionRequest, measure_diffusion, record_of
from brachyresponse.digital_patient.spectroscopy import TissueKind, simulate_spectrum, tissue_amplitudes
from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Grid, Volume
from brachyresponse.pictures.diffusion_record_picture import diffusion_chart, histogram_parts
from brachyresponse.pictures.spectrum_fit_picture import pictured_fit
from brachyresponse.pictures.spectrum_study_pictures import pictured_ratios, pictured_voxel, spectroscopy_pictures
from brachyresponse.spectroscopy import RatioName, Spectra
from brachyresponse.spectroscopy.fitting import FitQuality
from brachyresponse.spectroscopy.study import (
    RatioEntry,
    SpectroscopyRequest,
    SpectroscopyStudy,
    measure_spectroscopy,
    ratio_map,
)

SVG = "{http://www.w3.org/2000/svg}"
ECHO_MS = 144.0


@pytest.fixture(scope="module")
def single() -> SpectroscopyStudy:
    """A voxel of tumour, fitted."""
    pictured = pictured_evidence.voxel()
    tumour = tissue_amplitudes(TissueKind.TUMOUR, ECHO_MS)
    made = simulate_spectrum(tumour, snr=25.0, echo_time_ms=ECHO_MS, points=512)
    under = made.conditions
    fid = made.fid[None, None, None]
    spectra = Spectra("press_144", fid, pictured.grid, under.dwell_time_s, under.transmitter_mhz, ECHO_MS)
    return measure_spectroscopy(SpectroscopyRequest(spectra, tuple(pictured.lesions.values())))


@pytest.fixture(scope="module")
def grid_study(single: SpectroscopyStudy) -> SpectroscopyStudy:
    """Three voxels side by side with the values of the one that was fitted; the middle one's ratios are not used."""
    grid = Grid((1, 1, 3), pictured_evidence.ratios().ratios.grid.ijk_to_ras)
    row = single.rows[0]
    refused = tuple(RatioEntry(name, None, None, None, ("The spectrum cannot be used.",)) for name in RatioName)
    rows = (replace(row, i=0), replace(row, i=1, ratios=refused), replace(row, i=2))
    spectra = single.request.spectra
    assert isinstance(spectra, Spectra)
    fid = np.repeat(spectra.fid, 3, axis=2)
    lesion = pictured_evidence.ball((-20.0, -30.0, -5.0), 9.0)
    request = SpectroscopyRequest(replace(spectra, fid=fid, grid=grid), (lesion,))
    maps = {name: ratio_map(rows, grid, name) for name in RatioName}
    return SpectroscopyStudy(request, replace(single.record, voxels=rows), maps)


def texts(picture: str) -> str:
    return " ".join(text for node in ET.fromstring(picture).iter(f"{SVG}text") for text in node.itertext())


def test_a_single_voxel_gives_its_fit_and_three_views(single: SpectroscopyStudy) -> None:
    pictures = spectroscopy_pictures(single, pictured_evidence.anatomy())
    assert len(pictures) == 4
    assert "Signal to noise" in texts(pictures[0][0])
    assert "of it is Lesion" in pictures[1][1]
    assert len(spectroscopy_pictures(single)) == 1


def test_the_fit_is_drawn_with_bounds_and_refusals(single: SpectroscopyStudy) -> None:
    fit = single.fit
    assert fit is not None
    drawn = pictured_fit(fit, name="T1")
    np.testing.assert_allclose(drawn.measured - drawn.fitted, drawn.residual, atol=1e-12)
    assert set(drawn.components) == {str(name) for name in fit.crb_percent}
    assert set(drawn.refused) == {str(name) for name in fit.refused}
    assert drawn.warning == ""
    assert drawn.notes["Cho"] == f"bound {fit.crb_percent['Cho']:.0f} %"  # type: ignore[index]


def test_a_spectrum_that_is_not_used_says_so_under_its_title(single: SpectroscopyStudy) -> None:
    assert single.fit is not None
    bad = replace(single.fit, quality=FitQuality(False, ("The tallest line is 3.8 times the noise, below 5.",)))
    picture, _ = spectroscopy_pictures(replace(single, fit=bad))[0]
    assert "Not used: The tallest line is 3.8 times the noise, below 5." in texts(picture)


def test_a_grid_gives_a_map_a_ratio_with_its_scale_and_crosses_what_was_refused(grid_study: SpectroscopyStudy) -> None:
    pictures = spectroscopy_pictures(grid_study, pictured_evidence.anatomy())
    assert len(pictures) == len(RatioName)
    assert all(picture.count("<svg") == 2 for picture, _ in pictures)
    pictured = pictured_ratios(grid_study, RatioName.CHO_NAA, pictured_evidence.anatomy())
    assert pictured.refused is not None
    assert pictured.refused.tolist() == [[[False, True, False]]]
    assert pictured.window == (0.0, 3.0)


def test_voxels_without_a_position_cannot_be_drawn(single: SpectroscopyStudy) -> None:
    request = replace(single.request, spectra=replace(single.request.spectra, has_position=False), lesions=())
    with pytest.raises(SpectroscopyError, match="not known where the voxels of 'press_144' lie"):
        pictured_voxel(replace(single, request=request), pictured_evidence.anatomy())


@pytest.fixture(scope="module")
def diffusion() -> DiffusionRecord:
    lesion = pictured_evidence.ball((20.0, 0.0, 0.0), 12.0)
    core = pictured_evidence.ball((20.0, 0.0, 0.0), 6.0)
    white = pictured_evidence.ball((-20.0, 0.0, 0.0), 8.0)
    noise = np.random.default_rng(5).normal(0, 30, lesion.grid.shape_kji)
    adc = 750 + 350 * lesion.occupancy + 500 * core.occupancy + noise
    request = DiffusionRequest(
        adc=Volume("ADC", adc, lesion.grid, "um2/s"),
        lesions={"Lesion": lesion},
        cores={"Lesion": core},
        white_matter=white,
        is_registered=True,
        is_undistorted=True,
    )
    return record_of(measure_diffusion(request))


def test_the_histogram_has_a_part_a_row_and_shares_that_add_up(diffusion: DiffusionRecord) -> None:
    parts = histogram_parts(diffusion, "Lesion")
    assert [part.is_reference for part in parts] == [False, False, True]
    for part in parts:
        assert part.share.sum() == pytest.approx(1.0)
        assert list(part.percentiles) == [5, 10, 50, 90]
    medians = [part.percentiles[50] for part in parts]
    assert medians == pytest.approx([1100, 1600, 750], abs=30)  # as painted, with partial voxels left out
    assert histogram_parts(diffusion, "Another")[0].is_reference


def test_the_chart_names_the_parts(diffusion: DiffusionRecord) -> None:
    said = texts(diffusion_chart(diffusion, "Lesion"))
    for part in diffusion.parts:
        assert part.label in said
    spoiled = replace(diffusion, parts=tuple(replace(part, reasons=("Too small.",)) for part in diffusion.parts))
    assert "(not evaluable)" in texts(diffusion_chart(spoiled, "Lesion"))
