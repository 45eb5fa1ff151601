"""Slicer's look: margins and spacing of its style, its light and its dark palette."""

from __future__ import annotations

from slicer_standin import qt

# (colour role, group or all groups, colour) of qSlicerStyle::standardLightPalette and standardDarkPalette.
LIGHT = {
    "Window": "#ffffff",
    "WindowText": "#000000",
    "Base": "#ffffff",
    "AlternateBase": "#e4e4fe",
    "ToolTipBase": "#ffffdc",
    "ToolTipText": "#000000",
    "Text": "#000000",
    "PlaceholderText": "#808080",
    "Button": "#fcfcfc",
    "ButtonText": "#000000",
    "BrightText": "#ff0000",
    "Light": "#c8c8c8",
    "Midlight": "#e6e6e6",
    "Dark": "#aaaaaa",
    "Mid": "#c8c8c8",
    "Shadow": "#5a5a5a",
    "Highlight": "#308cc6",
    "HighlightedText": "#ffffff",
    "Link": "#0000ff",
}
LIGHT_DISABLED = {"WindowText": "#bebebe", "Text": "#bebebe", "ButtonText": "#bebebe", "Highlight": "#919191"}
DARK = {
    "Window": "#323232",
    "WindowText": "#ffffff",
    "Base": "#1e1e1e",
    "AlternateBase": "#323232",
    "ToolTipBase": "#ffffff",
    "ToolTipText": "#323232",
    "Text": "#ffffff",
    "PlaceholderText": "#c0c0c0",
    "Button": "#323232",
    "ButtonText": "#ffffff",
    "BrightText": "#ff4444",
    "Light": "#828284",
    "Midlight": "#5a5a5b",
    "Dark": "#232323",
    "Mid": "#2b2b2b",
    "Shadow": "#141414",
    "Highlight": "#3ca4ff",
    "HighlightedText": "#ffffff",
    "Link": "#3ca4ff",
}
DARK_DISABLED = {
    "WindowText": "#6d6d6d",
    "Text": "#6d6d6d",
    "ButtonText": "#b4b4b4",
    "Highlight": "#505050",
    "HighlightedText": "#6d6d6d",
}


class SlicerStyle(qt.QProxyStyle):
    """Qt's Fusion style with Slicer's narrower margins, so that a panel's size here is near its size in Slicer."""

    def pixelMetric(self, metric: object, option: object = None, widget: qt.QWidget | None = None) -> int:
        """Margins 6 pixels (4 in a collapsible section) and spacing 3, as qSlicerStyle has them."""
        metrics = qt.QStyle.PixelMetric
        if metric in (
            metrics.PM_LayoutLeftMargin,
            metrics.PM_LayoutTopMargin,
            metrics.PM_LayoutRightMargin,
            metrics.PM_LayoutBottomMargin,
        ):
            return 4 if widget is not None and widget.inherits("ctkCollapsibleButton") else 6
        if metric in (metrics.PM_LayoutHorizontalSpacing, metrics.PM_LayoutVerticalSpacing):
            return 3
        if metric == metrics.PM_SliderLength:
            return 12
        return super().pixelMetric(metric, option, widget)


def apply_light_theme(application: qt.QApplication) -> None:
    """Slicer's style and its light palette."""
    _apply(application, LIGHT, LIGHT_DISABLED)


def apply_dark_theme(application: qt.QApplication) -> None:
    """Slicer's style and its dark palette."""
    _apply(application, DARK, DARK_DISABLED)


def _apply(application: qt.QApplication, colours: dict[str, str], disabled: dict[str, str]) -> None:
    if not isinstance(application.style(), SlicerStyle):
        application.setStyle(SlicerStyle("fusion"))
    palette = qt.QPalette()
    for role, colour in colours.items():
        palette.setColor(getattr(qt.QPalette.ColorRole, role), qt.QColor(colour))
    for role, colour in disabled.items():
        palette.setColor(qt.QPalette.ColorGroup.Disabled, getattr(qt.QPalette.ColorRole, role), qt.QColor(colour))
    application.setPalette(palette)
