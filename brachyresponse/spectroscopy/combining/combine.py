"""From the decays of a file to one a voxel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.spectroscopy.combining.averages import align_averages
from brachyresponse.spectroscopy.combining.coils import apply_weights, weights_by_signal, weights_by_water
from brachyresponse.spectroscopy.combining.eddy_currents import correct_eddy_currents
from brachyresponse.spectroscopy.combining.water_signal import LARGEST_RATIO, water_ratio
from brachyresponse.spectroscopy.raw_spectra import RawSpectra
from brachyresponse.spectroscopy.spectra import Spectra
from brachyresponse.types import AnyArray, BoolArray

MOST_NAMED = 8
LARGEST = 1e30
"""No scanner gives larger numbers; squares of these are still numbers."""


def combine(
    raw: RawSpectra,
    water: RawSpectra | None = None,
    *,
    echo_time_ms: float | None = None,
    align: bool = True,
    leave_out_damaged: bool = False,
) -> Spectra:
    """Return one decay a voxel: coils combined, averages aligned and added, eddy currents taken away.

    Each step is done only where there is something to do, and is told in the notes; shift and phase of each average are
    kept.

    Parameters
    ----------
    water
        A reference without water suppression, of the same voxels: coils are then weighted by it, and its phase corrects
        eddy currents.
    echo_time_ms
        Where the file does not state it.
    align
        Whether averages are brought to one frequency and phase.
    leave_out_damaged
        Empty the voxels of a grid that hold points which are no numbers, instead of refusing them all.

    Raises
    ------
    SpectroscopyError
        The echo time is not known, the water is not suppressed, the reference is of other voxels or is suppressed, or
        points are no numbers.
    """
    fid, damaged = _without_damaged(raw, leave_out_damaged)
    notes = [*raw.notes, *damaged]
    reference = None if water is None else _reference(raw, water)
    fid, reference = _one_coil(fid, reference, notes)
    added = _added(fid, raw.dwell_time_s, align)
    fid, notes = added.fid, [*notes, *added.sentences]
    if reference is not None:
        fid = correct_eddy_currents(fid, reference)
        notes.append("Eddy currents were corrected by the phase of the water reference (Klose 1990).")
    spectra = Spectra(
        name=raw.name,
        fid=fid,
        grid=raw.grid,
        dwell_time_s=raw.dwell_time_s,
        transmitter_mhz=raw.transmitter_mhz,
        echo_time_ms=_echo_time(raw, echo_time_ms),
        repetition_time_ms=raw.repetition_time_ms,
        reference_ppm=raw.reference_ppm,
        is_water_suppressed=raw.is_water_suppressed,
        notes=tuple(notes),
        has_position=raw.has_position,
        patient_id=raw.patient_id,
        average_shift_hz=added.shift_hz,
        average_phase_deg=added.phase_deg,
    )
    _refuse_unsuppressed(spectra)
    return spectra


def _echo_time(raw: RawSpectra, given_ms: float | None) -> float:
    known = given_ms if raw.echo_time_ms is None else raw.echo_time_ms
    if known is None:
        raise SpectroscopyError(
            f"{raw.name!r} does not state its echo time (EchoTime): which lines are seen, and which way lactate "
            "points, depends on it; give it."
        )
    if given_ms is not None and raw.echo_time_ms is not None and abs(given_ms - raw.echo_time_ms) > 0.5:
        raise SpectroscopyError(
            f"{raw.name!r} was measured at an echo time of {raw.echo_time_ms:g} ms, {given_ms:g} ms were given: leave "
            "it out."
        )
    return known


def _without_damaged(raw: RawSpectra, leave_out: bool) -> tuple[AnyArray, list[str]]:
    """Decays of finite points; voxels that are damaged are refused, or emptied where that was asked for."""
    is_good: BoolArray = np.asarray((np.abs(raw.fid) < LARGEST).all(axis=(3, 4, 5)))  # NaN is not
    if is_good.all():
        return raw.fid, []
    named = f"{np.count_nonzero(~is_good)} of {is_good.size} voxels ({_voxels(~is_good)})"
    if not leave_out or not is_good.any():
        raise SpectroscopyError(
            f"{raw.name!r}: {named} hold points that are no numbers: export the spectra again"
            + (", or leave these voxels out." if is_good.any() else ".")
        )
    return np.where(is_good[..., None, None, None], raw.fid, 0), [
        f"{named} hold points that are no numbers and were left out."
    ]


def _voxels(mask: BoolArray) -> str:
    places = [f"{i} {j} {k}" for k, j, i in np.argwhere(mask)[:MOST_NAMED]]
    more = int(np.count_nonzero(mask)) - len(places)
    return "i j k = " + ", ".join(places) + (f" and {more} more" if more else "")


def _reference(raw: RawSpectra, water: RawSpectra) -> AnyArray:
    same = (water.grid == raw.grid, water.points == raw.points, water.coils == raw.coils)
    if not all(same) or abs(water.dwell_time_s / raw.dwell_time_s - 1) > 1e-3:
        raise SpectroscopyError(
            f"The water reference {water.name!r} does not fit {raw.name!r}: voxels, points, coils and dwell time of "
            "the two have to be the same."
        )
    if water.is_water_suppressed:
        raise SpectroscopyError(f"The water reference {water.name!r} is water-suppressed: give the one that is not.")
    if not (np.abs(water.fid) < LARGEST).all():
        raise SpectroscopyError(f"The water reference {water.name!r} holds points that are no numbers: leave it out.")
    return water.fid


def _one_coil(fid: AnyArray, reference: AnyArray | None, notes: list[str]) -> tuple[AnyArray, AnyArray | None]:
    """Decays and reference of all coils as one, (..., point, average) and (..., point)."""
    if fid.shape[4] == 1:
        return fid[..., 0, :], None if reference is None else reference[..., 0, :].mean(axis=-1)
    found = weights_by_signal(fid) if reference is None else weights_by_water(fid, reference)
    notes.append(found.sentence)
    one = apply_weights(fid, found.weights)
    return one, None if reference is None else apply_weights(reference, found.weights).mean(axis=-1)


@dataclass(frozen=True, eq=False)
class _Added:
    """Averages added, [k, j, i, point], and by what each differed."""

    fid: AnyArray
    shift_hz: tuple[float, ...] = ()
    phase_deg: tuple[float, ...] = ()
    sentences: tuple[str, ...] = ()


def _added(fid: AnyArray, dwell_time_s: float, align: bool) -> _Added:
    count = fid.shape[-1]
    if count == 1:
        return _Added(fid[..., 0])
    if not align:
        return _Added(fid.mean(axis=-1), sentences=(f"{count} averages were added as they are.",))
    aligned = align_averages(fid, dwell_time_s)
    shift_hz, phase_deg = tuple(aligned.shift_hz.tolist()), tuple(aligned.phase_deg.tolist())
    return _Added(aligned.fid.mean(axis=-1), shift_hz, phase_deg, (aligned.sentence,))


def _refuse_unsuppressed(spectra: Spectra) -> None:
    """Refuse spectra of water itself."""
    ratio = water_ratio(spectra)
    if spectra.is_water_suppressed is False or ratio > LARGEST_RATIO:
        raise SpectroscopyError(
            f"{spectra.name!r} is not water-suppressed (water is {ratio:.0f} times as high as all other lines): give "
            "the suppressed spectra here, and this as their water reference."
        )
