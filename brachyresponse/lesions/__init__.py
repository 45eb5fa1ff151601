"""Lesions on MRI and what they are compared with: grown from a click, carried, with the voxels that do not count."""

from brachyresponse.lesions.exclusions import Exclusion, ExclusionRow, LesionLeft, combine
from brachyresponse.lesions.growing import GrownLesion, grow_hyperintensity, grow_lesion
from brachyresponse.lesions.image_exclusions import cavity, dark_on_t2star, enhancing_vessels, necrosis
from brachyresponse.lesions.mr_registration import MrRegistration, carry_structure, register_mr
from brachyresponse.lesions.sagittal_plane import SagittalPlane, midsagittal_plane
from brachyresponse.lesions.seed_margins import balloon_margin, proposed_margin_mm, seed_margin
from brachyresponse.lesions.statistics import Histogram, SegmentStatistics, segment_statistics
from brachyresponse.lesions.white_matter import WhiteMatter, propose_white_matter

__all__ = [
    "Exclusion",
    "ExclusionRow",
    "GrownLesion",
    "Histogram",
    "LesionLeft",
    "MrRegistration",
    "SagittalPlane",
    "SegmentStatistics",
    "WhiteMatter",
    "balloon_margin",
    "carry_structure",
    "cavity",
    "combine",
    "dark_on_t2star",
    "enhancing_vessels",
    "grow_hyperintensity",
    "grow_lesion",
    "midsagittal_plane",
    "necrosis",
    "propose_white_matter",
    "proposed_margin_mm",
    "register_mr",
    "seed_margin",
    "segment_statistics",
]
