"""A system of coupled protons through a spin echo: its lines, from the density matrix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from brachyresponse.types import AnyArray, FloatArray

FIRST_ECHO_MS = 15.0
"""Between excitation and the first echo of PRESS: as short as scanners make it, half of a short echo time."""
SMALLEST_LINE = 1e-6
"""A transition weaker than this share of the strongest is left out."""
SAME_LINE_HZ = 0.02
"""Lines nearer than this are one."""


@dataclass(frozen=True)
class SpinSystem:
    """Coupled spins 1/2 of a molecule.

    Parameters
    ----------
    shifts_ppm
        Of each spin; None for another nucleus (phosphorus), which is coupled but neither pulsed nor seen.
    couplings_hz
        (spin, spin, J) of the pairs that are coupled.
    protons
        Equivalent, uncoupled protons that this system stands for: 3 for a methyl singlet, else 1.
    """

    shifts_ppm: tuple[float | None, ...]
    couplings_hz: tuple[tuple[int, int, float], ...] = ()
    protons: float = 1.0


def echo_lines(
    system: SpinSystem, *, transmitter_mhz: float, reference_ppm: float, echo_time_ms: float
) -> tuple[FloatArray, AnyArray]:
    """Return frequencies (L,), Hz above the reference, and complex areas (L,) of the lines at the echo.

    PRESS with ideal pulses and no relaxation: two echoes, the first of ``FIRST_ECHO_MS``. For weak coupling one echo
    is the same; for strong coupling (myo-inositol, glutamate) their spacing counts, which files seldom tell. A singlet
    of n protons has the area n.

    Notes
    -----
    The density matrix in the product basis, as in Levitt, "Spin Dynamics" (2nd edition, 2008), chapter 14; the lines
    are its elements in the eigenbasis of the Hamiltonian.
    """
    count = len(system.shifts_ppm)
    protons = [n for n, shift in enumerate(system.shifts_ppm) if shift is not None]
    i_x, i_y, i_z = (np.stack([_of_spin(each, n, count) for n in range(count)]) for each in _HALF_SPIN)
    hamiltonian_hz = np.einsum("n,nij->ij", _offsets_hz(system, transmitter_mhz, reference_ppm), i_z)
    for first, second, j_hz in system.couplings_hz:
        both_protons = first in protons and second in protons
        hamiltonian_hz += j_hz * sum(i[first] @ i[second] for i in ((i_x, i_y, i_z) if both_protons else (i_z,)))
    energy_hz, states = np.linalg.eigh(hamiltonian_hz)
    total_x, total_y = i_x[protons].sum(axis=0), i_y[protons].sum(axis=0)
    turn = reduce(np.matmul, [-2j * i_x[n] for n in protons])
    seen, density, turn = (states.conj().T @ each @ states for each in (total_x + 1j * total_y, total_x, turn))
    first_ms = min(FIRST_ECHO_MS, echo_time_ms / 2)
    for each_ms in (first_ms, echo_time_ms - first_ms):
        half = np.exp(-2j * np.pi * energy_hz * each_ms / 2000)
        half_echo = np.outer(half, half.conj())
        density = half_echo * (turn @ (half_echo * density) @ turn.conj().T)
    areas = system.protons * density * seen.T / 2 ** (count - 2)
    return _merged((energy_hz[None, :] - energy_hz[:, None]).ravel(), areas.ravel())


_HALF_SPIN = (
    np.array([[0, 0.5], [0.5, 0]], complex),
    np.array([[0, -0.5j], [0.5j, 0]]),
    np.array([[0.5, 0], [0, -0.5]], complex),
)
"""The x, y and z component of one spin 1/2."""


def _of_spin(operator: AnyArray, spin: int, count: int) -> AnyArray:
    """Return the operator of one spin among ``count``."""
    return np.kron(np.kron(np.eye(2**spin), operator), np.eye(2 ** (count - spin - 1)))


def _offsets_hz(system: SpinSystem, transmitter_mhz: float, reference_ppm: float) -> FloatArray:
    """Return each spin's frequency; another nucleus stands still in its own frame."""
    return np.array(
        [0.0 if shift is None else (shift - reference_ppm) * transmitter_mhz for shift in system.shifts_ppm]
    )


def _merged(frequency_hz: FloatArray, area: AnyArray) -> tuple[FloatArray, AnyArray]:
    """Return the lines that can be seen, those of one frequency together."""
    seen = np.abs(area) > SMALLEST_LINE * np.abs(area).max()
    frequency_hz, area = frequency_hz[seen], area[seen]
    order = np.argsort(frequency_hz)
    frequency_hz, area = frequency_hz[order], area[order]
    line = np.concatenate([[0], np.cumsum(np.diff(frequency_hz) > SAME_LINE_HZ)]).astype(int)
    count = np.bincount(line)
    areas = np.bincount(line, area.real) + 1j * np.bincount(line, area.imag)
    return np.bincount(line, frequency_hz) / count, areas
