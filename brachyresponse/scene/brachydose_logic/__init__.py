"""The parts of ``BrachyDoseLogic``, one a subject; camelCase as Slicer's console expects.

A method validates, calls the function of that name in the library or in ``scene``, and writes nodes last.
"""

from brachyresponse.scene.brachydose_logic.balloon_logic import BalloonLogic
from brachyresponse.scene.brachydose_logic.biology_logic import BiologyLogic
from brachyresponse.scene.brachydose_logic.dose_logic import DoseLogic
from brachyresponse.scene.brachydose_logic.file_logic import FileLogic
from brachyresponse.scene.brachydose_logic.implant_logic import ImplantLogic
from brachyresponse.scene.brachydose_logic.plan_logic import PlanLogic
from brachyresponse.scene.brachydose_logic.replan_logic import ReplanLogic
from brachyresponse.scene.brachydose_logic.trade_off_logic import TradeOffLogic

__all__ = [
    "BalloonLogic",
    "BiologyLogic",
    "DoseLogic",
    "FileLogic",
    "ImplantLogic",
    "PlanLogic",
    "ReplanLogic",
    "TradeOffLogic",
]
