"""For all tests: their many processes start quickly, and hear Ctrl-C however the tests were started."""

from __future__ import annotations

import os
import signal
import sys

# What one of them has compiled the next need not compile again, and pytest not rewrite its asserts again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# A shell that runs something in the background lets it ignore Ctrl-C, and all that it starts, too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
