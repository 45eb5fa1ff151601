"""Running the command line in this process, and the files that it reads."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.command_line.inputs import write_labels
from brachyresponse.command_line.main import main
from brachyresponse.geometry import Grid, Structure

RESULT_FILES = {
    "plan.json", "dose.nrrd", "dvh.csv", "metrics.csv", "seeds.csv", "loading_sheet.csv", "loading_sheet.html",
    "report.html",
}  # fmt: skip
VERIFICATION_FILES = {
    "verification.json", "detected.json", "dose.nrrd", "difference.nrrd", "transform.tfm", "report.html",
    "axes.csv", "cold_regions.csv", "dvh.csv", "findings.csv", "metrics.csv", "near_organs.csv", "organ_limits.csv",
    "seeds.csv",
}  # fmt: skip


@dataclass(frozen=True)
class Run:
    """How a run of the command line ended, and what it said."""

    status: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> Run:
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as end:  # argparse's own way to end
        status = int(end.code or 0)
    said = capsys.readouterr()
    return Run(int(status), said.out, said.err)


@dataclass(frozen=True)
class Results:
    """The result files of a plan."""

    folder: Path

    @property
    def plan(self) -> dict[str, Any]:
        return json.loads((self.folder / "plan.json").read_text(encoding="utf-8"))

    @property
    def dose(self) -> sitk.Image:
        return sitk.ReadImage(str(self.folder / "dose.nrrd"))

    @property
    def report(self) -> str:
        return (self.folder / "report.html").read_text(encoding="utf-8")

    def metric(self, structure: str, label: str) -> float:
        with (self.folder / "metrics.csv").open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return next(float(r["value"]) for r in rows if (r["structure"], r["metric"]) == (structure, label))

    @property
    def names(self) -> set[str]:
        return {file.name for file in self.folder.iterdir()}


def ball(grid: Grid, name: str, centre_mm: Sequence[float], radius_mm: float) -> Structure:
    return Structure(name, np.linalg.norm(grid.points_mm() - np.array(centre_mm), axis=-1) <= radius_mm, grid)


def write_small_patient(folder: Path) -> tuple[Path, Path]:
    """Image and structures (GTV of 4.2 cc, Nerve, Body) on an oblique grid of 2 mm; returns their paths."""
    angle = np.deg2rad(20)
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
    matrix = np.eye(4)
    matrix[:3, :3] = turn * [-2, -2, 2]
    matrix[:3, 3] = -matrix[:3, :3] @ [29.5, 29.5, 29.5]
    grid = Grid((60, 60, 60), matrix)
    gtv, nerve = ball(grid, "GTV", (5, 8, 10), 10), ball(grid, "Nerve", (-15, 8, 10), 5)
    body = ball(grid, "Body", (0, 0, 0), 50)
    image = np.where(body.mask, 30, -1000).astype(np.int16)
    sitk.WriteImage(grid.to_image(image), str(folder / "CT.nrrd"))
    write_labels([[gtv, nerve], [body]], folder / "structures.seg.nrrd")
    return folder / "CT.nrrd", folder / "structures.seg.nrrd"
