"""Seeds: where they lie, how they are turned and how strong they are."""

from brachyresponse.seeds.ct_checks import check_ct
from brachyresponse.seeds.detection import (
    DetectedSeeds,
    FoundSeed,
    RejectedCandidate,
    RejectionReason,
    detect_seeds,
    fit_seed_at,
)
from brachyresponse.seeds.displacement import DisplacementSummary, SeedDisplacements, seed_displacements
from brachyresponse.seeds.history import History, SeedHistory
from brachyresponse.seeds.matching import SeedMatch, match_seeds
from brachyresponse.seeds.needle_detection import FoundNeedle, detect_needles
from brachyresponse.seeds.origin import Origin
from brachyresponse.seeds.pairing_alignment import PairingAlignment, align_for_pairing
from brachyresponse.seeds.seeds import Seeds

__all__ = [
    "DetectedSeeds",
    "DisplacementSummary",
    "FoundNeedle",
    "FoundSeed",
    "History",
    "Origin",
    "PairingAlignment",
    "RejectedCandidate",
    "RejectionReason",
    "SeedDisplacements",
    "SeedHistory",
    "SeedMatch",
    "Seeds",
    "align_for_pairing",
    "check_ct",
    "detect_needles",
    "detect_seeds",
    "fit_seed_at",
    "match_seeds",
    "seed_displacements",
]
