"""Pictures of panels, and of a panel beside views as in Slicer's window."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from slicer_standin import qt
from slicer_standin.views import View

VIEW_GAP = 2


def photograph_panel(panel: qt.QWidget, path: str | Path, size: tuple[int, int] | None = None) -> Path:
    """The panel as the user sees it; ``size`` (width, height) or as large as it likes to be."""
    _lay_out(panel, size or panel.property("sizeHint").toTuple())
    panel.grab().save(str(path))
    return Path(path)


def compose_screenshot(
    panel: qt.QWidget, views: Sequence[View | Path | str], path: str | Path, panel_width: int = 400
) -> Path:
    """The panel at the left, up to four views (or pictures, a chart for one) beside it, two in a row."""
    with TemporaryDirectory() as folder:
        pictures = [_picture_of(view, Path(folder) / f"{number}.png") for number, view in enumerate(views)]
    columns = min(2, len(pictures))
    rows = (len(pictures) + 1) // 2
    width = max(picture.width() for picture in pictures)
    height = max(picture.height() for picture in pictures)
    whole_height = rows * (height + VIEW_GAP) - VIEW_GAP
    _lay_out(panel, (panel_width, whole_height))
    whole = qt.QPixmap(panel_width + columns * (width + VIEW_GAP), whole_height)
    whole.fill(qt.QColor("black"))
    painter = qt.QPainter(whole)
    painter.drawPixmap(0, 0, panel.grab())
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        painter.drawPixmap(panel_width + VIEW_GAP + column * (width + VIEW_GAP), row * (height + VIEW_GAP), picture)
    painter.end()
    whole.save(str(path))
    return Path(path)


def _picture_of(view: Any, path: Path) -> qt.QPixmap:
    return qt.QPixmap(str(view.render(path) if isinstance(view, View) else view))


def _lay_out(panel: qt.QWidget, size: tuple[int, int]) -> None:
    panel.resize(*size)
    panel.show()
    qt.QApplication.processEvents()
    panel.resize(*size)
    qt.QApplication.processEvents()
