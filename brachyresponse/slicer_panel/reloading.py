"""Reload of a module also takes the library anew; Slicer's own button re-executes the module file only."""

from __future__ import annotations

import sys

LIBRARY = "brachyresponse"


def forget_library() -> None:
    """Drop the library from the loaded modules, so that its next import reads the files again.

    Call it from a widget's ``onReload`` just before Slicer's own. Objects that exist already keep their old code.
    """
    for name in [name for name in sys.modules if name == LIBRARY or name.startswith(f"{LIBRARY}.")]:
        del sys.modules[name]
