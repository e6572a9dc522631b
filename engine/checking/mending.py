"""One copy made like its source again, as far as Telegram lets one change what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.errors import MessageRefused
from domain.finding import Finding, FindingState
from domain.message import OLD_GROUP, SourceMessage
from engine.checking.comparing import Comparing
from engine.checking.errands import treated
from engine.checking.subject import Subject
from engine.copies import Copies
from engine.links import leading
from engine.telegram import convert
from engine.telegram.account import TelegramAccount
from engine.telegram.draft import CannotCopy, draft_of
from engine.telegram.errors import MayNotPost
from engine.telegram.requests import edit_request
from storage.findings import FindingStore
from storage.progress import ProgressStore

#: What an edit can change; the rest stays as it was sent.
CHANGEABLE = frozenset({"text", "entities", "links", "media", "look", "preview"})
ONLY_ANEW = "Telegram can't change this once it is sent ({words}); only a copy into a new chat has it right."
GONE = "The copy is gone by now; verify again."
STILL = "It still differs after the edit ({words})."


class Mending:
    """`topics` are the target's topics by the source's."""

    def __init__(
        self,
        subject: Subject,
        account: TelegramAccount,
        store: ProgressStore,
        findings: FindingStore,
        *,
        topics: Mapping[int, int],
    ) -> None:
        self._subject, self._account, self._store = subject, account, store
        self._topics = topics
        self._comparing = Comparing(subject=subject, account=account, store=store, findings=findings)

    async def mend(self, finding: Finding) -> Finding:
        """What became of it. Raises MustWait, OutcomeUnknown, Unreachable, AccountStopped."""
        job, number = self._subject.job, finding.source_id
        body = (await self._account.messages(job.source, [number])).get(number)
        if body is None:
            return treated(finding, FindingState.KEPT, "The source is gone by now.")
        source = self._seen(body, number)
        words = await self._words(source)
        if words is None:
            return treated(finding, FindingState.FAILED, GONE)
        fixed = ["grouping"] if "grouping" in finding.detail.split() else []
        if CHANGEABLE & set(words):
            refusal = await self._edit(source, finding.target_id, words)
            if refusal:
                return treated(finding, FindingState.FAILED, refusal)
            words = await self._words(source) or []
        if wrong := [word for word in words if word in CHANGEABLE]:
            return treated(finding, FindingState.FAILED, STILL.format(words=", ".join(wrong)))
        if unchanged := words + fixed:
            return treated(finding, FindingState.FAILED, ONLY_ANEW.format(words=", ".join(unchanged)))
        return treated(finding, FindingState.MENDED)

    def _seen(self, body: Any, number: int) -> SourceMessage:
        shift = OLD_GROUP if number < 0 else 0
        return replace(self._subject.incoming, shift=shift).message(body)

    async def _words(self, source: SourceMessage) -> list[str] | None:
        """In what its copy differs now; None when there is no copy."""
        compared = await self._comparing.page([source], after=source.id - 1, through=source.id)
        if compared.missing or not compared.there:
            return None
        return [word for found in compared.findings for word in found.detail.split()]

    async def _edit(self, source: SourceMessage, target_id: int, words: list[str]) -> str:
        """Why it was refused; empty when it was not."""
        subject = self._subject
        copies = await Copies(job=subject.job, map=self._store.map).of(source.links)
        try:
            draft = draft_of(
                source.body,
                links=subject.links,
                new_url=leading(subject.target.made, copies, self._topics),
                user=self._account.users,
                broadcast=subject.target.broadcast,
                previews=subject.target.taking.previews,
            )
        except CannotCopy as never:
            return f"It can't be sent again ({never.reason})."
        with_media = draft.has_caption and bool({"media", "look"} & set(words))
        request = edit_request(
            draft,
            peer=convert.input_peer(subject.job.target.peer),
            message_id=target_id,
            with_media=with_media,
        )
        try:
            await self._account.call(request, sending=True)
        except (MessageRefused, MayNotPost) as refusal:
            reason = refusal.values["reason"]
            return "" if reason == "MESSAGE_NOT_MODIFIED" else f"Telegram refused the edit: {reason}."
        return ""
