"""Slice and 3D views of the scene, drawn off screen by Slicer's own displayable managers, to PNG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import slicer
import vtk

from slicer_standin.charts import write_png

BOTH = (
    "vtkMRMLOrientationMarkerDisplayableManager",
    "vtkMRMLRulerDisplayableManager",
    "vtkMRMLMarkupsDisplayableManager",
    "vtkMRMLColorLegendDisplayableManager",
)
SLICE_MANAGERS = (
    "vtkMRMLCrosshairDisplayableManager",
    "vtkMRMLVolumeGlyphSliceDisplayableManager",
    "vtkMRMLModelSliceDisplayableManager",
    "vtkMRMLScalarBarDisplayableManager",
    "vtkMRMLSegmentationsDisplayableManager2D",
    "vtkMRMLTransformsDisplayableManager2D",
    *BOTH,
)
THREE_D_MANAGERS = (
    "vtkMRMLCameraDisplayableManager",
    "vtkMRMLViewDisplayableManager",
    "vtkMRMLModelDisplayableManager",
    "vtkMRMLCrosshairDisplayableManager3D",
    "vtkMRMLSegmentationsDisplayableManager3D",
    "vtkMRMLTransformsDisplayableManager3D",
    "vtkMRMLVolumeRenderingDisplayableManager",
    *BOTH,
)


class View:
    """An off-screen window whose contents the displayable managers keep up with the scene. Close it after use."""

    node: Any

    def __init__(self, size: tuple[int, int]) -> None:
        self.window = vtk.vtkRenderWindow()
        self.window.SetOffScreenRendering(True)
        self.window.ShowWindowOff()
        self.window.SetMultiSamples(0)
        self.window.SetSize(*size)
        self.renderer = vtk.vtkRenderer()
        self.window.AddRenderer(self.renderer)
        self.interactor = vtk.vtkRenderWindowInteractor()
        self.interactor.SetRenderWindow(self.window)
        self.interactor.Initialize()
        self.managers = slicer.vtkMRMLDisplayableManagerGroup()
        self._observer: Any = None

    def _attach(self, factory_class: Any, manager_names: tuple[str, ...]) -> None:
        factory = factory_class.GetInstance()
        factory.SetMRMLApplicationLogic(slicer.app.applicationLogic())
        for name in manager_names:
            if not factory.IsDisplayableManagerRegistered(name):
                factory.RegisterDisplayableManager(name)
        self.managers.SetRenderer(self.renderer)
        self.managers.Initialize(factory, self.renderer)
        self.managers.SetMRMLDisplayableNode(self.node)

    def _take_mouse(self, style: Any, observer: Any) -> None:
        """Pass mouse and keys on to the displayable managers, as the application's views do."""
        self.interactor.SetInteractorStyle(style)
        observer.SetDisplayableManagers(self.managers)
        observer.SetInteractor(self.interactor)
        self._observer = observer

    def click(self, pixel: tuple[int, int]) -> None:
        """Click with the left button; (0, 0) is the lower left pixel."""
        self.drag(pixel, pixel, steps=0)

    def drag(self, start: tuple[int, int], end: tuple[int, int], steps: int = 5) -> None:
        """Press the left button at ``start``, move to ``end``, let go."""
        events = vtk.vtkCommand
        self._send(events.MouseMoveEvent, start)
        self._send(events.LeftButtonPressEvent, start)
        for step in range(1, steps + 1):
            at = [round(a + (b - a) * step / steps) for a, b in zip(start, end, strict=True)]
            self._send(events.MouseMoveEvent, (at[0], at[1]))
        self._send(events.LeftButtonReleaseEvent, end)

    def _send(self, event: int, pixel: tuple[int, int]) -> None:
        self.interactor.SetEventInformation(*pixel)
        self.interactor.InvokeEvent(event)

    def render_now(self) -> None:
        """Draw the view as it is now; what can be clicked is what was drawn."""
        self._update()
        self.window.Render()

    def _update(self) -> None:
        """For views that prepare what they draw."""

    def render(self, path: str | Path) -> Path:
        """Draw the view as it is now into a PNG file."""
        self._update()
        write_png(self.window, Path(path))
        return Path(path)

    def close(self) -> None:
        """Let go of the scene and of the window; the view's node leaves the scene."""
        self._observer.SetInteractor(None)
        self.managers.SetMRMLDisplayableNode(None)
        self._logics().RemoveItem(self.logic)
        self.window.Finalize()
        self.logic.SetMRMLScene(None)
        if self.node.GetScene() is not None:
            self.node.GetScene().RemoveNode(self.node)


