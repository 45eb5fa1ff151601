"""Progress of long work: a callable that is told the fraction done, and that may raise ``Cancelled``."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[float, str], None]
"""``report(fraction, message)``: fraction 0 to 1; raises :class:`brachyresponse.errors.Cancelled` to stop the work."""


def ignore_progress(fraction: float, message: str) -> None:
    """Listen to nothing: the default of every ``report`` argument."""


def share_of(report: Report, start: float, end: float) -> Report:
    """Return a report whose 0 to 1 is the part ``start`` to ``end`` of another report."""

    def report_share(fraction: float, message: str) -> None:
        report(start + (end - start) * fraction, message)

    return report_share
