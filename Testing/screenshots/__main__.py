"""Write the pictures of every module, or of those named on the command line."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from screenshots import brachydose, perfusionratios, responseassess, seedverify
from screenshots.module import FOLDER

MODULES = {
    "BrachyDose": brachydose.write_pictures,
    "SeedVerify": seedverify.write_pictures,
    "PerfusionRatios": perfusionratios.write_pictures,
    "ResponseAssess": responseassess.write_pictures,
}


def main(names: Sequence[str]) -> None:
    """Write pictures; no names are all modules."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names or MODULES:
        MODULES[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
    print(*sorted(path.name for path in FOLDER.iterdir()), sep="\n")
