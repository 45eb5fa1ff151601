"""The only part that knows MRML: nodes in, library types out, and back.

It imports ``slicer`` and ``vtk``, needs no window, and says in each error which node is meant. What it writes lies in
one folder of the subject hierarchy; whoever reads everything first and writes last leaves the scene as it was when
something is wrong.
"""

from brachyresponse.scene.dose_volume import read_dose, write_dose
from brachyresponse.scene.dvh import DvhLook, write_dvhs
from brachyresponse.scene.isodose import isodose_surface, show_isodoses
from brachyresponse.scene.isodose_levels import read_isodose_levels, write_isodose_levels
from brachyresponse.scene.needles import read_needle, read_needles, write_needle, write_needles
from brachyresponse.scene.nodes import SceneError
from brachyresponse.scene.plan_parts import PlanRole, plan_part, plan_parts, plans_in, set_plan_part
from brachyresponse.scene.plan_structures import PlanSegments, read_plan_segments, write_plan_segments
from brachyresponse.scene.plans import (
    create_plan,
    delete_plan,
    duplicate_plan,
    read_plan_node,
    rename_plan,
    seeds_node_of,
    write_plan_node,
)
from brachyresponse.scene.results import read_limits, write_findings, write_limits, write_metrics
from brachyresponse.scene.seed_model import show_seeds
from brachyresponse.scene.seed_source import read_source, write_source
from brachyresponse.scene.seeds import create_seeds_node, mend_seeds, read_seeds, write_seeds
from brachyresponse.scene.segments import read_structure, write_structure
from brachyresponse.scene.stale import input_signature, is_current, mark_current, mark_stale, stale_reason
from brachyresponse.scene.tables import read_table, write_table
from brachyresponse.scene.verification_parts import VerificationRole, verification_part, verifications_in
from brachyresponse.scene.verification_registration import read_registration, write_registration
from brachyresponse.scene.verification_seeds import read_found_seeds, write_found_seeds
from brachyresponse.scene.verifications import create_verification, delete_verification
from brachyresponse.scene.volumes import read_grid, read_image, write_image

__all__ = [
    "DvhLook",
    "PlanRole",
    "PlanSegments",
    "SceneError",
    "VerificationRole",
    "create_plan",
    "create_seeds_node",
    "create_verification",
    "delete_plan",
    "delete_verification",
    "duplicate_plan",
    "input_signature",
    "is_current",
    "isodose_surface",
    "mark_current",
    "mark_stale",
    "mend_seeds",
    "plan_part",
    "plan_parts",
    "plans_in",
    "read_dose",
    "read_found_seeds",
    "read_grid",
    "read_image",
    "read_isodose_levels",
    "read_limits",
    "read_needle",
    "read_needles",
    "read_plan_node",
    "read_plan_segments",
    "read_registration",
    "read_seeds",
    "read_source",
    "read_structure",
    "read_table",
    "rename_plan",
    "seeds_node_of",
    "set_plan_part",
    "show_isodoses",
    "show_seeds",
    "stale_reason",
    "verification_part",
    "verifications_in",
    "write_dose",
    "write_dvhs",
    "write_findings",
    "write_found_seeds",
    "write_image",
    "write_isodose_levels",
    "write_limits",
    "write_metrics",
    "write_needle",
    "write_needles",
    "write_plan_node",
    "write_plan_segments",
    "write_registration",
    "write_seeds",
    "write_source",
    "write_structure",
    "write_table",
]
