from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from brachyresponse.pictures import implant_picture, structure_styles
from brachyresponse.pictures.implant_picture import RenderingError, _shown_structures
from pictured_plan import CENTRE_MM, ball, pictured_implant
from reference import PROJECT


def pixels_of(png: bytes, folder: Path) -> np.ndarray:
    (folder / "picture.png").write_bytes(png)
    return sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "picture.png"))).astype(int)


def test_target_seeds_and_isodose_are_seen_in_both_views(tmp_path: Path) -> None:
    try:
        png = implant_picture(pictured_implant(), size=(600, 300))
    except RenderingError:
        pytest.skip("OpenGL is not available here")
    pixels = pixels_of(png, tmp_path)
    assert pixels.shape == (300, 600, 3)
    for view in (pixels[:, :300], pixels[:, 300:]):
        middle = view[100:200, 100:200].reshape(-1, 3)
        assert (middle[:, 0] - middle[:, 2] > 60).mean() > 0.2  # target and isodose: red to yellow
        assert (middle.max(axis=1) < 110).any()  # a seed
        assert (view[:20].reshape(-1, 3) > 250).all(axis=1).mean() > 0.8  # white paper


def test_the_outline_of_the_body_would_hide_the_implant_and_is_left_out() -> None:
    implant = pictured_implant()
    structures = {**implant.structures, "Body": ball("Body", CENTRE_MM, 100)}
    drawn = replace(implant, structures=structures, styles=structure_styles(structures, ["PTV"]))
    assert _shown_structures(drawn) == ["PTV", "Nerve <left>"]


def test_without_opengl_the_error_says_what_to_install() -> None:
    code = (
        "from pictured_plan import pictured_implant\n"
        "from brachyresponse.pictures import RenderingError, implant_picture\n"
        "try: implant_picture(pictured_implant())\n"
        "except RenderingError as error: print(error)\n"
    )
    hidden = {
        "__EGL_VENDOR_LIBRARY_FILENAMES": "/nowhere",
        "PYTHONPATH": os.pathsep.join([str(PROJECT), str(PROJECT / "Testing")]),
    }
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "VTK_DEFAULT_OPENGL_WINDOW")} | hidden
    run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    if run.returncode == 0 and not run.stdout:
        pytest.skip("this machine renders without the EGL vendor files")
    assert "OpenGL is not available here, so there is no 3D picture: install the EGL libraries" in run.stdout
