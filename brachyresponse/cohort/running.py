"""Cases computed in parallel: a failed one does not stop the others, a restarted run goes on where it stopped.

Each case has a folder of its own with a file that says which inputs its results are of; what is done is not done
again. Work goes to any :class:`concurrent.futures.Executor`: processes on this machine by default, a cluster's own
(dask's ``Client.get_executor()``) unchanged. The default starts new interpreters, so that a script that calls it
needs ``if __name__ == "__main__":``; inside Slicer, run ``PythonSlicer -m brachyresponse cohort`` instead, as a child.
"""

from __future__ import annotations

import hashlib
import json
import os
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import get_context
from pathlib import Path

from brachyresponse import __version__
from brachyresponse.errors import BrachyResponseError, CohortError
from brachyresponse.progress import Report, ignore_progress

RESULT = "case_result.json"
LOG = "log.txt"
SCHEMA = 1
BLAS_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
BROKEN = "The process that computed it was ended from outside, or ran out of memory: compute fewer cases at a time."


class CaseStatus(StrEnum):
    """What became of a case."""

    DONE = "done"
    KEPT = "kept from an earlier run"
    FAILED = "failed"


@dataclass(frozen=True)
class CaseTask:
    """A case to be computed.

    Parameters
    ----------
    name
        Used once in a cohort.
    folder
        Where its results go.
    key
        Of its inputs, from :func:`key_of_inputs`: results of another key are computed again.
    payload
        What the work needs; it goes to another process.
    """

    name: str
    folder: Path
    key: str
    payload: object = None


@dataclass(frozen=True)
class CaseOutcome:
    """What became of a case, and why it failed, in a sentence."""

    name: str
    status: CaseStatus
    error: str = ""


Work = Callable[[CaseTask], None]
"""Computes a case and writes its results into its folder; a function of a module, so that it can be sent."""


def run_cases(
    tasks: Sequence[CaseTask],
    work: Work,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    report: Report = ignore_progress,
) -> tuple[CaseOutcome, ...]:
    """Compute the cases that are not done yet, and return what became of each, in their order.

    Parameters
    ----------
    executor
        Where the work goes, left open afterwards; by default processes on this machine, one BLAS thread each.
    workers
        Number of those processes; by default one a processor.
    report
        Told each case that ends; may raise Cancelled, after which cases that have not begun are not begun.

    Raises
    ------
    CohortError
        Two cases have one name or one folder.
    """
    _check_apart(tasks)
    outcomes = {task.name: CaseOutcome(task.name, CaseStatus.KEPT) for task in tasks if is_done(task)}
    waiting = [task for task in tasks if task.name not in outcomes]
    with _executor_or_processes(executor, workers, len(waiting)) as pool:
        for ended in _run(waiting, work, pool, report):
            outcomes[ended.name] = ended
    for task in waiting:
        if task.name not in outcomes:  # the pool broke
            outcomes[task.name] = _alone(task, work) if executor is None else _failed(task, CohortError(BROKEN))
    return tuple(outcomes[task.name] for task in tasks)


def key_of_inputs(arguments: Iterable[object], paths: Iterable[Path]) -> str:
    """Return a key of what a case is computed from: arguments, and name, size and time of each file (of folders, all).

    The library's version counts too.
    """
    digest = hashlib.sha256(__version__.encode())
    for argument in arguments:
        digest.update(f"\0{argument}".encode())
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
        for file in files:
            found = file.stat() if file.exists() else None
            size_and_time = (found.st_size, found.st_mtime_ns) if found else "missing"
            digest.update(f"\0{file.relative_to(path.parent)}\0{size_and_time}".encode())
    return digest.hexdigest()


def is_done(task: CaseTask) -> bool:
    """Tell whether a case has results of the same inputs."""
    try:
        found = json.loads((task.folder / RESULT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    expected = {"schema": SCHEMA, "key": task.key, "status": str(CaseStatus.DONE)}
    return isinstance(found, dict) and expected.items() <= found.items()


def _run(tasks: Sequence[CaseTask], work: Work, pool: Executor, report: Report) -> Iterator[CaseOutcome]:
    """Yield what becomes of each case as it ends; of one whose pool broke nothing."""
    futures = _submit(tasks, work, pool)
    try:
        for done, future in enumerate(as_completed(futures), start=1):
            task, error = futures[future], future.exception()
            if not isinstance(error, BrokenExecutor):
                yield CaseOutcome(task.name, CaseStatus.DONE) if error is None else _failed(task, error)
            report(done / len(tasks), f"Cases: {task.name}, {done} of {len(tasks)}")
    finally:
        for future in futures:
            future.cancel()


def _alone(task: CaseTask, work: Work) -> CaseOutcome:
    """A case in a process of its own, after the death of one took the whole pool: it shows which case it was."""
    with _executor_or_processes(None, 1, 1) as pool:
        return next(_run([task], work, pool, ignore_progress), None) or _failed(task, CohortError(BROKEN))


def _submit(tasks: Sequence[CaseTask], work: Work, pool: Executor) -> Mapping[Future[None], CaseTask]:
    """Send cases away, as many as a pool takes that may break meanwhile."""
    futures: dict[Future[None], CaseTask] = {}
    with suppress(BrokenExecutor):
        for task in tasks:
            futures[pool.submit(_work_and_mark, work, task)] = task
    return futures


def _work_and_mark(work: Work, task: CaseTask) -> None:
    """Compute a case where it was sent to, and mark it as done when its results are complete."""
    task.folder.mkdir(parents=True, exist_ok=True)
    (task.folder / RESULT).unlink(missing_ok=True)
    work(task)
    _mark(task, CaseStatus.DONE)


def _failed(task: CaseTask, error: BaseException) -> CaseOutcome:
    sentence = str(error) if isinstance(error, BrachyResponseError) else f"Unexpected {type(error).__name__}: {error}"
    task.folder.mkdir(parents=True, exist_ok=True)
    with (task.folder / LOG).open("a", encoding="utf-8") as log:
        log.writelines(traceback.format_exception(error))
    _mark(task, CaseStatus.FAILED, sentence)
    return CaseOutcome(task.name, CaseStatus.FAILED, sentence)


def _mark(task: CaseTask, status: CaseStatus, error: str = "") -> None:
    """Say in the case's folder what became of it; written aside first, so that it is whole or not there."""
    fields = {"schema": SCHEMA, "case": task.name, "key": task.key, "status": str(status), "error": error}
    aside = task.folder / f".{RESULT}"
    aside.write_text(json.dumps(fields, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    aside.replace(task.folder / RESULT)


def _check_apart(tasks: Sequence[CaseTask]) -> None:
    for what, values in (("name", [task.name for task in tasks]), ("folder", [str(task.folder) for task in tasks])):
        repeated = [value for value, count in Counter(values).items() if count > 1]
        if repeated:
            raise CohortError(f"Two cases have the {what} {repeated[0]!r}: give each its own.")


@contextmanager
def _executor_or_processes(executor: Executor | None, workers: int | None, tasks: int) -> Iterator[Executor]:
    if executor is not None:
        yield executor
        return
    count = max(1, min(workers or _processors(), tasks))
    with _one_thread_each(), ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield pool


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Let processes that are started meanwhile compute on one BLAS thread: they are as many as processors."""
    before = {name: os.environ.get(name) for name in BLAS_THREADS}
    os.environ.update(dict.fromkeys(BLAS_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _processors() -> int:
    """Number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
