"""NIfTI-MRS files: what is read of them, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from brachyresponse.errors import BrachyResponseError, InputFileError, SpectroscopyError
from brachyresponse.spectroscopy import combine, read_nifti_mrs, read_spectra
from brachyresponse.spectroscopy.reading.nifti_mrs import parse_nifti_mrs
from spectra_files import DWELL_S, POINTS, TAGS, TRANSMITTER_MHZ, NiftiMrs, brain, line, stored

SINGLE = 1e-6
"""Relative: files hold single precision."""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[NiftiMrs], Path]:
    return lambda file: file.write(tmp_path / "svs.nii.gz")


def with_tags(**tags: Any) -> NiftiMrs:
    given = {**TAGS, **tags}
    return NiftiMrs(stored(brain()), {key: value for key, value in given.items() if value is not ...})


class TestDecays:
    def test_a_line_above_the_reference_has_a_positive_frequency(self, write: Callable[[NiftiMrs], Path]) -> None:
        raw = read_nifti_mrs(write(NiftiMrs(stored(line(6.65, 1.0)))))
        spectrum = np.abs(np.fft.fft(raw.fid[0, 0, 0, :, 0, 0]))
        top_hz = np.fft.fftfreq(POINTS, DWELL_S)[np.argmax(spectrum)]
        assert top_hz == pytest.approx(2 * TRANSMITTER_MHZ, abs=1 / (POINTS * DWELL_S))  # a point of the spectrum

    @pytest.mark.parametrize("version", [1, 2])
    @pytest.mark.parametrize("order", ["<", ">"])
    @pytest.mark.parametrize("double", [False, True])
    def test_versions_byte_orders_and_precisions_hold_the_same(
        self, write: Callable[[NiftiMrs], Path], version: int, order: str, double: bool
    ) -> None:
        raw = read_nifti_mrs(write(NiftiMrs(stored(brain()), version=version, order=order, double=double)))
        np.testing.assert_allclose(raw.fid[0, 0, 0, :, 0, 0], brain(), rtol=SINGLE, atol=1e-5)
        assert (raw.dwell_time_s, raw.echo_time_ms, raw.repetition_time_ms) == (pytest.approx(DWELL_S), 144.0, 1500.0)
        assert raw.is_water_suppressed

    def test_a_file_that_is_not_packed_is_read_as_well(self, tmp_path: Path) -> None:
        raw = read_nifti_mrs(NiftiMrs(stored(brain())).write(tmp_path / "svs.nii"))
        assert (raw.name, raw.fid.shape) == ("svs", (1, 1, 1, POINTS, 1, 1))

    def test_space_runs_as_in_the_file(self, write: Callable[[NiftiMrs], Path]) -> None:
        values = np.zeros((3, 2, 1, 16), complex)
        values[2, 1, 0] = 1 + 1j
        raw = read_nifti_mrs(write(NiftiMrs(values)))
        assert raw.grid.shape_kji == (1, 2, 3)
        assert (raw.fid[0, 1, 2, :, 0, 0] == 1 - 1j).all()
        assert np.count_nonzero(raw.fid[..., 0, 0, 0]) == 1

    @pytest.mark.parametrize(
        ("names", "shape"),
        [
            ({}, (4, 3)),
            ({"dim_5": "DIM_DYN", "dim_6": "DIM_COIL"}, (3, 4)),
            ({"dim_5": "DIM_COIL", "dim_6": "DIM_DYN", "dim_7": "DIM_MEAS"}, (4, 3, 2)),
        ],
    )
    def test_coils_and_averages_are_told_apart_by_their_names(
        self, write: Callable[[NiftiMrs], Path], names: dict[str, str], shape: tuple[int, ...]
    ) -> None:
        random = np.random.default_rng(0)
        values = random.normal(size=(1, 1, 1, 16, *shape)) + 0j
        raw = read_nifti_mrs(write(NiftiMrs(values, {**TAGS, **names})))
        assert (raw.coils, raw.averages) == (4, int(np.prod(shape)) // 4)
        order = values[0, 0, 0] if names.get("dim_5") != "DIM_DYN" else values[0, 0, 0].swapaxes(1, 2)
        np.testing.assert_allclose(np.sort(raw.fid[0, 0, 0, 5, 2].real), np.sort(order[5, 2].real.ravel()), rtol=SINGLE)

    @pytest.mark.parametrize(("units", "factor"), [(2 | 8, 1.0), (2 | 16, 1e3), (2 | 24, 1e6)])
    def test_the_dwell_time_is_in_the_files_unit(
        self, write: Callable[[NiftiMrs], Path], units: int, factor: float
    ) -> None:
        raw = read_nifti_mrs(write(NiftiMrs(stored(brain()), dwell=DWELL_S * factor, units=units)))
        assert raw.dwell_time_s == pytest.approx(DWELL_S, rel=SINGLE)

    def test_units_that_are_not_stated_are_told(self, write: Callable[[NiftiMrs], Path]) -> None:
        raw = read_nifti_mrs(write(NiftiMrs(stored(brain()), units=0)))
        assert raw.dwell_time_s == pytest.approx(DWELL_S)
        assert "seconds were taken" in " ".join(raw.notes)
        assert "mm were taken" in " ".join(raw.notes)

    def test_a_spectral_width_that_contradicts_the_dwell_time_is_told(self, write: Callable[[NiftiMrs], Path]) -> None:
        assert "4000 Hz" in " ".join(read_nifti_mrs(write(with_tags(SpectralWidth=4000))).notes)
        assert "Hz" not in " ".join(read_nifti_mrs(write(with_tags(SpectralWidth=2000))).notes)


class TestPlace:
    def test_a_quaternion_turns_and_a_negative_sign_flips_the_third_axis(
        self, write: Callable[[NiftiMrs], Path]
    ) -> None:
        half = np.sqrt(0.5)  # 90 degrees about z: i points to A, j to L
        file = NiftiMrs(stored(brain()), pixdim=(-1.0, 10.0, 20.0, 30.0), quatern=(0, 0, half), offset=(1.0, 2.0, 3.0))
        matrix = read_nifti_mrs(write(file)).grid.ijk_to_ras
        expected = [[0, -20, 0, 1], [10, 0, 0, 2], [0, 0, -30, 3], [0, 0, 0, 1]]
        np.testing.assert_allclose(matrix, expected, atol=1e-5)  # a half-turn's root in single precision

    def test_metres_become_millimetres(self, write: Callable[[NiftiMrs], Path]) -> None:
        file = NiftiMrs(stored(brain()), pixdim=(1.0, 0.02, 0.02, 0.02), offset=(0.1, 0.0, 0.0), units=1 | 8)
        grid = read_nifti_mrs(write(file)).grid
        np.testing.assert_allclose(grid.spacing_ijk_mm, 20.0)
        np.testing.assert_allclose(grid.ijk_to_ras[:3, 3], [100.0, 0.0, 0.0])

    def test_the_sform_counts_only_where_there_is_no_qform(self, write: Callable[[NiftiMrs], Path]) -> None:
        srow = np.array([[15.0, 0, 0, 7], [0, 15, 0, 8], [0, 0, 15, 9]])
        file = NiftiMrs(stored(brain()), srow=srow)
        np.testing.assert_allclose(read_nifti_mrs(write(file)).grid.spacing_ijk_mm, 20.0)
        raw = read_nifti_mrs(write(replace(file, qform_code=0)))
        np.testing.assert_allclose(raw.grid.ijk_to_ras[:3, 3], [7.0, 8.0, 9.0])
        assert "sform" in " ".join(raw.notes)

    @pytest.mark.parametrize("change", [{"qform_code": 0}, {"pixdim": (1.0, 20.0, 20.0, 10000.0)}])
    def test_voxels_that_were_not_localised_have_no_place(
        self, write: Callable[[NiftiMrs], Path], change: dict[str, Any]
    ) -> None:
        spectra = read_spectra(write(replace(NiftiMrs(stored(brain())), **change)))
        assert not spectra.has_position
        assert "where the voxels lie" in " ".join(spectra.notes)


class TestRefused:
    @pytest.mark.parametrize(
        ("file", "message"),
        [
            (with_tags(SpectrometerFrequency=...), "transmitter frequency as nothing"),
            (with_tags(SpectrometerFrequency=[123.25e6]), r"1\.2325e\+08 MHz, expected 10 to 1000 MHz; Hz may"),
            (with_tags(ResonantNucleus=["31P"]), "nucleus 31P, expected 1H"),
            (with_tags(ResonantNucleus=...), "of which nucleus"),
            (with_tags(EchoTime=144), "144 s, expected .* milliseconds may have been written"),
            (with_tags(EchoTime="short"), "'short', expected a number in seconds"),
            (
                with_tags(MagneticFieldStrength=1.5),
                r"a field of 1.5 T \(MagneticFieldStrength\), .* one is wrong",
            ),
            (with_tags(kSpace=[True, True, False]), "k-space"),
            (with_tags(WaterSuppressed="yes"), "expected true or false"),
            (replace(NiftiMrs(stored(brain())), dwell=0.0), r"dwell time 0 \(pixdim\[4\]\), expected above 0"),
            (replace(NiftiMrs(stored(brain())), dwell=0.5), "0.5 s, expected .* another unit of time"),
        ],
    )
    def test_numbers_that_are_missing_or_mistaken(
        self, write: Callable[[NiftiMrs], Path], file: NiftiMrs, message: str
    ) -> None:
        with pytest.raises(SpectroscopyError, match=message):
            read_nifti_mrs(write(file))

    def test_a_magnet_called_3_t_may_have_a_little_less(self, write: Callable[[NiftiMrs], Path]) -> None:
        assert read_nifti_mrs(write(with_tags(MagneticFieldStrength=3))).transmitter_mhz == TRANSMITTER_MHZ

    @pytest.mark.parametrize(
        ("name", "message"), [("DIM_EDIT", "edited"), ("DIM_INDIRECT_0", "second"), ("DIM_USER_0", "own")]
    )
    def test_dimensions_that_are_neither_coils_nor_averages(
        self, write: Callable[[NiftiMrs], Path], name: str, message: str
    ) -> None:
        values = np.repeat(stored(brain())[..., None], 2, axis=-1)
        with pytest.raises(SpectroscopyError, match=f"dimension 5 is {name} with 2 entries .*{message}"):
            read_nifti_mrs(write(NiftiMrs(values, {**TAGS, "dim_5": name})))

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"ecode": 6}, "no header extension of NIfTI-MRS"),
            ({"datatype": 16}, "numbers of NIfTI type 16, expected complex"),
            ({"values": np.ones((1, 1, 1), complex)}, "expected three of space and one of time"),
        ],
    )
    def test_files_of_another_kind(
        self, write: Callable[[NiftiMrs], Path], change: dict[str, Any], message: str
    ) -> None:
        with pytest.raises(InputFileError, match=message):
            read_nifti_mrs(write(replace(NiftiMrs(stored(brain())), **change)))

    @pytest.mark.parametrize("version", [1, 2])
    def test_a_damaged_header_gives_spectra_or_a_sentence_and_nothing_else(self, version: int) -> None:
        random = np.random.default_rng(version)
        whole = NiftiMrs(stored(brain()[:32]), version=version).content()
        refused = 0
        for _ in range(300):
            damaged = bytearray(whole)
            for place in random.integers(0, 600, 3):
                damaged[place] = random.choice([0, 127, 128, 255])
            try:
                combine(parse_nifti_mrs(bytes(damaged), "svs.nii"))
            except BrachyResponseError:
                refused += 1
        assert 30 < refused < 300

    def test_files_that_are_damaged_or_missing(self, tmp_path: Path) -> None:
        whole = NiftiMrs(stored(brain())).content()
        cases = {
            "short.nii": (whole[:-100], "cut short"),
            "text.nii": (b"metabolite,amplitude\n" * 40, "no NIfTI file"),
            "packed.nii.gz": (b"\x1f\x8b" + whole[:50], "damaged"),
            "pair.nii": (whole.replace(b"n+2\0", b"ni2\0"), "in another file"),
            "tags.nii": (whole.replace(b'{"Sp', b'("Sp'), "is no JSON"),
        }
        for name, (content, message) in cases.items():
            (tmp_path / name).write_bytes(content)
            with pytest.raises(InputFileError, match=message):
                read_nifti_mrs(tmp_path / name)
        with pytest.raises(InputFileError, match=r"gone\.nii cannot be read: No such file"):
            read_nifti_mrs(tmp_path / "gone.nii")
