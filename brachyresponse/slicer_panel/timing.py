"""Many events, one reaction: a burst of node events becomes a single call."""

from __future__ import annotations

from collections.abc import Callable

import qt

RETRY_MS = 50


class CoalescingTimer:
    """Calls back once after a burst of requests.

    Parameters
    ----------
    callback
        What is to be done.
    interval_ms
        How long requests are gathered after the first one; 0 is the next turn of the event loop.
    busy
        Asked before calling back; while it says True the call is put off, never dropped.
    """

    def __init__(self, callback: Callable[[], None], *, interval_ms: int = 0, busy: Callable[[], bool]) -> None:
        self._callback = callback
        self._busy = busy
        self._interval_ms = interval_ms
        self._timer = qt.QTimer()
        self._timer.setSingleShot(True)
        self._timer.connect("timeout()", self._fire)
        self._wanted = False

    def request(self) -> None:
        """Ask for a call; asking again before it comes changes nothing."""
        self._wanted = True
        if not self._timer.active:
            self._timer.start(self._interval_ms)

    def flush(self) -> None:
        """Call now if a call was asked for and nothing forbids it."""
        self._timer.stop()
        self._fire()

    def cancel(self) -> None:
        """Forget what was asked for."""
        self._timer.stop()
        self._wanted = False

    def _fire(self) -> None:
        if not self._wanted:
            return
        if self._busy():
            self._timer.start(RETRY_MS)
            return
        self._wanted = False
        self._callback()
