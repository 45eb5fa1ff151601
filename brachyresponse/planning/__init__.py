"""Planning of an implant: needles, templates, loading, plans, rules and what goes to the procedure room."""

from brachyresponse.planning.loading import LoadingRule, Placement, load_needle, load_needles, seeds_at
from brachyresponse.planning.needles import Needle, find_needle, nearest_needle
from brachyresponse.planning.overlap import Overlap, overlapping_seeds
from brachyresponse.planning.plan import ActivityBasis, ImplantPlan, check_same_patient
from brachyresponse.planning.plan_file import read_plan, write_plan
from brachyresponse.planning.seed_edits import add_seed, attach, delete_seed, detach, keep_on_needles, nudge
from brachyresponse.planning.surface import StructureSurface
from brachyresponse.planning.template import Template, TrackRule, needles_through, template_needles

__all__ = [
    "ActivityBasis",
    "ImplantPlan",
    "LoadingRule",
    "Needle",
    "Overlap",
    "Placement",
    "StructureSurface",
    "Template",
    "TrackRule",
    "add_seed",
    "attach",
    "check_same_patient",
    "delete_seed",
    "detach",
    "find_needle",
    "keep_on_needles",
    "load_needle",
    "load_needles",
    "nearest_needle",
    "needles_through",
    "nudge",
    "overlapping_seeds",
    "read_plan",
    "seeds_at",
    "template_needles",
    "write_plan",
]
