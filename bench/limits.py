"""`python -m bench.limits`: how much of a limit that nobody tells it the whole engine makes use of.

Two sandboxes at once, each with an engine in a process of its own: one limits by a fixed window, one by a
token bucket. The engine has three minutes to learn; then ten windows are counted, in the sandbox.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bench import processes
from bench.task import Task
from sandbox.control import ControlClient
from sandbox.info import SandboxInfo
from sandbox.world import Peer

KINDS = {"fixed": "fixed window", "token": "token bucket"}
#: Seconds of a window, and in which the bucket refills.
WINDOW = 30.0
#: About what a call to Telegram takes.
LATENCY = 0.03
#: More source messages than are allowed: none of the jobs may end before the measuring does.
SPARE = 1.2
#: Seconds in which the first copy must appear.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Plan:
    """`messages` per window; `windows` are measured after `learning` seconds."""

    messages: int
    jobs: int
    windows: int
    learning: float

    @property
    def source_messages(self) -> int:
        """Of each job's channel. The first burst fills a window before its time."""
        windows = self.learning / WINDOW + self.windows + 1
        return int(self.messages * windows * SPARE / self.jobs)


@dataclass(frozen=True, slots=True)
class Count:
    copies: int
    flood_waits: int
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`refills`: how often the whole bucket was allowed again while it was measured."""

    achieved_to_allowed: float
    flood_waits: int
    refills: float
    flood_waits_while_learning: int


def found(plan: Plan, begin: Count, end: Count) -> Found:
    refills = (end.at - begin.at) / WINDOW
    return Found(
        achieved_to_allowed=(end.copies - begin.copies) / (plan.messages * refills),
        flood_waits=end.flood_waits - begin.flood_waits,
        refills=refills,
        flood_waits_while_learning=begin.flood_waits,
    )


async def measure(kind: str, plan: Plan, say: Callable[[str], None]) -> Found:
    """Raises RuntimeError when the engine ends, fails or never begins."""
    with TemporaryDirectory(prefix="ferry-bench-") as folder:
        async with (
            processes.sandbox(Path(folder), channels=plan.jobs, messages=plan.source_messages) as info,
            ControlClient.of(info) as control,
        ):
            await control.set_latency(LATENCY)
            limit = {"methods": "messages.forwardMessages", "messages": plan.messages, "window": WINDOW}
            await control.set_limits(limit | {"kind": kind})
            person = info.users[0].id
            targets = [await control.add_channel(f"Target {n}", person) for n in range(plan.jobs)]
            engine = asyncio.create_task(processes.done(await _task(info, control, targets)))
            try:
                counts = asyncio.create_task(_counts(control, targets, plan, say))
                await asyncio.wait({engine, counts}, return_when=asyncio.FIRST_COMPLETED)
                if not counts.done():
                    counts.cancel()
                    await engine  # tells why
                    raise RuntimeError("all was copied before the measuring was over")
                return found(plan, *counts.result())
            finally:
                engine.cancel()
                await asyncio.gather(engine, return_exceptions=True)


async def _task(info: SandboxInfo, control: ControlClient, targets: Sequence[Peer]) -> Task:
    person = info.users[0].id
    pairs = zip(info.pairs, targets, strict=True)
    return Task(
        contender="engine",
        settings=info.settings(),
        session=await control.session(person),
        owner_id=person,
        copies=[(pair.source[1], target[1]) for pair, target in pairs],
        may_wait=True,
    )


async def _counts(
    control: ControlClient, targets: Sequence[Peer], plan: Plan, say: Callable[[str], None]
) -> tuple[Count, Count]:
    """At the beginning and the end of what is measured."""
    clock = asyncio.get_running_loop().time
    empty = [await control.count(target) for target in targets]

    async def count() -> Count:
        copies = sum([await control.count(target) for target in targets]) - sum(empty)
        return Count(copies, (await control.statistics()).flood_waits, clock())

    async with asyncio.timeout(PATIENCE):
        while not (await count()).copies:  # noqa: ASYNC110 - the sandbox is another process
            await asyncio.sleep(0.05)
    start = clock()
    say(f"the first copy is there, {plan.learning:.0f} s to learn")
    await asyncio.sleep(start + plan.learning - clock())
    begin = await count()
    say(f"{begin.copies:,} copies and {begin.flood_waits} waits until now; {plan.windows} windows to measure")
    await asyncio.sleep(begin.at + plan.windows * WINDOW - clock())
    return begin, await count()


def table(plan: Plan, results: dict[str, Found]) -> Table:
    title = f"{plan.messages:,} messages in {WINDOW:.0f} s allowed, {plan.jobs} job{'s' * (plan.jobs > 1)}"
    shown = Table(title=title)
    for heading in ("Hidden limit", "achieved / allowed", "flood waits", "refills", "waits while learning"):
        shown.add_column(heading, justify="left" if heading == "Hidden limit" else "right")
    for kind, result in results.items():
        shown.add_row(
            KINDS[kind],
            f"{result.achieved_to_allowed:.3f}",
            str(result.flood_waits),
            f"{result.refills:.1f}",
            str(result.flood_waits_while_learning),
        )
    shown.add_row("wanted", "≥ 0.95", "≤ 1", "", "", style="dim")
    return shown


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    plan = Plan(given.messages, given.jobs, given.windows, given.learning)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends like Ctrl-C: the children first
    try:
        asyncio.run(_measure_all(plan, given.json))
    except KeyboardInterrupt:
        print("stopped; nothing is left running", file=sys.stderr)
        return 130
    except (RuntimeError, TimeoutError) as error:
        print(f"The measurement failed: {error or 'no copy appeared'}.", file=sys.stderr)
        return 1
    return 0


async def _measure_all(plan: Plan, json_file: Path | None) -> None:
    console = Console(highlight=False)

    def telling(kind: str) -> Callable[[str], None]:
        return lambda text: console.print(f"{KINDS[kind]}: {text}")

    both = await asyncio.gather(*(measure(kind, plan, telling(kind)) for kind in KINDS))
    results = dict(zip(KINDS, both, strict=True))
    console.print(table(plan, results))
    if json_file is not None:
        told = {kind: asdict(result) for kind, result in results.items()} | {"plan": asdict(plan)}
        json_file.write_text(json.dumps(told, indent=1) + "\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.limits", description=__doc__)
    parser.add_argument(
        "--messages", type=int, default=1030, help="allowed in 30 s (default: 1,030, no multiple of 100)"
    )
    parser.add_argument("--jobs", type=int, default=1, help="of one account, all at once (default: 1)")
    parser.add_argument("--windows", type=int, default=10, help="to measure (default: 10)")
    parser.add_argument("--learning", type=float, default=180, help="seconds before that (default: 180)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    return parser


if __name__ == "__main__":
    sys.exit(main())
