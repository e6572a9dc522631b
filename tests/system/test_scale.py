"""Hundreds of albums stay whole, each message of many topics in its own; `make soak` has the real size."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.system.scale import SMALL, large_chats
from tests.system.stage import Stage

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(120)]


async def test_albums_and_topics_keep_their_places(sandbox: Stage, tmp_path: Path) -> None:
    albums, forum = [large async for large in large_chats(sandbox.info, sandbox.control, tmp_path, SMALL)]
    assert albums.is_same, albums.found
    assert albums.found.copied > 4 * SMALL.albums
    assert albums.sends == albums.fewest.sends
    assert forum.is_same, forum.found
    ours, theirs = ([(t.title, t.closed, t.pinned) for t in topics] for topics in forum.topics)
    assert len(theirs) == SMALL.topics + 1  # General
    assert sorted(ours) == sorted(theirs)
    assert forum.calls["messages.createForumTopic"] == SMALL.topics
