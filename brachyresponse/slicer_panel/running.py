"""How a panel runs what a button asks for: one thing at a time, with progress, cancel and a message when it fails."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import qt
import slicer
from slicer.i18n import tr as _

from brachyresponse.errors import BrachyResponseError, Cancelled
from brachyresponse.progress import Report

DIALOG_AFTER_MS = 500


class Runner:
    """Runs the actions of one panel and shows their errors.

    Parameters
    ----------
    status_label
        QLabel of the panel that keeps the last message on view; a message box can be clicked away too soon.
    window
        Widget that takes no clicks and keys while a long action runs.

    Attributes
    ----------
    active
        Whether an action runs now; live updates wait until it is over.
    """

    def __init__(self, status_label: qt.QLabel, window: qt.QWidget) -> None:
        self.active = False
        self._told_quietly = False
        self._status_label, self._window = status_label, window

    @contextmanager
    def action(self, failed: str, *, quiet: bool = False) -> Iterator[None]:
        """Run a short action; an error of ours is shown as ``failed`` and its own sentence.

        Errors that are not ours are faults of the program: they pass, and Slicer logs them with their origin.

        Parameters
        ----------
        quiet
            Show an error on the panel only, without a message box: for what the user did not ask for by a button.
        """
        if not quiet or self._told_quietly:  # what the user asked for stays said when the views only follow
            self.tell("")
        was_active, self.active = self.active, True
        slicer.app.setOverrideCursor(qt.Qt.WaitCursor)
        try:
            yield
        except Cancelled:
            self.tell(_("Cancelled; nothing was changed."))
        except BrachyResponseError as error:
            self._show(failed, error, quiet)
        finally:
            slicer.app.restoreOverrideCursor()
            self.active = was_active

    @contextmanager
    def long_action(self, title: str, failed: str) -> Iterator[Report]:
        """Run an action that reports its progress; the dialog appears after half a second and can cancel it.

        A scene that is closed while it runs cancels it as well: there is nothing left to write to. The second click of
        a double click, which comes before the dialog does, starts nothing.
        """
        with self.action(failed), self._window_at_rest(), _scene_closing() as closed:
            dialog = slicer.util.createProgressDialog(
                maximum=100,
                labelText=title,
                windowTitle=title,
                windowModality=qt.Qt.WindowModal,
                minimumDuration=DIALOG_AFTER_MS,
            )
            try:
                yield lambda fraction, message: _report_to(dialog, fraction, message, closed)
            finally:
                dialog.close()

    def tell(self, message: str, *, quietly: bool = False) -> None:
        """Show a message on the panel; an empty one takes the last away.

        Parameters
        ----------
        quietly
            The user did not ask for it: it goes when the panel follows the views again.
        """
        self._told_quietly = quietly
        self._status_label.text = message
        self._status_label.visible = bool(message)

    @contextmanager
    def _window_at_rest(self) -> Iterator[None]:
        self._window.enabled = False
        try:
            yield
        finally:
            self._window.enabled = True

    def _show(self, failed: str, error: BrachyResponseError, quiet: bool) -> None:
        logging.info("%s %s", failed, error)
        self.tell(str(error), quietly=quiet)
        if quiet:
            return
        slicer.app.restoreOverrideCursor()  # the arrow while the user reads
        slicer.util.errorDisplay(f"{failed}\n\n{error}")
        slicer.app.setOverrideCursor(qt.Qt.WaitCursor)


@contextmanager
def _scene_closing() -> Iterator[list[str]]:
    """Give a list that is filled when the scene is closed."""
    scene, closed = slicer.mrmlScene, []
    tag = scene.AddObserver(scene.StartCloseEvent, lambda caller, event: closed.append(event))
    try:
        yield closed
    finally:
        scene.RemoveObserver(tag)


def _report_to(dialog: qt.QProgressDialog, fraction: float, message: str, closed: list[str]) -> None:
    """Show the progress, let the user press Cancel, and stop the work if so or if the scene was closed."""
    dialog.labelText = message
    dialog.value = min(round(100 * fraction), 99)  # 100 would close the dialog before the results are written
    slicer.app.processEvents()
    if dialog.wasCanceled or closed:
        raise Cancelled
