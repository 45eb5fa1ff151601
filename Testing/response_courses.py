"""Courses of the digital patient on coarse voxels, each made once for all tests."""

from __future__ import annotations

from functools import cache

from brachyresponse.digital_patient.response import ResponseCourse, ResponseVariant, response_course


@cache
def the_course(
    variant: ResponseVariant = ResponseVariant.PROGRESSION_AT_MARGIN, voxel_mm: float = 3.0
) -> ResponseCourse:
    return response_course(variant, voxel_mm=voxel_mm)
