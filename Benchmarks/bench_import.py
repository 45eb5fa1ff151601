"""What it costs to import the library: every start of Slicer pays for it."""

from __future__ import annotations

import re
import subprocess
import sys

from figures import Figure

SUBJECTS = ["brachyresponse.dose", "brachyresponse.planning", "brachyresponse.sources"]


def import_milliseconds(name: str, also: str) -> float:
    """Time of one import in a new Python that has imported something else before, best of five."""
    command = [sys.executable, "-X", "importtime", "-c", f"import {also}, {name}"]
    pattern = re.compile(rf"\|\s*(\d+)\s*\|\s*{re.escape(name)}$", flags=re.MULTILINE)
    accounts = [subprocess.run(command, capture_output=True, text=True, check=True).stderr for _ in range(5)]
    return min(int(found[1]) for account in accounts if (found := pattern.search(account))) / 1000


def bench_library() -> Figure:
    """Import of the library."""
    return Figure("import brachyresponse", import_milliseconds("brachyresponse", "sys"), "ms", limit=50)


def bench_subjects() -> list[Figure]:
    """Import of its subjects beyond numpy."""
    return [Figure(f"import {name}, after numpy", import_milliseconds(name, "numpy"), "ms") for name in SUBJECTS]
