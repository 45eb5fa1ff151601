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
    highest_share, least_highest, vessel_share
        A vessel reaches the vessel share of the median of the highest peaks: of this share of the enhancing voxels,
        but not of fewer than a number.
    earliest_share, arrival_frames
        Of the vessels, an artery's arrival is at most so many frames after that of the earliest share.
    smoothest_share
        Of these, the share with the least noise against the peak stays.
    narrowest_share
        Of these, the share with the narrowest peaks stays.
    least_connected
        Fewer voxels that touch each other are no artery.
    merit_share
        Voxels of the artery with less than this share of its best merit are left out: partial volume.
    """

    least_peak_over_noise: float
    highest_share: float
    least_highest: int
    vessel_share: float
    earliest_share: float
    arrival_frames: float
    smoothest_share: float
    narrowest_share: float
    least_connected: int
    merit_share: float


@cache
def default_rules() -> SelectionRules:
    """Return the rules of ``data/selection.json``."""
    text = (files("brachyresponse.perfusion.aif") / "data" / "selection.json").read_text(encoding="utf-8")
    return SelectionRules(**{name: value for name, value in json.loads(text).items() if name != "source"})
