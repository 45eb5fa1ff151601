"""Biologically effective dose of a source that decays in place, or is taken out."""

from __future__ import annotations

from math import inf, isfinite, log

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.dose.repair import decay_integral_h, unrepaired_integral_h2
from brachyresponse.errors import DoseError
from brachyresponse.types import BoolArray, FloatArray

HOURS_PER_DAY = 24.0
CGY_PER_GY = 100.0
REFERENCE_FRACTION_GY = 2.0


def bed_gy(  # noqa: PLR0913 - the parameters of the equation, all by name
    initial_dose_rate_cgy_per_h: ArrayLike,
    *,
    half_life_days: float,
    alpha_beta_gy: float,
    repair_half_time_h: float,
    duration_days: float = inf,
    alpha_per_gy: float | None = None,
    doubling_time_days: float | None = None,
    kick_off_days: float = 0.0,
) -> FloatArray:
    """Return the biologically effective dose, Gy, of a dose rate that decays; the shape is that of the dose rate.

    Without regrowth this is :func:`bed_until_gy` at the end of the implant. With regrowth (alpha and Tp given)
    ``ln2 (T - Tk) / (alpha Tp)`` is lost from day Tk on, and T is the end of the implant or the effective time,
    whichever is first: what is given later is outgrown. Where the dose rate is below regrowth from the start
    (:func:`is_ineffective`) only what is given before Tk counts: BED is 0 for Tk = 0, never negative.

    BED does not fall as the dose rate, the repair half-time, alpha, Tp or Tk rises, nor as alpha/beta falls.

    Parameters
    ----------
    initial_dose_rate_cgy_per_h
        At implantation, of each voxel its own; any shape.
    half_life_days
        Of the radionuclide.
    alpha_beta_gy, repair_half_time_h
        Of the tissue.
    duration_days
        Until the source is removed; infinite for a permanent implant.
    alpha_per_gy, doubling_time_days
        alpha and Tp of a tumour that regrows; both or none.
    kick_off_days
        Tk: regrowth begins then.

    Raises
    ------
    DoseError
        A number is out of its range, or only one of alpha and doubling time is given.

    References
    ----------
    Dale 1985, Br J Radiol 58:515; Dale 1989, Br J Radiol 62:241; AAPM TG-137 (Nath et al. 2009).
    """
    rate = _checked_rate(initial_dose_rate_cgy_per_h)
    _check("duration", duration_days, "days", zero=True, endless=True)
    tissue = {"alpha_beta_gy": alpha_beta_gy, "repair_half_time_h": repair_half_time_h}
    end_days = np.broadcast_to(duration_days, rate.shape)
    if alpha_per_gy is None and doubling_time_days is None:
        return bed_until_gy(rate, end_days, half_life_days=half_life_days, **tissue)
    if alpha_per_gy is None or doubling_time_days is None:
        raise DoseError("Only one of alpha and doubling time is given: regrowth needs both; give both or none.")
    _check("kick-off of regrowth", kick_off_days, "days", zero=True)
    regrowth = {"alpha_per_gy": alpha_per_gy, "doubling_time_days": doubling_time_days}
    effective_days = effective_time_days(rate, half_life_days=half_life_days, **regrowth)
    end_days = np.minimum(end_days, np.maximum(effective_days, kick_off_days))
    regrown_gy = log(2) / (alpha_per_gy * doubling_time_days) * np.maximum(end_days - kick_off_days, 0)
    bed: FloatArray = bed_until_gy(rate, end_days, half_life_days=half_life_days, **tissue) - regrown_gy
    return bed


