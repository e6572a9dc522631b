"""The commands that fill a target: `clone` and `adopt`."""

from __future__ import annotations

import typer

from cli import options as take
from cli.endings import carry_out
from cli.loading import loading
from cli.order_check import checked
from domain.job import JobKind
from domain.typed import Typed


def register(app: typer.Typer) -> None:
    app.command(context_settings=take.IDS_ARE_NO_OPTIONS)(clone)
    app.command(context_settings=take.IDS_ARE_NO_OPTIONS)(adopt)


def clone(
    source: take.Source,
    target: take.TargetOrKind = "",
    account: take.Account = None,
    again: take.Again = False,
    preview: take.Preview = False,
    start: take.From = "",
    end: take.To = "",
    since: take.Since = "",
    until: take.Until = "",
    last: take.Last = None,
    ids: take.Ids = "",
    kinds: take.Kinds = "",
    topic: take.Topic = "",
    no_replies: take.NoReplies = False,
    keep_author: take.KeepAuthor = False,
    pins: take.Pins = True,
    profile: take.Profile = False,
    new_target: take.NewTarget = False,
    title: take.Title = "",
) -> None:
    """Copy one chat into another and watch it, without any bot.

    Interrupted or killed, the same command goes on from where it stood. Beside a running service on the same
    database it hands the job to that service and follows it.

    Examples:

    - `python main.py clone @news @news_backup`
    - `python main.py clone https://t.me/c/1234567890 -1009876543210 --account 2`
    - `python main.py clone @news @photos --kinds photo,video --since 2026-01-01 --preview`
    - `python main.py clone @news --new-target --profile`

    Exit codes:

    - `0` everything is copied, now or before
    - `1` it failed or was paused
    - `2` wrong usage or settings
    - `3` finished, but something that Telegram lets nobody copy was left out
    - `130` stopped with Ctrl-C
    """
    typed = Typed(
        source=source,
        target=target,
        account_id=account,
        again=again,
        start=start,
        end=end,
        since=since,
        until=until,
        last=last,
        ids=ids,
        kinds=kinds,
        topic=topic,
        replies=not no_replies,
        keep_author=keep_author,
        pins=pins,
        profile=profile,
        new_target=new_target,
        new_title=title,
    )
    carry_out(_carried_out(typed, preview=preview))


def adopt(
    source: take.Source, target: take.Target, account: take.Account = None, again: take.Again = False
) -> None:
    """Take over a target that another tool has filled, and go on from there.

    Finds out which message of the target is whose copy, without sending anything, and then copies what
    follows the last of them. What is missing before that is listed: `repair` sends it.

    - `python main.py adopt @news @news_backup`

    Exit codes are those of `clone`.
    """
    typed = Typed(kind=JobKind.ADOPT, source=source, target=target, account_id=account, again=again)
    carry_out(_carried_out(typed))


async def _carried_out(typed: Typed, *, preview: bool = False) -> int:
    typed = checked(typed)
    with loading():
        from cli.clone import clone as work
        from cli.clone import show_preview

    return await (show_preview(typed) if preview else work(typed))
