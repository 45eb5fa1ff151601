"""The real prostate case: dose, contours, and the tables of three planning systems."""

from __future__ import annotations

import csv
import itertools
import re
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray

from brachyresponse.geometry import Grid, Structure
from brachyresponse.geometry.contours import contours_to_structure
from reference import REFERENCE, needs_reference

FOLDER = REFERENCE / "dvh"
needs_prostate_case = (
    needs_reference("dvh", "EclipseProstate_Dose.nrrd")
    if find_spec("vtkmodules")
    else pytest.mark.skip(reason="The contours are VTK files and vtk is not installed.")
)
STRUCTURES = ("BODY", "Bladder", "Femoral Head Lt", "Femoral Head RT", "PTV", "Rectum")
SYSTEMS = ("Eclipse", "CERR", "SlicerRT")


@cache
def read_dose() -> tuple[NDArray[np.float32], Grid]:
    """Dose in Gy, [k, j, i], and its grid."""
    image = sitk.ReadImage(str(FOLDER / "EclipseProstate_Dose.nrrd"))
    return sitk.GetArrayFromImage(image), Grid.from_image(image)


@cache
def read_contours(name: str) -> tuple[NDArray[np.float64], ...]:
    """Closed contours of a structure in RAS mm, (N, 3) each, one a slice."""
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

    reader = vtkXMLPolyDataReader()
    path = FOLDER / "EclipseProstate_Structures.seg" / f"EclipseProstate_Structures.seg_{STRUCTURES.index(name)}.vtp"
    reader.SetFileName(str(path))
    reader.Update()
    lines = reader.GetOutput().GetLines()
    points = vtk_to_numpy(reader.GetOutput().GetPoints().GetData()).astype(float)
    ends = vtk_to_numpy(lines.GetOffsetsArray())
    order = vtk_to_numpy(lines.GetConnectivityArray())
    return tuple(points[order[a:b]] for a, b in itertools.pairwise(ends))


@cache
def read_structure(name: str, spacing_mm: float = 1.0) -> Structure:
    """A structure on a grid along its slices; its contours stand for slabs of 2.5 mm."""
    return contours_to_structure(name, read_contours(name), spacing_mm=spacing_mm)


class PublishedDvh:
    """A cumulative DVH as a system exported it: dose in Gy and percent of the volume above it."""

    def __init__(self, volume_cc: float, dose_gy: NDArray[Any], percent: NDArray[Any]) -> None:
        self.volume_cc = volume_cc
        self.dose_gy = dose_gy
        self.percent = percent

    def d(self, percent: float) -> float:
        """Dose, Gy, to the hottest ``percent`` of the volume, by linear interpolation."""
        falling = np.concatenate([[True], np.diff(self.percent) < 0])  # one dose a volume
        return float(np.interp(-percent, -self.percent[falling], self.dose_gy[falling]))


@cache
def read_published(system: str) -> dict[str, PublishedDvh]:
    """The DVH table of ``Eclipse``, ``CERR`` or ``SlicerRT``, by the names of ``STRUCTURES``."""
    with (FOLDER / f"EclipseProstate_DvhTable_{system}.csv").open(newline="", encoding="utf-8") as file:
        heading, *rows = csv.reader(file)
    tables = {}
    for number, name in enumerate(STRUCTURES):
        title = heading[2 * number + 1]
        assert _letters(name) in _letters(title), f"column {title!r} is not of {name}"
        pairs = [(row[2 * number], row[2 * number + 1]) for row in rows if row[2 * number + 1].strip()]
        dose_gy, percent = np.array(pairs, float).T
        volume = re.search(r"of ([\d.]+) cc", title)
        assert volume is not None, f"column {title!r} names no volume"
        tables[name] = PublishedDvh(float(volume.group(1)), dose_gy, percent)
    return tables


def _letters(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())
