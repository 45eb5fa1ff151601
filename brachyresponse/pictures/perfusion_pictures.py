"""All pictures of a perfusion report."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.geometry import Volume
from brachyresponse.perfusion.series import SeriesKind
from brachyresponse.perfusion.study import WHITE_MATTER, CurveRole, MapName, map_facts
from brachyresponse.pictures.colours import Style
from brachyresponse.pictures.drawing import why_not_drawn
from brachyresponse.pictures.perfusion_charts import curves_chart, motion_chart
from brachyresponse.pictures.perfusion_map_picture import (
    PicturedMaps,
    anatomy_picture,
    map_bar,
    map_picture,
    outline_legend,
)
from brachyresponse.pictures.plane import Orientation, SlicePlane
from brachyresponse.report.markup import NOTHING, Markup
from brachyresponse.report.perfusion_report import PerfusionPictures
from brachyresponse.seeds import Seeds

if TYPE_CHECKING:
    from brachyresponse.perfusion.study import PerfusionStudy

SHOWN = {
    SeriesKind.DCE: (MapName.VP, MapName.KTRANS, MapName.VE, MapName.T1),
    SeriesKind.DSC: (MapName.RCBV, MapName.K2, MapName.CBF, MapName.MTT),
}
LESION_COLOURS = ("#ff3b6b", "#ff9f1c", "#f7f052", "#c77dff")
WHITE_MATTER_COLOUR, AIF_COLOUR = "#4cc9f0", "#1c2733"
SPARE_MM = 6.0


def perfusion_pictures(study: PerfusionStudy) -> PerfusionPictures:
    """Return an axial slice of each map through the first lesion, and the charts.

    Without VTK, which draws the outlines, there are charts alone; ``missing`` says why.
    """
    styles = curve_styles(study)
    charts = PerfusionPictures(
        aif=curves_chart(
            [one for one in study.curves if one.role is CurveRole.AIF], styles, title="Arterial input function"
        ),
        curves=curves_chart(
            [one for one in study.curves if one.role is not CurveRole.AIF], styles, title="Lesions and white matter"
        ),
        motion=_motion(study),
        missing=why_not_drawn(),
    )
    return charts if charts.missing else _with_slices(charts, study, styles)


def curve_styles(study: PerfusionStudy) -> dict[str, Style]:
    """Return the colour of each lesion, the white matter and the AIF, the same in curves and outlines."""
    lesions = {name: Style(LESION_COLOURS[n % len(LESION_COLOURS)]) for n, name in enumerate(study.request.lesions)}
    others = {WHITE_MATTER: Style(WHITE_MATTER_COLOUR)}
    return {**lesions, **others, **{c.name: Style(AIF_COLOUR) for c in study.curves if c.role is CurveRole.AIF}}


def _with_slices(charts: PerfusionPictures, study: PerfusionStudy, styles: dict[str, Style]) -> PerfusionPictures:
    pictured, plane = _pictured(study, styles), _plane(study)
    white = study.request.white_matter
    planes = [plane] if white is None else [plane, _at_height(plane, float(white.centre_mm[2]))]
    names = [_shown(name, study) for name in SHOWN[study.kind]]
    maps = [(name, study.maps[name]) for name in names if name in study.maps]
    return replace(
        charts,
        anatomy=tuple(anatomy_picture(pictured, one) for one in planes),
        legend=outline_legend({name: styles[name] for name in pictured.outlines}),
        maps=tuple(
            (map_picture(pictured, volume, map_facts(name), plane), map_bar(volume, map_facts(name)))
            for name, volume in maps
        ),
    )


def _shown(name: MapName, study: PerfusionStudy) -> MapName:
    return MapName.NRCBV if name is MapName.RCBV and MapName.NRCBV in study.maps else name


def _pictured(study: PerfusionStudy, styles: dict[str, Style]) -> PicturedMaps:
    request = study.request
    outlines = dict(request.lesions)
    if request.white_matter is not None:
        outlines[WHITE_MATTER] = request.white_matter
    anatomy = request.anatomical or Volume("First frames", request.series.mean_of(slice(0, 5)), request.series.grid)
    return PicturedMaps(anatomy, outlines, styles, request.seeds or Seeds.none())


def _plane(study: PerfusionStudy) -> SlicePlane:
    """Return the axial view through the first lesion (else the middle) that holds the computed tissue."""
    request, grid = study.request, study.request.series.grid
    computed = next(iter(study.maps.values())).values
    points = grid.to_ras(np.argwhere(np.isfinite(computed))[:, ::-1].astype(float))
    lower, upper = np.percentile(points, [0.5, 99.5], axis=0)
    middle = (lower + upper) / 2
    lesion = next(iter(request.lesions.values()), None)
    height = float(middle[2]) if lesion is None else float(lesion.centre_mm[2])
    width_mm, height_mm = (float(np.ceil(size + 2 * SPARE_MM)) for size in (upper - lower)[:2])
    return SlicePlane(Orientation.AXIAL, (float(middle[0]), float(middle[1]), height), width_mm, height_mm)


def _at_height(plane: SlicePlane, height_mm: float) -> SlicePlane:
    return replace(plane, centre_mm=(*plane.centre_mm[:2], height_mm))


def _motion(study: PerfusionStudy) -> Markup:
    motion = study.request.motion
    if motion is None:
        return NOTHING
    return motion_chart(study.request.series.time_s, motion.translations_mm, motion.rotations_deg)
