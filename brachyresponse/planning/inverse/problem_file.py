"""Problems of inverse planning in files: a folder with ``problem.json``, schema 1, and ``structures.npz``.

``problem.json`` holds everything but the structures' voxels, the seed model's data included. ``structures.npz`` holds
one array a structure, ``0``, ``1`` ... in the order of ``structures`` in ``problem.json``: its occupancy, [k, j, i],
within the box that starts at ``first_kji`` of its grid. Reading gives back the same numbers that were written.
"""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from brachyresponse.errors import InputFileError, reason_of
from brachyresponse.geometry import Grid, Structure
from brachyresponse.planning.anatomy import PlanAnatomy, PlanRoles
from brachyresponse.planning.inverse.placement import SeedPlacement
from brachyresponse.planning.inverse.problem import ImplantProblem, Locked, PlanDetails
from brachyresponse.planning.inverse.tracks import FanTracks, NeedleTracks, ParallelTracks, TemplateTracks
from brachyresponse.planning.inverse.weights import ObjectiveWeights
from brachyresponse.planning.organ_limits import LimitUnit, OrganLimit, parse_metric
from brachyresponse.planning.plain_fields import from_fields, plain_fields
from brachyresponse.planning.plan_file import implant_fields, implant_from_record, plan_fields, plan_from_record
from brachyresponse.planning.record import Record, read_record
from brachyresponse.planning.template import Template
from brachyresponse.sources import Source
from brachyresponse.types import AnyArray

SCHEMA = 1
PROBLEM_FILE, STRUCTURES_FILE = "problem.json", "structures.npz"
TEMPLATE = "template"
TRACKS: dict[str, type[ParallelTracks] | type[FanTracks]] = {"parallel": ParallelTracks, "fan": FanTracks}
PLAIN = ("prescription_gy", "target_margin_mm", "random_seed", "moves")


def write_problem(problem: ImplantProblem, folder: str | Path) -> Path:
    """Write a problem into a folder, which is made, and return the folder.

    Raises
    ------
    InputFileError
        The folder or a file cannot be written.
    """
    folder = Path(folder)
    text = json.dumps(_problem_fields(problem), indent=1, ensure_ascii=False, allow_nan=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / PROBLEM_FILE).write_text(text + "\n", encoding="utf-8")
        _write_voxels(problem.anatomy, folder / STRUCTURES_FILE)
    except OSError as error:
        raise InputFileError(
            f"The problem cannot be written to {folder.name}: {error.strerror}; choose another folder."
        ) from error
    return folder


def read_problem(folder: str | Path) -> ImplantProblem:
    """Return the problem of a folder.

    Raises
    ------
    InputFileError
        A file is missing, damaged, of another schema, or holds what no problem can have.
    """
    folder = Path(folder)
    record = read_record(folder / PROBLEM_FILE, SCHEMA)
    with record.locating_errors():
        return _problem(record, folder / STRUCTURES_FILE)


def _problem_fields(problem: ImplantProblem) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        **{name: getattr(problem, name) for name in PLAIN},
        "strengths_u": list(problem.strengths_u),
        "weights": plain_fields(problem.weights),
        "limit_weights": dict(problem.limit_weights),
        "placement": plain_fields(problem.placement),
        "tracks": _track_fields(problem.tracks),
        "roles": _role_fields(problem.anatomy.roles),
        "locked": {
            **implant_fields(problem.locked.needles, problem.locked.seeds),
            "loadable": sorted(problem.locked.loadable),
        },
        "start": None if problem.start is None else plan_fields(problem.start),
        "details": plain_fields(problem.details),
        "source": plain_fields(problem.source),
        "structures": [_structure_fields(structure) for structure in problem.anatomy.structures.values()],
    }


def _problem(record: Record, voxels: Path) -> ImplantProblem:
    weights = record.part("limit_weights")
    return ImplantProblem(
        anatomy=PlanAnatomy(_structures(record, voxels), _roles(record.part("roles"))),
        source=from_fields(record.part("source"), Source),
        strengths_u=record.numbers("strengths_u"),
        prescription_gy=record.number("prescription_gy"),
        tracks=_tracks(record.part("tracks")),
        placement=from_fields(record.part("placement"), SeedPlacement),
        weights=from_fields(record.part("weights"), ObjectiveWeights),
        limit_weights={text: weights.number(text) for text in weights.fields},
        target_margin_mm=record.number("target_margin_mm"),
        locked=_locked(record.part("locked")),
        start=plan_from_record(record.part("start")) if record.has("start") else None,
        random_seed=record.whole("random_seed"),
        moves=record.whole("moves"),
        details=from_fields(record.part("details"), PlanDetails),
    )


