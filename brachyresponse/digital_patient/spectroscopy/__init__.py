"""Simulated spectra with their truth: for the tests, the demonstration and the figures of accuracy."""

from brachyresponse.digital_patient.spectroscopy.simulation import (
    SimulatedSpectrum,
    SpectrumConditions,
    simulate_spectrum,
)
from brachyresponse.digital_patient.spectroscopy.tables import TissueKind, macromolecules_of, tissue_amplitudes

__all__ = [
    "SimulatedSpectrum",
    "SpectrumConditions",
    "TissueKind",
    "macromolecules_of",
    "simulate_spectrum",
    "tissue_amplitudes",
]
