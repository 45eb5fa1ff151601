"""The numbers by which voxels of an artery are chosen."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class SelectionRules:
    """The numbers of the rules; ``data/selection.json`` has the defaults and their source.

    Parameters
    ----------
    least_peak_over_noise
        Below it a voxel does not enhance.
    highest_share, vessel_share
        A vessel reaches the vessel share of the peak that this share of the enhancing voxels reaches, and enough of
        them for an artery.
    earliest_share, arrival_frames
        Of the vessels, an artery's arrival is at most so many frames after that of the earliest share.
    smoothest_share, roughness_tolerance
        Of these, the share with the least noise stays, and what has little more of it, as a share of the peak.
    narrowest_share, width_frames
        Of these, the share with the narrowest peaks stays, and what is broader by so many frames.
    least_connected
        Fewer voxels that touch each other are no artery.
    merit_share
        Voxels of the artery with less than this share of its best merit are left out: partial volume.
    """

    least_peak_over_noise: float
    highest_share: float
    vessel_share: float
    earliest_share: float
    arrival_frames: float
    smoothest_share: float
    roughness_tolerance: float
    narrowest_share: float
    width_frames: float
    least_connected: int
    merit_share: float


@cache
def default_rules() -> SelectionRules:
    """Return the rules of ``data/selection.json``."""
    text = (files("brachyresponse.perfusion.aif") / "data" / "selection.json").read_text(encoding="utf-8")
    return SelectionRules(**{name: value for name, value in json.loads(text).items() if name != "source"})
