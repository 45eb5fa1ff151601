"""What a plan keeps for its biological dose: the tissue of each structure in a table, and an earlier external beam."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import slicer

from brachyresponse.dose.biology import ParameterRange, TissueBiology, load_tissue
from brachyresponse.dose.biology.tissue import UNITS
from brachyresponse.errors import BrachyResponseError, PlanError
from brachyresponse.planning import Table
from brachyresponse.planning.balloon.plan import shell_name
from brachyresponse.scene.balloon_settings import read_balloon_settings
from brachyresponse.scene.inverse_fields import snake_case
from brachyresponse.scene.plan_parts import PlanRole, plan_part
from brachyresponse.scene.plan_structures import read_plan_segments
from brachyresponse.scene.results import write_plan_table
from brachyresponse.scene.segments import segment_ids, segment_name
from brachyresponse.scene.source_kind import is_balloon
from brachyresponse.scene.tables import column_of, read_table

HEADINGS = {
    "alpha_beta_gy": "alpha/beta (Gy)",
    "repair_half_time_h": "repair half-time (h)",
    "alpha_per_gy": "alpha (/Gy)",
    "doubling_time_days": "doubling time (d)",
    "kick_off_days": "kick-off (d)",
}
COLUMNS = ("structure", "segment", "tissue", *HEADINGS.values())
NUMBER = r"\d+(?:\.\d*)?|\.\d+"
RANGE = re.compile(rf"(?P<mid>{NUMBER})(?:\s*\(\s*(?P<low>{NUMBER})\s*(?:-|–|to)\s*(?P<high>{NUMBER})\s*\))?")


@dataclass(frozen=True)
class TissueRow:
    """The tissue of a structure; parameters as text, ``3 (2-4)``: likely value and range, empty where it has none.

    Parameters
    ----------
    segment, structure
        ID and name; of a shell round a balloon both are its name.
    tissue
        Name of a preset; empty where none is chosen.
    source
        Where the parameters are from, and what is not verified.
    """

    segment: str
    structure: str
    tissue: str = ""
    alpha_beta_gy: str = ""
    repair_half_time_h: str = ""
    alpha_per_gy: str = ""
    doubling_time_days: str = ""
    kick_off_days: str = ""
    source: str = ""

    def biology(self) -> TissueBiology:
        """Return the tissue with the parameters of the row.

        Raises
        ------
        DoseError, PlanError
            There is no such tissue, or a parameter cannot be used.
        """
        preset = load_tissue(self.tissue)
        changed = {name: range_of(name, getattr(self, name)) for name in UNITS if self._differs(preset, name)}
        return preset.changed(**changed) if changed else preset

    def _differs(self, preset: TissueBiology, name: str) -> bool:
        text = getattr(self, name)
        return bool(text) and text != range_text(preset.parameters.get(name))


def range_text(values: ParameterRange | None) -> str:
    """Return a parameter as ``3 (2-4)``, or ``3`` where it has no range; empty for none."""
    if values is None:
        return ""
    return f"{values.mid:g} ({values.low:g}-{values.high:g})" if values.is_wide else f"{values.mid:g}"


def range_of(name: str, text: str) -> ParameterRange:
    """Return a parameter written as ``3 (2-4)`` or ``3``.

    Raises
    ------
    PlanError, DoseError
        It is not written so, or the likely value lies outside the range.
    """
    found = RANGE.fullmatch(text.strip())
    if found is None:
        shown, unit = UNITS[name]
        raise PlanError(f"The {shown} {text!r} is not a value in {unit}: write it as 3, or with its range as 3 (2-4).")
    mid = float(found["mid"])
    return ParameterRange(float(found["low"] or mid), mid, float(found["high"] or mid))


def tissue_rows(plan_node: slicer.vtkMRMLScriptedModuleNode) -> tuple[TissueRow, ...]:
    """Return the targets and organs of a plan with their tissues; of a balloon plan its shell first.

    Raises
    ------
    SceneError, PlanError
        There is no such plan, or the table of tissues is damaged.
    """
    kept = _kept(plan_node)
    return tuple(_row(segment, name, kept.get(segment, {})) for segment, name in structures_of(plan_node).items())


def structures_of(plan_node: slicer.vtkMRMLScriptedModuleNode) -> dict[str, str]:
    """Return the structures whose tissue can be chosen: name by segment ID, or by itself for a balloon's shell."""
    chosen = read_plan_segments(plan_node)
    segmentation = plan_part(plan_node, PlanRole.SEGMENTATION)
    present = set() if segmentation is None else set(segment_ids(segmentation))
    wanted = dict.fromkeys((chosen.ptv, chosen.gtv, *chosen.organs))
    drawn = {segment: segment_name(segmentation, segment) for segment in wanted if segment in present}
    if not is_balloon(plan_node):
        return drawn
    shell = shell_name(read_balloon_settings(plan_node).depth_mm)
    return {shell: shell, **drawn}


