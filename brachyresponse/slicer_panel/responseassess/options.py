"""The choices that a protocol makes within the criteria, as rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import qt
from slicer.i18n import tr as _

from brachyresponse.errors import ResponseError
from brachyresponse.response.vocabulary import CriteriaName, Measure
from brachyresponse.slicer_panel.tables import Cell

RANO = (CriteriaName.RANO_2010, CriteriaName.RANO_2_0, CriteriaName.RANO_GLIASITE)
RECIST = (CriteriaName.RECIST_1_1,)


@dataclass(frozen=True)
class Option:
    """One choice.

    Parameters
    ----------
    name
        As ``CaseOptions`` calls it.
    label, tool_tip
        As a reader says it, and what it changes.
    criteria
        The criteria that leave the choice.
    kind
        bool is a tick; int and :class:`Measure` are typed.
    """

    name: str
    label: str
    tool_tip: str
    criteria: tuple[CriteriaName, ...]
    kind: type = bool

    def cells(self, value: Any) -> list[Cell]:
        """Return the row."""
        label = Cell(self.label, self.tool_tip)
        if self.kind is bool:
            return [label, Cell("", self.tool_tip, checked=bool(value))]
        return [label, Cell(str(value), self.tool_tip, editable=True)]

    def read(self, item: qt.QTableWidgetItem) -> Any:
        """Return what was ticked or typed.

        Raises
        ------
        ResponseError
            A number of weeks is not one.
        """
        if self.kind is bool:
            return item.checkState() == qt.Qt.Checked
        text = item.text().strip()
        if self.kind is not int:
            return text.upper()
        if not text.isdigit():
            raise ResponseError(f"{self.label}: {text!r} is not a whole number of weeks; type one, as 6.")
        return int(text)


OPTIONS = (
    Option(
        "measure",
        _("Measured in (2D or 3D)"),
        _("RANO 2.0 sums areas (2D) or volumes (3D): choose before the baseline and keep it."),
        (CriteriaName.RANO_2_0,),
        Measure,
    ),
    Option(
        "is_antiangiogenic",
        _("Under an antiangiogenic drug"),
        _("T2/FLAIR then counts for progression in an IDH-wildtype glioblastoma."),
        (CriteriaName.RANO_2_0,),
    ),
    Option(
        "must_confirm_progression",
        _("Progression is confirmed by a later scan"),
        _("Also after the first 12 weeks, not only within them."),
        (CriteriaName.RANO_2_0,),
    ),
    Option(
        "is_non_measurable_only",
        _("Disease is not measurable"),
        _("The best response is then stable disease."),
        RANO,
    ),
    Option(
        "must_confirm_response",
        _("Response is confirmed by a later scan"),
        _("CR and PR count once a scan at least 4 weeks later has the same."),
        RECIST,
    ),
    Option(
        "min_sd_weeks",
        _("Shortest stable disease (weeks)"),
        _("Stable disease counts as best response from this many weeks after the baseline; usually 6 to 8."),
        RECIST,
        int,
    ),
    Option(
        "holds_confirmed_pr",
        _("A confirmed PR holds until progression"),
        _("A sum that rises again, but not to progression, stays PR."),
        RECIST,
    ),
    Option(
        "has_protocol_targets",
        _("Targets below the size of the criteria"),
        _("As in the study of neck nodes: they are measured and summed, and every category says so."),
        (*RECIST, CriteriaName.RANO_BM),
    ),
)
