"""What `clone` can be told: which messages, how, into a new chat; its preview, alone and beside a service."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from domain.peer import CHANNEL_MARK
from tests.system.stage import Stage
from tests.system.terminal import Terminal, jobs_in, service

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def test_a_part_is_copied_and_the_job_says_which(sandbox: Stage, terminal: Terminal) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=60)
    result = await terminal.run("clone", pair.source_ref, pair.target_ref, "--last", "20", "--no-pins")
    assert result.code == 0, result.err
    assert jobs_in(terminal)[0][1] == "completed"
    assert 20 <= jobs_in(terminal)[0][2] <= 29  # an album at the beginning comes whole
    shown = await terminal.run("job", "1")
    assert "only   last=20" in shown.out
    assert "without pins" in shown.out
    rest = await terminal.run(
        "clone", pair.source_ref, pair.target_ref, "--ids", "2-4", "--kinds", "text,photo"
    )
    assert rest.code == 0, rest.err
    assert [status for _, status, _ in jobs_in(terminal)] == ["completed", "completed"]


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["--kinds", "photos"], 2, "There are text, photo, video"),
        (["--ids", "5,x"], 2, "no list of message numbers"),
        (["--since", "yesterday"], 2, "no date"),
        (["--from", "9", "--to", "4"], 2, "before it begins"),
        (["--last", "5", "--from", "3"], 2, "can't be combined"),
        (["--last", "0"], 2, "than or equal to 1"),
        (["--from", "here"], 2, "names no message"),
        (["--since", "2200-01-01"], 1, "holds no such message: since=2200-01-01"),
        (["--ids", "90001"], 1, "none of these messages: 90001"),
        (["--from", "https://t.me/c/77/5"], 1, "does not lead to a message"),
        (["--topic", "5"], 1, "has no topics"),
    ],
)
async def test_a_choice_that_makes_no_sense_is_one_sentence(
    sandbox: Stage, terminal: Terminal, options: list[str], code: int, words: str
) -> None:
    pair = sandbox.pairs[0]
    result = await terminal.run("clone", pair.source_ref, pair.target_ref, *options)
    assert result.code == code, result.err
    assert words in " ".join(result.err.split())
    assert jobs_in(terminal) == []


async def test_where_to_must_be_said(sandbox: Stage, terminal: Terminal) -> None:
    pair = sandbox.pairs[0]
    result = await terminal.run("clone", pair.source_ref)
    assert (result.code, "--new-target" in result.err) == (2, True)
    result = await terminal.run("clone", pair.source_ref, "castle", "--new-target")
    assert (result.code, "no kind of chat" in result.err) == (2, True)


async def test_a_new_target_is_made_and_not_made_again(sandbox: Stage, terminal: Terminal) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=30)
    command = ("clone", pair.source_ref, "--new-target", "--title", "A new home")
    first = await terminal.run(*command)
    assert first.code == 0, first.err
    made = [chat for chat in await sandbox.control.chats() if chat.title == "A new home"]
    assert len(made) == 1
    assert (await sandbox.control.compare(pair.source, made[0].peer)).same
    second = await terminal.run(*command)
    assert (second.code, "already" in second.err) == (0, True)
    assert len(jobs_in(terminal)) == 1


async def test_a_channels_comments_follow_it(sandbox: Stage, terminal: Terminal) -> None:
    both = [(await sandbox.control.build_gallery(sandbox.owner.id)).discussed for _ in range(2)]
    source, target = (str(CHANNEL_MARK - exhibit.peer[1]) for exhibit in both)
    result = await terminal.run("clone", source, target)
    assert result.code == 0, result.err
    assert result.out.count("Copied ") == 2
    listed = [line.split() for line in (await terminal.run("jobs")).out.splitlines()[1:]]
    assert [line[1] for line in listed] == ["comments", "clone"]
    assert [status for _, status, _ in jobs_in(terminal)] == ["completed", "completed"]


async def test_a_preview_counts_and_changes_nothing(sandbox: Stage, terminal: Terminal) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=120)
    before = await sandbox.control.count(pair.target)
    result = await terminal.run("clone", pair.source_ref, pair.target_ref, "--preview")
    assert result.code == 0, result.err
    assert jobs_in(terminal) == []
    assert await sandbox.control.count(pair.target) == before
    rows = {line.split("  ")[0].strip(): line.split() for line in result.out.splitlines()}
    told = int(rows["all"][1])
    assert "forwarded at Telegram" in result.out
    assert "service messages" in result.out
    assert "It takes about" in result.out
    copied = await terminal.run("clone", pair.source_ref, pair.target_ref)
    assert copied.code == 0, copied.err
    assert jobs_in(terminal)[0][2] == told


async def test_a_running_service_makes_the_preview_and_takes_the_job(
    sandbox: Stage, terminal: Terminal
) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=40)
    async with service(terminal.having(BOT_TOKEN=sandbox.info.bot_token)):
        shown = await terminal.run("clone", pair.source_ref, pair.target_ref, "--preview", "--last", "10")
        assert shown.code == 0, shown.err
        assert "It takes about" in shown.out
        assert jobs_in(terminal) == []
        refused = await terminal.run("clone", pair.source_ref, pair.target_ref, "--preview", "--topic", "5")
        assert (refused.code, "has no topics" in refused.err) == (1, True)
        new = await sandbox.control.post(pair.source, sandbox.owner.id, ["one", "two", "three"])
        ids = f"{new[0]}-{new[1]}"
        taken = await terminal.run("clone", pair.source_ref, pair.target_ref, "--ids", ids, "--no-replies")
        assert taken.code == 0, taken.err
        assert jobs_in(terminal) == [(1, "completed", 2)]
    with contextlib.closing(sqlite3.connect(terminal.folder / "ferry.db")) as database:
        (wishes,) = database.execute("SELECT wishes FROM jobs").fetchone()
    assert '"replies": false' in wishes and f'"ids": [{new[0]}, {new[1]}]' in wishes
