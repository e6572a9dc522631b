"""Each contender really copies what it is told to, all of them the same."""

from __future__ import annotations

from pathlib import Path

from bench import processes
from bench.rounds import Plan, Stage
from sandbox.control import ControlClient


async def test_all_contenders_copy_the_same(tmp_path: Path) -> None:
    said: list[str] = []
    async with (
        processes.sandbox(tmp_path, channels=2, messages=500) as info,
        ControlClient.of(info) as control,
    ):
        stage = Stage(info=info, control=control, plan=Plan(500), folder=tmp_path, say=said.append)
        bare = await stage.run("bare", channels=2)
        engine = await stage.run("engine", channels=2, marks=(250, 1000))
        single = await stage.run("single")
        chats = {chat.title: chat.messages for chat in await control.chats()}
        assert chats["Target of run 1"] == chats["Target of run 2"]
    assert 0 < bare.outcome.copied == engine.outcome.copied <= 1000
    assert len(engine.outcome.marked_rss) == 2
    assert engine.outcome.peak_rss >= max(engine.outcome.marked_rss) > 0
    assert 0 < single.outcome.copied <= single.messages == 50
    assert len(said) == 3


async def test_both_send_replies_as_replies(tmp_path: Path) -> None:
    async with (
        processes.sandbox(tmp_path, channels=1, messages=50) as info,
        ControlClient.of(info) as control,
    ):
        before = {chat.peer for chat in await control.chats()}
        stage = Stage(info=info, control=control, plan=Plan(1200), folder=tmp_path, say=lambda _: None)
        measured = await stage.replies(0)
        source, _, *targets = [chat for chat in await control.chats() if chat.peer not in before]
        assert [target.title for target in targets] == ["Target of run 1", "Target of run 2"]
        shown = await control.messages(source.peer, info.users[0].id, limit=60)
        assert any(message.reply_to for message in shown)
        copies = [await control.compare(source.peer, target.peer) for target in targets]
    # Telegram takes custom emoji away where a message is sent again by an account without Premium.
    lost = {what for found in copies for difference in found.differences for what in difference.what}
    assert lost <= {"entities", "grouping"}
    assert {found.copied for found in copies} == {measured["engine"].outcome.copied}
    assert measured["engine"].outcome.copied == measured["single_replies"].outcome.copied > 50
