"""What a series seems to be; read once from its frames, and again only when something of it has changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from brachyresponse.errors import BrachyResponseError
from brachyresponse.scene.perfusion_fields import PerfusionField, perfusion_text
from brachyresponse.scene.perfusionratios_logic.nodes import PerfusionNode


@dataclass(frozen=True)
class Proposal:
    """A kind with the sentence that says why; without a kind the sentence says why there is none."""

    kind: str
    sentence: str


class KindProposals:
    """Asks the Logic what the series of studies seem to be, and remembers it.

    Parameters
    ----------
    logic
        A ``PerfusionRatiosLogic``.
    """

    def __init__(self, logic: Any) -> None:
        self._logic = logic
        self._kept: dict[tuple[str, ...], Proposal] = {}

    def of(self, node: PerfusionNode) -> Proposal:
        """Return what the series of a study seems to be."""
        series = [each.GetID() for each in self._logic.seriesNodes(node)]
        said = [perfusion_text(node, field) for field in (PerfusionField.ACQUISITION, PerfusionField.TIMES)]
        key = (node.GetID(), *series, *said)
        if key not in self._kept:
            self._kept = {key: self._ask(node)}
        return self._kept[key]

    def forget(self) -> None:
        """Forget everything: the scene was closed, and its IDs will be given again."""
        self._kept = {}

    def _ask(self, node: PerfusionNode) -> Proposal:
        try:
            kind, sentence = self._logic.proposedKind(node)
        except BrachyResponseError as error:
            return Proposal("", str(error))
        return Proposal(str(kind), str(sentence))
