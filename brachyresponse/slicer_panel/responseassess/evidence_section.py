"""What the sections on evidence share: the evidence on the chosen lesion at the visit that is worked on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import qt
from slicer.i18n import tr as _

from brachyresponse.scene.responseassess_logic.nodes import EvidenceNode
from brachyresponse.slicer_panel.responseassess.section import Section

NO_EVIDENCE: str = _("Press Collect first.")


class EvidencePart(Section):
    """Base of the tabs on evidence."""

    @property
    def evidence(self) -> EvidenceNode | None:
        """The evidence on the chosen lesion, or None before any was collected."""
        return self.panel.evidence.node

    @property
    def owner(self) -> str:
        """Which evidence it is: what was typed for one is not taken for another. Empty without any."""
        return self.evidence.GetID() if self.evidence is not None else ""

    @property
    def missing(self) -> str:
        """Why nothing can be changed here; empty where there is evidence."""
        return self.panel.lesion_choice.missing or ("" if self.evidence is not None else NO_EVIDENCE)

    def on_evidence(self, widget: qt.QWidget, signal: str, handler: Callable[..., Any], failed: str) -> None:
        """As :meth:`on`, with the evidence before the signal's arguments; nothing happens without any."""

        def act(*arguments: Any) -> None:
            if self.evidence is not None:
                handler(self.evidence, *arguments)

        self.on(widget, signal, act, failed)
