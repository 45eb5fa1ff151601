"""What a neuroradiologist waits for before the fit: a lesion grown, white matter proposed, images brought together."""

from __future__ import annotations

import numpy as np
from figures import Figure, seconds

from brachyresponse.digital_patient.head import Head
from brachyresponse.geometry import Grid, Structure, Volume
from brachyresponse.lesions import grow_lesion, midsagittal_plane, propose_white_matter, register_mr
from brachyresponse.lesions.ratios import HIGH_STATISTICS, lesion_ratio
from brachyresponse.perfusion.motion import correct_motion
from brachyresponse.perfusion.series import DynamicSeries
from painted_head import painted, turned

FRAMES = 8


def anatomical() -> Volume:
    """A head of 1.2 mm voxels: 10 million of them."""
    return painted(Grid.covering([-90, -110, -100], [90, 110, 115], 1.2))


def dynamic_grid() -> Grid:
    """A slab of 128 x 128 x 24 voxels of 1.8 x 1.8 x 5 mm."""
    matrix = np.diag([-1.8, -1.8, 5.0, 1.0])
    matrix[:3, 3] = (115, 115, -50)
    return Grid((24, 128, 128), matrix)


def bench_lesion() -> list[Figure]:
    """One click, the plane and the white matter."""
    image, tumour = anatomical(), Head().tumour
    click = np.add(tumour.centre_mm, (9, 0, 0))
    lesion = grow_lesion(image, click).structure
    plane = midsagittal_plane(image)
    white_matter_s = seconds(lambda: propose_white_matter(image, lesion, plane=plane))
    return [
        Figure("lesion grown from a click, head of 1.2 mm", seconds(lambda: grow_lesion(image, click)), "s", 3.0),
        Figure("midsagittal plane, head of 1.2 mm", seconds(lambda: midsagittal_plane(image)), "s", 5.0),
        Figure("white matter, plane known", white_matter_s, "s", 5.0),
    ]


def bench_registration() -> Figure:
    """Post-contrast T1 to the mean of a dynamic series."""
    slab = painted(dynamic_grid(), motion=turned((4, -3, 5), (5, -4, 6)), contrast="t2star")
    image = anatomical()
    return Figure("T1 registered to a dynamic series", seconds(lambda: register_mr(slab, image), 1), "s", 20.0)


def bench_motion() -> Figure:
    """Motion of some frames, as time a frame."""
    grid = dynamic_grid()
    frames = [
        painted(grid, motion=turned((0, 0, 0.3 * n), (0.2 * n, 0, 0)), contrast="t2star", random_seed=n).values
        for n in range(FRAMES)
    ]
    series = DynamicSeries("DSC", frames, grid, np.arange(float(FRAMES)))
    return Figure("motion found and taken out", seconds(lambda: correct_motion(series), 1) / FRAMES, "s a frame", 1.0)


def bench_ratio() -> list[Figure]:
    """A ratio with 1000 bootstrap samples: lesion of 14 cc, white matter of 8 cc, voxels of 1.5 mm."""
    grid = Grid.covering([-50, -30, -30], [50, 30, 30], 1.5)
    points = grid.points_mm()
    lesion, reference = (
        Structure(name, np.linalg.norm(points - centre, axis=-1) < radius, grid)
        for name, centre, radius in (("Lesion", (-25, 0, 0), 15), ("White matter", (25, 0, 0), 12.4))
    )
    values = 1 + lesion.mask + np.random.default_rng(0).normal(0, 0.3, grid.shape_kji)
    return [
        Figure(
            f"ratio by {statistic.label}",
            seconds(lambda statistic=statistic: lesion_ratio(values, lesion, reference, statistic=statistic)),
            "s",
            3.0,
        )
        for statistic in HIGH_STATISTICS
    ]
