"""Results section: metrics and limits with their verdicts, the chart, and the plan in one line."""

from __future__ import annotations

import slicer
from slicer.i18n import tr as _

from brachyresponse.progress import Report, ignore_progress
from brachyresponse.scene.plan_parts import PlanRole
from brachyresponse.scene.results import WARNING
from brachyresponse.slicer_panel.availability import allow
from brachyresponse.slicer_panel.brachydose.plan_rows import plan_rows
from brachyresponse.slicer_panel.brachydose.section import NO_PLAN, Section
from brachyresponse.slicer_panel.table_rows import FAIL, PASS, verdict_of
from brachyresponse.slicer_panel.tables import Cell, fill_table, fit_columns

HEADLINE = ("D90", "V100", "V150")
FIRST_OF_A_BALLOON = 2
"""Its surface dose, and the dose at the depth of the prescription."""
SHOWN_WARNINGS = 2
NO_DOSE: str = _("Press Compute dose first.")


class ResultsSection(Section):
    """Shows the last evaluation of the plan as its tables hold it, and whether it still holds."""

    def setup(self) -> None:
        """Connect the widgets."""
        ui = self.ui
        fit_columns(ui.metricsTable, stretched=0)
        self.on(ui.chartButton, "clicked()", lambda: self.logic.showChart(self.panel.plan), _("Cannot show the chart."))
        ui.computeButton.connect("clicked()", self.compute)

    def refresh(self, plan: slicer.vtkMRMLScriptedModuleNode | None) -> None:
        """Show the tables of the plan."""
        ui = self.ui
        said, limits, rules = (plan_rows(plan, role) for role in (PlanRole.METRICS, PlanRole.LIMITS, PlanRole.RULES))
        metrics = [row for row in said if row["metric"] != WARNING]
        warnings = [row["note"] for row in said if row["metric"] == WARNING]
        judged = [row for row in limits if row.get("result")]
        fill_table(ui.metricsTable, [*(_metric_cells(row, rules) for row in metrics), *map(_limit_cells, judged)])
        reason = self.logic.staleReason(plan) if plan else ""
        ui.staleLabel.text = _("Out of date: {reason}").format(reason=reason) if reason else ""
        ui.headlineLabel.text = "\n".join([_headline(metrics, [*judged, *rules]), *_shortened(warnings)])
        ui.headlineLabel.toolTip = "\n".join(warnings) or _("The plan in one line.")
        allow(ui.chartButton, "" if metrics else NO_DOSE)
        allow(ui.computeButton, "" if plan is not None else NO_PLAN)

    def compute(self) -> None:
        """Compute dose and results of the plan, with progress."""
        with self.panel.runner.long_action(_("Computing the dose"), _("The dose was not computed.")) as report:
            self.evaluate(report)
        self.panel.refresh()

    def evaluate(self, report: Report = ignore_progress) -> None:
        """Evaluate the plan as the panel says, and draw its isodoses as the panel says."""
        settings = self.panel.dose_settings()
        if self.panel.kind.is_balloon:
            del settings["pointSource"]
            self.logic.evaluateBalloon(self.panel.plan, report=report, **settings)
        else:
            self.logic.evaluatePlan(self.panel.plan, report=report, **settings)
        self.panel.follower.know_structures(self.panel.plan)
        self.panel.display.show()


def _shortened(warnings: list[str]) -> list[str]:
    """The first warnings, a surrogate before others, and how many more the tool tip holds."""
    more = len(warnings) - SHOWN_WARNINGS
    return [*warnings[:SHOWN_WARNINGS], *([_("{count} more warnings").format(count=more)] if more > 0 else [])]


def _metric_cells(metric: dict[str, str], rules: list[dict[str, str]]) -> list[Cell]:
    """A metric, with the verdict of the rule that is about it, if there is one."""
    tool_tip = "\n".join(filter(None, (metric["formula"], metric["source"], metric["note"])))
    about = f"{metric['metric']} of {metric['structure']}"
    rule = next((rule for rule in rules if about in rule["found"]), None)
    return [
        Cell(metric["structure"], tool_tip),
        Cell(metric["metric"], tool_tip),
        Cell(f"{metric['value']} {metric['unit']}".strip(), tool_tip, verdict_of(rule)),
        Cell(rule["limit"] if rule else "", tool_tip),
    ]


def _limit_cells(limit: dict[str, str]) -> list[Cell]:
    tool_tip = limit["note"] or _("Dose limit of a structure at risk, as set under Patient and target")
    sense = {"<=": "≤", ">=": "≥"}.get(limit["sense"], limit["sense"])
    return [
        Cell(limit["structure"], tool_tip),
        Cell(limit["metric"], tool_tip),
        Cell(f"{limit['found']} {limit['unit']}", tool_tip, verdict_of(limit)),
        Cell(f"{sense} {limit['limit']} {limit['unit']}", tool_tip),
    ]


def _headline(metrics: list[dict[str, str]], judged: list[dict[str, str]]) -> str:
    """``D90 128.4 Gy · V100 96.1 % · V150 52.0 % · 5 of 6 met`` for the first target, or a balloon's first figures."""
    if not metrics:
        return str(_("No dose yet."))
    target = metrics[0]["structure"]
    rows = [row for row in metrics if row["structure"] == target]
    chosen = [row for row in rows if row["metric"] in HEADLINE] or rows[:FIRST_OF_A_BALLOON]
    shown = [f"{row['metric']} {row['value']} {row['unit']}" for row in chosen]
    known = [row["result"] for row in judged if row["result"] in (PASS, FAIL)]
    count = _("{met} of {all} rules").format(met=known.count(PASS), all=len(known))
    return " · ".join([target, *shown, *([count] if known else [])])
