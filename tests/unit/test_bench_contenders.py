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
