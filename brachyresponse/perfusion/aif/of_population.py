"""The curve of a population with the report that a measured one has."""

from __future__ import annotations

import numpy as np

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.aif.aif import NO_VOXELS, Aif, AifMethod, AifShape, AifVerdict
from brachyresponse.perfusion.aif.curve_shapes import curve_shapes
from brachyresponse.perfusion.aif.population import population_blood, population_facts
from brachyresponse.perfusion.dsc.bolus import end_of_first_pass
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.types import FloatArray


def population_aif(
    model: str,
    time_s: FloatArray,
    *,
    arrival_s: float = 0.0,
    dose_mmol_per_kg: float | None = None,
) -> Aif:
    """Return a population's curve in whole blood, mmol/L, as an :class:`Aif`; see :func:`population_blood`.

    Raises
    ------
    PerfusionError
        There is no such model, it cannot be scaled to the dose, or it does not arrive within the times.
    """
    time_s = np.asarray(time_s, float)
    values = population_blood(model, time_s, arrival_s=arrival_s, dose_mmol_per_kg=dose_mmol_per_kg)
    facts = population_facts(model)
    shape = _population_shape(values, time_s, arrival_s)
    reason = f"{facts.label}: a mean of other patients, so absolute values of this one are uncertain."
    return Aif(time_s, values, SeriesKind.DCE, AifMethod.POPULATION, 0, NO_VOXELS, shape, AifVerdict.GOOD, (reason,))


def _population_shape(values: FloatArray, time_s: FloatArray, arrival_s: float) -> AifShape:
    """Return the figures of a curve that has no noise, and perhaps no frame before its arrival."""
    if not values.any():
        raise PerfusionError(
            f"The population AIF arrives at {arrival_s:g} s, but the last frame is at {time_s[-1]:g} s: correct it."
        )
    figures = curve_shapes(values[None, :], time_s)
    end, _ = end_of_first_pass(values, int(values.argmax()))
    tail = float(values[-max(1, len(values) // 4) :].mean())
    return AifShape(
        peak=float(figures.peak[0]),
        peak_s=float(figures.peak_s[0]),
        fwhm_s=float(figures.fwhm_s[0]),
        arrival_s=arrival_s,
        first_pass_area=float(np.trapezoid(values[: end + 1], time_s[: end + 1])),
        baseline_frames=int(np.count_nonzero(time_s < arrival_s)),
        peak_over_noise=float("inf"),
        peak_over_tail=float(figures.peak[0]) / tail if tail > 0 else float("inf"),
        frames_above_half=int(np.count_nonzero(values >= values.max() / 2)),
        flat_share=0.0,
    )
