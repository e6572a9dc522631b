"""What a soak has found, as tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.table import Table

from tests.engine.follow_matrix import Kind
from tests.engine.follow_matrix import Trouble as FollowTrouble
from tests.soak.follow import Verdict as FollowVerdict
from tests.soak.gallery import GalleryKilled
from tests.soak.rounds import Killed
from tests.system.cells import Verdict
from tests.system.gallery_cells import Verdict as GalleryVerdict
from tests.system.gallery_matrix import Bother, Deed
from tests.system.gallery_worlds import World
from tests.system.matrix import Call, Trouble


def copies_table(killed: Killed) -> Table:
    table = Table(title="Copies")
    for heading in ("job", "random ids", "status"):
        table.add_column(heading)
    for heading in ("copied", "missing", "doubled", "out of order", "different", "of others", "refused"):
        table.add_column(heading, justify="right")
    for copied in killed.copies:
        copy, found = copied.copy, copied.found
        findings = (found.missing, found.doubled, found.out_of_order)
        table.add_row(
            copy.title,
            copy.mode,
            copied.standing.status,
            f"{found.copied:,}",
            *(str(finding.count) for finding in findings),
            str(found.different),
            f"{found.foreign.count} of {copy.guests_posts}",
            str(found.skipped),
        )
    return table


def kills_table(killed: Killed) -> Table:
    return _moments_table("", killed.moments, killed.met)


def gallery_kills_table(killed: GalleryKilled) -> Table:
    return _moments_table(f"{killed.galleries} galleries copied: ", killed.moments, killed.met)


def _moments_table(title: str, moments: Counter[str], met: Counter[Trouble]) -> Table:
    table = Table(title=f"{title}{moments.total()} kills, {met.total()} calls in other trouble")
    table.add_column("moment or trouble")
    table.add_column("times", justify="right")
    for moment, times in sorted(moments.items()):
        table.add_row(moment, str(times))
    table.add_section()
    for trouble, times in sorted(met.items()):
        table.add_row(trouble, str(times))
    return table


def cells_table(verdicts: Sequence[Verdict]) -> Table:
    """Cells that ended as they should, of all of that kind."""
    good = sum(not verdict.problems for verdict in verdicts)
    table = Table(title=f"Fault matrix: {good} of {len(verdicts)} cells as they should be")
    table.add_column("trouble")
    for call in Call:
        table.add_column(call, justify="right")
    for trouble in Trouble:
        kinds = [[v for v in verdicts if (v.cell.call, v.cell.trouble) == (call, trouble)] for call in Call]
        table.add_row(trouble, *(f"{sum(not v.problems for v in kind)}/{len(kind)}" for kind in kinds))
    return table


def gallery_tables(verdicts: Sequence[GalleryVerdict]) -> Iterator[Table]:
    """As cells_table(), a table for each sort of chats."""
    for worlds in ((World.ANSWERS,), (World.FORUM,), (World.COMMENTS, World.LIKE, World.NEW)):
        found = [verdict for verdict in verdicts if verdict.cell.deed.world in worlds]
        good = sum(not verdict.problems for verdict in found)
        title = " and ".join(worlds)
        table = Table(title=f"Faithful copies, {title}: {good} of {len(found)} cells as they should be")
        table.add_column("trouble")
        deeds = [deed for deed in Deed if deed.world in worlds]
        for deed in deeds:
            table.add_column(str(deed), justify="right")
        for trouble in (*Trouble, *Bother):
            kinds = [[v for v in found if (v.cell.deed, v.cell.trouble) == (deed, trouble)] for deed in deeds]
            table.add_row(trouble, *(_share(kind) for kind in kinds))
        yield table


def follow_table(verdicts: Sequence[FollowVerdict]) -> Table:
    """As cells_table(), for jobs of every kind."""
    good = sum(not verdict.problems for verdict in verdicts)
    table = Table(title=f"Every kind of job: {good} of {len(verdicts)} cells as they should be")
    table.add_column("trouble")
    for kind in Kind:
        table.add_column(kind.name.lower(), justify="right")
    for trouble in FollowTrouble:
        found = [[v for v in verdicts if (v.cell.kind, v.cell.trouble) == (kind, trouble)] for kind in Kind]
        table.add_row(trouble, *(_share(some) for some in found))
    return table


def _share(kind: Sequence[GalleryVerdict | FollowVerdict]) -> str:
    return f"{sum(not v.problems for v in kind)}/{len(kind)}" if kind else ""
