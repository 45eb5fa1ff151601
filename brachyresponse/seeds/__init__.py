"""Seeds: where they lie, how they are turned and how strong they are."""

from brachyresponse.seeds.history import History, SeedHistory
from brachyresponse.seeds.origin import Origin
from brachyresponse.seeds.seeds import Seeds

__all__ = ["History", "Origin", "SeedHistory", "Seeds"]
