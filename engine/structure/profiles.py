"""Title, description and photo of the target made like the source's, if the order wants that."""

from __future__ import annotations

from domain.errors import MessageRefused
from domain.job import Job
from domain.peer import PeerKind
from domain.step import Step, StepKind
from engine.done import Done
from engine.telegram.account import TelegramAccount
from engine.telegram.pool import AccountPool
from engine.telegram.profile import Profile, profile_of, set_about, set_photo, set_title


class Profiles:
    def __init__(self, *, job: Job, pool: AccountPool) -> None:
        self._job, self._pool = job, pool

    async def steps(self) -> list[Step]:
        """What still differs. A photo's step tells which one the target had before."""
        wishes = self._job.wishes
        if not (wishes.profile or wishes.new_chat) or self._job.target.peer.kind is PeerKind.USER:
            return []
        wanted, now = await self._both()
        details = {StepKind.PHOTO: str(now.photo_id)}
        return [
            Step(0, kind, (), 0, detail=details.get(kind, ""))
            for kind in (StepKind.TITLE, StepKind.ABOUT, StepKind.PHOTO)
            if self._differs(kind, wanted, now)
        ]

    async def apply(self, step: Step) -> Done:
        wanted, now = await self._both()
        if not self._differs(step.kind, wanted, now):
            return Done()
        account, target = await self._pool.get(self._job.account_id), self._job.target
        match step.kind:
            case StepKind.TITLE:
                await set_title(account, target, wanted.title)
            case StepKind.ABOUT:
                await set_about(account, target, wanted.about)
            case StepKind.PHOTO:
                await self._show(account, wanted)
        return Done()

    async def _show(self, account: TelegramAccount, wanted: Profile) -> None:
        try:
            await set_photo(account, self._job.target, wanted.photo)
        except MessageRefused as refusal:
            if not refusal.values["reason"].startswith("FILE_REFERENCE_"):
                raise
            wanted, _ = await self._both()
            await set_photo(account, self._job.target, wanted.photo)

    async def happened(self, step: Step) -> Done | None:
        """A photo set twice leaves two notices; the new one may have got a number of its own."""
        if step.kind is not StepKind.PHOTO:
            return None  # apply() looks whether there is still something to do
        account = await self._pool.get(self._job.account_id)
        now = await profile_of(account, self._job.target)
        return Done() if now.photo_id not in (0, int(step.detail)) else None

    async def _both(self) -> tuple[Profile, Profile]:
        """(how the target should look, how it looks)."""
        account, wishes = await self._pool.get(self._job.account_id), self._job.wishes
        now = await profile_of(account, self._job.target)
        if not wishes.profile:
            return Profile(now.title, "", now.photo), now
        return await profile_of(account, self._job.source), now

    def _differs(self, kind: StepKind, wanted: Profile, now: Profile) -> bool:
        """The title of a chat that was made for the job is the order's; its token must not stay in it."""
        wishes = self._job.wishes
        match kind:
            case StepKind.TITLE:
                return wishes.profile and wishes.new_chat is None and wanted.title != now.title
            case StepKind.ABOUT:
                has_token = wishes.new_chat is not None and now.about == wishes.new_chat.token
                return (wishes.profile or has_token) and wanted.about != now.about
            case _:
                return wishes.profile and wanted.photo is not None and not now.has_photo_of(wanted)
