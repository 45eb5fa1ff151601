"""Making trade-offs beside Slicer, in child processes that a timer asks how far they are."""

from __future__ import annotations

from dataclasses import dataclass

import slicer

from brachyresponse.errors import PlanError
from brachyresponse.planning.inverse import TradeOffRun, check_problem
from brachyresponse.scene.inverse_problem import read_problem
from brachyresponse.scene.inverse_staleness import problem_signature
from brachyresponse.scene.inverse_trade_offs import keep_trade_offs
from brachyresponse.scene.plan_parts import require_plan


@dataclass(frozen=True)
class TradeOffProgress:
    """How far trade-offs are.

    Parameters
    ----------
    running
        Whether plans are still being made.
    fraction, message
        As the child said last.
    done
        Whether they are made and in the scene now.
    """

    running: bool = False
    fraction: float = 0.0
    message: str = ""
    done: bool = False


class PlanRun:
    """Trade-offs of one plan being made.

    Parameters
    ----------
    plan_node
        Its problem is read now; what is changed later makes the result out of date.
    count
        How many plans.

    Raises
    ------
    BrachyResponseError
        Something of the plan is missing, none is possible, the number cannot be used, or a process cannot be started.
    """

    def __init__(self, plan_node: slicer.vtkMRMLScriptedModuleNode, count: int) -> None:
        if count != int(count):
            raise PlanError(f"{count} plans cannot be made: give a whole number.")
        problem = read_problem(plan_node)
        check_problem(problem)  # better said now, by the constraint, than by a process later
        self.plan_node, self._signature = plan_node, problem_signature(plan_node)
        self._count = count
        self._run = TradeOffRun(problem, count, random_seed=problem.random_seed)

    def poll(self) -> TradeOffProgress:
        """Hear what the processes have said; when they have finished, take the plans into the scene.

        When the plan is no longer in a scene, the processes are ended.

        Raises
        ------
        BrachyResponseError
            A process has failed, with its last words, or there is no plan.
        """
        if self.plan_node.GetScene() is None:
            self.close()
            return TradeOffProgress()
        try:
            if not self._run.poll():
                return TradeOffProgress(True, self._run.share_done, f"Making {self._count} plans")
        except BaseException:
            self.close()
            raise
        self.finish()
        return TradeOffProgress(fraction=1.0, message=f"{self._count} plans were made", done=True)

    def finish(self) -> None:
        """End the processes, and take what was found into the scene.

        Raises
        ------
        PlanError
            There is no plan.
        """
        self._run.cancel()
        found = self._run.found()
        self.close()
        keep_trade_offs(self.plan_node, found, self._signature)

    def stop(self) -> bool:
        """End the processes, keep what was found, and tell whether there was any plan."""
        self._run.cancel()
        any_plan = self.plan_node.GetScene() is not None and bool(self._run.found().plans)
        if any_plan:
            self.finish()
        self.close()
        return any_plan

    def close(self) -> None:
        """End the processes and delete their files; nothing is written into the scene."""
        self._run.close()


class TradeOffRuns:
    """The trade-offs that are being made, at most one run a plan; nothing of it is saved."""

    def __init__(self) -> None:
        self._runs: dict[str, PlanRun] = {}

    def start(self, plan_node: slicer.vtkMRMLScriptedModuleNode, count: int) -> None:
        """Start making plans.

        Raises
        ------
        PlanError
            They are being made already.
        BrachyResponseError
            As :class:`PlanRun`.
        """
        require_plan(plan_node)
        if self.running(plan_node):
            raise PlanError(f"Trade-offs of {plan_node.GetName()!r} are being made: wait for them, or cancel.")
        self._runs[plan_node.GetID()] = PlanRun(plan_node, count)

    def running(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
        """Tell whether plans are being made."""
        return self._find(plan_node) is not None

    def poll(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> TradeOffProgress:
        """Return how far a run is, and forget it once it is over; raises as :meth:`PlanRun.poll`."""
        run = self._find(plan_node)
        if run is None:
            return TradeOffProgress()
        progress = TradeOffProgress()
        try:
            progress = run.poll()
        finally:
            if not progress.running:
                del self._runs[plan_node.GetID()]
        return progress

    def cancel(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
        """End a run, keep the plans that were found until now, and tell whether there were any."""
        run = self._find(plan_node)
        if run is None:
            return False
        del self._runs[plan_node.GetID()]
        return run.stop()

    def drop(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> None:
        """End a run, if there is one; nothing is written into the scene."""
        run = self._find(plan_node)
        if run is not None:
            del self._runs[plan_node.GetID()]
            run.close()

    def cancel_all(self) -> None:
        """End every run; nothing is written into the scene."""
        runs, self._runs = self._runs, {}
        for run in runs.values():
            run.close()

    def _find(self, plan_node: slicer.vtkMRMLScriptedModuleNode) -> PlanRun | None:
        """The run of a plan; an ID is used again after a scene was closed, a node is not."""
        run = self._runs.get(plan_node.GetID() or "")
        return run if run is not None and run.plan_node is plan_node else None
