"""Biological dose of an implant: BED and EQD2 with the ranges that the tissues' parameters leave."""

from brachyresponse.dose.biology.bed import bed_gy, bed_until_gy, effective_time_days, eqd2_gy, is_ineffective

__all__ = [
    "bed_gy",
    "bed_until_gy",
    "effective_time_days",
    "eqd2_gy",
    "is_ineffective",
]
