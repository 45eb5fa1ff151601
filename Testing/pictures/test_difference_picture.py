from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np

from brachyresponse.geometry import Volume
from brachyresponse.pictures import planes_through
from brachyresponse.pictures.difference_picture import difference_legend, difference_picture, wash_pixels
from pictured_plan import CENTRE_MM, pictured_implant


def test_colder_is_blue_hotter_is_red_and_what_does_not_matter_is_clear() -> None:
    red, blue, little, more = wash_pixels(np.array([[60.0, -60.0, 3.0, 600.0]]), 60.0)[0]
    assert red[0] > red[2]
    assert blue[2] > blue[0]
    assert little[3] == 0
    np.testing.assert_array_equal(more, red)


def test_a_difference_that_is_not_known_is_clear() -> None:
    assert wash_pixels(np.array([[np.nan]]), 60.0)[0, 0, 3] == 0


def test_the_wash_lies_over_the_anatomy_with_outlines_and_seeds() -> None:
    implant = pictured_implant()
    difference = Volume("difference", implant.dose.values - 120, implant.dose.grid, "Gy")
    root = ET.fromstring(difference_picture(implant, difference, planes_through(CENTRE_MM, 80)[1], 60.0))
    svg = "{http://www.w3.org/2000/svg}"
    assert len(list(root.iter(f"{svg}image"))) == 2
    titles = {title.text for title in root.iter(f"{svg}title")}
    assert {"PTV", "Nerve <left>", "Coronal, P 30.0 mm: implant less plan"} <= titles


def test_the_legend_names_the_ends_of_the_scale() -> None:
    texts = {text.text for text in ET.fromstring(difference_legend(60.0)).iter("{http://www.w3.org/2000/svg}text")}
    assert texts == {"Dose of the implant less dose of the plan", "-60 Gy", "0", "+60 Gy"}
