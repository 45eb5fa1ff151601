"""Entry of ``python -m brachyresponse``."""

import sys

from brachyresponse.command_line.interrupts import end_like_interrupt
from brachyresponse.command_line.main import main

end_like_interrupt()
sys.exit(main())
