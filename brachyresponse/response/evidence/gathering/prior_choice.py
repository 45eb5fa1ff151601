"""A prior from a published setting: its share of recurrence with the exact interval of the counts."""

from __future__ import annotations

from brachyresponse.errors import ResponseError
from brachyresponse.response.evidence.finding import Prior
from brachyresponse.response.evidence.markers import prior_source, priors

TAIL = 0.025
DIGITS = 3


def prior_of_setting(name: str, *, set_by: str = "") -> Prior:
    """Return the prior of a published setting, by its id in the table of priors.

    The range is the exact 95 % interval of the counts (Clopper and Pearson 1934, Biometrika 26:404), so that
    neither end is 0 or 1.

    Raises
    ------
    ResponseError
        There is no such setting (the nearest is told), or it counts all treated lesions, which is no prior for one that
        grows.
    """
    setting = prior_source(name)
    if not setting.of_growing_lesions or setting.recurrence is None or setting.total is None:
        usable = ", ".join(one.id for one in priors() if one.of_growing_lesions)
        raise ResponseError(
            f"The prior {name!r} counts {setting.setting}, which is no prior for a growing lesion: choose one of "
            f"{usable}, or give low, mid and high."
        )
    events = round(setting.recurrence * setting.total)
    low, high = _exact_interval(events, setting.total)
    source = f"{setting.setting}: {setting.words} ({setting.citation})"
    return Prior(low, round(setting.recurrence, DIGITS), high, source, set_by)


def _exact_interval(events: int, total: int) -> tuple[float, float]:
    from scipy.special import betaincinv

    low = betaincinv(events, total - events + 1, TAIL)
    high = betaincinv(events + 1, total - events, 1 - TAIL)
    return round(float(low), DIGITS), round(float(high), DIGITS)
