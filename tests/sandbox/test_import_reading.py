"""An imported chat, read and copied by a real client, is what the export says."""

from __future__ import annotations

from pathlib import Path

import pytest
from telethon import TelegramClient
from telethon.sessions import StringSession
from telethon.tl import types as t
from telethon.tl.functions.messages import ForwardMessagesRequest

from sandbox.compare import compare
from sandbox.process import Ports, Sandbox
from sandbox.world.forwardable import BOUND_TO_AUTHOR

EXPORTS = Path(__file__).parent / "exports"


@pytest.mark.parametrize("name", ["channel.json", "account.json", "forum.json"])
async def test_a_real_client_copies_an_import(tmp_path: Path, name: str) -> None:
    async with Sandbox(directory=tmp_path, ports=Ports()) as sandbox:
        info = sandbox.fill(scenario=None, import_file=EXPORTS / name, chats=())
        pair = info.pairs[0]
        sandbox.world.channels[pair.target[1]].forum = False  # a plain forward makes no topics
        session = StringSession(info.users[0].session)
        async with TelegramClient(session, info.api_id, info.api_hash) as client:
            await client.get_dialogs()
            source = await client.get_input_entity(-(10**12) - pair.source[1])
            target = await client.get_input_entity(-(10**12) - pair.target[1])
            found = [m async for m in client.iter_messages(source, reverse=True, limit=100)]
            box = sandbox.world.boxes[pair.source]
            assert [m.id for m in found] == list(box.by_id)
            assert [isinstance(m, t.MessageService) for m in found] == [
                bool(m.service) for m in box.by_id.values()
            ]
            for m in found:
                kept = box.by_id[m.id]
                assert (m.message or "") == ("" if kept.service else kept.text)
                assert bool(m.media) == bool(kept.media)
            never = [i for i, m in box.by_id.items() if m.media and m.media.kind in BOUND_TO_AUTHOR]
            ids = [m.id for m in found if not isinstance(m, t.MessageService) and m.id not in never]
            await client(ForwardMessagesRequest(source, ids, target, drop_author=True))
        stopped = {i: ["media"] for i, m in box.by_id.items() if m.media and m.media.kind == "geo_live"}
        linking = {i: ["link"] for i, m in box.by_id.items() if "t.me" in m.text}
        result = compare(
            sandbox.world,
            pair.source,
            pair.target,
            replies=False,  # what is merely forwarded answers nothing
            pins=False,
            skipped=never,
            declared=stopped | linking,
        )
        assert result.same, result
        assert result.copied == len(ids)
