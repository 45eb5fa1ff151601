"""Whether VTK, which draws outlines, isodoses and surfaces, is there: charts and projections do without."""

from __future__ import annotations

from importlib.util import find_spec

VTK_MISSING = (
    "VTK is not installed, so that slices, isodoses and the 3D picture are left out: install it with "
    'pip install "brachyresponse[pictures]".'
)


def why_not_drawn() -> str:
    """Return a sentence that says why there are no outlines and surfaces; nothing where VTK is installed."""
    return "" if find_spec("vtkmodules") else VTK_MISSING
