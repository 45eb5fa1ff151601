"""From a dynamic series to maps, curves and ratios."""

from __future__ import annotations

from brachyresponse.errors import PerfusionError
from brachyresponse.perfusion.study.request import PerfusionRequest
from brachyresponse.perfusion.study.study import PerfusionStudy
from brachyresponse.progress import Report, ignore_progress


def measure_perfusion(request: PerfusionRequest, *, report: Report = ignore_progress) -> PerfusionStudy:
    """Return the maps of a series, the curves with their fits, and the ratios of the lesions.

    Parameters
    ----------
    request
        Series, lesions, and every choice.
    report
        Told the progress; may raise ``Cancelled``.

    Raises
    ------
    PerfusionError
        The series, a structure or the arterial input function does not allow it; the message says what to do.
    """
    raise PerfusionError(f"{request.series.name!r}: the computation is not there yet.")
