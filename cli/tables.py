"""Tables on standard output: as wide as the terminal, and never cut off where there is none."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

#: Columns where the output is no terminal: titles of chats should stay on their line.
WIDE = 240


def console() -> Console:
    out = Console(highlight=False, soft_wrap=False, markup=False)
    return out if out.is_terminal else Console(highlight=False, markup=False, width=WIDE)


def plain_table(*columns: str) -> Table:
    """A table without lines; a column whose name begins with > is aligned to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(name.removeprefix(">"), justify="right" if name.startswith(">") else "left")
    return table
