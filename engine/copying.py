"""Messages sent again by reference: whom they answer and where they link is not as in their source.

What a step refers to is looked up in the message map when the step is about to be journalled.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Iterable, Mapping
from dataclasses import replace
from itertools import islice

from domain.errors import MessageRefused, OutcomeUnknown
from domain.job import Job
from domain.message import OLD_GROUP, Skip, SkipReason
from domain.step import Step, StepItem, StepKind
from engine.copies import Copies
from engine.links import NewUrl, leading
from engine.telegram import convert
from engine.telegram.account import TelegramAccount, sent_ids
from engine.telegram.chats import ChatInfo
from engine.telegram.draft import CannotCopy, Draft, draft_of, fits
from engine.telegram.forum import GENERAL
from engine.telegram.incoming import Incoming
from engine.telegram.pool import AccountPool
from engine.telegram.reply import input_reply
from engine.telegram.requests import album_request, send_request
from engine.units import as_forward

#: What Telegram answers when what is to be answered is there no more.
ANSWERED_GONE = frozenset(
    {"MESSAGE_ID_INVALID", "MSG_ID_INVALID", "REPLY_MESSAGE_ID_INVALID", "REPLY_TO_INVALID"}
)
#: Copies that are remembered, so that most of what answers something asks the database nothing.
REMEMBERED = 2000


class Copying:
    """`topics` gives the target's topic for one of the source, `root_of` the start of a comment thread."""

    def __init__(
        self,
        *,
        job: Job,
        pool: AccountPool,
        copies: Copies,
        source: ChatInfo,
        target: ChatInfo,
        incoming: Incoming,
        topics: Mapping[int, int],
        root_of: Callable[[int], Awaitable[int | None]] | None = None,
    ) -> None:
        self._job, self._pool = job, pool
        self._source, self._target, self._incoming = source, target, incoming
        self._topics, self._root_of = topics, root_of
        self._copies = copies
        self._known: dict[int, int] = {}
        self._new_url = leading(target.made, self._known, topics)
        self._drafts: dict[int, Draft] = {}

    @property
    def in_threads(self) -> bool:
        """Whether these are comments: forwarded, they would stand below no post."""
        return self._root_of is not None

    def note(self, copied: Mapping[int, int]) -> None:
        """These copies were just made."""
        self._known.update(copied)
        for number in list(islice(self._known, max(0, len(self._known) - REMEMBERED))):
            del self._known[number]

    async def look_up(self, ids: Iterable[int]) -> set[int]:
        """Those of these source messages that have a copy."""
        wanted = set(ids)
        if missing := [number for number in wanted if number not in self._known]:
            self.note(await self._copies.of(missing))
        return {number for number in wanted if number in self._known}

    async def prepare(self, step: Step, coming: Container[int] = ()) -> None:
        """Looks up what `step` refers to, while another is on its way; what is `coming` has no copy yet."""
        if step.kind is StepKind.COPY:
            await self.look_up(number for number in _references(step) if number not in coming)

    async def address(self, step: Step) -> Step:
        """The step as it is to be journalled: with its topic, what it answers, and how its copies will look.

        What can't be sent again is forwarded as it is, what can't be forwarded either is a skip.
        """
        if not step.kind.sends or not step.items:
            return step
        step = replace(step, topic=self._topic_of(step))
        if step.kind is not StepKind.COPY:
            return step
        if any(item.source is None or item.source.body is None for item in step.items):
            step = await self._read_again(step)
        await self.prepare(step)
        if self._root_of is not None:
            return await self._in_thread(step)
        answered = [replace(item, reply_to=self._reply_to(item)) for item in step.items]
        return await self._drafted(replace(step, items=tuple(answered)))

    async def send(self, account: TelegramAccount, step: Step) -> dict[int, int]:
        """Makes the call; source id → target id as answered.

        With file references that are too old the call is made again with new ones, under the same random_id.
        Raises what `TelegramAccount.change` does.
        """
        quote = True
        for _ in range(3):
            try:
                return await self._call(account, step, quote=quote)
            except MessageRefused as refusal:
                reason = refusal.values["reason"]
                if reason.startswith("FILE_REFERENCE_"):
                    await self._refresh(account, step)
                elif reason == "QUOTE_TEXT_INVALID" and quote:
                    quote = False  # the copy that is answered reads differently by now
                elif reason in ANSWERED_GONE and (below := await self._below_post(step)) != step:
                    step, quote = below, False
                else:
                    raise
        raise MessageRefused(reason="FILE_REFERENCE_EXPIRED")

    async def _call(self, account: TelegramAccount, step: Step, *, quote: bool) -> dict[int, int]:
        drafts = [self._drafts[item.source_id] for item in step.items]
        peer = convert.input_peer(self._job.target.peer)
        reply_to = self._answering(step, quote=quote)
        names = [item.random_id for item in step.items]
        if len(drafts) == 1:
            request = send_request(drafts[0], peer=peer, reply_to=reply_to, random_id=names[0])
        else:
            request = album_request(drafts, peer=peer, reply_to=reply_to, random_ids=names)
        answer = await account.change(request, self._job.source, self._job.target)
        if len(names) == 1 and hasattr(answer, "id"):
            return {step.items[0].source_id: answer.id}  # to a person Telegram answers in short
        sent = sent_ids(answer)
        return {item.source_id: sent[item.random_id] for item in step.items if item.random_id in sent}

    def _answering(self, step: Step, *, quote: bool) -> object:
        first = step.items[0]
        if first.reply_to is None:
            return input_reply(step.topic, step.topic) if step.topic is not None else None
        body = first.source.body if quote and first.source is not None else None
        links, new_url = self._source.links, self._url_in(first)
        return input_reply(first.reply_to, step.topic, body, links=links, new_url=new_url)

    def _url_in(self, item: StepItem) -> NewUrl:
        """What is quoted reads as it did when the copy was made: later links are mended only at the end."""
        answers = item.source.answers if item.source is not None else None
        return lambda link: self._new_url(link) if answers is not None and link.message_id < answers else None

    def _topic_of(self, step: Step) -> int | None:
        """What is in General names no topic: the server may find no such thread (telegram-bot-api#798)."""
        topic = self._job.target.topic_id
        if topic is None and self._topics and step.source_topic is not None:
            topic = self._topics.get(step.source_topic)
        return None if topic == GENERAL else topic

    def _reply_to(self, item: StepItem) -> int | None:
        answers = item.source.answers if item.source and self._job.wishes.replies else None
        return self._known.get(answers) if answers is not None else None

    async def _in_thread(self, step: Step) -> Step:
        """A comment answers the copy of what it answered, or else the copy of the post."""
        assert self._root_of is not None
        first = step.items[0].source
        root = await self._root_of(first.topic) if first and first.topic is not None else None
        if root is None:
            skips = tuple(Skip(item.source_id, SkipReason.NO_POST) for item in step.items)
            return replace(step, items=(), skips=step.skips + skips)
        answered = [replace(item, reply_to=self._reply_to(item) or root) for item in step.items]
        return await self._drafted(replace(step, items=tuple(answered)))

    async def _below_post(self, step: Step) -> Step:
        """A comment that answers the copy of the post, and not that of another comment."""
        first = step.items[0].source
        if self._root_of is None or first is None or first.topic is None:
            return step
        root = await self._root_of(first.topic)
        return replace(step, items=tuple(replace(item, reply_to=root) for item in step.items))

    async def _drafted(self, step: Step) -> Step:
        account = await self._pool.get(self._job.account_id)
        self._drafts = {}
        try:
            for item in step.items:
                self._drafts[item.source_id] = self._draft(account, item)
            if len(step.items) > 1 and any(draft.media is None for draft in self._drafts.values()):
                raise CannotCopy("an album of texts")
        except CannotCopy as refusal:
            return self._another_way(step, refusal.reason)
        limits = await account.limits()
        if not all(
            fits(draft, caption_limit=limits.caption, text_limit=limits.text)
            for draft in self._drafts.values()
        ):
            return self._another_way(step, "too long for this account")
        items = [replace(item, fingerprint=self._drafts[item.source_id].fingerprint) for item in step.items]
        return replace(step, items=tuple(items))

    def _draft(self, account: TelegramAccount, item: StepItem) -> Draft:
        assert item.source is not None
        return draft_of(
            item.source.body,
            links=self._source.links,
            new_url=self._new_url,
            user=account.users,
            broadcast=self._target.broadcast,
            previews=self._target.taking.previews,
        )

    def _another_way(self, step: Step, reason: str) -> Step:
        must = self._root_of is not None or any(item.source and item.source.rebuild for item in step.items)
        if not must:
            return as_forward(step, reason)
        skips = tuple(Skip(item.source_id, SkipReason.UNSUPPORTED, reason) for item in step.items)
        return replace(step, items=(), skips=step.skips + skips)

    async def _read_again(self, step: Step) -> Step:
        """After a restart only the ids are known. What is gone meanwhile is a skip."""
        account = await self._pool.get(self._job.account_id)
        bodies = await account.messages(self._job.source, [item.source_id for item in step.items])
        items, gone = [], list[Skip]()
        incoming = replace(self._incoming, lean=False)
        if step.items[0].source_id < 0:
            incoming = replace(incoming, shift=OLD_GROUP)
        for item in step.items:
            body = bodies.get(item.source_id)
            seen = incoming.message(body) if body is not None else None
            if seen is None or seen.skip is SkipReason.SERVICE:
                gone.append(Skip(item.source_id, SkipReason.DELETED))
            elif seen.skip is not None:
                gone.append(Skip(item.source_id, seen.skip, seen.skip_detail))
            else:
                items.append(replace(item, source=seen))
        return replace(step, items=tuple(items), skips=step.skips + tuple(gone))

    async def _refresh(self, account: TelegramAccount, step: Step) -> None:
        """New file references for the same content. Raises OutcomeUnknown for other content: after a doubt it
        could not be known again by what is journalled, so the next run journals it anew.
        """
        for item in (await self._read_again(step)).items:
            draft = self._draft(account, item)
            if draft.fingerprint != item.fingerprint:
                raise OutcomeUnknown(reason="it was edited meanwhile")
            self._drafts[item.source_id] = draft


def _references(step: Step) -> set[int]:
    found: set[int] = set()
    for item in step.items:
        if item.source is not None:
            found.update(item.source.links)
            if item.source.answers is not None:
                found.add(item.source.answers)
    return found
