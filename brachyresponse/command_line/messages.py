"""What is said while a command works, and of its result."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from brachyresponse.planning import LimitResult, RuleFinding


class StepsOnStderr:
    """A progress report that prints each new message once, with the percentage; on a terminal over the last one.

    A log keeps the steps, not each block of them, and not the first one, the reading of the input: where that fails,
    the sentence that says why stands alone.
    """

    def __init__(self) -> None:
        self._last = ""
        self._on_terminal = sys.stderr.isatty()

    def __call__(self, fraction: float, message: str) -> None:
        """Take a progress report."""
        step = message.split(":")[0]
        if not self._on_terminal and (fraction == 0 or step == self._last):
            return
        self._last = step
        line = f"[{fraction:4.0%}] {message if self._on_terminal else step}"
        print(f"\r{line:<78}" if self._on_terminal else line, end="" if self._on_terminal else "\n", file=sys.stderr)
        sys.stderr.flush()

    def finish(self) -> None:
        """End the line on a terminal."""
        if self._on_terminal and self._last:
            print(file=sys.stderr)


def warn(sentence: str) -> None:
    """Say something that a person should read."""
    print(f"note: {sentence}", file=sys.stderr)


def print_what_is_broken(
    findings: Iterable[RuleFinding], limits: Iterable[LimitResult], warnings: Iterable[str]
) -> None:
    """Print rules and limits that are not kept, organs' limits that are not or cannot be judged, and warnings."""
    for finding in findings:
        if finding.passed is False:
            print(f"{finding.severity}: {finding.label}: found {finding.found}; {finding.limit}")
    for result in limits:
        if not result.passed:
            found = result.note if result.value is None else f"found {result.value:.4g} {result.limit.unit}"
            print(f"limit: {result.limit}: {found}")
    for warning in warnings:
        print(f"warning: {warning}")
