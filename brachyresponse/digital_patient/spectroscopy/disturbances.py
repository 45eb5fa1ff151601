"""What lies beside the metabolites in a measured spectrum: field, macromolecules, water, a rolling background."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.digital_patient.spectroscopy.tables import table
from brachyresponse.types import AnyArray, FloatArray

if TYPE_CHECKING:
    from brachyresponse.digital_patient.spectroscopy.simulation import SpectrumConditions

FILLED = 16
"""Times the points, for measuring a width."""


def field_shape(under: SpectrumConditions, random: np.random.Generator) -> AnyArray:
    """Return the decay (points,) that the field over the voxel makes: not symmetrical, nor of one known shape.

    Its scale is such that creatine's line with its own T2 has the line width that is asked for.
    """
    figures = table("disturbances")["field"]
    offsets = np.array(figures["offsets"]) * (1 + figures["spread"] * random.standard_normal(3))
    weights = np.array(figures["weights"]) * (1 + figures["spread"] * random.standard_normal(3))
    weights /= weights.sum()
    damped = np.exp(-under.time_s * 1000 / table("tissues")["t2_ms"]["Cr"])

    def shape(scale_hz: float) -> AnyArray:
        centred = offsets - weights @ offsets
        turns = np.exp(2j * np.pi * scale_hz * np.outer(under.time_s, centred))
        spread = (np.pi * figures["width"] * scale_hz * under.time_s) ** 2 / (4 * np.log(2))
        return np.asarray((turns @ weights) * np.exp(-spread))

    low, high = 0.0, 4 * under.line_width_hz
    for _ in range(16):
        middle = (low + high) / 2
        if _width_hz(shape(middle) * damped, under.dwell_time_s) < under.line_width_hz:
            low = middle
        else:
            high = middle
    return shape(low)


def _width_hz(decay: AnyArray, dwell_time_s: float) -> float:
    """Return the full width at half height of one line's real part."""
    points = FILLED * len(decay)
    height = np.fft.fft(decay, points).real
    return float(np.count_nonzero(height > height.max() / 2) / (points * dwell_time_s))


def macromolecules(under: SpectrumConditions, random: np.random.Generator) -> AnyArray:
    """Return the decay of the macromolecules, each line's area and width a little other than published."""
    figures = table("disturbances")["macromolecules"]
    size = under.macromolecules * figures["size"] * np.exp(-under.echo_time_ms / figures["t2_ms"])
    total = np.zeros(under.points, complex)
    for line in figures["lines"]:
        area = line["area"] * (1 + figures["spread_of_area"] * random.standard_normal())
        width_hz = line["width_hz"] * (1 + figures["spread_of_width"] * random.standard_normal())
        width_hz *= under.transmitter_mhz / figures["at_mhz"]
        total += area * _gaussian(line["ppm"], width_hz, under)
    return np.asarray(size * total)


def residual_water(under: SpectrumConditions, random: np.random.Generator) -> AnyArray:
    """Return the decay of water that the suppression left: three lines, each with a phase of its own; area 1 in all."""
    time_s = under.time_s
    total = np.zeros(under.points, complex)
    for line in table("disturbances")["water"]["lines"]:
        phase = random.normal(0, 0.8)
        rate = 2j * np.pi * under.hz(line["ppm"] + random.normal(0, 0.01)) - np.pi * line["width_hz"]
        total += line["share"] * np.exp(1j * phase + rate * time_s)
    return total


def rolling_baseline(under: SpectrumConditions, random: np.random.Generator) -> AnyArray:
    """Return a background of lines too broad to be a metabolite's, of either sign."""
    total = np.zeros(under.points, complex)
    for line in table("disturbances")["rolling"]["lines"]:
        total += random.standard_normal() * _gaussian(line["ppm"], line["width_hz"], under)
    return total


def _gaussian(ppm: float, width_hz: float, under: SpectrumConditions) -> AnyArray:
    time_s: FloatArray = under.time_s
    decay = (np.pi * width_hz * time_s) ** 2 / (4 * np.log(2))
    return np.asarray(np.exp(2j * np.pi * under.hz(ppm) * time_s - decay))
