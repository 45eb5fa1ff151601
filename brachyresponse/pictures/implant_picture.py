"""The implant in three dimensions, rendered without a window: target, organs, needles, seeds and an isodose surface."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.errors import BrachyResponseError
from brachyresponse.pictures.colours import IsodoseLevel
from brachyresponse.pictures.png import png_bytes
from brachyresponse.pictures.seed_marks import SEED_DIAMETER_MM, SEED_LENGTH_MM
from brachyresponse.pictures.slice_picture import PicturedImplant
from brachyresponse.pictures.surfaces import level_surface
from brachyresponse.types import AnyArray, FloatArray

if TYPE_CHECKING:
    from vtkmodules.vtkCommonDataModel import vtkPolyData
    from vtkmodules.vtkRenderingCore import vtkActor, vtkRenderer, vtkRenderWindow

TARGET_OPACITY, ORGAN_OPACITY, ISODOSE_OPACITY = 0.3, 0.22, 0.35
SEED_RGB, NEEDLE_RGB = (0.1, 0.12, 0.15), (0.45, 0.62, 0.8)
REFERENCE_RGB, ARROW_RGB = (0.1, 0.6, 0.85), (0.85, 0.45, 0.05)
NEEDLE_RADIUS_MM, ARROW_RADIUS_MM = 0.35, 0.15
OSMESA_LIBRARIES = ("libOSMesa.so.8", "libOSMesa.so.6", "libOSMesa.so")
BACKGROUND_RGB = (1.0, 1.0, 1.0)
ROUND_TARGET_MM = 12.0
FARTHEST_SHOWN_FACTOR = 2.5
"""Organs larger than this many times the implant are left out: they would hide it (the body's outline, for one)."""


View = tuple[tuple[float, float, float], tuple[float, float, float]]
VIEWS: dict[str, View] = {
    "anterior": ((0, 1, 0.12), (0, 0, 1)),
    "oblique": ((0.75, 0.6, 0.5), (0, 0, 1)),
    "superior": ((0, -0.12, 1), (0, 1, 0)),
}
"""From where each view looks (RAS direction from the implant to the camera), and what is up."""


class RenderingError(BrachyResponseError):
    """No picture can be rendered on this machine."""


def implant_picture(
    implant: PicturedImplant, *, size: tuple[int, int] = (1400, 700), views: tuple[str, ...] = ("anterior", "oblique")
) -> bytes:
    """Return a PNG of the implant, one view beside the other; each with a cube that shows the patient's sides.

    Parameters
    ----------
    implant
        Structures, dose, levels, seeds and needles; the surface is that of the prescription's level.
    size
        Width and height in pixels.
    views
        Of ``VIEWS``.

    Raises
    ------
    RenderingError
        OpenGL is not available.
    """
    window = _offscreen_window(size)
    for number, view in enumerate(views):
        column = (number / len(views), 0.0, (number + 1) / len(views), 1.0)
        _add_view(window, implant, VIEWS[view], column)
    window.Render()
    return png_bytes(_pixels(window))


def rendered_implant(implant: PicturedImplant) -> tuple[bytes | None, str]:
    """Return the picture and nothing, or None and the reason where none can be rendered on this machine."""
    try:
        return implant_picture(implant), ""
    except RenderingError as error:
        return None, str(error)


def _offscreen_window(size: tuple[int, int]) -> vtkRenderWindow:
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        os.environ.setdefault("VTK_DEFAULT_OPENGL_WINDOW", "vtkEGLRenderWindow")  # read when the class is made
    import vtkmodules.vtkRenderingFreeType
    import vtkmodules.vtkRenderingOpenGL2  # noqa: F401 - registers the rendering classes
    from vtkmodules.vtkCommonCore import vtkLogger
    from vtkmodules.vtkRenderingCore import vtkRenderWindow

    shown = vtkLogger.GetCurrentVerbosityCutoff()
    vtkLogger.SetStderrVerbosity(vtkLogger.VERBOSITY_ERROR)  # what is missing is said below, in one sentence
    window = vtkRenderWindow()
    vtkLogger.SetStderrVerbosity(shown)
    window.SetOffScreenRendering(1)
    if not _can_render(window):
        raise RenderingError(
            "OpenGL is not available here, so there is no 3D picture: install the EGL libraries (Debian: libegl1)."
        )
    window.SetSize(*size)
    window.SetMultiSamples(0)  # with more, depth peeling loses what is translucent
    window.SetAlphaBitPlanes(1)
    return window


def _can_render(window: vtkRenderWindow) -> bool:
    """Tell whether a window has OpenGL behind it.

    VTK's last resort, OSMesa, says yes without its library, and then ends the program in the first rendering.
    """
    if "OSOpenGL" not in window.GetClassName():
        return bool(window.SupportsOpenGL())
    return any(_can_load(library) for library in OSMESA_LIBRARIES)


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _add_view(
    window: vtkRenderWindow,
    implant: PicturedImplant,
    view: View,
    column: tuple[float, float, float, float],
) -> None:
    from vtkmodules.vtkRenderingCore import vtkRenderer

    renderer = vtkRenderer()
    renderer.SetViewport(*column)
    renderer.SetBackground(*BACKGROUND_RGB)
    renderer.SetUseDepthPeeling(1)
    renderer.SetMaximumNumberOfPeels(8)
    renderer.SetUseFXAA(True)
    for actor in _actors(implant):
        renderer.AddActor(actor)
    _aim(renderer, view, _bounds_of_interest(implant))
    window.AddRenderer(renderer)
    window.AddRenderer(_side_cube(renderer, column))


def _aim(renderer: vtkRenderer, view: View, bounds: Sequence[float]) -> None:
    towards, up = view
    camera = renderer.GetActiveCamera()
    camera.SetFocalPoint(0, 0, 0)
    camera.SetPosition(*towards)
    camera.SetViewUp(*up)
    camera.ParallelProjectionOn()
    renderer.ResetCamera(bounds)
    camera.Zoom(1.25)
    renderer.ResetCameraClippingRange()


def _bounds_of_interest(implant: PicturedImplant) -> list[float]:
    """Return xmin, xmax, ymin ... of the target and what surrounds it, at which the camera is aimed."""
    lower, upper = implant.structures[implant.target].bounds_mm()
    ends = np.stack([lower - ROUND_TARGET_MM, upper + ROUND_TARGET_MM], axis=1)
    return [float(value) for value in ends.ravel()]


def _actors(implant: PicturedImplant) -> list[vtkActor]:
    actors = []
    for name in _shown_structures(implant):
        structure, style = implant.structures[name], implant.styles[name]
        surface = level_surface(structure.occupancy, structure.grid, 0.5, smooth=True)
        actors.append(_actor(surface, _rgb(style.colour), TARGET_OPACITY if name == implant.target else ORGAN_OPACITY))
    for level in implant.levels:
        if level.is_prescription:
            actors.append(_isodose_actor(implant, level))
    if implant.seeds.count:
        actors.append(_actor(_seed_bodies(implant.seeds.positions_mm, implant.seeds.directions), SEED_RGB))
    if implant.reference.count:
        bodies = _seed_bodies(implant.reference.positions_mm, implant.reference.directions)
        actors.append(_actor(bodies, REFERENCE_RGB))
    if len(implant.arrows_mm):
        actors.append(_actor(_tubes(implant.arrows_mm, ARROW_RADIUS_MM), ARROW_RGB))
    if implant.needles:
        ends = np.array([[needle.entry_mm, needle.tip_mm] for needle in implant.needles])
        actors.append(_actor(_tubes(ends), NEEDLE_RGB))
    return actors


def _isodose_actor(implant: PicturedImplant, level: IsodoseLevel) -> vtkActor:
    surface = level_surface(implant.dose.values, implant.dose.grid, level.dose_gy)
    return _actor(surface, _rgb(level.colour), ISODOSE_OPACITY)


def _shown_structures(implant: PicturedImplant) -> list[str]:
    """Return the target, and the organs that are not much larger than the implant."""
    lower, upper = implant.structures[implant.target].bounds_mm()
    limit_mm = max(FARTHEST_SHOWN_FACTOR * float(np.linalg.norm(upper - lower)), 120.0)

    def is_shown(name: str) -> bool:
        low, high = implant.structures[name].bounds_mm()
        return name == implant.target or float(np.linalg.norm(high - low)) <= limit_mm

    return [name for name in implant.structures if is_shown(name)]


def _actor(surface: vtkPolyData, rgb: tuple[float, ...], opacity: float = 1.0) -> vtkActor:
    from vtkmodules.vtkRenderingCore import vtkActor, vtkPolyDataMapper

    mapper = vtkPolyDataMapper()
    mapper.SetInputData(surface)
    mapper.ScalarVisibilityOff()
    actor = vtkActor()
    actor.SetMapper(mapper)
    look = actor.GetProperty()
    look.SetColor(*rgb)
    look.SetOpacity(opacity)
    look.SetAmbient(0.35)
    look.SetDiffuse(0.75)
    return actor


def _seed_bodies(positions_mm: FloatArray, directions: FloatArray) -> vtkPolyData:
    half = directions * SEED_LENGTH_MM / 2
    return _tubes(np.stack([positions_mm - half, positions_mm + half], axis=1), SEED_DIAMETER_MM / 2)


def _tubes(ends_mm: FloatArray, radius_mm: float = NEEDLE_RADIUS_MM) -> vtkPolyData:
    """Return round, capped bars between pairs of points (N, 2, 3)."""
    from vtkmodules.util.numpy_support import numpy_to_vtk
    from vtkmodules.vtkCommonCore import vtkPoints
    from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkPolyData
    from vtkmodules.vtkFiltersCore import vtkTubeFilter

    points = vtkPoints()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(ends_mm.reshape(-1, 3)), deep=True))
    lines = vtkCellArray()
    for number in range(len(ends_mm)):
        lines.InsertNextCell(2, [2 * number, 2 * number + 1])
    bars = vtkPolyData()
    bars.SetPoints(points)
    bars.SetLines(lines)
    tubes = vtkTubeFilter()
    tubes.SetInputData(bars)
    tubes.SetRadius(radius_mm)
    tubes.SetNumberOfSides(16)
    tubes.CappingOn()
    tubes.Update()
    result: vtkPolyData = tubes.GetOutput()
    return result


