"""When the digital patient's balloon was filled and emptied, with what, and what is exactly known of the dose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from brachyresponse.digital_patient.gliasite.anatomy import Balloon
from brachyresponse.dose.liquid_sphere import liquid_sphere_dose_rate
from brachyresponse.sources import decay_factor, integrated_hours, load_liquid, mci_to_mbq

SECONDS_PER_DAY = 86400.0
CGY_PER_GY = 100.0


@dataclass(frozen=True)
class GliaSiteTreatment:
    """Activity, times and prescription; the activities are contained, not apparent.

    ``lost_percent`` of the activity leaves the balloon before it is emptied, as in urine.
    """

    resected: date = date(2026, 3, 6)
    planned: date = date(2026, 3, 17)
    assayed: datetime = datetime(2026, 3, 17, 8, 0)
    filled: datetime = datetime(2026, 3, 19, 10, 0)
    removed: datetime = datetime(2026, 3, 24, 8, 0)
    explanted: date = date(2026, 3, 25)
    activity_mbq: float = mci_to_mbq(290.0)
    prescription_gy: float = 60.0
    prescription_depth_mm: float = 10.0
    balloon_model: str = "30 mm"
    lost_percent: float = 1.2

    @property
    def dwell_days(self) -> float:
        """Days with the liquid in the balloon."""
        return (self.removed - self.filled).total_seconds() / SECONDS_PER_DAY

    @property
    def activity_at_filling_mbq(self) -> float:
        """Decayed from the assay."""
        waited = (self.filled - self.assayed).total_seconds() / SECONDS_PER_DAY
        return self.activity_mbq * decay_factor(load_liquid().half_life_days, waited)

    @property
    def recovered_mbq(self) -> float:
        """Taken out, contained at removal: what has neither decayed nor leaked."""
        left = self.activity_at_filling_mbq * decay_factor(load_liquid().half_life_days, self.dwell_days)
        return left * (1 - self.lost_percent / 100)

    @property
    def dates(self) -> Mapping[str, str]:
        """Resection, planning, assay, filling, removal of the liquid and of the balloon, in ISO 8601."""
        names = ("resected", "planned", "assayed", "filled", "removed", "explanted")
        return {name: getattr(self, name).isoformat() for name in names}

    def sphere_dose_gy(self, balloon: Balloon, depth_mm: float) -> float:
        """Return the dose at a depth outside the sphere that holds as much as the balloon, Gy, by the integral."""
        rate = liquid_sphere_dose_rate(balloon.equivalent_radius_mm, depth_mm, self.activity_at_filling_mbq)
        return float(rate) * integrated_hours(load_liquid().half_life_days, 0, self.dwell_days) / CGY_PER_GY


@dataclass(frozen=True)
class GliaSiteTruth:
    """What is exactly known of the balloon and its dose, from its shape and not from its images."""

    volume_ml: float
    sphericity: float
    activity_at_filling_mbq: float
    dwell_days: float
    dose_at_depth_gy: float
    surface_dose_gy: float
    gap_mm: float
    missing_percent: float

    @classmethod
    def of(cls, balloon: Balloon, treatment: GliaSiteTreatment) -> GliaSiteTruth:
        """Return the truth; the doses are those of the sphere that holds as much."""
        return cls(
            volume_ml=balloon.fill_ml,
            sphericity=balloon.sphericity,
            activity_at_filling_mbq=treatment.activity_at_filling_mbq,
            dwell_days=treatment.dwell_days,
            dose_at_depth_gy=treatment.sphere_dose_gy(balloon, treatment.prescription_depth_mm),
            surface_dose_gy=treatment.sphere_dose_gy(balloon, 0.0),
            gap_mm=max(balloon.air_mm, balloon.fluid_mm),
            missing_percent=treatment.lost_percent,
        )

    def as_record(self) -> Mapping[str, Any]:
        """Return plain values, to be written as JSON."""
        return asdict(self)
