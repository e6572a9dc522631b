"""For all tests: what one of their many processes has compiled the next need not compile again."""

from __future__ import annotations

import os

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