def set_tissue(
    plan_node: slicer.vtkMRMLScriptedModuleNode, segment: str, tissue: str | None, values: Mapping[str, str]
) -> TissueRow:
    """Choose the tissue of a structure, change some of its parameters, or both in this order; return the row.

    Parameters
    ----------
    segment
        A segment ID, or the name of a structure.
    tissue
        A preset, whose parameters are taken; an empty one leaves the structure out; None keeps what is there.
    values
        Parameters by their names, as ``3 (2-4)``; an empty text goes back to the preset's.

    Raises
    ------
    SceneError, PlanError, DoseError
        There is no such plan, structure, tissue or parameter, or a value cannot be used; then nothing is changed.
    """
    rows = {row.segment: row for row in tissue_rows(plan_node)}
    by_name = {row.structure: row.segment for row in rows.values()}
    key = segment if segment in rows else by_name.get(segment, segment)
    if key not in rows:
        known = ", ".join(by_name) or "none"
        raise PlanError(f"There is no target or organ {segment!r} in plan {plan_node.GetName()!r}: there are {known}.")
    row = rows[key] if tissue is None else _of_preset(rows[key], tissue)
    rows[key] = _changed(row, values)
    cells = tuple(_cells(each) for each in rows.values() if each.tissue)
    write_plan_table(Table("Tissues", COLUMNS, cells), plan_node, PlanRole.TISSUES, editable=COLUMNS[2:])
    return rows[key]


def _of_preset(row: TissueRow, tissue: str) -> TissueRow:
    if not tissue:
        return TissueRow(row.segment, row.structure)
    found = load_tissue(tissue)
    texts = {name: range_text(found.parameters.get(name)) for name in UNITS}
    return TissueRow(row.segment, row.structure, tissue, **texts, source=_source(found))


def _changed(row: TissueRow, values: Mapping[str, str]) -> TissueRow:
    named = {snake_case(name): str(text).strip() for name, text in values.items()}
    for name in named:
        if name not in UNITS:
            raise PlanError(f"There is no parameter {name!r} of a tissue: choose one of {', '.join(UNITS)}.")
    if named and not row.tissue:
        raise PlanError(f"The structure {row.structure!r} has no tissue yet: choose one, then change its parameters.")
    if not row.tissue:
        return row
    preset = load_tissue(row.tissue).parameters
    texts = {
        name: range_text(range_of(name, text)) if text else range_text(preset.get(name)) for name, text in named.items()
    }
    changed = replace(row, **texts)
    return replace(changed, source=_source(changed.biology()))


def _kept(plan_node: slicer.vtkMRMLScriptedModuleNode) -> dict[str, dict[str, str]]:
    """The table's cells by segment and by the name of what they are."""
    table_node = plan_part(plan_node, PlanRole.TISSUES)
    if table_node is None:
        return {}
    table = read_table(table_node)
    columns = {
        name: column_of(table, heading)
        for name, heading in {"segment": "segment", "tissue": "tissue", **HEADINGS}.items()
    }
    rows = zip(*columns.values(), strict=True)
    return {str(row[0]): {name: str(cell) for name, cell in zip(columns, row, strict=True)} for row in rows}


def _row(segment: str, structure: str, kept: dict[str, str]) -> TissueRow:
    row = replace(TissueRow(segment, structure), **{name: text for name, text in kept.items() if name != "segment"})
    if not row.tissue:
        return row
    try:
        return replace(row, source=_source(row.biology()))
    except BrachyResponseError as error:
        return replace(row, source=str(error))  # the table was edited: said in the row, refused when it is computed


def _cells(row: TissueRow) -> tuple[str, ...]:
    return (row.structure, row.segment, row.tissue, *(getattr(row, name) for name in HEADINGS))


def _source(tissue: TissueBiology) -> str:
    """Where the parameters are from, each source once, with what is not verified."""
    said = {f"{values.source} ({values.status})": None for values in tissue.parameters.values()}
    return "; ".join(said)
