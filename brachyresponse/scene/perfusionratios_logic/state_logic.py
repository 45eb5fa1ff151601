"""What the parts of the Logic share: the last results."""

from __future__ import annotations

from brachyresponse.scene.perfusion_cache import PerfusionCache


class StateLogic:
    """Remembers results of studies, for curves at the crosshair and for files; nothing of it is saved."""

    def __init__(self) -> None:
        super().__init__()
        self._cache = PerfusionCache()
