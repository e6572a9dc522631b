"""Five people's worth of work for one: the orders, given in the chat."""

from __future__ import annotations

import time

from cli.demonstration.failure import Obstacle
from cli.demonstration.screen import Screen
from cli.demonstration.stage import Stage
from cli.demonstration.waiting import until
from domain.peer import CHANNEL_MARK
from sandbox.scenario import Pair

#: Seconds that the bot may take to say something.
PATIENCE = 30.0
#: Seconds after which a bot that talked but made no job has refused.
REFUSED_AFTER = 3.0


async def greet(stage: Stage, screen: Screen) -> None:
    """Returns once the bot answers. Raises Obstacle when it does not."""
    said = await stage.chat.say("/start")
    screen.say(stage.chat.name, "/start")

    async def answered() -> list[str]:
        stage.check()
        return await stage.chat.heard(after=said)

    answer = await until(answered, what="The bot did not answer", seconds=PATIENCE)
    screen.say("bot", answer[0].splitlines()[0])


async def order(stage: Stage, pair: Pair, screen: Screen) -> None:
    """Returns once the bot has answered. Raises Obstacle with its words when it refuses."""
    command = f"/clone {pair.source_ref} {pair.target_ref}"
    said = await stage.chat.say(command)
    screen.say(stage.chat.name, command)
    heard_at: float | None = None

    async def answered() -> str | None:
        nonlocal heard_at
        stage.check()
        heard = await stage.chat.heard(after=said)
        if not heard:
            return None
        if await _is_ordered(stage, pair):
            return heard[0]
        heard_at = heard_at or time.monotonic()
        if time.monotonic() - heard_at > REFUSED_AFTER:  # until then it may have been about something else
            raise Obstacle(f"The bot refused: {heard[-1].rstrip('.')}")
        return None

    answer = await until(answered, what=f"The bot did not answer to {command}", seconds=PATIENCE)
    screen.say("bot", answer.splitlines()[0])


async def _is_ordered(stage: Stage, pair: Pair) -> bool:
    target = CHANNEL_MARK - pair.target[1]
    return any(job.target.peer.marked_id == target for job in await stage.jobs.list(limit=1_000))
