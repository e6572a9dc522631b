"""The entry: makes sure that there is a Python with Ferry's packages, then hands over to cli/."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

OWN_PYTHON = Path(__file__).parent / ".venv" / "bin" / "python"

if __name__ == "__main__":
    if find_spec("typer") is None or find_spec("telethon") is None:
        # "python main.py" is what people type; the packages stand in .venv, where make put them.
        if OWN_PYTHON.exists() and Path(sys.prefix) != OWN_PYTHON.parents[1]:
            os.execv(OWN_PYTHON, [str(OWN_PYTHON), *sys.argv])
        sys.exit('Ferry\'s packages are not installed yet. "make demo" or "make run" sets them up.')

    from cli.app import app

    app()