class SliceView(View):
    """A slice view: Red, Yellow, Green or a name of one's own."""

    def __init__(self, name: str = "Red", orientation: str = "Axial", size: tuple[int, int] = (400, 400)) -> None:
        super().__init__(size)
        self.renderer.GetActiveCamera().ParallelProjectionOn()
        application_logic = slicer.app.applicationLogic()
        self.logic = slicer.vtkMRMLSliceLogic()
        self.logic.SetMRMLApplicationLogic(application_logic)
        self._logics().AddItem(self.logic)
        self.logic.SetMRMLScene(slicer.mrmlScene)
        self.node = self.logic.AddSliceNode(name)
        self.node.SetOrientation(orientation)
        self._mapper = vtk.vtkImageMapper()
        self._mapper.SetColorWindow(255)
        self._mapper.SetColorLevel(127.5)
        image = vtk.vtkActor2D()
        image.SetMapper(self._mapper)
        image.GetProperty().SetDisplayLocationToBackground()
        self.renderer.AddViewProp(image)
        self._attach(slicer.vtkMRMLSliceViewDisplayableManagerFactory, SLICE_MANAGERS)
        observer = slicer.vtkMRMLSliceViewInteractorStyle()
        observer.SetSliceLogic(self.logic)
        self._take_mouse(vtk.vtkInteractorStyleUser(), observer)

    @staticmethod
    def _logics() -> vtk.vtkCollection:
        return slicer.app.applicationLogic().GetSliceLogics()

    def show(self, background: Any, foreground: Any = None, foreground_opacity: float = 0.5) -> None:
        """Show a volume, with another over it, the whole of it in the window."""
        layers = self.logic.GetSliceCompositeNode()
        layers.SetBackgroundVolumeID(background.GetID())
        layers.SetForegroundVolumeID(foreground.GetID() if foreground is not None else None)
        layers.SetForegroundOpacity(foreground_opacity)
        self.fit()

    def fit(self) -> None:
        """Fit the slice to the window."""
        self.logic.ResizeSliceNode(*self.window.GetSize())
        self.logic.FitSliceToBackground()
        self.logic.SnapSliceOffsetToIJK()

    def pixel_of(self, position_ras_mm: tuple[float, float, float]) -> tuple[int, int]:
        """Where a point is shown, or would be if the slice were moved to it."""
        ras_to_xy = vtk.vtkMatrix4x4()
        vtk.vtkMatrix4x4.Invert(self.node.GetXYToRAS(), ras_to_xy)
        x, y, *_ = ras_to_xy.MultiplyPoint((*position_ras_mm, 1))
        return round(x), round(y)

    def jump_to(self, position_ras_mm: tuple[float, float, float]) -> None:
        """Move the slice to a point."""
        self.node.JumpSliceByOffsetting(*position_ras_mm)

    def _update(self) -> None:
        self.logic.UpdatePipeline()
        connection = self.logic.GetImageDataConnection()
        if connection is None:
            self._mapper.SetInputData(_blank_picture())
        else:
            self._mapper.SetInputConnection(connection)


class ThreeDView(View):
    """A 3D view."""

    def __init__(self, name: str = "1", size: tuple[int, int] = (400, 400)) -> None:
        super().__init__(size)
        self.renderer.SetUseDepthPeeling(True)
        self.logic = slicer.vtkMRMLViewLogic()
        self.logic.SetMRMLApplicationLogic(slicer.app.applicationLogic())
        self._logics().AddItem(self.logic)
        self.logic.SetMRMLScene(slicer.mrmlScene)
        self.node = self.logic.AddViewNode(name)
        self._attach(slicer.vtkMRMLThreeDViewDisplayableManagerFactory, THREE_D_MANAGERS)
        self._take_mouse(vtk.vtkInteractorStyle3D(), slicer.vtkMRMLThreeDViewInteractorStyle())

    @staticmethod
    def _logics() -> vtk.vtkCollection:
        return slicer.app.applicationLogic().GetViewLogics()

    def look_from(self, azimuth_deg: float = 30, elevation_deg: float = 20) -> None:
        """Look at everything from the front, turned by these angles; without box and axis letters."""
        self.node.SetBoxVisible(False)
        self.node.SetAxisLabelsVisible(False)
        camera = self.renderer.GetActiveCamera()
        camera.SetFocalPoint(0, 0, 0)
        camera.SetPosition(0, 500, 0)
        camera.SetViewUp(0, 0, 1)
        self.renderer.ResetCamera()
        camera.Azimuth(azimuth_deg)
        camera.Elevation(elevation_deg)
        self.renderer.ResetCameraClippingRange()


def _blank_picture() -> vtk.vtkImageData:
    blank = vtk.vtkImageData()
    blank.SetDimensions(1, 1, 1)
    blank.AllocateScalars(vtk.VTK_UNSIGNED_CHAR, 3)
    blank.GetPointData().GetScalars().Fill(0)
    return blank
