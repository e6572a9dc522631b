"""Messages of a source as planning sees them: their kind, what they answer, where they link, if they go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telethon.tl import types as tl

from domain.message import SkipReason, SourceMessage
from engine.links import SourceLinks
from engine.telegram.convert import fingerprint
from engine.telegram.entities import linked_ids
from engine.telegram.kinds import Way, fate_of, kind_of
from engine.telegram.reply import reply_header
from engine.telegram.taking import EVERYTHING, Taking

#: For a chat whose messages nothing links to.
NO_LINKS = SourceLinks(None)


@dataclass(frozen=True, slots=True)
class Incoming:
    """How to look at a source. `broadcast`: the target is a channel; `shift` is added to every id.

    In `threads` the message that opened the comment thread counts as the topic, and what answers it directly
    answers that message.
    """

    links: SourceLinks = NO_LINKS
    broadcast: bool = False
    keep_author: bool = False
    threads: bool = False
    lean: bool = False  #: only what may have to be sent again keeps its body
    shift: int = 0
    taking: Taking = EVERYTHING  #: what the target lets the account send

    def message(self, message: Any) -> SourceMessage:
        number = message.id + self.shift
        if type(message) is tl.MessageService:
            return _service(message, number)
        fate = fate_of(message, broadcast=self.broadcast, keep_author=self.keep_author)
        answers: int | None = None
        topic: int | None = None
        if message.reply_to is not None and (reply := reply_header(message)) is not None:
            answers, topic = reply.message_id, reply.topic
            if self.threads:
                topic = reply.thread
            if answers is not None:
                answers += self.shift
        kind, skip, detail = kind_of(message), fate.skip, fate.detail
        group, rebuild = message.grouped_id, fate.way is Way.COPY
        if skip is None and self.taking is not EVERYTHING:
            objection = self.taking.objection(message)
            rebuild = rebuild or bool(objection)
            refused = self.taking.refused.get(kind, objection if self.keep_author else "")
            if refused:
                skip, detail = SkipReason.FORBIDDEN, refused
        links = linked_ids(message, self.links) if self.links.possible else ()
        may_be_sent_again = rebuild or links or answers is not None or group is not None or topic is not None
        return SourceMessage(
            number,
            fingerprint(message),
            group,
            skip,
            kind,
            answers,
            topic,
            links,
            rebuild,
            False,
            detail,
            message if may_be_sent_again or not self.lean else None,
        )


def _service(message: Any, number: int) -> SourceMessage:
    opens = type(message.action) is tl.MessageActionTopicCreate
    return SourceMessage(
        number,
        "service",
        skip=SkipReason.SERVICE,
        kind=kind_of(message),
        topic=number if opens else None,
        opens_topic=opens,
        body=message,
    )
