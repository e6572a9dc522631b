"""What jobs found or could not do, one row for each thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from sqlalchemy import Connection, func, select, tuple_

from domain.finding import Finding, FindingKind, FindingState
from storage.checks import CheckStore
from storage.database import Database
from storage.prints import PrintStore
from storage.tables import findings
from storage.upsert import Upsert

_PUT = Upsert(findings, change=lambda new: {"state": new.state, "detail": new.detail})


class FindingStore:
    def __init__(self, database: Database) -> None:
        self._database = database
        self.checks, self.prints = CheckStore(database), PrintStore(database)

    async def page(
        self,
        job_id: int,
        *,
        after: Finding | None = None,
        states: Collection[FindingState] | None = None,
        limit: int = 500,
    ) -> list[Finding]:
        """The next ones behind `after`, by source id, target id and kind."""
        f = findings.c
        wanted = select(f.kind, f.source_id, f.target_id, f.detail, f.state).where(f.job_id == job_id)
        if states is not None:
            wanted = wanted.where(f.state.in_(states))
        if after is not None:
            place = tuple_(f.source_id, f.target_id, f.kind)
            wanted = wanted.where(place > (after.source_id, after.target_id, after.kind))
        wanted = wanted.order_by(f.source_id, f.target_id, f.kind).limit(limit)
        rows = await self._database.read(lambda connection: connection.execute(wanted).all())
        return [Finding(*row) for row in rows]

    async def counts(self, job_id: int) -> Counter[tuple[FindingKind, FindingState]]:
        f = findings.c
        wanted = select(f.kind, f.state, func.count()).where(f.job_id == job_id).group_by(f.kind, f.state)
        rows = await self._database.read(lambda connection: connection.execute(wanted).all())
        return Counter({(kind, state): count for kind, state, count in rows})


def write_findings(connection: Connection, job_id: int, found: Collection[Finding]) -> None:
    if found:
        connection.execute(
            _PUT.on(connection),
            [
                {
                    "job_id": job_id,
                    "source_id": finding.source_id,
                    "target_id": finding.target_id,
                    "kind": finding.kind,
                    "state": finding.state,
                    "detail": finding.detail,
                }
                for finding in found
            ],
        )
