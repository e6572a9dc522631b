"""From measurements to the ratios that are promised, a table for people and a dictionary for machines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median

from rich.table import Table

from bench.rounds import CHANNELS, LABELS, Measured, Plan, Round

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """Medians over the rounds of ratios within a round: what a busy machine does to one, it does to both."""

    engine_to_bare: float
    engine_to_single_sends: float
    cpu_to_bare: float
    five_jobs_time_to_bare: float
    memory_growth_mib: float


def ratios(rounds: Sequence[Round], long_run: Measured) -> Ratios:
    def middle(ratio: Callable[[Round], float]) -> float:
        return median(map(ratio, rounds))

    early, late = long_run.outcome.marked_rss
    return Ratios(
        engine_to_bare=middle(lambda r: r.one["engine"].per_second / r.one["bare"].per_second),
        engine_to_single_sends=middle(lambda r: r.one["engine"].per_second / r.one["single"].per_second),
        cpu_to_bare=middle(lambda r: r.one["engine"].cpu_per_10k / r.one["bare"].cpu_per_10k),
        five_jobs_time_to_bare=middle(
            lambda r: r.five["engine"].outcome.seconds / r.five["bare"].outcome.seconds
        ),
        memory_growth_mib=(late - early) / MIB,
    )


def contenders_table(rounds: Sequence[Round], long_run: Measured) -> Table:
    table = Table(title=f"Medians of {len(rounds)} rounds" if len(rounds) > 1 else "One round")
    for heading in ("", "messages/s", "CPU s per 10,000", "peak MiB"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name in ("bare", "engine", "single"):
        table.add_row(LABELS[name], *_row([r.one[name] for r in rounds]))
    table.add_section()
    table.add_row(f"{LABELS['bare']}, {CHANNELS} channels in turn", *_row([r.five["bare"] for r in rounds]))
    table.add_row(f"{LABELS['engine']}, {CHANNELS} jobs at once", *_row([r.five["engine"] for r in rounds]))
    table.add_row(f"{LABELS['engine']}, {long_run.messages:,} in one channel", *_row([long_run]))
    return table


def ratios_table(found: Ratios, plan: Plan) -> Table:
    early, late = plan.memory_marks
    table = Table()
    for heading in ("Ratio", "measured", "wanted"):
        table.add_column(heading, justify="left" if heading == "Ratio" else "right")
    table.add_row("engine / bare loop, messages/s", f"{found.engine_to_bare:.2f}", "≥ 0.8")
    table.add_row("engine / one send per message, messages/s", f"{found.engine_to_single_sends:.1f}", "")
    table.add_row("engine / bare loop, client CPU", f"{found.cpu_to_bare:.2f}", "")
    table.add_row(
        f"{CHANNELS} jobs at once / bare loops in turn, time", f"{found.five_jobs_time_to_bare:.2f}", "≤ 1.5"
    )
    table.add_row(
        f"memory after {late:,} − after {early:,} messages", f"{found.memory_growth_mib:.1f} MiB", "≤ 20 MiB"
    )
    return table


def as_json(found: Ratios, plan: Plan, rounds: Sequence[Round], long_run: Measured) -> dict[str, object]:
    return {
        **asdict(found),
        "plan": asdict(plan),
        "rounds": [asdict(r) for r in rounds],
        "long_run": asdict(long_run),
    }


def _row(runs: Sequence[Measured]) -> tuple[str, str, str]:
    return (
        f"{median(run.per_second for run in runs):,.0f}",
        f"{median(run.cpu_per_10k for run in runs):.2f}",
        f"{median(run.outcome.peak_rss for run in runs) / MIB:.0f}",
    )
