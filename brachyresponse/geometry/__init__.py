"""Grids, structures and positions in the patient: millimetres, RAS; arrays indexed [k, j, i]."""

from brachyresponse.geometry.grid import Grid
from brachyresponse.geometry.sampling import sample
from brachyresponse.geometry.structure import Structure
from brachyresponse.geometry.volume import Volume

__all__ = ["Grid", "Structure", "Volume", "sample"]
