"""What the limiter has learned of each account and target, so that a new start need not learn it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from storage.database import Database
from storage.tables import paces
from storage.upsert import Upsert

#: (account id, scope); a scope is a method class or a target.
Place = tuple[int, str]

_SAVE = Upsert(paces, change=lambda new: {"learned": new.learned, "learned_at": new.learned_at})


class PaceStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self) -> dict[Place, dict[str, Any]]:
        rows = await self._database.read(lambda connection: connection.execute(select(paces)).all())
        return {(row.account_id, row.scope): row.learned for row in rows}

    async def save(self, learned: Mapping[Place, dict[str, Any]]) -> None:
        """All in one transaction, over what stood there; other places are left alone."""
        if not learned:
            return
        now = datetime.now(UTC)
        rows = [
            {"account_id": account_id, "scope": scope, "learned": known, "learned_at": now}
            for (account_id, scope), known in learned.items()
        ]
        await self._database.write(lambda connection: connection.execute(_SAVE.on(connection), rows))
