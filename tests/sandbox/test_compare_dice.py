"""Dice are thrown anew in their copies: what they show tells nobody which copy is whose."""

from __future__ import annotations

import pytest

from sandbox.compare import compare
from sandbox.world import Channel, Message, User, World


def throw(world: World, owner: User, chat: Channel, value: int) -> Message:
    dice = world.add_media("dice", payload={"emoticon": "🎲", "value": value})
    ((_, message),) = world.send(owner.id, ("channel", chat.id), [{"media": dice}])
    return message


@pytest.mark.parametrize("shown", [(1, 2), (3, 1)])
def test_a_copy_that_shows_what_another_shows_is_nobody_elses(shown: tuple[int, int]) -> None:
    world = World()
    owner = world.add_user("Wei")
    source, target = world.add_channel("Source", owner), world.add_channel("Copy", owner)
    thrown = [throw(world, owner, source, value) for value in (1, 3)]
    for value in shown:
        throw(world, owner, target, value)
    found = compare(world, ("channel", source.id), ("channel", target.id))
    wrong = [
        dice.id
        for dice, value in zip(thrown, shown, strict=True)
        if dice.media and dice.media.payload != {"emoticon": "🎲", "value": value}
    ]
    assert [(d.source_id, d.what) for d in found.differences] == [(number, ["media"]) for number in wrong]
    assert not found.missing.count + found.out_of_order.count + found.foreign.count + found.doubled.count
