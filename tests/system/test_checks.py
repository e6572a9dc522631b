"""`verify`, `repair`, `dedupe`, `adopt`, `jobs` and `job`, as a person runs them."""

from __future__ import annotations

import csv
import io
import os
import pty

import pytest

from tests.system.stage import FORWARD, Stage
from tests.system.terminal import Terminal, ended, jobs_in

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def test_damage_is_found_mended_and_gone(sandbox: Stage, terminal: Terminal) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=120)
    assert (await terminal.run("clone", pair.source_ref, pair.target_ref)).code == 0
    whole = await terminal.run("verify", "1")
    assert whole.code == 0, whole.err
    assert "are the same" in whole.out

    copies = [m.id for m in await sandbox.control.messages(pair.target, sandbox.owner.id)]
    assert await sandbox.control.delete_messages(pair.target, sandbox.owner.id, copies[-2:-1]) == 1
    damaged = await terminal.run("verify", pair.source_ref, pair.target_ref)
    assert damaged.code == 1, damaged.err
    assert "differ in 1 place" in damaged.out
    assert "missing  https://t.me/c/" in damaged.out
    assert "repair 1" in damaged.err

    mended = await terminal.run("repair", "1")
    assert mended.code == 0, mended.err
    assert "Sent 1 message that was missing" in mended.out
    assert (await terminal.run("verify", "1")).code == 0
    nothing = await terminal.run("repair", "1")
    assert nothing.code == 1
    assert "nothing left to mend" in nothing.err


async def test_what_cannot_be_checked_is_trouble_and_no_difference(
    sandbox: Stage, terminal: Terminal
) -> None:
    for command, words in (
        (("verify", "7"), "no job 7"),
        (("verify", "news"), "not the number of a job"),
        (("verify", "news", "@copy_of_news"), "is not a chat"),
        (("verify", sandbox.pairs[0].source_ref, sandbox.pairs[0].target_ref), "You have no job"),
        (("dedupe",), "Which chat"),
        (("dedupe", "--delete", "7"), "no job 7"),
    ):
        result = await terminal.run(*command)
        assert result.code == 2, (command, result.err)
        assert words in result.err
    repair = await terminal.run("repair", "7")
    assert (repair.code, "no job 7" in repair.err) == (1, True)


async def test_jobs_are_shown_and_written_to_a_table(sandbox: Stage, terminal: Terminal) -> None:
    empty = await terminal.run("jobs")
    assert (empty.code, "no job yet" in empty.err) == (0, True)
    (pair,) = await sandbox.control.build(jobs=1, messages=3)
    await sandbox.control.set_fault(FORWARD, "error", message="MEDIA_INVALID", times=1000)
    assert (await terminal.run("clone", pair.source_ref, pair.target_ref)).code == 3

    listed = await terminal.run("jobs")
    assert listed.code == 0
    assert " clone " in listed.out and " completed " in listed.out
    shown = await terminal.run("job", "1")
    assert shown.code == 0
    assert "refused by Telegram: MEDIA_INVALID" in shown.out
    assert "command line" in shown.out

    file = terminal.folder / "skipped.csv"
    assert (await terminal.run("job", "1", "--csv", str(file))).code == 0
    printed = await terminal.run("job", "1", "--csv", "-")
    rows = list(csv.DictReader(io.StringIO(printed.out)))
    assert rows == list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))
    refused = [row for row in rows if row["why"].startswith("refused")]
    assert len(refused) == 2
    assert refused[0]["source_link"].endswith("/" + refused[0]["source_id"])
    unwritable = await terminal.run("job", "1", "--csv", str(terminal.folder / "no" / "such.csv"))
    assert (unwritable.code, "can't be written" in unwritable.err) == (2, True)

    await sandbox.control.clear_faults()
    again = await terminal.run("job", "1", "--retry-skipped")
    assert again.code == 0, again.err
    assert "Copied 2 messages" in again.out
    assert jobs_in(terminal)[-1][1:] == ("completed", 2)
    nothing = await terminal.run("job", "1", "--retry-skipped")
    assert (nothing.code, "skipped nothing" in nothing.err) == (1, True)
    unknown = await terminal.run("job", "9")
    assert (unknown.code, "no job 9" in unknown.err) == (1, True)


async def test_doubles_are_listed_and_then_deleted(sandbox: Stage, terminal: Terminal) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=3)
    long = "A sentence that is long enough to be told apart from all others"
    await sandbox.control.post(pair.target, sandbox.owner.id, [long, "short", "short", long, long])
    listed = await terminal.run("dedupe", pair.target_ref)
    assert listed.code == 1, listed.err
    assert "2 messages stand in" in listed.out
    assert "dedupe --delete 1" in listed.err
    assert await sandbox.control.count(pair.target) == 6  # nothing was deleted
    deleted = await terminal.run("dedupe", "--delete", "1")
    assert deleted.code == 0, deleted.err
    assert "2 doubles are gone" in deleted.out
    assert await sandbox.control.count(pair.target) == 4
    assert (await terminal.run("dedupe", pair.target_ref)).code == 0


@pytest.mark.parametrize(("answer", "code", "left"), [("y", 0, 2), ("n", 1, 3)])
async def test_at_a_terminal_it_asks_before_it_deletes(
    sandbox: Stage, terminal: Terminal, answer: str, code: int, left: int
) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=3)
    await sandbox.control.post(pair.target, sandbox.owner.id, ["A sentence that stands there twice"] * 2)
    keyboard, theirs = pty.openpty()
    try:
        process = await terminal.start("dedupe", pair.target_ref, stdin=theirs)
        os.write(keyboard, f"{answer}\n".encode())
        result = await ended(process)
    finally:
        os.close(theirs)
        os.close(keyboard)
    assert result.code == code, result.err
    assert "Delete them?" in result.err
    assert ("1 double is gone" in result.out) is (answer == "y")
    assert await sandbox.control.count(pair.target) == left


async def test_what_another_tool_copied_is_taken_over(sandbox: Stage, terminal: Terminal) -> None:
    (pair,) = await sandbox.control.build(jobs=1, messages=3)
    texts = [f"Post number {n} of a channel that somebody copied half" for n in range(10)]
    await sandbox.control.post(pair.source, sandbox.owner.id, texts)
    assert (await terminal.run("clone", pair.source_ref, pair.target_ref, "--to", "6")).code == 0
    (terminal.folder / "ferry.db").replace(terminal.folder / "of_another_tool.db")
    added = await terminal.run("account", "add", stdin=sandbox.owner.session)
    assert added.code == 0, added.err
    adopted = await terminal.run("adopt", pair.source_ref, pair.target_ref)
    assert adopted.code == 0, adopted.err
    assert await sandbox.is_copied(pair)
