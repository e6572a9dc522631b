"""What the commands say about settings, accounts and themselves."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.system.stage import Stage
from tests.system.terminal import MAIN, Terminal

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


@pytest.fixture
def bare(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path, {})


async def test_every_missing_setting_is_named_at_once(bare: Terminal) -> None:
    result = await bare.run("run")
    assert result.code == 2
    assert [line.split()[2] for line in result.err.splitlines()] == ["BOT_TOKEN", "API_ID", "API_HASH"]
    assert not (bare.folder / "data").exists()


async def test_clone_needs_no_bot_and_takes_ids_that_look_like_options(bare: Terminal) -> None:
    result = await bare.run("clone", "-1001234567890", "@news")
    assert result.code == 2
    assert "API_ID" in result.err
    assert "BOT_TOKEN" not in result.err


async def test_a_slip_of_the_pen_is_mentioned(bare: Terminal) -> None:
    (bare.folder / ".env").write_text("API_HASHH=1\n", encoding="utf-8")
    result = await bare.run("account", "list")
    assert result.code == 0, result.err
    assert "Did you mean API_HASH?" in result.err
    assert "no account yet" in result.err


async def test_half_a_sandbox_stops_it(bare: Terminal) -> None:
    (bare.folder / ".env").write_text("TELEGRAM_SERVER=127.0.0.1:1\n", encoding="utf-8")
    result = await bare.run("account", "list")
    assert result.code == 2
    assert "half at a sandbox" in result.err


async def test_a_folder_that_cannot_be_written_is_named(bare: Terminal) -> None:
    (bare.folder / "data").write_text("a file where the folder should be", encoding="utf-8")
    (bare.folder / ".env").write_text("API_ID=1\nAPI_HASH=x\n", encoding="utf-8")
    result = await bare.run("clone", "@news", "@copy")
    assert result.code == 1
    assert "Check DATABASE_URL" in result.err


async def test_help_is_quick_because_nothing_heavy_is_loaded() -> None:
    heavy = {"aiogram", "pydantic", "sqlalchemy", "telethon"}
    code = f"import sys, cli.app; print(sorted({heavy} & set(sys.modules)))"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, cwd=MAIN.parent, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    assert out == b"[]\n"


async def test_help_names_every_command(bare: Terminal) -> None:
    result = await bare.run("--help")
    assert result.code == 0
    assert all(name in result.out for name in ("run", "demo", "clone", "sandbox", "account"))


async def test_accounts_are_listed_without_their_sessions(sandbox: Stage, terminal: Terminal) -> None:
    guest = await sandbox.control.add_user("Guest", username="guest_of_ferry")
    assert (await terminal.run("account", "add", "--owner", "77", stdin=guest.session)).code == 0
    listed = await terminal.run("account", "list")
    assert listed.code == 0
    assert "@guest_of_ferry" in listed.out
    assert "user 77" in listed.out
    assert "admins" in listed.out
    for user in (guest, sandbox.owner):
        assert user.session not in listed.out + listed.err
    assert (await terminal.run("account", "remove", "2")).code == 0
    unknown = await terminal.run("account", "remove", "2")
    assert unknown.code == 1
    assert "no account 2" in unknown.err


@pytest.mark.parametrize(
    ("typed", "words"), [("", "no session string"), ("nonsense", "not a session string")]
)
async def test_what_is_no_session_is_refused(terminal: Terminal, typed: str, words: str) -> None:
    result = await terminal.run("account", "add", stdin=typed)
    assert result.code == 1
    assert words in result.err


async def test_a_wrong_secret_key_is_named_and_nothing_changes(sandbox: Stage, terminal: Terminal) -> None:
    database = terminal.folder / "ferry.db"
    before = database.read_bytes()
    wrong = terminal.having(BOT_TOKEN=sandbox.info.bot_token, SECRET_KEY="another one than before")
    result = await wrong.run("run")
    assert result.code == 2
    assert "SECRET_KEY" in result.err
    assert database.read_bytes() == before


async def test_a_token_that_telegram_does_not_know_is_named(sandbox: Stage, terminal: Terminal) -> None:
    result = await terminal.having(BOT_TOKEN="123456:" + "x" * 35).run("run")
    assert result.code == 2, result.err
    assert "BOT_TOKEN" in result.err
    assert "x" * 35 not in result.err


async def test_the_sandbox_says_what_to_do_and_it_works(tmp_path: Path) -> None:
    bare = Terminal(tmp_path, {})
    export = tmp_path / "result.json"
    messages = [
        {
            "id": number,
            "type": "message",
            "date_unixtime": "1700000000",
            "from_id": "user1",
            "text": f"post {number}",
        }
        for number in (1, 2, 5)
    ]
    chat = {"name": "My notes", "type": "private_channel", "id": 12345, "messages": messages}
    export.write_text(json.dumps(chat), encoding="utf-8")
    process = await bare.start("sandbox", "--import", str(export))
    try:
        assert process.stdout is not None
        said = ""
        async with asyncio.timeout(30):
            while "Ctrl-C ends it" not in said:
                line = (await process.stdout.readline()).decode()
                assert line, said
                said += line
        [command] = [
            line.split() for line in said.splitlines() if line.startswith("    ./sandbox-data/ferry clone")
        ]
        copying = await asyncio.create_subprocess_exec(
            *command, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
        )
        out, err = await copying.communicate()
        assert copying.returncode == 0, err
        assert b"Copied 3 messages" in out
    finally:
        process.terminate()
        assert await process.wait() == 0
