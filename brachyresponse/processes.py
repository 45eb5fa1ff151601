"""Parallel work inside Slicer: child processes of the library, watched without blocking.

``multiprocessing`` hangs inside Slicer (its issue 7445), and no MRML, VTK or Qt object may leave the main thread. So
the work goes to ``PythonSlicer -m brachyresponse ...``, files in and out; a thread reads what the child says, and the
panel's timer calls :meth:`ChildProcess.poll`.
"""

from __future__ import annotations

import os
import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from brachyresponse.errors import BrachyResponseError
from brachyresponse.progress import Report, ignore_progress

BLAS_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
PROGRESS = re.compile(r"\[\s*(?P<percent>\d+)%\]\s*(?P<message>.*)")
LAST_LINES = 20
DONE, DONE_WITH_FINDINGS = 0, 1
"""Exit status of the library's commands; Python itself ends with 1 too, but then it has printed a traceback."""


class ProcessError(BrachyResponseError):
    """A child process that could not be started, or that ended with an error."""


def python_executable() -> str:
    """Return the Python to run the library with: Slicer's own inside Slicer, else the running one."""
    return shutil.which("PythonSlicer") or sys.executable


def library_command(*arguments: str) -> list[str]:
    """Return the command line that runs the library with arguments."""
    return [python_executable(), "-m", "brachyresponse", *arguments]


def child_environment() -> dict[str, str]:
    """Return the environment for a child: this library is found first, and each child computes on one BLAS thread."""
    package_parent = str(Path(__file__).resolve().parents[1])
    paths = [package_parent, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        **dict.fromkeys(BLAS_THREADS, "1"),
        "PYTHONUNBUFFERED": "1",
    }


class ChildProcess:
    """One child process; poll it from the main thread until it has finished.

    Parameters
    ----------
    command
        As :func:`library_command` gives it.
    report
        Told the progress of lines such as ``[ 35%] Dose of plan 3``; when it raises, the child is ended.
    on_line
        Told every other line.

    Raises
    ------
    ProcessError
        The command cannot be started.
    """

    def __init__(
        self, command: Sequence[str], *, report: Report = ignore_progress, on_line: Callable[[str], None] | None = None
    ) -> None:
        self._report, self._on_line = report, on_line
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._last: list[str] = []
        self._crashed = False
        try:
            self._process = subprocess.Popen(
                list(command),
                env=child_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                process_group=0,  # Ctrl-C in a terminal goes to the parent alone, which ends the child or lets it work
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise ProcessError(
                f"{command[0]} cannot be started: {error.strerror}; is Slicer installed whole?"
            ) from error
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def running(self) -> bool:
        """Whether the child works, or has said something that was not polled yet."""
        return self._process.poll() is None or self._reader.is_alive() or not self._lines.empty()

    def poll(self) -> bool:
        """Pass on what the child has said since the last call, and return whether it has finished.

        Done with findings that need a person counts as finished: see :attr:`has_findings`.

        Raises
        ------
        ProcessError
            It ended with an error; the message holds its last words.
        Cancelled
            By the report; the child is ended first.
        """
        try:
            while not self._lines.empty():
                self._hear(self._lines.get())
        except BaseException:
            self.cancel()
            raise
        if self.running:
            return False
        self._close()
        if self._crashed or self._process.returncode not in (DONE, DONE_WITH_FINDINGS):
            said = " ".join(self._last[-1:]) or f"exit status {self._process.returncode}"
            raise ProcessError(f"The computation ended with an error: {said}")
        return True

    def cancel(self) -> None:
        """End the child now; it may be called at any time."""
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._close()

    @property
    def has_findings(self) -> bool:
        """Whether the finished child has found something that needs a person."""
        return self._process.poll() == DONE_WITH_FINDINGS

    @property
    def last_lines(self) -> tuple[str, ...]:
        """What the child said last, for a log."""
        return tuple(self._last)

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._lines.put(line.rstrip("\n"))

    def _hear(self, line: str) -> None:
        if match := PROGRESS.fullmatch(line):
            self._report(min(float(match["percent"]) / 100, 1.0), match["message"])
            return
        self._crashed = self._crashed or line.startswith("Traceback (most recent call last)")
        self._last = [*self._last, line][-LAST_LINES:]
        if self._on_line is not None:
            self._on_line(line)

    def _close(self) -> None:
        self._reader.join(timeout=5)
        if self._process.stdout is not None:
            self._process.stdout.close()
