"""Files and folders."""

from __future__ import annotations

from slicer_standin import qt
from slicer_standin.ctk.numbers import borderless_row
from slicer_standin.stand_in import forwarded, stand_in, stored


@stand_in
class ctkPathLineEdit(qt.QWidget):
    """A path that is typed or browsed for: a file, unless ``filters`` asks for folders."""

    Dirs, Files, Drives, NoSymLinks = 0x1, 0x2, 0x4, 0x8  # as QDir::Filter
    Readable, Writable, Executable, Hidden, System = 0x10, 0x20, 0x40, 0x100, 0x200
    AllDirs, NoDot, NoDotDot = 0x400, 0x2000, 0x4000

    currentPathChanged = qt.Signal(str)
    validInputChanged = qt.Signal(bool)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        super().__init__(parent)
        self._edit, self._button = qt.QLineEdit(), qt.QToolButton()
        self._button.setText("...")
        borderless_row(self, self._edit, self._button)
        self._edit.textChanged.connect(self.currentPathChanged)
        self._button.clicked.connect(self.browse)

    currentPath = forwarded(str, "_edit", "text")
    showBrowseButton = forwarded(bool, "_button", "visible")
    nameFilters = stored("QStringList", [])
    settingKey = stored(str, "")
    filters = stored(int, Files)
    options = stored(int, 0)
    label = stored(str, "")
    showHistoryButton = stored(bool, True)
    sizeAdjustPolicy = stored(int, 0)
    minimumContentsLength = stored(int, 0)

    def browse(self) -> None:
        """Ask for a file or folder; tests replace ``getOpenFileName`` or ``getExistingDirectory`` of QFileDialog."""
        if self.filters & self.Files:
            chosen = qt.QFileDialog.getOpenFileName(self, "", self.currentPath, ";;".join(self.nameFilters))
        else:
            chosen = qt.QFileDialog.getExistingDirectory(self, "", self.currentPath)
        if chosen:
            self.currentPath = chosen

    def addCurrentPathToHistory(self) -> None:
        """The stand-in keeps no history."""


@stand_in
class ctkDirectoryButton(qt.QWidget):
    """A button that shows a folder and lets the user choose another."""

    directoryChanged = qt.Signal(str)
    directorySelected = qt.Signal(str)

    def __init__(self, parent: qt.QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = qt.QPushButton()
        borderless_row(self, self._button)
        self._button.clicked.connect(self.browse)

    def _show_directory(self) -> None:
        if self.directory and not qt.QDir.isAbsolutePath(self.directory):
            self.directory = qt.QDir(self.directory).absolutePath()
            return
        self._button.setText(self.directory)
        self.directoryChanged.emit(self.directory)

    directory = stored(str, "", _show_directory)
    caption = stored(str, "")
    text = forwarded(str, "_button", "text")
    acceptMode = stored(int, 0)
    elideMode = stored(int, 0)
    options = stored(int, 0)

    def browse(self) -> None:
        """Ask for a folder; tests replace ``qt.QFileDialog.getExistingDirectory``."""
        chosen = qt.QFileDialog.getExistingDirectory(self, self.caption, self.directory)
        if chosen:
            self.directory = chosen
            self.directorySelected.emit(chosen)
