"""A balloon of radioactive liquid in a resection cavity: plan, dose, target shells, rules, files."""

from brachyresponse.planning.balloon.evaluate import BalloonEvaluation, evaluate_balloon, prescription_rate
from brachyresponse.planning.balloon.fill import (
    BalloonModel,
    FillComparison,
    balloon_model,
    balloon_models,
    compare_fill,
)
from brachyresponse.planning.balloon.leakage import LeakageBalance, leakage_balance
from brachyresponse.planning.balloon.plan import BalloonPlan
from brachyresponse.planning.balloon.plan_file import read_balloon, write_balloon
from brachyresponse.planning.balloon.profile import BalloonProfile, available_balloon_profiles, load_balloon_profile
from brachyresponse.planning.balloon.rules import BalloonCheck, BalloonRule
from brachyresponse.planning.balloon.sectors import Sector
from brachyresponse.planning.balloon.shape import BalloonShape, balloon_shape
from brachyresponse.planning.balloon.shells import balloon_shell, evaluation_grid
from brachyresponse.planning.balloon.sphere import BalloonSphere, sphere_occupancy, sphere_radius_mm, sphere_volume_ml
from brachyresponse.planning.balloon.times import Interruption, activity_for, dwell_for

__all__ = [
    "BalloonCheck",
    "BalloonEvaluation",
    "BalloonModel",
    "BalloonPlan",
    "BalloonProfile",
    "BalloonRule",
    "BalloonShape",
    "BalloonSphere",
    "FillComparison",
    "Interruption",
    "LeakageBalance",
    "Sector",
    "activity_for",
    "available_balloon_profiles",
    "balloon_model",
    "balloon_models",
    "balloon_shape",
    "balloon_shell",
    "compare_fill",
    "dwell_for",
    "evaluate_balloon",
    "evaluation_grid",
    "leakage_balance",
    "load_balloon_profile",
    "prescription_rate",
    "read_balloon",
    "sphere_occupancy",
    "sphere_radius_mm",
    "sphere_volume_ml",
    "write_balloon",
]
