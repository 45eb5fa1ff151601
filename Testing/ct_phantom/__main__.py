"""Write full cases: ``PYTHONPATH=Testing:. python -m ct_phantom FOLDER [NAME ...] [--seed N]``."""

from __future__ import annotations

import argparse
from pathlib import Path

from ct_phantom import FULL_RECIPES, full_recipe, make_case, write_case


def main() -> None:
    parser = argparse.ArgumentParser(prog="ct_phantom", description="Write post-implant CT cases with truth.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=list(FULL_RECIPES), metavar="NAME", help=", ".join(FULL_RECIPES))
    parser.add_argument("--seed", type=int, default=0, help="another implant of the same kind")
    arguments = parser.parse_args()
    for name in arguments.names:
        write_case(make_case(full_recipe(name, arguments.seed)), arguments.folder, f"{name}-{arguments.seed}")


if __name__ == "__main__":
    main()
