"""Planning of an implant: needles, templates, loading, plans, rules and what goes to the procedure room."""

from importlib import import_module
from typing import TYPE_CHECKING

from brachyresponse.planning.anatomy import PlanAnatomy, PlanRoles, TargetRole
from brachyresponse.planning.clearance import Clearance, needle_clearance, needle_crosses
from brachyresponse.planning.evaluate import PlanEvaluation, evaluate_dose, evaluate_plan, surrogate_sentence
from brachyresponse.planning.evaluation_tables import dvh_table, findings_table, limits_table, metrics_table
from brachyresponse.planning.exports import (
    Table,
    csv_text,
    loading_tables,
    seeds_table,
    write_csv,
    write_loading_csv,
    write_seeds_csv,
)
from brachyresponse.planning.findings import RuleFinding, check_plan
from brachyresponse.planning.loading import LoadingRule, Placement, load_needle, load_needles, seeds_at
from brachyresponse.planning.loading_sheet import (
    LoadingSheet,
    NeedleRow,
    OrderRow,
    SheetOptions,
    loading_sheet,
    needle_angles_deg,
)
from brachyresponse.planning.measurement import PlanDose
from brachyresponse.planning.needles import Needle, find_needle, nearest_needle
from brachyresponse.planning.organ_limits import (
    DvhMetric,
    LimitResult,
    LimitUnit,
    OrganLimit,
    parse_limit,
    parse_metric,
)
from brachyresponse.planning.overlap import Overlap, overlapping_seeds
from brachyresponse.planning.plan import ActivityBasis, ImplantPlan, check_same_patient
from brachyresponse.planning.plan_file import read_plan, write_plan
from brachyresponse.planning.profile import SiteProfile, available_profiles, load_profile
from brachyresponse.planning.rule_limits import parse_rule_limits
from brachyresponse.planning.rules import Check, PeripheralDose, Rule, Severity
from brachyresponse.planning.sampling import PlanSampling
from brachyresponse.planning.seed_edits import add_seed, attach, delete_seed, detach, keep_on_needles, nudge
from brachyresponse.planning.surface import StructureSurface
from brachyresponse.planning.template import Template, TrackRule, needles_through, template_needles
from brachyresponse.planning.verification_limits import VerificationCheck, VerificationLimit

if TYPE_CHECKING:
    from brachyresponse.planning.inverse import ImplantProblem, OptimisedPlan, plan_implant

__all__ = [
    "ActivityBasis",
    "Check",
    "Clearance",
    "DvhMetric",
    "ImplantPlan",
    "ImplantProblem",
    "LimitResult",
    "LimitUnit",
    "LoadingRule",
    "LoadingSheet",
    "Needle",
    "NeedleRow",
    "OptimisedPlan",
    "OrderRow",
    "OrganLimit",
    "Overlap",
    "PeripheralDose",
    "Placement",
    "PlanAnatomy",
    "PlanDose",
    "PlanEvaluation",
    "PlanRoles",
    "PlanSampling",
    "Rule",
    "RuleFinding",
    "Severity",
    "SheetOptions",
    "SiteProfile",
    "StructureSurface",
    "Table",
    "TargetRole",
    "Template",
    "TrackRule",
    "VerificationCheck",
    "VerificationLimit",
    "add_seed",
    "attach",
    "available_profiles",
    "check_plan",
    "check_same_patient",
    "csv_text",
    "delete_seed",
    "detach",
    "dvh_table",
    "evaluate_dose",
    "evaluate_plan",
    "find_needle",
    "findings_table",
    "keep_on_needles",
    "limits_table",
    "load_needle",
    "load_needles",
    "load_profile",
    "loading_sheet",
    "loading_tables",
    "metrics_table",
    "nearest_needle",
    "needle_angles_deg",
    "needle_clearance",
    "needle_crosses",
    "needles_through",
    "nudge",
    "overlapping_seeds",
    "parse_limit",
    "parse_metric",
    "parse_rule_limits",
    "plan_implant",
    "read_plan",
    "seeds_at",
    "seeds_table",
    "surrogate_sentence",
    "template_needles",
    "write_csv",
    "write_loading_csv",
    "write_plan",
    "write_seeds_csv",
]


def __getattr__(name: str) -> object:
    """Import inverse planning when one of its names is first asked for: reading a plan needs none of it."""
    if name not in ("ImplantProblem", "OptimisedPlan", "plan_implant"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("brachyresponse.planning.inverse"), name)
