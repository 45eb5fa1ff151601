"""Ctrl-C as a wish to end with what there is: the work is asked to stop, not broken off."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from brachyresponse.errors import Cancelled
from brachyresponse.progress import Report


@contextmanager
def cancelled_by_interrupt(report: Report) -> Iterator[Report]:
    """Give a report that raises ``Cancelled`` once after Ctrl-C; a second Ctrl-C breaks off as usual.

    Outside the main thread signals cannot be caught, and the report is the one given.
    """
    if threading.current_thread() is not threading.main_thread():
        yield report
        return
    wanted = threading.Event()

    def interrupt(number: int, frame: FrameType | None) -> None:
        wanted.set()
        signal.signal(signal.SIGINT, before)

    def report_or_cancel(fraction: float, message: str) -> None:
        if wanted.is_set():
            wanted.clear()
            raise Cancelled
        report(fraction, message)

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield report_or_cancel
    finally:
        signal.signal(signal.SIGINT, before)


def end_like_interrupt() -> None:
    """Let a request to end (SIGTERM, as of a batch system) break off like Ctrl-C, so that nothing is left behind."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)
