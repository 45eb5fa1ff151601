"""Entry of ``python -m brachyresponse``."""

import sys

CANCELLED = 2


def run() -> int:
    """Run the command line; Ctrl-C ends it with one sentence also while modules are still being imported."""
    try:
        from brachyresponse.command_line.interrupts import end_like_interrupt
        from brachyresponse.command_line.main import main

        end_like_interrupt()
        return main()
    except KeyboardInterrupt:
        sys.stderr.write("Cancelled; nothing was written.\n")
        return CANCELLED


if __name__ == "__main__":
    sys.exit(run())
