"""Seeds found in a post-implant CT by a model of what a seed looks like in it."""

from brachyresponse.seeds.detection.detect import detect_seeds
from brachyresponse.seeds.detection.detected import DetectedSeeds, FoundSeed, RejectedCandidate, RejectionReason
from brachyresponse.seeds.detection.single import fit_seed_at

__all__ = ["DetectedSeeds", "FoundSeed", "RejectedCandidate", "RejectionReason", "detect_seeds", "fit_seed_at"]
