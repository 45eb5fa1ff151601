from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from brachyresponse.pictures import png_bytes


@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 3), (5, 7, 4)])
def test_another_reader_gets_the_pixels_back(shape: tuple[int, ...], tmp_path: Path) -> None:
    import SimpleITK as sitk

    pixels = np.random.default_rng(3).integers(0, 256, shape, dtype=np.uint8)
    file = tmp_path / "picture.png"
    file.write_bytes(png_bytes(pixels))
    np.testing.assert_array_equal(sitk.GetArrayFromImage(sitk.ReadImage(str(file))), pixels)
