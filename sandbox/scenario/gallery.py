"""One chat of each structure, and in them every kind of message there is: what a faithful copy must hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.placeholders import PIXEL
from sandbox.scenario import gallery_groups as groups
from sandbox.scenario import gallery_media as media
from sandbox.scenario import gallery_threads as threads
from sandbox.scenario.gallery_texts import texts
from sandbox.scenario.shelf import Entry, Exhibit, Shelf
from sandbox.world import User, World

__all__ = ["Entry", "Exhibit", "Gallery", "build_gallery"]

DAY = 86_400
PEOPLE, MESSAGES = 40, 300  # of the crowd


@dataclass(frozen=True, slots=True)
class Gallery:
    """All of it belongs to the user `owner`, in whose numbering basic groups are seen."""

    owner: int
    channel: Exhibit
    forum: Exhibit
    discussed: Exhibit
    migrated: Exhibit
    crowd: Exhibit

    @property
    def exhibits(self) -> list[Exhibit]:
        return [self.channel, self.forum, self.discussed, self.migrated, self.crowd]


def build_gallery(
    world: World, owner: User, others: Sequence[User] = (), *, bot: User | None = None
) -> Gallery:
    """Adds it to `world`; at least two `others` and a bot take part, made where none are given."""
    others = [*others] or [world.add_user("Ann 安"), world.add_user("Bo Li")]
    bot = bot or world.add_bot("gallery_inline_bot")
    began = int(world.clock()) - 30 * DAY
    return Gallery(
        owner.id,
        _channel(world, owner, others, bot, began=began),
        groups.forum(world, owner, others, began=began),
        groups.discussed(world, owner, others, began=began),
        groups.migrated(world, owner, others, began=began),
        groups.crowd(world, owner, people=PEOPLE, messages=MESSAGES, began=began),
    )


def _channel(world: World, owner: User, others: Sequence[User], bot: User, *, began: int) -> Exhibit:
    """A broadcast channel with everything that one can hold."""
    channel = world.add_channel(
        "Gallery 画廊 🖼", owner, username="gallery_of_kinds", about="Every kind 每一种"
    )
    channel.photo = world.add_media("photo", PIXEL + b"face of the gallery")
    channel.members |= {others[0].id: "admin", others[1].id: "member"}
    elsewhere = world.add_channel("Elsewhere", owner, username="gallery_elsewhere")
    ((_, there),) = world.send(owner.id, ("channel", elsewhere.id), [{"text": "Somebody elsewhere"}])
    shelf = Shelf(world=world, peer=("channel", channel.id), owner=owner.id, began=began)
    texts(shelf, other=others[0].id, bot=bot.id)
    media.files(shelf)
    media.unfiled(shelf)
    media.polls(shelf, other=others[0].id, broadcast=True)
    media.albums(shelf)
    media.impossible(shelf, bot=bot.id)
    found = Exhibit("channel", shelf.peer, shelf.entries)
    skipped = found.of("protected message")[0]
    threads.replies(shelf, elsewhere=(("channel", elsewhere.id), there.id), skipped=skipped)
    threads.links(shelf, channel, skipped=skipped)
    shelf.service("title", channel.title)
    shelf.service("photo", media=channel.photo)
    shelf.pin(
        found.of("poll")[0], found.of("text")[0], found.of("album of ten")[0], found.of("link 0")[0], skipped
    )
    shelf.put("the end", {"text": "That was all 完"})
    return found
