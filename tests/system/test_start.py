"""Jobs go on before the bot is there: it takes seconds to load, and its Telegram may be in trouble."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator

import pytest

from tests.sandbox.waiting import until
from tests.system.stage import FORWARD, Stage
from tests.system.terminal import DEADLINE, Terminal, copied_some, ended, jobs_in

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]

OTHERS = 999


@contextlib.asynccontextmanager
async def silent_bot_api() -> AsyncIterator[str]:
    """Takes calls and never answers."""

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while await reader.read(1 << 16):
                pass
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        yield "http://{}:{}".format(*server.sockets[0].getsockname())


def many_unfinished_jobs(terminal: Terminal) -> None:
    """Begun once, and now waiting for tomorrow, each with an owner of its own."""
    with contextlib.closing(sqlite3.connect(terminal.folder / "ferry.db")) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(jobs)") if row[1] != "id"]
        told = {
            "owner_id": "1000000 + number",
            "status": "'pending'",
            "resume_at": "'2999-01-01 00:00:00.000000'",
        }
        values = ", ".join(told.get(column, column) for column in columns)
        database.execute(
            f"WITH RECURSIVE numbers(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM numbers"
            f" WHERE number < {OTHERS}) INSERT INTO jobs ({', '.join(columns)})"
            f" SELECT {values} FROM jobs, numbers WHERE id = 1"
        )
        database.commit()


async def test_a_killed_job_goes_on_without_the_bot_and_beside_a_thousand_others(
    sandbox: Stage, terminal: Terminal
) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=1000)
    await sandbox.control.set_fault(FORWARD, "delay", seconds=0.1, times=100_000)
    killed = await terminal.start("clone", pair.source_ref, pair.target_ref)
    await copied_some(terminal, messages=200)
    killed.kill()
    await killed.communicate()
    await sandbox.control.clear_faults()
    many_unfinished_jobs(terminal)
    async with silent_bot_api() as url:
        full = terminal.having(BOT_TOKEN=sandbox.info.bot_token, BOT_API_SERVER=url)
        serving = await full.start("run")
        try:
            await until(lambda: jobs_in(terminal)[0][1] == "completed", DEADLINE)
        finally:
            serving.terminate()
        result = await ended(serving)
        assert result.code == 0, result.err
        assert "bot_started" not in result.err
    assert await sandbox.is_copied(pair)
    assert len(jobs_in(terminal)) == OTHERS + 1