def bed_until_gy(
    initial_dose_rate_cgy_per_h: ArrayLike,
    end_days: ArrayLike,
    *,
    half_life_days: float,
    alpha_beta_gy: float,
    repair_half_time_h: float,
) -> FloatArray:
    """Return the biologically effective dose, Gy, given until a time, without regrowth.

    ``BED = D + 2 (D'0)^2 / (alpha/beta) I`` with I of :func:`unrepaired_integral_h2`; for all time
    ``D {1 + D'0 / ((alpha/beta) (mu + lambda))}``.

    Parameters
    ----------
    initial_dose_rate_cgy_per_h, end_days
        Arrays that go together, 0 or more; the end may be infinite.
    half_life_days, alpha_beta_gy, repair_half_time_h
        Of the radionuclide and of the tissue.

    Raises
    ------
    DoseError
        A number is out of its range.

    References
    ----------
    Dale 1985, Br J Radiol 58:515.
    """
    rate_gy_per_h = _checked_rate(initial_dose_rate_cgy_per_h) / CGY_PER_GY
    _check("half-life", half_life_days, "days")
    _check("alpha/beta", alpha_beta_gy, "Gy")
    _check("repair half-time", repair_half_time_h, "h")
    decay_per_h, repair_per_h = log(2) / (half_life_days * HOURS_PER_DAY), log(2) / repair_half_time_h
    end_h = np.asarray(end_days, float) * HOURS_PER_DAY
    dose_gy = rate_gy_per_h * decay_integral_h(decay_per_h, end_h)
    unrepaired = unrepaired_integral_h2(decay_per_h, repair_per_h, end_h)
    bed: FloatArray = dose_gy + 2 * rate_gy_per_h**2 / alpha_beta_gy * unrepaired
    return bed


def eqd2_gy(bed_gy: ArrayLike, alpha_beta_gy: float) -> FloatArray:
    """Return the dose in fractions of 2 Gy that has this BED, Gy: ``BED / (1 + 2 / (alpha/beta))``.

    Raises
    ------
    DoseError
        alpha/beta is not positive.
    """
    _check("alpha/beta", alpha_beta_gy, "Gy")
    eqd2: FloatArray = np.asarray(bed_gy, float) / (1 + REFERENCE_FRACTION_GY / alpha_beta_gy)
    return eqd2


def effective_time_days(
    initial_dose_rate_cgy_per_h: ArrayLike, *, half_life_days: float, alpha_per_gy: float, doubling_time_days: float
) -> FloatArray:
    """Return when the dose rate has fallen to what regrowth undoes, days: ``ln(alpha Tp D'0 / ln2) / lambda``.

    0 where it is below from the start. The quadratic term is left out, as in TG-137: BED is largest within hours of
    this time, and the same to five digits.

    Raises
    ------
    DoseError
        A number is out of its range.
    """
    rate = _checked_rate(initial_dose_rate_cgy_per_h)
    _check("half-life", half_life_days, "days")
    outgrown = _outgrown_rate_cgy_per_h(alpha_per_gy, doubling_time_days)
    half_lives = np.log2(np.maximum(rate, outgrown) / outgrown)
    effective: FloatArray = half_life_days * half_lives
    return effective


def is_ineffective(
    initial_dose_rate_cgy_per_h: ArrayLike, *, alpha_per_gy: float, doubling_time_days: float
) -> BoolArray:
    """Tell where the dose rate is below regrowth from the start: ``alpha Tp D'0 <= ln2``.

    Raises
    ------
    DoseError
        A number is out of its range.
    """
    rate = _checked_rate(initial_dose_rate_cgy_per_h)
    ineffective: BoolArray = rate <= _outgrown_rate_cgy_per_h(alpha_per_gy, doubling_time_days)
    return ineffective


def _outgrown_rate_cgy_per_h(alpha_per_gy: float, doubling_time_days: float) -> float:
    _check("alpha", alpha_per_gy, "/Gy")
    _check("doubling time", doubling_time_days, "days")
    return CGY_PER_GY * log(2) / (alpha_per_gy * doubling_time_days * HOURS_PER_DAY)


def _checked_rate(rate_cgy_per_h: ArrayLike) -> FloatArray:
    rate = np.asarray(rate_cgy_per_h, float)
    if rate.size and not (np.isfinite(rate).all() and rate.min() >= 0):
        worst = rate[~np.isfinite(rate)].flat[0] if not np.isfinite(rate).all() else rate.min()
        raise DoseError(f"A dose rate is {worst:g} cGy/h: expected 0 or more; compute the dose again.")
    return rate


def _check(name: str, value: float, unit: str, *, zero: bool = False, endless: bool = False) -> None:
    """Refuse what is not positive and finite; ``zero`` and ``endless`` allow these two."""
    if not (isfinite(value) or (endless and value == inf)) or value < 0 or (value == 0 and not zero):
        expected = "zero or more" if zero else "a positive number"
        raise DoseError(f"The {name} is {value:g} {unit}: give {expected}.")
