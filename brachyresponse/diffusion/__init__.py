"""Diffusion MRI: the apparent diffusion coefficient."""

from brachyresponse.diffusion.adc import AdcFit, fit_adc

__all__ = ["AdcFit", "fit_adc"]
