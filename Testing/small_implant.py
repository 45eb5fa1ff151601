"""The small patient of the command line with its implant: a plan, a CT of the implant, and structures drawn on it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from brachyresponse.command_line.inputs import write_labels
from brachyresponse.geometry import Grid
from brachyresponse.planning import ImplantPlan, Needle, write_plan
from brachyresponse.seeds import Seeds
from command_line_run import ball, write_small_patient
from ct_phantom.case import Recipe, make_case

GTV_MM = np.array([5.0, 8.0, 10.0])
SHIFT_MM = -GTV_MM
"""The patient lies so far off in the implant CT: the scanner's middle is the target's."""
MISSING, FAR, FAR_MM = 4, 6, 5.0
PLANNED = "2026-03-02"


@dataclass(frozen=True)
class SmallImplant:
    """Paths of the files, and where the implanted seeds are, RAS of the implant CT."""

    folder: Path
    true_mm: np.ndarray

    @property
    def plan(self) -> Path:
        return self.folder / "plan.json"

    @property
    def detected(self) -> Path:
        return self.folder / "true.json"

    @property
    def planned_side(self) -> tuple[object, ...]:
        structures = self.folder / "structures.seg.nrrd"
        return "--plan", self.plan, "--plan-image", self.folder / "CT.nrrd", "--plan-structures", structures

    @property
    def implant_side(self) -> tuple[object, ...]:
        return "--image", self.folder / "implant.nrrd", "--structures", self.folder / "implant.seg.nrrd"


def write_small_implant(folder: Path) -> SmallImplant:
    """Write plan and implant of eight seeds: one left out, one far off along its needle, the others moved a little."""
    write_small_patient(folder)
    plan = small_plan()
    write_plan(plan, folder / "plan.json")
    positions = plan.seeds.positions_mm + SHIFT_MM + np.random.default_rng(3).normal(0, 0.5, (8, 3))
    positions[FAR] -= [0, 0, FAR_MM]
    kept = np.delete(np.arange(8), MISSING)
    implant = SmallImplant(folder, positions[kept])
    _write_ct(implant.true_mm, plan.seeds.directions[kept], folder / "implant.nrrd")
    grid = Grid.covering(GTV_MM + SHIFT_MM - 55, GTV_MM + SHIFT_MM + 55, 2.0)
    parts = [("GTV", GTV_MM, 10), ("Nerve", np.array([-15.0, 8, 10]), 5), ("Body", np.zeros(3), 48)]
    gtv, nerve, body = (ball(grid, name, centre + SHIFT_MM, radius) for name, centre, radius in parts)
    write_labels([[gtv, nerve], [body]], folder / "implant.seg.nrrd")
    records = [
        {"position_ras_mm": position.tolist(), "direction_ras": [0, 0, 1], "confidence": 0.9, "axis_confidence": 0.8}
        for position in implant.true_mm
    ]
    text = json.dumps({"schema": 1, "frame_of_reference_uid": "1.2.4", "seeds": records})
    (folder / "true.json").write_text(text, encoding="utf-8")
    return implant


def small_plan() -> ImplantPlan:
    offsets = np.array([[x, y, 0.0] for x in (-4, 4) for y in (-4, 4)])
    needles = tuple(
        Needle(number, GTV_MM + offset + [0, 0, 40], GTV_MM + offset - [0, 0, 9])
        for number, offset in enumerate(offsets, start=1)
    )
    positions = np.concatenate([needle.at([35, 45]) for needle in needles])
    return ImplantPlan(
        patient_id="P-1",
        frame_of_reference_uid="1.2.3",
        created=datetime(2026, 3, 2, 12),
        implant_date=date(2026, 3, 6),
        target="GTV",
        source="amersham_6711",
        prescription_gy=120.0,
        needles=needles,
        seeds=Seeds(positions, np.tile([0, 0, -1.0], (8, 1)), 0.65, needle=np.repeat([1, 2, 3, 4], 2)),
        planning_image_date=date.fromisoformat(PLANNED),
    )


def _write_ct(seeds_mm: np.ndarray, directions: np.ndarray, path: Path) -> None:
    """Write a scan of the seeds in soft tissue, 44 x 44 x 40 mm round the target."""
    to_scanner = np.array([-1.0, -1.0, 1.0])
    recipe = Recipe(pixel_mm=0.8, thickness_mm=1.25, field_mm=(44, 44, 40), views=240)
    seeds = list(zip(seeds_mm * to_scanner, directions * to_scanner, strict=True))
    case = make_case(recipe, seeds=seeds)
    np.testing.assert_allclose(case.centres_mm, seeds_mm, atol=1e-6)
    sitk.WriteImage(case.grid.to_image(case.ct_hu), str(path))
