"""What a person may set of the fit."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FitSettings:
    """Of the fit of one spectrum; the defaults fit brain at 1.5 and 3 T.

    Parameters
    ----------
    window_ppm
        Lowest and highest chemical shift that is fitted; LCModel's default is 0.2 to 4.0.
    shift_limit_ppm
        By so much the spectrum may lie beside where the transmitter frequency puts it.
    knot_spacing_ppm
        Between the knots of the baseline: LCModel's least, 0.15.
    removes_water
        Whether the residual water is taken away before the fit.
    longest_s
        A decay is cut here: what follows is noise at the line widths of brain.
    """

    window_ppm: tuple[float, float] = (0.2, 4.1)
    shift_limit_ppm: float = 0.2
    knot_spacing_ppm: float = 0.15
    removes_water: bool = True
    longest_s: float = 0.6
