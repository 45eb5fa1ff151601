from __future__ import annotations

import re
from pathlib import Path

import pytest

from command_line_run import RESULT_FILES, Results, run


def test_the_demo_plans_the_digital_patient_and_says_where_to_look(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run(capsys, "demo", "--out", tmp_path / "demo")
    assert done.status == 0, done.err
    assert f"Report: {tmp_path / 'demo' / 'plan' / 'report.html'}" in done.out
    assert "The same again: python -m brachyresponse plan --image" in done.out
    assert {f.name for f in (tmp_path / "demo" / "patient").iterdir()} == {"CT.nrrd", "MRI.nrrd", "structures.seg.nrrd"}
    results = Results(tmp_path / "demo" / "plan")
    assert results.names == RESULT_FILES
    assert results.metric("GTV", "V100") > 99
    assert results.metric("GTV + 2 mm", "V100") > 95
    assert results.metric("Brainstem", "D0.1cc") < 60
    assert len(re.findall(r'<svg[^>]*class="slice"', results.report)) == 3
    assert results.plan["frame_of_reference_uid"].startswith("2.25.")
