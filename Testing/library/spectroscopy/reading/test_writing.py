"""Spectra written as NIfTI-MRS, and read again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from brachyresponse.errors import InputFileError
from brachyresponse.geometry import Grid
from brachyresponse.spectroscopy import RawSpectra, Spectra, read_nifti_mrs, read_spectra, write_nifti_mrs
from brachyresponse.spectroscopy.reading.nifti_mrs import parse_nifti_mrs
from brachyresponse.spectroscopy.reading.writing import nifti_mrs_bytes
from spectra_files import DWELL_S, TRANSMITTER_MHZ, brain, turned_voxels

SMALL = st.floats(-3.0, 3.0)


def test_a_grid_comes_back_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    grid = turned_voxels((3, 2, 1), (10.0, 12.0, 15.0))
    fid = np.array([brain(seed=n) for n in range(6)]).reshape(1, 2, 3, -1)
    spectra = Spectra("csi", fid, grid, DWELL_S, TRANSMITTER_MHZ, 30.0, 1500.0, patient_id="P1")
    again = read_spectra(write_nifti_mrs(spectra, tmp_path / "csi.nii.gz"))
    np.testing.assert_allclose(again.fid, fid, atol=1e-5)  # single precision of numbers of about 50
    assert again.grid == grid
    assert (again.echo_time_ms, again.repetition_time_ms, again.dwell_time_s) == (30.0, 1500.0, DWELL_S)
    assert (again.transmitter_mhz, again.patient_id, again.is_water_suppressed) == (TRANSMITTER_MHZ, "P1", None)


def test_coils_and_averages_come_back_apart(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    fid = random.normal(size=(1, 1, 1, 64, 3, 2)) + 1j * random.normal(size=(1, 1, 1, 64, 3, 2))
    raw = RawSpectra("raw", fid, turned_voxels((1, 1, 1), (20.0, 20.0, 20.0)), DWELL_S, TRANSMITTER_MHZ, None)
    again = read_nifti_mrs(write_nifti_mrs(raw, tmp_path / "raw.nii"))
    np.testing.assert_allclose(again.fid, fid, rtol=1e-6, atol=1e-6)
    assert again.echo_time_ms is None


@settings(max_examples=40)
@given(st.tuples(SMALL, SMALL, SMALL), st.tuples(SMALL, SMALL, SMALL), st.booleans())
def test_every_orientation_comes_back(turn: tuple[float, ...], shift: tuple[float, ...], flip: bool) -> None:
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_rotvec(turn).as_matrix() * [10.0, 11.0, -12.0 if flip else 12.0]
    matrix[:3, 3] = 50 * np.array(shift)
    spectra = Spectra("svs", np.ones((1, 1, 1, 16), complex), Grid((1, 1, 1), matrix), DWELL_S, TRANSMITTER_MHZ, 30.0)
    again = parse_nifti_mrs(nifti_mrs_bytes(spectra), "svs.nii")
    np.testing.assert_allclose(again.grid.ijk_to_ras, matrix, atol=1e-5)  # far below a voxel's size


def test_voxels_without_a_place_stay_without(tmp_path: Path) -> None:
    grid = turned_voxels((1, 1, 1), (20.0, 20.0, 20.0))
    spectra = Spectra("svs", brain()[None, None, None], grid, DWELL_S, TRANSMITTER_MHZ, 30.0, has_position=False)
    assert not read_spectra(write_nifti_mrs(spectra, tmp_path / "svs.nii")).has_position


def test_another_ending_is_refused(tmp_path: Path) -> None:
    spectra = Spectra(
        "a", np.ones((1, 1, 1, 16), complex), turned_voxels((1, 1, 1), (9.0, 9.0, 9.0)), DWELL_S, 123.0, 30.0
    )
    with pytest.raises(InputFileError, match=r"a\.mrs is no name of a NIfTI file"):
        write_nifti_mrs(spectra, tmp_path / "a.mrs")
    with pytest.raises(InputFileError, match=r"a\.nii cannot be written"):
        write_nifti_mrs(spectra, tmp_path / "nowhere" / "a.nii")
