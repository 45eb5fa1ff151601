"""All pictures of a study of spectra: the fit and the voxel of a single one, the maps of a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from brachyresponse.errors import SpectroscopyError
from brachyresponse.geometry import Volume
from brachyresponse.pictures.spectrum_fit_picture import fit_picture
from brachyresponse.pictures.voxel_map_picture import NO_VALUE, PicturedRatios, ratio_bar, ratio_picture
from brachyresponse.pictures.voxel_picture import PicturedVoxel, voxel_pictures
from brachyresponse.report.markup import Markup, joined
from brachyresponse.spectroscopy.study.ratio_facts import ratio_facts

if TYPE_CHECKING:
    from brachyresponse.spectroscopy.study import SpectroscopyStudy
    from brachyresponse.spectroscopy.vocabulary import RatioName

FIT = "Measured spectrum with fit, baseline and residual, and each metabolite with its Cramer-Rao bound."
VIEWS = " Blue: the voxel where it is cut; yellow: the lesion."


def spectroscopy_pictures(study: SpectroscopyStudy, anatomy: Volume | None = None) -> tuple[tuple[Markup, str], ...]:
    """Return each picture with what stands under it: the fit first, then views or maps where there is an anatomy."""
    name = study.request.spectra.name
    drawn = [] if study.fit is None else [(fit_picture(study.fit, name=name), FIT)]
    if anatomy is None or study.request.grid is None:
        return tuple(drawn)
    if study.maps:
        return (*drawn, *(_map(study, ratio, anatomy) for ratio in study.maps))
    pictured = pictured_voxel(study, anatomy)
    return (*drawn, *((view, f"{pictured.caption}{VIEWS}") for view in voxel_pictures(pictured)))


def pictured_voxel(study: SpectroscopyStudy, anatomy: Volume, voxel: tuple[int, int, int] = (0, 0, 0)) -> PicturedVoxel:
    """Return what is drawn of a voxel (i, j, k) of a study.

    Raises
    ------
    SpectroscopyError
        It is not known where the voxels lie.
    """
    request = study.request
    if request.grid is None:
        raise SpectroscopyError(
            f"It is not known where the voxels of {request.spectra.name!r} lie, so that none can be drawn: give "
            "spectra with a position."
        )
    row = next((row for row in study.rows if row.voxel == voxel), None)
    shares = {} if row is None else {one.lesion: one.share for one in row.shares if one.share is not None}
    return PicturedVoxel(anatomy, request.grid, voxel, {one.name: one for one in request.lesions}, shares)


def pictured_ratios(study: SpectroscopyStudy, ratio: RatioName, anatomy: Volume) -> PicturedRatios:
    """Return what is drawn of a map: fitted voxels without a ratio are crossed."""
    volume, facts = study.maps[ratio], ratio_facts()[ratio]
    fitted = np.zeros(volume.grid.shape_kji, bool)
    for row in study.rows:
        fitted[row.k, row.j, row.i] = True
    values = np.where(volume.values > 0, volume.values, np.nan)
    return PicturedRatios(
        anatomy,
        Volume(facts.label, values, volume.grid, volume.unit),
        fitted & ~np.isfinite(values),
        {one.name: one for one in study.request.lesions},
        facts.window,
        facts.colour,
    )


def _map(study: SpectroscopyStudy, ratio: RatioName, anatomy: Volume) -> tuple[Markup, str]:
    pictured = pictured_ratios(study, ratio, anatomy)
    return joined(ratio_picture(pictured), ratio_bar(pictured)), f"{pictured.ratios.name}. {NO_VALUE}"
