"""Messages with more entities than a sender may give: Telegram has added those that it finds by itself."""

from __future__ import annotations

from telethon.tl import types as tl

from domain.job import JobStatus
from tests.engine.conftest import Stage

WORDS = 60


async def test_an_answer_full_of_styles_and_hashtags_is_still_an_answer(stage: Stage) -> None:
    world, peer = stage.rig.world, ("channel", stage.source.id)
    styled = [tl.MessageEntityBold(4 * n, 1) for n in range(WORDS)]
    found = [tl.MessageEntityHashtag(4 * n + 1, 2) for n in range(WORDS)]
    stage.rig.post(stage.source, stage.owner, 1)
    world.send(stage.owner.id, peer, [{"text": "a#b " * WORDS, "entities": styled + found, "reply_to": 2}])
    async with stage.engine() as engine:
        await engine.log_in(stage.owner)
        engine.start()
        job = await engine.until(
            await engine.order(stage.owner, stage.source, stage.target), JobStatus.COMPLETED
        )
        assert job.progress.copied == 2
        copy = world.boxes["channel", stage.target.id].last(("channel", stage.target.id))
        assert copy is not None and copy.reply_to is not None
        assert [e for e in copy.entities if isinstance(e, tl.MessageEntityBold)] == styled
