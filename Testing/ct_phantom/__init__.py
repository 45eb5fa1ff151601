"""Post-implant CT images with known seeds, for tests that must not depend on the four reference phantoms.

    from ct_phantom import Recipe, make_case
    case = make_case(Recipe(seeds=12, thickness_mm=2.5, oblique=True, decoys=("gold_fiducial",), random_seed=3))
    case.ct_hu, case.grid                       # int16 [k, j, i] in HU, Grid in RAS
    case.centres_mm, case.axes, case.kinds      # the truth, in RAS

    make_case(Recipe(), seeds=[((0, 0, 0), (0, 0, 1)), ((1.2, 0, 0), (0, 0, 1))])   # these and no others
    make_case(Recipe(shift_mm=(0.2, 0, 0)))     # the same implant and noise on a raster moved by 0.2 mm

Large cases like the reference phantoms, as NRRD and truth.json in their schema: ``full_recipe("pelvis-1mm")`` and so on
(``FULL_RECIPES``), or ``PYTHONPATH=Testing:. python -m ct_phantom FOLDER [NAME ...] [--seed N]``.

The kind is that of the reference phantoms and simpler in its anatomy: exact line integrals of ellipsoids and finite
cylinders, six energies, intensities averaged over detector aperture and slice, scatter, Poisson noise, water
correction only, filtered back-projection. It leaves out what they leave out. No code is shared with the detector.
"""

from ct_phantom.case import Case, Recipe, make_case, write_case
from ct_phantom.full_cases import FULL_RECIPES, full_recipe
from ct_phantom.reconstruction import Kernel
from ct_phantom.sites import Site

__all__ = ["FULL_RECIPES", "Case", "Kernel", "Recipe", "Site", "full_recipe", "make_case", "write_case"]
