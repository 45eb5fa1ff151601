"""What the parts of the Logic share: the last results."""

from __future__ import annotations

from brachyresponse.scene.response_cache import ResponseCache


class StateLogic:
    """Remembers results of assessments and what is shown side by side; nothing of it is saved."""

    def __init__(self) -> None:
        super().__init__()
        self._cache = ResponseCache()
