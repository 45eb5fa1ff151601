"""Coils, averages and eddy currents, on decays whose disturbance is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from brachyresponse.errors import SpectroscopyError
from brachyresponse.spectroscopy import RawSpectra, combine, fit_spectrum
from brachyresponse.spectroscopy.combining import align_averages, correct_eddy_currents
from brachyresponse.spectroscopy.combining.coils import apply_weights, weights_by_signal, weights_by_water, whitening
from brachyresponse.types import AnyArray
from spectra_files import DWELL_S, POINTS, TRANSMITTER_MHZ, brain, line, turned_voxels

COILS, AVERAGES = 6, 16
TIMES = np.arange(POINTS)[:, None] * DWELL_S


def raw(fid: AnyArray, **more: object) -> RawSpectra:
    """One voxel, or as many as there are."""
    grid = turned_voxels((fid.shape[2], fid.shape[1], fid.shape[0]), (20.0, 20.0, 20.0))
    values: dict[str, object] = {"echo_time_ms": 144.0, **more}
    return RawSpectra("svs", fid, grid, DWELL_S, TRANSMITTER_MHZ, **values)  # type: ignore[arg-type]


def one_voxel(decay: AnyArray) -> AnyArray:
    """(points,) as a voxel of one coil and one average."""
    return decay[None, None, None, :, None, None]


@dataclass(frozen=True)
class Array:
    """A voxel seen by coils of known sensitivity, with noise that they share."""

    sensitivity: AnyArray
    mixing: AnyArray

    def measure(self, decay: AnyArray, noise: float, seed: int) -> AnyArray:
        """(1, 1, 1, points, coil, 1)."""
        random = np.random.default_rng(seed)
        shaken = random.normal(size=(POINTS, COILS)) + 1j * random.normal(size=(POINTS, COILS))
        seen = decay[:, None] * self.sensitivity + noise * shaken @ self.mixing.T
        return seen[None, None, None, :, :, None]

    def best_snr(self, noise: float) -> float:
        """Of the weights that nobody can beat, with a signal of 1 (Roemer 1990)."""
        covariance = 2 * noise**2 * self.mixing @ self.mixing.conj().T
        return float(np.sqrt(np.real(self.sensitivity.conj() @ np.linalg.solve(covariance, self.sensitivity))))


@pytest.fixture(scope="module")
def coils() -> Array:
    random = np.random.default_rng(3)
    sensitivity = random.normal(size=COILS) + 1j * random.normal(size=COILS)
    return Array(sensitivity, np.eye(COILS) + 0.4 * random.normal(size=(COILS, COILS)))


class TestCoils:
    @pytest.mark.parametrize("has_water", [True, False])
    def test_the_signal_to_noise_comes_near_the_best_there_is(self, coils: Array, has_water: bool) -> None:
        noise = 0.5
        seen = coils.measure(brain(noise=0.0), noise, seed=1)
        water = coils.measure(line(4.65, 2000.0), noise, seed=2)
        found = weights_by_water(seen, water) if has_water else weights_by_signal(seen)
        weights = found.weights[0, 0, 0]
        signal = abs(weights @ coils.sensitivity)
        spread = np.sqrt(2) * noise * np.linalg.norm(weights @ coils.mixing)
        assert signal / spread > 0.93 * coils.best_snr(noise)  # the noise is known from a tenth of the points only
        assert "6 coils" in found.sentence

    def test_whitened_noise_is_even_and_unrelated(self, coils: Array) -> None:
        noise = coils.measure(np.zeros(POINTS), 1.0, seed=5)
        whitened = np.einsum("ab,pb->pa", whitening(noise), noise[0, 0, 0, :, :, 0])
        covariance = whitened.T @ whitened.conj() / POINTS
        np.testing.assert_allclose(covariance, np.eye(COILS), atol=0.45)  # from the 92 points of the band without lines

    def test_coils_without_noise_are_taken_as_they_are(self) -> None:
        np.testing.assert_array_equal(whitening(np.zeros((1, 1, 1, 64, 2, 1), complex)), np.eye(2))

    def test_a_dead_coil_does_no_harm(self, coils: Array) -> None:
        seen = coils.measure(brain(noise=0.0), 0.5, seed=1)
        with_dead = np.concatenate([seen, np.zeros((1, 1, 1, POINTS, 1, 1))], axis=4)
        alive, more = (combine(raw(each)).fid[0, 0, 0] for each in (seen, with_dead))
        np.testing.assert_allclose(np.abs(more), np.abs(alive), rtol=1e-6)

    def test_weights_are_applied_to_every_average(self) -> None:
        fid = np.arange(12.0).reshape(1, 1, 1, 2, 3, 2) + 0j
        weights = np.array([1.0, 0.0, 1j]).reshape(1, 1, 1, 3)
        combined = apply_weights(fid, weights)
        np.testing.assert_allclose(combined[0, 0, 0], fid[0, 0, 0, :, 0] + 1j * fid[0, 0, 0, :, 2])


class TestAverages:
    def test_a_drift_is_found_and_taken_away(self) -> None:
        random = np.random.default_rng(0)
        shift = np.linspace(0.0, 6.0, AVERAGES) + random.normal(0, 0.3, AVERAGES)
        phase = np.linspace(0.0, 0.8, AVERAGES)
        clean = brain(noise=0.0)
        noise = random.normal(size=(POINTS, AVERAGES)) + 1j * random.normal(size=(POINTS, AVERAGES))
        fid = clean[:, None] * np.exp(1j * (2 * np.pi * shift * TIMES + phase)) + noise
        found = align_averages(fid[None, None, None], DWELL_S)
        np.testing.assert_allclose(found.shift_hz - found.shift_hz.mean(), shift - shift.mean(), atol=0.15)  # noise
        np.testing.assert_allclose(found.phase_deg - found.phase_deg.mean(), np.rad2deg(phase - phase.mean()), atol=4)
        added, drifting = (np.abs(np.fft.fft(each.mean(axis=-1))).max() for each in (found.fid[0, 0, 0], fid))
        still = np.abs(np.fft.fft(clean)).max()
        assert added > 0.97 * still > 1.1 * drifting
        assert "16 averages" in found.sentence

    def test_all_voxels_of_a_grid_are_turned_alike(self) -> None:
        turn = np.exp(2j * np.pi * 3.0 * TIMES[:, 0])
        decays = np.array([brain(seed=1), 0.1 * brain(cho=9.0, seed=2)])
        fid = np.stack([decays, decays * turn], axis=-1)[None, None]
        found = align_averages(fid, DWELL_S)
        assert np.ptp(found.shift_hz) == pytest.approx(3.0, abs=0.1)
        np.testing.assert_allclose(found.fid[..., 1], found.fid[..., 0], atol=2.0)  # of 44: a shift within 0.1 Hz

    def test_averages_of_noise_are_left_as_they_are(self) -> None:
        random = np.random.default_rng(1)
        fid = random.normal(size=(1, 1, 1, POINTS, 4)) + 1j * random.normal(size=(1, 1, 1, POINTS, 4))
        found = align_averages(fid, DWELL_S)
        assert not found.shift_hz.any()
        assert "too little signal" in found.sentence


class TestEddyCurrents:
    def test_what_turns_water_is_taken_from_all_lines(self) -> None:
        turn = np.exp(1j * (0.9 + 4.0 * np.exp(-TIMES[:, 0] / 0.05)))
        still = brain(noise=0.0)
        corrected = correct_eddy_currents(still * turn, line(4.65, 5000.0) * turn)
        np.testing.assert_allclose(corrected[:400], still[:400], atol=0.01)  # later water itself is nearly gone

    def test_a_reference_of_other_points_is_refused(self) -> None:
        with pytest.raises(SpectroscopyError, match=r"shape \(256,\), the spectra \(512,\)"):
            correct_eddy_currents(brain(), brain()[:256])


class TestCombine:
    def test_each_step_is_told_and_the_drift_is_kept(self, coils: Array) -> None:
        seen = coils.measure(brain(noise=0.0), 0.3, seed=1)
        turned = seen * np.exp(2j * np.pi * 2.0 * TIMES)[..., None]
        water = raw(coils.measure(line(4.65, 3000.0), 0.3, seed=2), is_water_suppressed=False)
        spectra = combine(raw(np.concatenate([seen, turned], axis=-1)), water)
        told = " ".join(spectra.notes)
        assert all(word in told for word in ("6 coils", "water reference", "2 averages", "Klose 1990"))
        assert np.ptp(spectra.average_shift_hz) == pytest.approx(2.0, abs=0.2)
        assert len(spectra.average_phase_deg) == 2
        assert spectra.fid.shape == (1, 1, 1, POINTS)

    def test_from_coils_and_drifting_averages_to_the_ratio(self, coils: Array) -> None:
        """What a scanner gives: 16 averages of 6 coils, 8 Hz of drift, and 90 degrees of phase."""
        drift = np.linspace(0.0, 8.0, AVERAGES)
        seen = [
            coils.measure(
                brain(noise=0.0) * np.exp(1j * (2 * np.pi * hz * TIMES[:, 0] + hz / 5)), 6.0, seed=10 + number
            )
            for number, hz in enumerate(drift)
        ]
        spectra = combine(raw(np.concatenate(seen, axis=-1)))
        found = np.array(spectra.average_shift_hz)
        np.testing.assert_allclose(found - found.mean(), drift - drift.mean(), atol=0.5)  # at an SNR of 5 an average
        fit = fit_spectrum(
            spectra.fid[0, 0, 0], dwell_time_s=DWELL_S, transmitter_mhz=TRANSMITTER_MHZ, echo_time_ms=144.0
        )
        value, low, high = fit.ratio("Cho", "NAA")
        assert value == pytest.approx(0.6, rel=0.1)  # as is asked at an SNR of 20
        assert low < 0.6 < high

    def test_one_decay_goes_through_unchanged(self) -> None:
        spectra = combine(raw(one_voxel(brain())))
        np.testing.assert_array_equal(spectra.fid[0, 0, 0], brain())
        assert (spectra.notes, spectra.average_shift_hz) == ((), ())

    def test_averages_are_added_as_they_are_on_demand(self) -> None:
        two = np.stack([brain(seed=1), brain(seed=2)], axis=-1)[None, None, None, :, None]
        spectra = combine(raw(two), align=False)
        np.testing.assert_allclose(spectra.fid[0, 0, 0], (brain(seed=1) + brain(seed=2)) / 2)
        assert "added as they are" in " ".join(spectra.notes)

    def test_the_echo_time_has_to_be_known(self) -> None:
        unknown = raw(one_voxel(brain()), echo_time_ms=None)
        with pytest.raises(SpectroscopyError, match="does not state its echo time"):
            combine(unknown)
        assert combine(unknown, echo_time_ms=30.0).echo_time_ms == 30.0
        with pytest.raises(SpectroscopyError, match="echo time of 144 ms, 30 ms were given"):
            combine(raw(one_voxel(brain())), echo_time_ms=30.0)

    def test_voxels_with_points_that_are_no_numbers(self) -> None:
        fid = np.array([brain(seed=n) for n in range(4)]).reshape(1, 2, 2, POINTS, 1, 1)
        fid[0, 1, 0, 7] = np.nan
        with pytest.raises(SpectroscopyError, match=r"1 of 4 voxels \(i j k = 0 1 0\) hold .* leave these voxels out"):
            combine(raw(fid))
        spectra = combine(raw(fid), leave_out_damaged=True)
        assert not spectra.fid[0, 1, 0].any()
        np.testing.assert_array_equal(spectra.fid[0, 0, 0], fid[0, 0, 0, :, 0, 0])
        assert "were left out" in " ".join(spectra.notes)
        with pytest.raises(SpectroscopyError, match=r"1 of 1 voxels .* export the spectra again\.$"):
            combine(raw(fid[:, 1:, :1]), leave_out_damaged=True)

    @pytest.mark.parametrize("stated", [None, True])
    def test_water_that_is_not_suppressed_is_refused(self, stated: bool | None) -> None:
        water = brain() + line(4.65, 40000.0, 8.0)
        with pytest.raises(SpectroscopyError, match=r"not water-suppressed .* water reference"):
            combine(raw(one_voxel(water), is_water_suppressed=stated))

    def test_a_file_that_says_so_itself_is_refused(self) -> None:
        with pytest.raises(SpectroscopyError, match="not water-suppressed"):
            combine(raw(one_voxel(brain()), is_water_suppressed=False))

    def test_residual_water_is_no_reason_to_refuse(self) -> None:
        assert combine(raw(one_voxel(brain() + line(4.65, 500.0, 8.0)))).points == POINTS

    @pytest.mark.parametrize(
        ("water", "message"),
        [
            (raw(one_voxel(line(4.65, 5e3)[:256])), "does not fit"),
            (raw(one_voxel(line(4.65, 5e3)), is_water_suppressed=True), "is water-suppressed"),
            (raw(one_voxel(np.full(POINTS, np.nan + 0j))), "no numbers"),
        ],
    )
    def test_a_water_reference_that_is_none(self, water: RawSpectra, message: str) -> None:
        with pytest.raises(SpectroscopyError, match=message):
            combine(raw(one_voxel(brain())), water)
