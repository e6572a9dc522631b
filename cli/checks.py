"""`verify`, `repair` and `dedupe`: ordered, followed, and what they found."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

from rich.console import Console
from rich.prompt import Confirm

from cli.carrying import carry
from cli.endings import TitleOfWhat, WrongUsage, tell
from cli.results import DIFFERENCES, ended
from cli.stores import Stores
from domain.job import Job, JobKind
from domain.reference import parse_reference
from domain.typed import Typed


class WhichJob(WrongUsage):
    text = "“{typed}” is not the number of a job."
    hint = "Write the number that `jobs` shows, or a source and a target."


class WhichChat(WrongUsage):
    text = "Which chat is missing."
    hint = "For example: python main.py dedupe @news_backup"


class DeleteWhere(WrongUsage):
    text = "Behind --delete stands the number of a listing, which knows its chat: “{chat}” is one too many."
    hint = "Write: python main.py dedupe --delete {job_id}"


async def verify(what: str, target: str) -> int:
    typed = Typed(kind=JobKind.VERIFY)
    if target:
        parse_reference(what), parse_reference(target)
        return await carry(replace(typed, source=what, target=target))
    if not what.isdecimal():
        raise WhichJob(typed=what[:80])
    return await carry(replace(typed, of_job=int(what)))


async def repair(job_id: int, *, new_target: bool, title: str) -> int:
    if title and not new_target:
        raise TitleOfWhat
    typed = Typed(kind=JobKind.REPAIR, of_job=job_id, new_target=new_target, new_title=title)
    return await carry(typed)


async def dedupe(chat: str, *, account_id: int | None, delete: int | None) -> int:
    if delete is not None:
        if chat:
            raise DeleteWhere(chat=chat[:80], job_id=delete)
        return await carry(Typed(kind=JobKind.DEDUPE, of_job=delete, delete=True))
    if not chat:
        raise WhichChat
    parse_reference(chat)
    listed: list[Job] = []

    async def listing(job: Job, stores: Stores) -> int:
        listed.append(job)
        return await ended(job, stores)

    code = await carry(Typed(kind=JobKind.DEDUPE, source=chat, account_id=account_id), listing)
    if code != DIFFERENCES or not listed:
        return code
    job_id = listed[-1].id
    if sys.stdin.isatty() and await asyncio.to_thread(_confirmed):
        return await carry(Typed(kind=JobKind.DEDUPE, of_job=job_id, delete=True))
    tell(f"Nothing was deleted. To do that: python main.py dedupe --delete {job_id}")
    return code


def _confirmed() -> bool:
    return Confirm.ask("Delete them?", default=False, console=Console(stderr=True))
