"""Forwards, with the author's header or without; and the votes that a quiz asks for first."""

from __future__ import annotations

from typing import Any

from sandbox.world.editing import Editing
from sandbox.world.forwardable import check_forwardable, check_voters, header, remade, shared, without_emoji
from sandbox.world.model import Media, Message, Peer, RpcFailure
from sandbox.world.permissions import INLINE
from sandbox.world.sending import Sent


class Forwarding(Editing):
    def forward(
        self,
        user_id: int,
        src: Peer,
        ids: list[int],
        dst: Peer,
        random_ids: list[int],
        drop_author: bool = False,
        topic: int | None = None,
        origin: Any = None,
    ) -> list[tuple[int, Message]]:
        """(pts, message) of the copies as the forwarder sees them."""
        sent = self.deliver_forward(user_id, src, ids, dst, random_ids, drop_author, topic, origin)
        return [(pts, m) for pts, _, m in sent.items]

    def deliver_forward(
        self,
        user_id: int,
        src: Peer,
        ids: list[int],
        dst: Peer,
        random_ids: list[int],
        drop_author: bool = False,
        topic: int | None = None,
        origin: Any = None,
        drop_captions: bool = False,
    ) -> Sent:
        """Messages that are not there, and service messages, leave silent holes, as at Telegram.

        A random id that was used before stands for its copy even if the source is gone.
        """
        self.check(user_id, src, posting=False)
        box, known = self.box_for(user_id, src), self.random_ids.known(user_id, dst)
        found = [
            (m, rnd)
            for i, rnd in zip(ids, random_ids, strict=True)
            if (m := box.by_id.get(i)) is not None and not m.service and m.peer == src
        ]
        self._check_found(user_id, src, dst, [m for m, _ in found], drop_author, drop_captions)
        there = {rnd for _, rnd in found}
        recalled = [{"random_id": rnd} for rnd in random_ids if rnd in known and rnd not in there]
        if not found and not recalled:
            raise RpcFailure(400, "MESSAGE_ID_INVALID")
        saved = dst == ("user", user_id)
        specs = self._copies_to_make(found, drop_author, drop_captions, topic, saved, known)
        if drop_author and not saved and not self.users[user_id].premium:
            for spec in specs:
                if spec["entities"] and len(left := without_emoji(spec["entities"])) < len(spec["entities"]):
                    spec |= {"entities": left, "wire": None}
        if recalled:
            order = {rnd: n for n, rnd in enumerate(random_ids)}
            specs = sorted([*specs, *recalled], key=lambda s: order[s["random_id"]])
        return self.deliver(user_id, dst, specs, origin, forwarding=True)

    def _check_found(
        self, user_id: int, src: Peer, dst: Peer, found: list[Message], drop_author: bool, drop_captions: bool
    ) -> None:
        """One message that cannot be taken along refuses the whole call."""
        self.check_takeable(user_id, src, found)
        user, captioned, short = self.users[user_id], not drop_captions, self.lengths.caption
        for m in found:
            if m.media or len(m.text) > short:  # all others may go
                check_forwardable(m, user, drop_author=drop_author, captioned=captioned, lengths=self.lengths)
        if dst[0] == "channel" and not self.channels[dst[1]].megagroup:
            check_voters(found)
        if (
            dst[0] != "user"
            and INLINE in self.chat(dst).barred_for(user_id)
            and any(m.via_bot for m in found)
        ):
            raise RpcFailure(403, "CHAT_SEND_INLINE_FORBIDDEN")
        if drop_author:
            self._check_quizzes(user_id, found)

    def _copies_to_make(
        self,
        found: list[tuple[Message, int]],
        drop_author: bool,
        drop_captions: bool,
        topic: int | None,
        saved: bool,
        known: dict[int, int],
    ) -> list[dict[str, Any]]:
        """Left behind: what it answers, buttons, the bot it came through, effect, signature, date of edit."""
        groups: dict[int, int] = {}
        specs: list[dict[str, Any]] = []
        for m, rnd in found:
            spec: dict[str, Any] = {
                "text": m.text,
                "entities": m.entities,
                "media": m.media,
                "random_id": rnd,
            }
            if m.look or m.webpage or m.invert or m.rich:
                spec |= {"look": m.look, "webpage": m.webpage, "invert": m.invert, "rich": m.rich}
            if drop_captions and m.media:
                spec |= {"text": "", "entities": []}
            elif not m.markup:
                spec["wire"] = m.wire
            if m.media and rnd not in known and not shared(m.media, drop_author=drop_author):
                spec |= {"media": self._remade(m.media), "wire": None}
            if not drop_author:
                spec["fwd"] = header(m, saved)
            if m.grouped_id:
                if m.grouped_id not in groups:
                    groups[m.grouped_id] = self.new_group_id()
                spec["grouped_id"] = groups[m.grouped_id]
            if topic:
                spec["topic"] = topic
            specs.append(spec)
        return specs

    def _remade(self, media: Media) -> Media:
        new = remade(media, 10**12 + next(self._ids))
        self.files[new.id] = new
        return new

    def _check_quizzes(self, user_id: int, found: list[Message]) -> None:
        for m in found:
            poll = m.media.poll if m.media else None
            if not poll or not poll.get("quiz") or poll.get("closed") or m.author == user_id:
                continue
            if user_id not in poll.get("votes", {}):
                raise RpcFailure(400, "QUIZ_ANSWER_MISSING")

    def vote(self, user_id: int, peer: Peer, msg_id: int, options: list[int]) -> Message:
        """Choose these answers (indexes) of a poll; [] takes the vote back where that is allowed."""
        _, m = self._found(user_id, peer, msg_id)
        poll = m.media.poll if m.media else None
        if poll is None:
            raise RpcFailure(400, "MESSAGE_ID_INVALID")
        votes: dict[int, Any] = poll.setdefault("votes", {})
        if poll.get("closed"):
            raise RpcFailure(400, "MESSAGE_POLL_CLOSED")
        if user_id in votes and (poll.get("quiz") or options):
            raise RpcFailure(400, "REVOTE_NOT_ALLOWED")
        if any(not 0 <= i < len(poll["answers"]) for i in options):
            raise RpcFailure(400, "OPTION_INVALID")
        if len(options) > 1 and not poll.get("multiple"):
            raise RpcFailure(400, "OPTIONS_TOO_MUCH")
        if options:
            votes[user_id] = options
        else:
            votes.pop(user_id, None)
        return m
