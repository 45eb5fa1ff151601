"""Draw an icon's PNG from its SVG, at the size of Slicer's catalogue and module list.

QT_QPA_PLATFORM=offscreen python make_icon.py ../../Resources/BrachyResponse.svg
"""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIDE_PIXELS = 128


def draw(svg: Path) -> Path:
    """Write the picture beside the drawing; returns its path."""
    image = QImage(SIDE_PIXELS, SIDE_PIXELS, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(svg)).render(painter)
    painter.end()
    png = svg.with_suffix(".png")
    image.save(str(png))
    return png


if __name__ == "__main__":
    application = QGuiApplication(sys.argv[:1])
    for drawing in sys.argv[1:]:
        print(draw(Path(drawing)))
