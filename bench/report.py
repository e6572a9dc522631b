"""From measurements to the ratios that are promised, a table for people and a dictionary for machines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median

from rich.table import Table

from bench.rounds import LABELS, REPLIES_LATENCY, SETTINGS, Measured, Plan, Round, Setting

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratios:
    """Medians over the rounds of ratios within a pair: what a busy machine does to one, it does to both."""

    engine_to_bare: float
    five_to_five_bare: float
    engine_to_bare_30ms: float
    five_to_five_bare_30ms: float
    cpu_to_bare: float
    engine_to_single_sends: float
    replies_30ms_to_single: float
    memory_growth_mib: float


def ratios(rounds: Sequence[Round], long_run: Measured) -> Ratios:
    def speed(setting: str) -> float:
        return median(
            r.runs[setting]["engine"].per_second / r.runs[setting]["bare"].per_second for r in rounds
        )

    early, late = long_run.outcome.marked_rss
    return Ratios(
        engine_to_bare=speed("one"),
        five_to_five_bare=speed("five"),
        engine_to_bare_30ms=speed("one_30ms"),
        five_to_five_bare_30ms=speed("five_30ms"),
        cpu_to_bare=median(
            r.runs["one"]["engine"].cpu_per_10k / r.runs["one"]["bare"].cpu_per_10k for r in rounds
        ),
        engine_to_single_sends=median(
            r.runs["one"]["engine"].per_second / r.single.per_second for r in rounds
        ),
        replies_30ms_to_single=median(
            r.replies["engine"].per_second / r.replies["single_replies"].per_second for r in rounds
        ),
        memory_growth_mib=(late - early) / MIB,
    )


def contenders_table(rounds: Sequence[Round], long_run: Measured) -> Table:
    table = Table(title=f"Medians of {len(rounds)} rounds" if len(rounds) > 1 else "One round")
    for heading in ("", "messages/s", "CPU s per 10,000", "peak MiB"):
        table.add_column(heading, justify="left" if not heading else "right")
    for setting in SETTINGS:
        for name in ("bare", "engine"):
            runs = [r.runs[setting.name][name] for r in rounds]
            table.add_row(f"{LABELS[name]}, {_how(setting)}", *_row(runs))
        table.add_section()
    table.add_row(LABELS["single"], *_row([r.single for r in rounds]))
    table.add_section()
    how = f"{REPLIES_LATENCY * 1000:.0f} ms a call"
    for name in ("single_replies", "engine"):
        runs = [r.replies[name] for r in rounds]
        table.add_row(f"{LABELS[name]}, one in ten a reply, {how}", *_row(runs))
    table.add_section()
    table.add_row(f"{LABELS['engine']}, {long_run.messages:,} in one channel", *_row([long_run]))
    return table


def ratios_table(found: Ratios, plan: Plan) -> Table:
    early, late = plan.memory_marks
    table = Table()
    for heading in ("Ratio", "measured", "wanted"):
        table.add_column(heading, justify="left" if heading == "Ratio" else "right")
    for name, ratio, wanted in (
        ("one job / bare loop, messages/s", found.engine_to_bare, "≥ 0.8"),
        ("five jobs / five bare loops, messages/s", found.five_to_five_bare, "≥ 0.7"),
        ("one job / bare loop, 30 ms a call", found.engine_to_bare_30ms, "≥ 1.4"),
        ("five jobs / five bare loops, 30 ms a call", found.five_to_five_bare_30ms, "≥ 1.0"),
        ("one job / bare loop, client CPU", found.cpu_to_bare, "≤ 2"),
        ("one job / one send per message, messages/s", found.engine_to_single_sends, ""),
        ("one in ten a reply, 30 ms a call: one job / single sends", found.replies_30ms_to_single, "≥ 3"),
    ):
        table.add_row(name, f"{ratio:.2f}", wanted)
    grown = f"{found.memory_growth_mib:.1f} MiB"
    table.add_row(f"memory after {late:,} − after {early:,} messages", grown, "≤ 15 MiB")
    return table


def _how(setting: Setting) -> str:
    channels = f"{setting.channels} at once" if setting.channels > 1 else "one"
    return f"{channels}, {setting.latency * 1000:.0f} ms a call" if setting.latency else channels


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
