"""Case files for ``respond``, and runs of it that fail."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from command_line_run import run


def written(folder: Path, case: Any, name: str = "case.json") -> Path:
    path = folder / name
    path.write_text(case if isinstance(case, str) else json.dumps(case), encoding="utf-8")
    return path


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The one sentence on stderr of a run that fails, which leaves nothing behind."""
    out = Path(str(arguments[-1]))
    failed = run(capsys, "respond", *arguments)
    assert failed.status == 2, failed.out
    assert not out.exists()
    assert failed.err.count("\n") == 1
    assert "Traceback" not in failed.err
    return failed.err
