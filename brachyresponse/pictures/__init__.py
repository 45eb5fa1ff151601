"""Pictures for reports without Slicer: slices, the implant in three dimensions, charts."""

from brachyresponse.pictures.chart import Axis, Curve, Line, line_chart
from brachyresponse.pictures.colours import IsodoseLevel, Style, isodose_levels, structure_styles
from brachyresponse.pictures.difference_picture import difference_legend, difference_picture
from brachyresponse.pictures.displacement_chart import displacement_chart
from brachyresponse.pictures.dvh_chart import comparison_chart, dvh_chart
from brachyresponse.pictures.implant_picture import RenderingError, implant_picture
from brachyresponse.pictures.legend import slice_legend
from brachyresponse.pictures.plan_pictures import plan_pictures
from brachyresponse.pictures.plane import Orientation, SlicePlane, planes_through
from brachyresponse.pictures.png import png_bytes
from brachyresponse.pictures.projection_picture import projection_picture
from brachyresponse.pictures.slice_picture import PicturedImplant, slice_picture
from brachyresponse.pictures.verification_pictures import found_over_true, verification_pictures

__all__ = [
    "Axis",
    "Curve",
    "IsodoseLevel",
    "Line",
    "Orientation",
    "PicturedImplant",
    "RenderingError",
    "SlicePlane",
    "Style",
    "comparison_chart",
    "difference_legend",
    "difference_picture",
    "displacement_chart",
    "dvh_chart",
    "found_over_true",
    "implant_picture",
    "isodose_levels",
    "line_chart",
    "plan_pictures",
    "planes_through",
    "png_bytes",
    "projection_picture",
    "slice_legend",
    "slice_picture",
    "structure_styles",
    "verification_pictures",
]
