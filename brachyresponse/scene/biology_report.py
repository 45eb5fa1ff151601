"""The biological dose of a plan of the scene in its report and its files."""

from __future__ import annotations

from collections.abc import Sequence

import slicer

from brachyresponse.pictures.biology_chart import biology_chart
from brachyresponse.planning import Table
from brachyresponse.planning.biology_tables import biological_dvh_table, biology_tables
from brachyresponse.report.biology_section import biology_section
from brachyresponse.report.markup import NOTHING, Markup
from brachyresponse.scene.biology_computing import compute_biology
from brachyresponse.scene.biology_output import biology_state
from brachyresponse.scene.plan_parts import PlanRole, plan_part


def biology_markup(plan_node: slicer.vtkMRMLScriptedModuleNode) -> Markup:
    """Return the section of a report on biological dose; empty where it is not computed or no longer holds.

    Raises
    ------
    BrachyResponseError
        Something it is computed from can no longer be read.
    """
    if not _holds(plan_node):
        return NOTHING
    found = compute_biology(plan_node)
    return biology_section(found, biology_chart(found))


def biology_files(plan_node: slicer.vtkMRMLScriptedModuleNode) -> dict[str, Table | Sequence[Table]]:
    """Return the tables of biological dose by the name of their CSV file; none where it is not computed or is old."""
    if not _holds(plan_node):
        return {}
    found = compute_biology(plan_node)
    return {"biology.csv": biology_tables(found), "biology_dvh.csv": biological_dvh_table(found)}


def _holds(plan_node: slicer.vtkMRMLScriptedModuleNode) -> bool:
    return plan_part(plan_node, PlanRole.BIOLOGY) is not None and not biology_state(plan_node)
