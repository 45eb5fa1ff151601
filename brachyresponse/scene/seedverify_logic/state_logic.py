"""What the parts of the Logic share: the corrections with their undo, and the last results."""

from __future__ import annotations

from brachyresponse.scene.verification_cache import VerificationCache
from brachyresponse.scene.verification_seeds import FoundSeedsEditor


class StateLogic:
    """Remembers corrections and results of verifications; nothing of it is saved with the scene."""

    def __init__(self) -> None:
        super().__init__()
        self._editor = FoundSeedsEditor()
        self._cache = VerificationCache()
