"""Trade-offs in child processes: each makes a part of the plans and writes them down as they are found."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from brachyresponse.errors import Cancelled, PlanError
from brachyresponse.planning.inverse.problem import ImplantProblem
from brachyresponse.planning.inverse.problem_file import write_problem
from brachyresponse.planning.inverse.trade_off.file import added_plans
from brachyresponse.planning.inverse.trade_off.part import MOVES, Part
from brachyresponse.planning.inverse.trade_off.plans import TradeOffs
from brachyresponse.planning.inverse.trade_off.weight_variants import check_count
from brachyresponse.processes import ChildProcess, library_command
from brachyresponse.progress import Report, ignore_progress
from brachyresponse.seeds import Seeds

PROCESSES, MOST_PROCESSES = 2, 64
POLL_S = 0.05


class TradeOffRun:
    """Child processes that make trade-offs; poll them until they have finished, as a timer does.

    Parameters
    ----------
    count
        How many plans.
    random_seed
        Of their weights.
    processes
        How many work at a time.
    moves
        Of each search.

    Raises
    ------
    PlanError
        A number cannot be used.
    ProcessError
        A process cannot be started.
    """

    def __init__(
        self,
        problem: ImplantProblem,
        count: int = 100,
        *,
        random_seed: int = 0,
        processes: int = PROCESSES,
        moves: int = MOVES,
    ) -> None:
        check_processes(processes)
        check_count(count)
        self._problem, self._parts = problem, min(processes, count)
        self._common = Part(count, random_seed, parts=self._parts, moves=moves)
        self._folder = Path(tempfile.mkdtemp(prefix="trade-offs-"))
        self._shares = [0.0] * self._parts
        self._children: list[ChildProcess] = []
        try:
            write_problem(problem, self._folder)
            self._children = [self._started(number) for number in range(self._parts)]
        except BaseException:
            self.cancel()
            raise

    @property
    def share_done(self) -> float:
        """How much is done, 0 to 1."""
        return sum(self._shares) / self._parts

    def poll(self) -> bool:
        """Hear what the processes have said, and return whether all have finished.

        Raises
        ------
        ProcessError
            One ended with an error; the others are ended.
        """
        try:
            finished = [child.poll() for child in self._children]  # every one is heard
        except BaseException:
            self.cancel()
            raise
        return all(finished)

    def found(self) -> TradeOffs:
        """Return the plans that were found until now."""
        plans = (plan for number in range(self._parts) for plan in added_plans(self._file(number)))
        common = self._common
        ordered = tuple(sorted(plans, key=lambda plan: plan.number))
        return TradeOffs(self._problem.plan_of((), Seeds.none()), ordered, common.count, common.random_seed)

    def cancel(self) -> None:
        """End the processes; what was found stays until :meth:`close`."""
        for child in self._children:
            child.cancel()

    def close(self) -> None:
        """End the processes and delete their files."""
        self.cancel()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _started(self, number: int) -> ChildProcess:
        common = self._common
        options = {
            "--problem": self._folder,
            "--out": self._file(number),
            "--count": common.count,
            "--random-seed": common.random_seed,
            "--part": number + 1,
            "--parts": common.parts,
            "--moves": common.moves,
        }
        words = [str(word) for pair in options.items() for word in pair]

        def heard(share: float, message: str) -> None:
            self._shares[number] = share

        return ChildProcess(library_command("trade-offs", *words), report=heard)

    def _file(self, number: int) -> Path:
        return self._folder / f"plans-{number + 1}.jsonl"


def check_processes(processes: int) -> None:
    """Refuse a number of processes that cannot work at a time.

    Raises
    ------
    PlanError
        There are none, or more than 64.
    """
    if not 1 <= processes <= MOST_PROCESSES:
        raise PlanError(f"Trade-offs cannot be computed by {processes} processes: give 1 to {MOST_PROCESSES}.")


def trade_offs(
    problem: ImplantProblem,
    *,
    count: int = 100,
    random_seed: int = 0,
    processes: int = PROCESSES,
    moves: int = MOVES,
    report: Report = ignore_progress,
) -> TradeOffs:
    """Return plans of a problem under other weights, made by child processes.

    Parameters
    ----------
    count, random_seed
        Of the weights, see :func:`weight_variants`; the same numbers give the same plans.
    processes
        How many work at a time, one thread each.
    moves
        Of each search.
    report
        Told the fraction done; one that raises ``Cancelled`` ends the work, and the plans until then are returned.

    Raises
    ------
    PlanError
        The problem cannot be solved, or a number cannot be used.
    ProcessError
        A process ended with an error.
    Cancelled
        The work was stopped before there was any plan.
    """
    run = TradeOffRun(problem, count, random_seed=random_seed, processes=processes, moves=moves)
    try:
        while not run.poll():
            report(run.share_done, f"Trade-offs: {count} plans")
            time.sleep(POLL_S)
    except (Cancelled, KeyboardInterrupt):
        run.cancel()
        if not run.found().plans:
            raise
    finally:
        found = run.found()
        run.close()
    return found
