"""The demo's sandbox as a program: `python -m cli.demonstration.telegram DIRECTORY JOBS MESSAGES SEED`.

It ends with its standard input, a pipe from the demo.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from sandbox.process import Scenario, serve

#: Share of the messages pinned in the course of time that are pinned still.
PINS = 0.1

if __name__ == "__main__":
    jobs, messages, seed = map(int, sys.argv[2:])
    scenario = Scenario(jobs=jobs, messages=messages, seed=seed, pins=PINS)
    asyncio.run(serve(Path(sys.argv[1]), scenario=scenario, lifeline=True))
