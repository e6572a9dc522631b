"""The sandbox as a process of its own: what it leaves behind, whom it serves, and that it always ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from sandbox.info import SandboxInfo
from sandbox.lifeline import closed
from sandbox.process import Ports, Sandbox, SandboxError, serve

CODE = """
import asyncio, sys
from pathlib import Path
from sandbox.process import serve
asyncio.run(serve(Path(sys.argv[1]), lifeline=True, ready=lambda info: print(info.pid, flush=True)))
"""
ROOT = Path(__file__).parents[2]
DEADLINE = 20  # seconds


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "sandbox"


@pytest.fixture
def process(directory: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", CODE, str(directory)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=pipe, stdout=pipe, stderr=pipe) as p:
        try:
            assert p.stdout is not None
            assert p.stdout.readline().strip() == str(p.pid)
            yield p
        finally:
            p.kill()


@pytest.fixture
def dead() -> int:
    """The number of a process that has ended: a sandbox that is its child starts, and ends at once."""
    with subprocess.Popen(["true"]) as p:
        p.wait(DEADLINE)
    return p.pid


@pytest.fixture
def parent() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(["sleep", "60"]) as p:
        yield p
        p.kill()


def test_serves_loopback_alone_while_its_input_is_open(
    process: subprocess.Popen[str], directory: Path
) -> None:
    found = psutil.Process(process.pid).net_connections()
    addresses = [c.laddr.ip for c in found if c.status == psutil.CONN_LISTEN]
    assert addresses == ["127.0.0.1"] * 3
    assert SandboxInfo.read(directory).pid == process.pid
    _, errors = process.communicate(timeout=DEADLINE)  # closes its input
    assert (process.returncode, errors) == (0, "")


async def test_what_it_writes_is_for_its_owner_alone(directory: Path, dead: int) -> None:
    await serve(directory, parent_pid=dead)
    for name in ("sandbox.json", "sandbox.env", "sandbox-key.pem"):
        assert (directory / name).stat().st_mode & 0o777 == 0o600
    lines = (directory / "sandbox.env").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines)
    info = SandboxInfo.read(directory)
    assert settings == info.settings()
    assert settings["BOT_TOKEN"] == info.bot_token
    assert settings["ADMIN_IDS"] == settings["USER_IDS"] == str(info.users[0].id)
    assert settings["TELEGRAM_SERVER_KEY"] == str(directory / "sandbox-key.pem")
    assert settings["DATABASE_URL"] == f"sqlite+aiosqlite:///{directory / 'ferry.db'}"
    assert settings["TELEGRAM_SERVER"].startswith("127.0.0.1:")
    assert settings["ACCOUNT_PACE"] == "0"


async def test_the_end_of_its_parent_ends_it(directory: Path, parent: subprocess.Popen[bytes]) -> None:
    ready = asyncio.Event()
    serving = asyncio.create_task(serve(directory, parent_pid=parent.pid, ready=lambda info: ready.set()))
    await asyncio.wait_for(ready.wait(), DEADLINE)
    parent.kill()  # and not reaped yet: a zombie is not alive
    await asyncio.wait_for(serving, DEADLINE)


async def test_the_end_of_its_input_is_noticed() -> None:
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as pipe:
        waiting = asyncio.create_task(closed(pipe))
        os.write(theirs, b"not yet\n")
        done, _ = await asyncio.wait([waiting], timeout=0.05)
        assert not done
        os.close(theirs)
        await asyncio.wait_for(waiting, DEADLINE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_one_per_directory_until_a_signal(directory: Path, dead: int, number: signal.Signals) -> None:
    def second(info: SandboxInfo) -> None:
        raise AssertionError("two of them")

    async with asyncio.TaskGroup() as group:
        ready = asyncio.Event()
        first = group.create_task(serve(directory, ready=lambda info: ready.set()))
        await asyncio.wait_for(ready.wait(), DEADLINE)
        with pytest.raises(SandboxError, match="already runs"):
            await serve(directory, ready=second)
        os.kill(os.getpid(), number)
        await asyncio.wait_for(first, DEADLINE)
    await serve(directory, parent_pid=dead)


async def test_clears_away_its_predecessors_database(directory: Path, dead: int) -> None:
    await serve(directory, parent_pid=dead)
    for suffix in ("", "-wal", "-shm"):
        (directory / f"ferry.db{suffix}").touch()
    await serve(directory, parent_pid=dead)
    assert not list(directory.glob("ferry.db*"))


async def test_leaves_a_real_database_alone(directory: Path) -> None:
    directory.mkdir()
    (directory / "ferry.db").write_text("precious")
    with pytest.raises(SandboxError, match="Name another directory"):
        await serve(directory)
    assert (directory / "ferry.db").read_text() == "precious"


async def test_a_port_that_is_taken_is_named(directory: Path) -> None:
    async with await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(SandboxError, match=str(port)):
            async with Sandbox(directory=directory, ports=Ports(control=port)):
                raise AssertionError("started all the same")
