"""Where the reference data lie, and how a test that needs them says that they are absent."""

from __future__ import annotations

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
REFERENCE = PROJECT.parent / "shared" / "reference"


def needs_reference(*parts: str) -> pytest.MarkDecorator:
    """Skip a test where a file or folder of the reference data is absent."""
    path = REFERENCE.joinpath(*parts)
    return pytest.mark.skipif(not path.exists(), reason=f"reference data ../shared/reference/{'/'.join(parts)} absent")
