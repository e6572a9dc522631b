"""`python -m bench.throughput`: the whole engine against the bare Telethon loop and against single sends.

All run in a fresh process each, against the same sandbox in another process, on the same messages.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console

from bench import report, rounds
from bench.rounds import Plan


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    plan = Plan(given.messages, rounds=given.rounds)
    if given.quick:
        plan = Plan(min(given.messages, 4_000), rounds=1)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C: the children first
    try:
        asyncio.run(_measure(plan, given.json))
    except KeyboardInterrupt:
        print("stopped; nothing is left running", file=sys.stderr)
        return 130
    except RuntimeError as error:
        print(f"The measurement failed: {error}.", file=sys.stderr)
        return 1
    return 0


async def _measure(plan: Plan, json_file: Path | None) -> None:
    console = Console(highlight=False)
    played = [await rounds.play(plan, number, console.print) for number in range(plan.rounds)]
    long_run = await rounds.memory(plan, console.print)
    found = report.ratios(played, long_run)
    console.print(report.contenders_table(played, long_run), report.ratios_table(found, plan))
    if json_file is not None:
        told = report.as_json(found, plan, played, long_run)
        json_file.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.throughput", description=__doc__)
    parser.add_argument(
        "--messages",
        type=_at_least(500),
        default=20_000,
        help="in each of the five channels (default: 20,000)",
    )
    parser.add_argument(
        "--rounds", type=_at_least(1), default=5, help="the medians are of so many (default: 5)"
    )
    parser.add_argument(
        "--quick", action="store_true", help="one round of at most 4,000 messages per channel: seconds, rough"
    )
    parser.add_argument("--json", type=_new_file, metavar="FILE", help="write the figures there too")
    return parser


def _new_file(text: str) -> Path:
    """Told before the measuring, not after it."""
    path = Path(text)
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {path.parent}")
    return path


def _at_least(minimum: int) -> Callable[[str], int]:
    def count(text: str) -> int:
        number = int(text.replace(",", ""))
        if number < minimum:
            raise argparse.ArgumentTypeError(f"at least {minimum}: there is nothing to measure in less")
        return number

    return count


if __name__ == "__main__":
    sys.exit(main())
