"""Where spectroscopy voxels lie in the patient: outlines, shares of lesions, maps of ratios."""

from brachyresponse.spectroscopy.voxels.outline import VoxelOutline, grid_outline, voxel_outline
from brachyresponse.spectroscopy.voxels.shares import distance_to_voxel_mm, lesion_share, shares_on_grid

__all__ = [
    "VoxelOutline",
    "distance_to_voxel_mm",
    "grid_outline",
    "lesion_share",
    "shares_on_grid",
    "voxel_outline",
]