def _track_fields(tracks: NeedleTracks) -> dict[str, Any]:
    if isinstance(tracks, TemplateTracks):
        template = plain_fields(tracks.template)
        return {"kind": TEMPLATE, "template": template, "entry_distance_mm": tracks.entry_distance_mm}
    kind = next(name for name, known in TRACKS.items() if isinstance(tracks, known))
    return {"kind": kind, **plain_fields(tracks)}


def _tracks(record: Record) -> NeedleTracks:
    kind = record.text("kind")
    if kind == TEMPLATE:
        template = from_fields(record.part("template"), Template)
        return TemplateTracks(template, record.number("entry_distance_mm"))
    if kind not in TRACKS:
        raise InputFileError(f"{record.where}: 'kind' is {kind!r}, expected {TEMPLATE}, {', '.join(TRACKS)}.")
    rest = {name: value for name, value in record.fields.items() if name != "kind"}
    return from_fields(Record(record.where, rest), TRACKS[kind])


def _role_fields(roles: PlanRoles) -> dict[str, Any]:
    limits = [
        {
            "structure": limit.structure,
            "metric": limit.metric.text,
            "limit": limit.limit,
            "unit": str(limit.unit),
            "at_least": limit.at_least,
        }
        for limit in roles.limits
    ]
    return {**plain_fields(roles), "limits": limits}


def _roles(record: Record) -> PlanRoles:
    limits = tuple(
        OrganLimit(
            limit.text("structure"),
            parse_metric(limit.text("metric")),
            limit.number("limit"),
            limit.choice("unit", LimitUnit),
            limit.flag("at_least"),
        )
        for limit in record.records("limits")
    )
    return PlanRoles(
        gtv=record.text("gtv"),
        ptv=record.text("ptv"),
        body=record.text("body"),
        organs=record.texts("organs"),
        avoid=record.texts("avoid"),
        limits=limits,
    )


def _locked(record: Record) -> Locked:
    needles, seeds = implant_from_record(record)
    return Locked(needles, seeds, frozenset(int(number) for number in record.numbers("loadable")))


def _structure_fields(structure: Structure) -> dict[str, Any]:
    first_kji, _ = structure.index_box()
    return {
        "name": structure.name,
        "shape_kji": list(structure.grid.shape_kji),
        "ijk_to_ras": structure.grid.ijk_to_ras.ravel().tolist(),
        "first_kji": first_kji.tolist(),
    }


def _write_voxels(anatomy: PlanAnatomy, path: Path) -> None:
    boxes: dict[str, AnyArray] = {}
    for number, structure in enumerate(anatomy.structures.values()):
        first, last = structure.index_box()
        boxes[str(number)] = structure.occupancy[tuple(slice(a, b + 1) for a, b in zip(first, last, strict=True))]
    np.savez_compressed(path, **boxes)  # type: ignore[arg-type]  # its stub takes the names for options


def _structures(record: Record, path: Path) -> dict[str, Structure]:
    try:
        with np.load(path, allow_pickle=False) as voxels:
            boxes = {name: voxels[name] for name in voxels.files}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise InputFileError(f"{path.name} cannot be read: {reason_of(error)}.") from error
    found = (_structure(part, boxes.get(str(number))) for number, part in enumerate(record.records("structures")))
    return {structure.name: structure for structure in found}


def _structure(record: Record, box: AnyArray | None) -> Structure:
    shape, first = (tuple(int(n) for n in record.numbers(key)) for key in ("shape_kji", "first_kji"))
    matrix = np.array(record.numbers("ijk_to_ras"))
    if len(shape) != 3 or len(first) != 3 or matrix.size != 16:
        raise InputFileError(f"{record.where}: a shape and a first voxel of 3 and a matrix of 16 numbers are expected.")
    if box is None or box.ndim != 3 or (np.less(first, 0) | np.greater(np.add(first, box.shape), shape)).any():
        raise InputFileError(f"{record.where}: its voxels in {STRUCTURES_FILE} are missing or do not fit its grid.")
    occupancy = np.zeros(shape, box.dtype)
    occupancy[tuple(slice(a, a + n) for a, n in zip(first, box.shape, strict=True))] = box
    return Structure(record.text("name"), occupancy, Grid((shape[0], shape[1], shape[2]), matrix.reshape(4, 4)))
