"""Keeping ``None`` alive where Python still counts its references.

Some wrapped VTK and Qt calls give back one reference to ``None`` more than they took. From Python 3.12 on, which
Slicer runs on, ``None`` is immortal and nobody notices; on 3.11 a long test run ends with the interpreter's
"deallocating None".
"""

from __future__ import annotations

import ctypes
import sys

FIRST_VERSION_WITH_IMMORTAL_NONE = (3, 12)
ENOUGH_REFERENCES = 1 << 40


def keep_none_alive() -> None:
    """Give ``None`` more references than a test run can lose; nothing happens where ``None`` is immortal."""
    if sys.version_info < FIRST_VERSION_WITH_IMMORTAL_NONE:
        ctypes.c_ssize_t.from_address(id(None)).value += ENOUGH_REFERENCES
