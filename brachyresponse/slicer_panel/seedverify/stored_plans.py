"""The RT Plans in Slicer's DICOM database, as a menu of a button."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import qt
import slicer
from slicer.i18n import tr as _

MODALITY = "0008,0060"
PLAN = "RTPLAN"
WITH_PLAN = ("RTSTRUCT", "RTDOSE", "CT")


@dataclass(frozen=True)
class StoredPlan:
    """A plan series of the database.

    Parameters
    ----------
    label
        Patient and description, as the menu shows them.
    series_uids
        The plan's own series first, then structures, doses and images of its study.
    """

    label: str
    series_uids: tuple[str, ...]


class StoredPlansMenu:
    """Lists the plans of the database each time it is opened, and hands over the series of the one that is chosen."""

    def __init__(self, button: qt.QToolButton, chosen: Callable[[tuple[str, ...]], None]) -> None:
        self._chosen = chosen
        self._menu = qt.QMenu(button)
        self._menu.connect("aboutToShow()", self._fill)
        button.setMenu(self._menu)
        button.setPopupMode(qt.QToolButton.InstantPopup)

    def _fill(self) -> None:
        self._menu.clear()
        plans = list(stored_plans(getattr(slicer, "dicomDatabase", None)))
        for plan in plans:
            action = self._menu.addAction(plan.label)
            action.connect("triggered()", lambda series=plan.series_uids: self._chosen(series))
        if not plans:
            self._menu.addAction(_("No RT Plan in the DICOM database")).enabled = False


def stored_plans(database: Any) -> Iterator[StoredPlan]:
    """Yield the plans of a ctkDICOMDatabase; none where there is no database."""
    for patient in database.patients() if database is not None else ():
        for study in database.studiesForPatient(patient):
            modalities = {series: _modality(database, series) for series in database.seriesForStudy(study)}
            beside = tuple(series for series, modality in modalities.items() if modality in WITH_PLAN)
            for series, modality in modalities.items():
                if modality == PLAN:
                    label = f"{database.nameForPatient(patient)}: {database.descriptionForSeries(series) or PLAN}"
                    yield StoredPlan(label, (series, *beside))


def _modality(database: Any, series: str) -> str:
    files = database.filesForSeries(series)
    return str(database.fileValue(files[0], MODALITY)).strip() if files else ""
