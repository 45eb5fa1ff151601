"""The site of a failure against the dose of the implant, with the dose that the lesion had."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike

from brachyresponse.dose import Dvh
from brachyresponse.dose.samples import sample_points
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.response.field.course import check_dose, check_rigid, reached_level_gy
from brachyresponse.response.field.isodose_surface import (
    dose_at,
    isodose_points_mm,
    reaches_edge,
    signed_distance_mm,
)
from brachyresponse.response.field.vocabulary import SiteOfFailure
from brachyresponse.types import BoolArray, FloatArray

ROUNDING = 1e-9


@dataclass(frozen=True)
class FailureDefinition:
    """Shares of a lesion's volume inside an isodose that make it in field, marginal or distant.

    Parameters
    ----------
    isodose_share
        The isodose, as a share of the prescription.
    central_share, in_field_share, marginal_share
        Least shares of the volume inside it.
    source, is_verified
        Where they were published, and whether that was read.
    transfer
        What is assumed in using them for an implant.
    """

    title: str
    isodose_share: float
    central_share: float
    in_field_share: float
    marginal_share: float
    source: str
    is_verified: bool
    checked: str
    transfer: str


@dataclass(frozen=True)
class FailureSite:
    """Where a new or grown lesion lies against the dose of an implant.

    Parameters
    ----------
    site
        None where the dose grid does not tell it.
    is_central
        In field with nearly all of the lesion in the high dose.
    share_in_isodose
        Share of the lesion's volume, 0 to 1, inside the isodose of the definition.
    d50_gy, d_min_gy, d_max_gy, v100_percent
        Median, least and highest dose, and percent of the volume at or above the prescription, of the part of the
        lesion inside the dose grid; None where no part is.
    distance_to_isodose_mm
        From the prescription isodose to the nearest point of the lesion; negative where it reaches into it, then how
        deep.
    sentence
        All of it for people.
    """

    site: SiteOfFailure | None
    is_central: bool
    share_in_isodose: float
    d50_gy: float | None
    d_min_gy: float | None
    d_max_gy: float | None
    v100_percent: float | None
    distance_to_isodose_mm: float
    sentence: str
    warnings: tuple[str, ...]
    definition: FailureDefinition


@cache
def failure_definition() -> FailureDefinition:
    """Return the definition of the site of failure that is used."""
    text = files("brachyresponse.response.field").joinpath("data", "site_of_failure.json").read_text(encoding="utf-8")
    row = json.loads(text)
    return FailureDefinition(**{key: value for key, value in row.items() if key != "schema"})


def site_of_failure(
    lesion: Structure, dose: Volume, prescription_gy: float, to_dose: ArrayLike | None = None
) -> FailureSite:
    """Return the site of a failure against a dose.

    Parameters
    ----------
    lesion
        On any grid, in the space of the follow-up scan.
    dose
        Of the implant, Gy, on any grid.
    to_dose
        (4, 4), RAS of the scan to RAS of the dose, mm, rigid; None where both lie in one space.

    Raises
    ------
    ResponseError
        The dose is not in Gy, negative or not finite, does not reach the prescription, or the matrix is not rigid.

    References
    ----------
    Lee et al. 1999, Int J Radiat Oncol Biol Phys 43:79.
    """
    matrix = np.eye(4) if to_dose is None else np.asarray(to_dose, float)
    check_dose(dose, prescription_gy)
    check_rigid(matrix, f"the lesion {lesion.name!r}")
    reached_level_gy(dose, prescription_gy, 1.0, dose.name)
    there = replace(lesion, grid=Grid(lesion.grid.shape_kji, matrix @ lesion.grid.ijk_to_ras))
    found = _found(_LesionDose.of(there, dose), dose, prescription_gy, failure_definition())
    return replace(found, sentence=_sentence(found, lesion.name, prescription_gy))


@dataclass(frozen=True, eq=False)
class _LesionDose:
    """The dose at the points of a lesion, with the volume of each; 0 where the dose grid does not cover it."""

    lesion: Structure
    points_mm: FloatArray
    volume_cc: FloatArray
    dose_gy: FloatArray
    is_covered: BoolArray

    @classmethod
    def of(cls, lesion: Structure, dose: Volume) -> _LesionDose:
        """Sample a lesion in the space of the dose."""
        points_mm, volume_cc = sample_points(lesion)
        dose_gy = dose_at(points_mm, dose.values, dose.grid)
        return cls(lesion, points_mm, volume_cc, dose_gy, dose.grid.contains(points_mm))

    def share(self, chosen: BoolArray) -> float:
        """Share of the volume in the chosen points."""
        return float(self.volume_cc[chosen].sum() / self.volume_cc.sum())

    def dvh(self) -> Dvh | None:
        """The histogram of the part inside the dose grid; None where no part is."""
        if not self.is_covered.any():
            return None
        dose_gy, volume_cc = self.dose_gy[self.is_covered], self.volume_cc[self.is_covered]
        order, outside = np.argsort(dose_gy), self.share(~self.is_covered)
        return Dvh(self.lesion.name, dose_gy[order], volume_cc[order], self.lesion.volume_cc, outside)


def _found(sampled: _LesionDose, dose: Volume, prescription_gy: float, definition: FailureDefinition) -> FailureSite:
    level_gy = definition.isodose_share * prescription_gy
    share, outside, dvh = sampled.share(sampled.dose_gy >= level_gy), sampled.share(~sampled.is_covered), sampled.dvh()
    is_known = outside == 0 or not reaches_edge(dose.values, level_gy)
    surface_mm = isodose_points_mm(dose, prescription_gy)
    distance_mm = signed_distance_mm(sampled.points_mm, surface_mm, sampled.dose_gy >= prescription_gy)
    return FailureSite(
        site=_site(share, definition) if is_known else None,
        is_central=is_known and share >= definition.central_share - ROUNDING,
        share_in_isodose=share,
        d50_gy=dvh.d(50) if dvh else None,
        d_min_gy=dvh.min_gy if dvh else None,
        d_max_gy=dvh.max_gy if dvh else None,
        v100_percent=dvh.v(prescription_gy) if dvh else None,
        distance_to_isodose_mm=float(distance_mm.min()),
        sentence="",
        warnings=_warnings(sampled.lesion.name, outside, is_known),
        definition=definition,
    )


def _site(share: float, definition: FailureDefinition) -> SiteOfFailure:
    if share >= definition.in_field_share - ROUNDING:
        return SiteOfFailure.IN_FIELD
    return SiteOfFailure.MARGINAL if share >= definition.marginal_share - ROUNDING else SiteOfFailure.DISTANT


def _warnings(name: str, outside_share: float, is_known: bool) -> tuple[str, ...]:
    if outside_share <= 0:
        return ()
    covered = f"{100 * outside_share:.2g} % of {name!r} lies outside the dose grid"
    if not is_known:
        return (f"{covered}, whose edge cuts the isodose off, so the site is not known: enlarge the dose grid.",)
    if outside_share >= 1 - ROUNDING:
        return (f"All of {name!r} lies outside the dose grid: its dose is not known, but below the isodose.",)
    return (f"{covered}: doses are of the part inside.",)


def _sentence(found: FailureSite, name: str, prescription_gy: float) -> str:
    definition = found.definition
    words = {
        SiteOfFailure.IN_FIELD: "in field, central" if found.is_central else "in field",
        SiteOfFailure.MARGINAL: "marginal",
        SiteOfFailure.DISTANT: "distant",
        None: "not known",
    }
    said = (
        f"Site of failure of {name!r}: {words[found.site]}; {100 * found.share_in_isodose:.0f} % of it lies inside the "
        f"isodose of {100 * definition.isodose_share:g} % of {prescription_gy:g} Gy."
    )
    if found.d50_gy is not None:
        said += (
            f" D50 {found.d50_gy:.1f} Gy ({found.d_min_gy:.1f} to {found.d_max_gy:.1f} Gy), "
            f"{found.v100_percent:.0f} % at or above the prescription."
        )
    distance_mm = found.distance_to_isodose_mm
    where = f"lies {distance_mm:.1f} mm outside" if distance_mm > 0 else f"reaches {-distance_mm:.1f} mm into"
    said += f" It {where} the prescription isodose."
    return " ".join((said, *found.warnings))