def _side_cube(main: vtkRenderer, column: tuple[float, float, float, float]) -> vtkRenderer:
    """Return a small view in the lower left corner with a cube whose faces name the patient's sides."""
    from vtkmodules.vtkRenderingAnnotation import vtkAnnotatedCubeActor
    from vtkmodules.vtkRenderingCore import vtkRenderer

    cube = vtkAnnotatedCubeActor()
    for axis, (plus, minus) in zip("XYZ", (("R", "L"), ("A", "P"), ("S", "I")), strict=True):
        getattr(cube, f"Set{axis}PlusFaceText")(plus)
        getattr(cube, f"Set{axis}MinusFaceText")(minus)
        for sign in ("Plus", "Minus"):
            getattr(cube, f"Get{axis}{sign}FaceProperty")().SetColor(*SEED_RGB)
    cube.SetFaceTextScale(0.6)
    cube.SetZFaceTextRotation(90)
    cube.GetCubeProperty().SetColor(0.78, 0.83, 0.9)
    cube.SetTextEdgesVisibility(0)
    x0, y0, x1, y1 = column
    cube.GetCubeProperty().SetAmbient(0.3)
    cube.GetCubeProperty().SetDiffuse(0.7)
    corner = vtkRenderer()
    corner.SetViewport(x0, y0, x0 + 0.14 * (x1 - x0), y0 + 0.14 * (y1 - y0))
    corner.SetBackground(*BACKGROUND_RGB)
    corner.AddActor(cube)
    camera = main.GetActiveCamera()
    towards = [p - f for p, f in zip(camera.GetPosition(), camera.GetFocalPoint(), strict=True)]
    _aim(corner, ((towards[0], towards[1], towards[2]), camera.GetViewUp()), [-0.7, 0.7] * 3)
    return corner


def _pixels(window: vtkRenderWindow) -> AnyArray:
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkRenderingCore import vtkWindowToImageFilter

    reader = vtkWindowToImageFilter()
    reader.SetInput(window)
    reader.ReadFrontBufferOff()
    reader.Update()
    image = reader.GetOutput()
    columns, rows, _ = image.GetDimensions()
    pixels: AnyArray = vtk_to_numpy(image.GetPointData().GetScalars()).reshape(rows, columns, -1)
    return pixels[::-1, :, :3]


def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue
