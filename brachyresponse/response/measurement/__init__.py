"""Diameters, volume and slices of lesions, from a segment or from a reader's lines."""

from brachyresponse.response.measurement.manual import manual_measurement
from brachyresponse.response.measurement.measurement import LesionMeasurement
from brachyresponse.response.measurement.measuring import measure_lesion, measure_structure
from brachyresponse.response.measurement.parts import parts_of
from brachyresponse.response.measurement.vocabulary import Holes, MeasurementOrigin, Plane, Rule

__all__ = [
    "Holes",
    "LesionMeasurement",
    "MeasurementOrigin",
    "Plane",
    "Rule",
    "manual_measurement",
    "measure_lesion",
    "measure_structure",
    "parts_of",
]
