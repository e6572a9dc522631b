"""The real-sized album channel and forum: do they keep their grouping and places, and what does it take?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rich.table import Table

from tests.system.scale import REAL, Large, Size, large_chats
from tests.system.stage import Stage

MIB = 1 << 20


async def scale_round(
    stage: Stage, folder: Path, *, tell: Callable[[str], None], size: Size = REAL
) -> list[Large]:
    larges = []
    await stage.control.clear_faults()
    async for large in large_chats(stage.info, stage.control, folder, size):
        tell(
            f"{large.name}: {large.outcome.seconds:.0f} s, {'the same' if large.is_same else 'NOT the same'}"
        )
        larges.append(large)
    return larges


def scale_table(larges: Sequence[Large]) -> Table:
    table = Table(title="Large chats")
    table.add_column("chat")
    for heading in ("copied", "calls", "sends", "seconds", "CPU s", "peak MiB", "different", "topics"):
        table.add_column(heading, justify="right")
    for large in larges:
        outcome, found = large.outcome, large.found
        table.add_row(
            large.name,
            f"{found.copied:,}",
            f"{large.made:,}",
            f"{large.sends:,}",
            f"{outcome.seconds:.1f}",
            f"{outcome.cpu_seconds:.1f}",
            f"{outcome.peak_rss / MIB:.0f}",
            f"{found.different:,}",
            f"{len(found.topics):,}",
        )
    return table


def wrong_with(larges: Sequence[Large]) -> list[str]:
    return [f"{large.name}: {large.found}" for large in larges if not large.is_same]
