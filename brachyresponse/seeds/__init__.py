"""Seeds: where they lie, how they are turned and how strong they are."""

from brachyresponse.seeds.history import History, SeedHistory
from brachyresponse.seeds.seeds import Seeds

__all__ = ["History", "SeedHistory", "Seeds"]
