"""Verification: the implant that was made, held against its plan."""

from brachyresponse.dose.intervals import Interval
from brachyresponse.verification.axis_effect import AxisEffect
from brachyresponse.verification.cold_regions import ColdRegion, cold_regions
from brachyresponse.verification.comparison import ComparedRole, MetricComparison
from brachyresponse.verification.delivery import days_after, share_delivered
from brachyresponse.verification.detected_file import read_detected
from brachyresponse.verification.files import write_studies, write_verification
from brachyresponse.verification.found_seeds import FoundSeeds
from brachyresponse.verification.methods import method_sentences
from brachyresponse.verification.migration import MigratedSeed, MigrationLimits, SeedPlaces, migrated_seeds
from brachyresponse.verification.near_organs import SeedNearOrgan, organ_distances, seeds_near_organs
from brachyresponse.verification.oedema import OedemaModel
from brachyresponse.verification.organ_limits import LimitComparison
from brachyresponse.verification.pairing import Pairing
from brachyresponse.verification.record import SeedCounts, VerificationRecord, record_of
from brachyresponse.verification.record_file import read_verification
from brachyresponse.verification.registration import Registration, RegistrationMethod
from brachyresponse.verification.registration_images import RegistrationScan
from brachyresponse.verification.registration_methods import register
from brachyresponse.verification.request import CARRIED_STAMP, VerificationRequest
from brachyresponse.verification.robustness import Robustness, robustness, robustness_of, robustness_table
from brachyresponse.verification.scans import ScanComparison, ScanRow, compare_scans
from brachyresponse.verification.tables import (
    axis_effect_table,
    cold_region_table,
    comparison_table,
    dvh_comparison_table,
    near_organ_table,
    organ_limit_table,
    seed_table,
)
from brachyresponse.verification.uncertainty import SeedUncertainty
from brachyresponse.verification.verification import Verification
from brachyresponse.verification.verify import verify_implant

__all__ = [
    "CARRIED_STAMP",
    "AxisEffect",
    "ColdRegion",
    "ComparedRole",
    "FoundSeeds",
    "Interval",
    "LimitComparison",
    "MetricComparison",
    "MigratedSeed",
    "MigrationLimits",
    "OedemaModel",
    "Pairing",
    "Registration",
    "RegistrationMethod",
    "RegistrationScan",
    "Robustness",
    "ScanComparison",
    "ScanRow",
    "SeedCounts",
    "SeedNearOrgan",
    "SeedPlaces",
    "SeedUncertainty",
    "Verification",
    "VerificationRecord",
    "VerificationRequest",
    "axis_effect_table",
    "cold_region_table",
    "cold_regions",
    "compare_scans",
    "comparison_table",
    "days_after",
    "dvh_comparison_table",
    "method_sentences",
    "migrated_seeds",
    "near_organ_table",
    "organ_distances",
    "organ_limit_table",
    "read_detected",
    "read_verification",
    "record_of",
    "register",
    "robustness",
    "robustness_of",
    "robustness_table",
    "seed_table",
    "seeds_near_organs",
    "share_delivered",
    "verify_implant",
    "write_studies",
    "write_verification",
]
