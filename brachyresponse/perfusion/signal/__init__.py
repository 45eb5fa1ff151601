"""From signal to T1 and concentration, and the constants of agents and blood."""

from brachyresponse.perfusion.signal.blood import (
    DEFAULT_HEMATOCRIT,
    BloodT1,
    Hematocrit,
    blood_t1,
    blood_t1_table,
    default_hematocrit,
)
from brachyresponse.perfusion.signal.concentration import (
    Concentration,
    concentration_to_signal,
    convert_signal,
    signal_to_concentration,
)
from brachyresponse.perfusion.signal.relaxivity import (
    Medium,
    Relaxivity,
    agent_named,
    available_agents,
    relaxivities,
    relaxivity,
)
from brachyresponse.perfusion.signal.spoiled_gradient import steady_state_signal
from brachyresponse.perfusion.signal.t1_mapping import T1Fit, fit_t1_vfa

__all__ = [
    "DEFAULT_HEMATOCRIT",
    "BloodT1",
    "Concentration",
    "Hematocrit",
    "Medium",
    "Relaxivity",
    "T1Fit",
    "agent_named",
    "available_agents",
    "blood_t1",
    "blood_t1_table",
    "concentration_to_signal",
    "convert_signal",
    "default_hematocrit",
    "fit_t1_vfa",
    "relaxivities",
    "relaxivity",
    "signal_to_concentration",
    "steady_state_signal",
]
