"""The limits that an implant is held to: those of the site profile, with what the user has changed."""

from __future__ import annotations

import slicer

from brachyresponse.planning import SiteProfile, Table, load_profile
from brachyresponse.scene.results import RULE_COLUMNS, limits_in
from brachyresponse.scene.tables import write_table
from brachyresponse.scene.verification_parts import (
    VerificationRole,
    own_node,
    set_verification_part,
    verification_part,
)
from brachyresponse.scene.verifications import profile_name


def read_verification_profile(verification_node: slicer.vtkMRMLScriptedModuleNode) -> SiteProfile:
    """Return the site profile of a verification, with the limits that were changed for it.

    Raises
    ------
    SceneError, PlanError, InputFileError
        There is no such verification or profile, or the table of changed limits is damaged.
    """
    profile = load_profile(profile_name(verification_node))
    table_node = verification_part(verification_node, VerificationRole.LIMITS)
    return profile if table_node is None else profile.with_verification_limits(limits_in(table_node))


def set_verification_limit(
    verification_node: slicer.vtkMRMLScriptedModuleNode, limit_id: str, least: float | None, most: float | None
) -> None:
    """Change a limit, in its unit; None is no limit on that side. Its source then says that it is the clinic's own.

    Raises
    ------
    SceneError, PlanError
        There is no such verification or limit, a limit is not a finite number, or the two contradict each other.
    """
    own = load_profile(profile_name(verification_node))
    limits = {row.id: (row.least, row.most) for row in read_verification_profile(verification_node).verification}
    changed = own.with_verification_limits({**limits, limit_id: (least, most)})
    if changed == own:
        reset_verification_limits(verification_node)
        return
    rows = tuple((r.id, r.label, _cell(r.least), _cell(r.most), r.unit) for r in changed.verification)
    node = own_node(verification_node, VerificationRole.LIMITS, "vtkMRMLTableNode", "limits of verification")
    write_table(Table("Limits of verification", RULE_COLUMNS, rows), node, editable=("least", "most"))


def reset_verification_limits(verification_node: slicer.vtkMRMLScriptedModuleNode) -> None:
    """Go back to the profile's own limits."""
    set_verification_part(verification_node, VerificationRole.LIMITS, None)


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
