"""What a source's tables must be; errors name the field as it is called in the JSON file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.errors import SourceError
from brachyresponse.types import FloatArray

if TYPE_CHECKING:
    from brachyresponse.sources.source import Source

RADIAL = "radial_dose_function"
ANISOTROPY = "anisotropy_function"


def check_tables(source: Source) -> None:
    """Raise SourceError for the first number or table of ``source`` that TG-43 cannot be computed from."""
    _check_number(source, "half_life_days", source.half_life_days)
    _check_number(source, "dose_rate_constant_cgy_per_h_per_u", source.dose_rate_constant)
    _check_number(source, "effective_length_cm", source.effective_length_cm)
    _check_axis(source, f"{RADIAL}.r_cm", source.radial_radius_cm)
    _check_axis(source, f"{ANISOTROPY}.r_cm", source.anisotropy_radius_cm)
    _check_axis(source, f"{ANISOTROPY}.theta_deg", source.anisotropy_theta_deg)
    _check_angles(source, source.anisotropy_theta_deg)
    _check_radial_dose(source)
    _check_anisotropy(source)


def _check_number(source: Source, field: str, value: float) -> None:
    if not (np.isfinite(value) and value > 0):
        raise SourceError(f"Source {source.name!r}: {field} is {value}, expected a positive number.")


def _check_axis(source: Source, field: str, values: FloatArray) -> None:
    if values.ndim != 1 or values.size < 2:
        raise SourceError(f"Source {source.name!r}: {field} has shape {values.shape}, expected at least 2 numbers.")
    _check_finite(source, field, values)
    if values[0] < 0:
        raise SourceError(f"Source {source.name!r}: {field} holds the negative value {values.min():g}.")
    rises = np.diff(values) > 0
    if not rises.all():
        place = int(np.argmin(rises))
        found = f"{values[place + 1]:g} follows {values[place]:g}"
        raise SourceError(f"Source {source.name!r}: {field} must rise, but {found}: sort the table.")


def _check_angles(source: Source, theta_deg: FloatArray) -> None:
    if theta_deg[0] != 0 or theta_deg[-1] not in (90.0, 180.0):
        raise SourceError(
            f"Source {source.name!r}: {ANISOTROPY}.theta_deg goes from {theta_deg[0]:g} to {theta_deg[-1]:g}, "
            "expected from 0 to 90 (both ends of the seed alike) or from 0 to 180."
        )


def _check_radial_dose(source: Source) -> None:
    field, values, radii = f"{RADIAL}.g", source.radial_dose, source.radial_radius_cm
    if values.shape != radii.shape:
        raise SourceError(f"Source {source.name!r}: {field} has {values.size} values for {radii.size} radii in r_cm.")
    _check_finite(source, field, values)
    if values.min() <= 0:
        raise SourceError(
            f"Source {source.name!r}: {field} holds {values.min():g}, expected positive values (it is logarithmic)."
        )
    if radii[0] <= 0:
        raise SourceError(f"Source {source.name!r}: {RADIAL}.r_cm starts at {radii[0]:g}, expected a positive radius.")


def _check_anisotropy(source: Source) -> None:
    field, values = f"{ANISOTROPY}.f", source.anisotropy
    radii, angles = source.anisotropy_radius_cm.size, source.anisotropy_theta_deg.size
    if values.shape != (radii, angles):
        raise SourceError(
            f"Source {source.name!r}: {field} has shape {values.shape}, "
            f"expected {radii} rows (radii in r_cm) of {angles} values (angles in theta_deg)."
        )
    _check_finite(source, field, values)
    if values.min() < 0:
        raise SourceError(f"Source {source.name!r}: {field} holds the negative value {values.min():g}.")


def _check_finite(source: Source, field: str, values: FloatArray) -> None:
    if not np.isfinite(values).all():
        raise SourceError(f"Source {source.name!r}: {field} holds NaN or infinity, expected finite numbers.")
