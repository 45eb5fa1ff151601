"""The collapsible sections of a panel."""

from __future__ import annotations

from slicer_standin import qt
from slicer_standin.stand_in import stand_in, stored

UNLIMITED = 16777215  # QWIDGETSIZE_MAX
HEADER_HEIGHT = 24


def show_contents(container: qt.QWidget, shown: bool) -> None:
    """Show or hide the children, and remember those that were hidden before by the panel itself."""
    for child in container.children():
        if not child.isWidgetType():
            continue
        if not shown:
            child.setProperty("hiddenByPanel", child.isHidden())
        child.setVisible(shown and not child.property("hiddenByPanel"))


@stand_in
class ctkCollapsibleButton(qt.QAbstractButton):
    """A titled section that a click on its header folds away; checked means open."""

    contentsCollapsed = qt.Signal(bool)

    def __init__(self, text: str | qt.QWidget = "", parent: qt.QWidget | None = None) -> None:
        if isinstance(text, qt.QWidget):
            text, parent = "", text
        super().__init__(parent)
        self.setText(text or "")
        self.setCheckable(True)
        self.setChecked(True)
        self.setSizePolicy(qt.QSizePolicy.Policy.Preferred, qt.QSizePolicy.Policy.Preferred)
        self.setContentsMargins(0, HEADER_HEIGHT, 0, 0)
        self.toggled.connect(self._show_or_fold)

    def _show_or_fold(self, opened: bool) -> None:
        show_contents(self, opened)
        self.setMaximumHeight(UNLIMITED if opened else HEADER_HEIGHT)
        self.updateGeometry()
        self.contentsCollapsed.emit(not opened)

    collapsed = qt.Property(bool, lambda self: not self.checked, lambda self, value: self.setChecked(not value))
    collapsedHeight = stored(int, 10)
    flat = stored(bool, False)
    contentsFrameShape = stored(int, 0)
    contentsFrameShadow = stored(int, 0)
    contentsLineWidth = stored(int, 1)
    contentsMidLineWidth = stored(int, 0)
    buttonTextAlignment = stored(int, 0)
    indicatorAlignment = stored(int, 0)

    def childEvent(self, event: qt.QChildEvent) -> None:
        """A widget that joins a folded section is folded with it."""
        super().childEvent(event)
        if event.added() and event.child().isWidgetType() and not self.checked:
            event.child().hide()

    def sizeHint(self) -> qt.QSize:
        """Header alone when folded, else header and contents."""
        if not self.checked or self.layout() is None:
            return qt.QSize(200, HEADER_HEIGHT)
        return self.layout().totalSizeHint().expandedTo(qt.QSize(200, HEADER_HEIGHT))

    def minimumSizeHint(self) -> qt.QSize:
        """As :meth:`sizeHint`, from the contents' least sizes."""
        if not self.checked or self.layout() is None:
            return qt.QSize(60, HEADER_HEIGHT)
        return self.layout().totalMinimumSize()

    def hitButton(self, position: qt.QPoint) -> bool:
        """Only the header is the button."""
        return position.y() < HEADER_HEIGHT

    def paintEvent(self, event: qt.QPaintEvent) -> None:
        """Header bar with an arrow and the title."""
        painter = qt.QPainter(self)
        painter.fillRect(0, 0, self.width, HEADER_HEIGHT - 2, self.palette.button())
        painter.setPen(self.palette.buttonText().color())
        title = qt.QRect(22, 0, self.width - 24, HEADER_HEIGHT - 2)
        painter.drawText(title, qt.Qt.AlignmentFlag.AlignVCenter, self.text.replace("&&", "&"))
        arrow = qt.QStyleOption()
        arrow.initFrom(self)
        arrow.rect = qt.QRect(4, 5, 12, 12)
        element = qt.QStyle.PrimitiveElement
        shape = element.PE_IndicatorArrowDown if self.checked else element.PE_IndicatorArrowRight
        self.style().drawPrimitive(shape, arrow, painter, self)
        painter.end()


@stand_in
class ctkCollapsibleGroupBox(qt.QGroupBox):
    """A group box that folds."""

    def _fold(self) -> None:
        show_contents(self, not self.collapsed)
        self.setMaximumHeight(HEADER_HEIGHT if self.collapsed else UNLIMITED)

    collapsed = stored(bool, False, _fold)
    collapsedHeight = stored(int, 14)
