"""What a benchmark returns, and how it measures."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One measured number, printed as a row of the table.

    Parameters
    ----------
    what
        Sentence part: what was done, at which size.
    value, unit
        What was measured.
    limit
        What it has to stay within; ``at_least`` turns the limit round (a speed-up). None: for information.
    """

    what: str
    value: float
    unit: str
    limit: float | None = None
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the limit is kept; always, where there is none."""
        if self.limit is None:
            return True
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        """Row of a Markdown table."""
        bound = "" if self.limit is None else f"{'≥' if self.at_least else '≤'} {self.limit:g} {self.unit}"
        value = f"{self.value:.0f}" if self.value >= 100 else f"{self.value:.3g}"
        verdict = "" if self.limit is None else ("met" if self.met else "NOT MET")
        return f"| {self.what} | {value} {self.unit} | {bound} | {verdict} |"


def seconds(work: Callable[[], object], repeats: int = 3) -> float:
    """Shortest wall-clock time of some repeats: the one least disturbed by what else the machine does."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def peak_megabytes(work: Callable[[], object], interval_s: float = 0.005) -> float:
    """Peak of this process's resident memory above where it stood before, MB (1e6 bytes); Linux only.

    Sampled by a thread, so that memory which NumPy and SciPy allocate outside Python counts too.
    """
    before = resident_megabytes()
    peak = before
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(interval_s):
            peak = max(peak, resident_megabytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return max(peak, resident_megabytes()) - before


def resident_megabytes() -> float:
    """Resident memory of this process, MB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(kilobytes) * 1024 / 1e6
