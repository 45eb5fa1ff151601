"""Pictures of a perfusion study: maps in their colours, outlines, curves with fits, motion."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

import small_study
from brachyresponse.geometry import Volume
from brachyresponse.perfusion import MapName, PerfusionStudy, map_facts, measure_perfusion
from brachyresponse.pictures.colour_table import STEPS, colour_bar, colour_table, coloured
from brachyresponse.pictures.perfusion_charts import curves_chart, motion_chart
from brachyresponse.pictures.perfusion_map_picture import map_window, nearest_values
from brachyresponse.pictures.perfusion_pictures import curve_styles, perfusion_pictures
from brachyresponse.pictures.plane import Orientation, SlicePlane

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def study() -> PerfusionStudy:
    return measure_perfusion(small_study.request())


@pytest.mark.parametrize("name", sorted({map_facts(name).colour for name in MapName}))
def test_every_colour_table_of_the_maps_is_there(name: str) -> None:
    table = colour_table(name)
    assert table.shape == (STEPS, 3)
    assert len(np.unique(table, axis=0)) > 100


def test_values_outside_the_window_have_the_colour_of_its_ends_and_nan_none() -> None:
    table = colour_table("Viridis")
    pixels = coloured(np.array([[-9.0, 0.0, 1.0, 9.0, np.nan]]), (0.0, 1.0), table)[0]
    np.testing.assert_array_equal(pixels[[0, 1], :3], table[[0, 0]])
    np.testing.assert_array_equal(pixels[[2, 3], :3], table[[-1, -1]])
    assert pixels[:, 3].tolist() == [255, 255, 255, 255, 0]


def test_the_scale_names_map_unit_and_ends() -> None:
    facts = map_facts(MapName.KTRANS)
    texts = [node.text for node in ET.fromstring(colour_bar(facts.title, (0.0, 0.2), colour_table("Inferno"))).iter()]
    assert {"Ktrans (/min)", "0", "0.1", "0.2"} <= set(texts)


def test_a_voxel_has_one_colour_and_none_outside_the_map(study: PerfusionStudy) -> None:
    volume = study.map(MapName.VP)
    centre = small_study.lesion().centre_mm
    plane = SlicePlane(Orientation.AXIAL, tuple(float(x) for x in centre), 80.0, 80.0)
    values = nearest_values(volume, plane.points_mm(1.0))
    known = values[np.isfinite(values)]
    assert np.isin(known.astype(np.float32), volume.values).all()
    assert np.isnan(values[0, 0])


def test_a_map_without_a_window_takes_it_from_its_values() -> None:
    grid = small_study.grid()
    rising = np.arange(grid.voxel_count, dtype=np.float32).reshape(grid.shape_kji)
    low, high = map_window(Volume("rCBV", rising, grid), map_facts(MapName.RCBV))
    assert low == 0.0
    assert high == pytest.approx(0.99 * rising.max(), rel=0.01)
    nothing = Volume("rCBV", np.full(grid.shape_kji, np.nan), grid)
    assert map_window(nothing, map_facts(MapName.RCBV)) == (0.0, 1.0)


def test_maps_show_lesion_and_white_matter_outlined(study: PerfusionStudy) -> None:
    pictures = perfusion_pictures(study)
    assert len(pictures.anatomy) == 2
    assert len(pictures.maps) == 4
    for picture, _ in pictures.maps:
        root = ET.fromstring(picture)
        named = {node.text for path in root.iter(f"{SVG}path") for node in path.iter(f"{SVG}title")}
        assert named == {"Lesion", "White matter"}
        assert len(list(root.iter(f"{SVG}image"))) == 1
    assert pictures.missing == ""


def test_curves_are_dots_with_their_fit_as_a_line(study: PerfusionStudy) -> None:
    pictures = perfusion_pictures(study)
    titles = {node.text for node in ET.fromstring(pictures.curves).iter(f"{SVG}title")}
    assert {"Lesion", "Lesion, fit", "White matter", "White matter, fit"} <= titles
    dots = list(ET.fromstring(pictures.curves).iter(f"{SVG}circle"))
    assert len(dots) >= 2 * study.request.series.frame_count
    assert "AIF" in pictures.aif


def test_lesion_and_white_matter_have_other_colours(study: PerfusionStudy) -> None:
    styles = curve_styles(study)
    assert len({style.colour for style in styles.values()}) == len(styles)


def test_without_curves_there_is_no_chart() -> None:
    assert curves_chart([], {}, title="Nothing") == ""


def test_motion_has_three_shifts_and_three_turns() -> None:
    time_s = np.arange(10.0)
    chart = ET.fromstring(motion_chart(time_s, np.ones((10, 3)), np.zeros((10, 3))))
    titles = {node.text for node in chart.iter(f"{SVG}title")}
    assert {"shift R (mm)", "shift S (mm)", "turn about A (°)"} <= titles
