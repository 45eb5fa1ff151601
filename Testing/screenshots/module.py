"""What the pictures of all modules share: an opened module with views, and where these look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "Resources" / "Screenshots"
VIEW = (430, 344)
PANEL = (400, 640)


@contextmanager
def opened_module(name: str) -> Iterator[tuple[Any, Any, Any]]:
    """The widget of a module that was just opened in an empty scene, the views, and the application."""
    from slicer_standin.application import start
    from slicer_standin.layout import LayoutManager
    from slicer_standin.modules import load_module
    from slicer_standin.style import apply_light_theme

    application = start()
    apply_light_theme(application)
    application.mrmlScene().Clear(0)
    with LayoutManager(VIEW) as views:
        module = load_module(PROJECT / name / f"{name}.py").widgetRepresentation()
        module.enter()
        yield module.self(), views, application
        module.self().cleanup()


def photograph_sections(widget: Any, name: str, sections: tuple[str, ...], size: tuple[int, int] = PANEL) -> None:
    """Write a picture of the panel with each section open."""
    from slicer_standin.screenshots import photograph_panel

    for section in sections:
        widget.panel.accordion.open(section)
        shown = section.removesuffix("Section").capitalize()
        photograph_panel(widget.parent, FOLDER / f"{name}Panel{shown}.png", size)


def photograph_dark(widget: Any, name: str, section: str, application: Any, size: tuple[int, int] = PANEL) -> None:
    """Write a picture of the panel in the dark theme."""
    from slicer_standin.screenshots import photograph_panel
    from slicer_standin.style import apply_dark_theme, apply_light_theme

    apply_dark_theme(application)
    widget.panel.accordion.open(section)
    photograph_panel(widget.parent, FOLDER / f"{name}PanelDark.png", size)
    apply_light_theme(application)


def zoom(slice_node: Any, centre_mm: np.ndarray, width_mm: float) -> None:
    """Show a part of a slice round a point."""
    width, height, depth = slice_node.GetFieldOfView()
    slice_node.SetFieldOfView(width_mm, width_mm * height / width, depth)
    slice_node.JumpSliceByCentering(*map(float, centre_mm))


def look_at_implant(view: Any, centre_mm: np.ndarray, distance_mm: float = 190.0) -> None:
    """Look at the implant from the front, a little from above."""
    view.look_from(35, 15)
    camera = view.renderer.GetActiveCamera()
    away = np.array(camera.GetPosition()) - np.array(camera.GetFocalPoint())
    camera.SetFocalPoint(*centre_mm)
    camera.SetPosition(*(centre_mm + away / np.linalg.norm(away) * distance_mm))
    view.renderer.ResetCameraClippingRange()
