"""One decay made ready: water removal, phase, frequency, apodisation."""

from brachyresponse.spectroscopy.preparation.decay import (
    apodise,
    noise_of,
    ppm_axis,
    shift_frequency,
    spectrum_of,
    turn_phase,
)
from brachyresponse.spectroscopy.preparation.water import remove_water

__all__ = ["apodise", "noise_of", "ppm_axis", "remove_water", "shift_frequency", "spectrum_of", "turn_phase"]
