"""Inverse planning: from a problem to needles and seeds."""

from brachyresponse.planning.inverse.candidates.candidates import (
    Candidates,
    SeedPlaces,
    candidate_needles,
    candidate_sets,
    search_directions,
)
from brachyresponse.planning.inverse.candidates.entries import burr_hole_entries, skin_patch_entries
from brachyresponse.planning.inverse.feasibility.check import check_problem, why_infeasible
from brachyresponse.planning.inverse.flags import Flag, FlagKind
from brachyresponse.planning.inverse.optimise import evaluation_grid, plan_implant
from brachyresponse.planning.inverse.placement import Loading, SeedLevels, SeedPlacement
from brachyresponse.planning.inverse.problem import ImplantProblem, Locked, PlanDetails
from brachyresponse.planning.inverse.problem_file import read_problem, write_problem
from brachyresponse.planning.inverse.replanning.replan import DoseSoFar, Replanned, replan
from brachyresponse.planning.inverse.replanning.so_far import ImplantedSoFar, found_so_far
from brachyresponse.planning.inverse.result import OptimisedPlan, SearchRecord, TriedTracks
from brachyresponse.planning.inverse.robustness.assess import PlanRobustness, RobustnessRow, assess_robustness
from brachyresponse.planning.inverse.robustness.placement_errors import PlacementErrors
from brachyresponse.planning.inverse.tracks import FanTracks, NeedleTracks, ParallelTracks, TemplateTracks
from brachyresponse.planning.inverse.trade_off.file import read_trade_offs, write_trade_offs
from brachyresponse.planning.inverse.trade_off.plans import Criterion, TradeOffPlan, TradeOffs
from brachyresponse.planning.inverse.trade_off.run import TradeOffRun, trade_offs
from brachyresponse.planning.inverse.trade_off.weight_variants import weight_variants
from brachyresponse.planning.inverse.weights import ObjectiveWeights, available_presets, load_weights

__all__ = [
    "Candidates",
    "Criterion",
    "DoseSoFar",
    "FanTracks",
    "Flag",
    "FlagKind",
    "ImplantProblem",
    "ImplantedSoFar",
    "Loading",
    "Locked",
    "NeedleTracks",
    "ObjectiveWeights",
    "OptimisedPlan",
    "ParallelTracks",
    "PlacementErrors",
    "PlanDetails",
    "PlanRobustness",
    "Replanned",
    "RobustnessRow",
    "SearchRecord",
    "SeedLevels",
    "SeedPlacement",
    "SeedPlaces",
    "TemplateTracks",
    "TradeOffPlan",
    "TradeOffRun",
    "TradeOffs",
    "TriedTracks",
    "assess_robustness",
    "available_presets",
    "burr_hole_entries",
    "candidate_needles",
    "candidate_sets",
    "check_problem",
    "evaluation_grid",
    "found_so_far",
    "load_weights",
    "plan_implant",
    "read_problem",
    "read_trade_offs",
    "replan",
    "search_directions",
    "skin_patch_entries",
    "trade_offs",
    "weight_variants",
    "why_infeasible",
    "write_problem",
    "write_trade_offs",
]
