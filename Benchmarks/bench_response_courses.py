"""How right lesions are followed on the digital patient's scans, of 1 mm, in five courses whose law is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from figures import Figure, seconds

from brachyresponse.digital_patient.response import DigitalVisit, ResponseVariant, response_course
from brachyresponse.geometry import Structure
from brachyresponse.geometry.rigid import moved_points
from brachyresponse.lesions import grow_lesion
from brachyresponse.response import measure_structure, register_visits

IN_THE_HEAD = [variant for variant in ResponseVariant if variant is not ResponseVariant.NECK_NODE]


def bench_making() -> list[Figure]:
    """The scans of a course, the healthy head painted before."""
    visits = len(response_course().visits)
    return [Figure("digital patient: a follow-up scan of the head", seconds(response_course) / visits, "s", 1.0)]


def bench_diameters() -> list[Figure]:
    """Largest errors of both diameters over all lesions and visits."""

    def drawn(visit: DigitalVisit, name: str) -> Structure:
        return visit.lesions[name]

    def grown(visit: DigitalVisit, name: str) -> Structure:
        return grow_lesion(visit.volume, visit.clicks_mm[name]).structure

    figures = []
    for what, outline, variants in (("drawn", drawn, list(ResponseVariant)), ("one click", grown, IN_THE_HEAD)):
        longest_mm, perpendicular_mm = np.abs(errors_mm(outline, variants)).max(axis=0)
        figures += [
            Figure(f"digital patient, lesions {what}: longest diameter off by", longest_mm, "mm", 1.0),
            Figure(f"digital patient, lesions {what}: perpendicular off by", perpendicular_mm, "mm"),
        ]
    return figures


def bench_registering() -> list[Figure]:
    """The last scan to the baseline's: MRI by mutual information, CT by bone."""
    figures = []
    for what, variant in (("head, MRI", IN_THE_HEAD[0]), ("neck, CT", ResponseVariant.NECK_NODE)):
        course = response_course(variant)
        first, last = course.baseline, course.visits[-1]
        found = register_visits(first.volume, last.volume)
        places = np.array(list(last.clicks_mm.values()))
        apart_mm = np.linalg.norm(found.to_fixed(places) - moved_points(places, last.to_baseline), axis=1)
        figures.append(Figure(f"{what}: last scan registered, lesions off by", apart_mm.max(), "mm"))
    return figures


def errors_mm(outline: Callable[[DigitalVisit, str], Structure], variants: list[ResponseVariant]) -> np.ndarray:
    """Measured less true, (N, 2)."""
    found = []
    for variant in variants:
        for visit in response_course(variant).visits:
            for name, true in visit.sizes.items():
                measured = measure_structure(outline(visit, name))
                found.append((measured.longest_mm - true.longest_mm, measured.perpendicular_mm - true.perpendicular_mm))
    return np.array(found)
