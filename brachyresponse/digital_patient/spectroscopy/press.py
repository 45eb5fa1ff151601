"""Coupled spins through a PRESS sequence, state by state: another computation than that of the fit's basis."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from brachyresponse.spectroscopy.basis import SpinSystem
from brachyresponse.types import AnyArray, FloatArray

FIRST_ECHO_MS = 12.0
"""The first of the two echoes is short, as scanners make it; the second is the rest."""


def press_signal(
    system: SpinSystem, time_s: FloatArray, *, transmitter_mhz: float, reference_ppm: float, echo_time_ms: float
) -> AnyArray:
    """Return the decay (points,) of a spin system, ideal pulses; a proton has the area 1."""
    turns_hz, areas = _coherences(system, transmitter_mhz, reference_ppm, echo_time_ms)
    return np.asarray(np.exp(2j * np.pi * np.outer(time_s, turns_hz)) @ areas)


@lru_cache(maxsize=32)
def _coherences(
    system: SpinSystem, transmitter_mhz: float, reference_ppm: float, echo_time_ms: float
) -> tuple[FloatArray, AnyArray]:
    """Return frequency and area of what the coil sees at the echo: the state carried through two refocusing pulses."""
    count = len(system.shifts_ppm)
    operators = [[_single(axis, n, count) for n in range(count)] for axis in range(3)]
    protons = [n for n in range(count) if system.shifts_ppm[n] is not None]
    hamiltonian = _hamiltonian(system, operators, transmitter_mhz, reference_ppm)
    energy, states = np.linalg.eigh(hamiltonian)

    def wait(seconds: float) -> AnyArray:
        return np.asarray((states * np.exp(-1j * energy * seconds)) @ states.conj().T)

    flip = np.eye(2**count, dtype=complex)
    for n in protons:
        flip = flip @ (-2j * operators[1][n])
    first_s = min(FIRST_ECHO_MS, echo_time_ms / 2) / 1000
    second_s = echo_time_ms / 1000 - first_s
    carried = wait(second_s / 2) @ flip @ wait((first_s + second_s) / 2) @ flip @ wait(first_s / 2)
    density = carried @ sum(operators[0][n] for n in protons) @ carried.conj().T
    coil = sum(operators[0][n] + 1j * operators[1][n] for n in protons)
    between = states.conj().T @ density @ states * (states.conj().T @ coil @ states).T
    rows, columns = np.nonzero(np.abs(between) > 1e-7 * np.abs(between).max())
    turns_hz = np.round((energy[columns] - energy[rows]) / (2 * np.pi), 2)
    found, place = np.unique(turns_hz, return_inverse=True)
    areas = np.zeros(len(found), complex)
    np.add.at(areas, place, between[rows, columns])
    return found, system.protons * areas / 2 ** (count - 2)


def _hamiltonian(
    system: SpinSystem, operators: list[list[AnyArray]], transmitter_mhz: float, reference_ppm: float
) -> AnyArray:
    """Return chemical shifts and couplings, rad/s."""
    total = np.zeros_like(operators[0][0])
    for n, shift in enumerate(system.shifts_ppm):
        if shift is not None:
            total = total + 2 * np.pi * transmitter_mhz * (shift - reference_ppm) * operators[2][n]
    for a, b, j_hz in system.couplings_hz:
        of_one_kind = system.shifts_ppm[a] is not None and system.shifts_ppm[b] is not None
        axes = (0, 1, 2) if of_one_kind else (2,)
        total = total + 2 * np.pi * j_hz * sum(operators[axis][a] @ operators[axis][b] for axis in axes)
    return total


def _single(axis: int, spin: int, count: int) -> AnyArray:
    """Return one spin's x, y or z operator in the product space."""
    pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]], complex)[axis] / 2
    factors = [pauli if n == spin else np.eye(2) for n in range(count)]
    product = factors[0]
    for factor in factors[1:]:
        product = np.kron(product, factor)
    return product
