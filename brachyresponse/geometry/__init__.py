"""Grids, structures and positions in the patient: millimetres, RAS; arrays indexed [k, j, i]."""

from brachyresponse.geometry.contours import contours_to_structure
from brachyresponse.geometry.filling import fill_holes
from brachyresponse.geometry.grid import Grid
from brachyresponse.geometry.margins import grow_structure, threshold_structure
from brachyresponse.geometry.resampling import resample_structure, share_on_grid
from brachyresponse.geometry.sampling import sample
from brachyresponse.geometry.structure import Structure
from brachyresponse.geometry.volume import Volume

__all__ = [
    "Grid",
    "Structure",
    "Volume",
    "contours_to_structure",
    "fill_holes",
    "grow_structure",
    "resample_structure",
    "sample",
    "share_on_grid",
    "threshold_structure",
]
