"""Entry of ``python -m brachyresponse``."""

import sys

from brachyresponse.command_line.main import main

sys.exit(main())
