"""Prints a preview: what would be copied, how, what not, and how long it takes."""

from __future__ import annotations

from datetime import timedelta

import humanize
from rich.table import Table

from cli.following import SKIPPED
from cli.tables import console, plain_table
from domain.message import SkipReason
from domain.preview import Preview
from engine.listing import spoken

HOUR = 3600  # seconds; a longer time is told without them


def render(preview: Preview) -> None:
    out = console()
    out.print(f"“{preview.source}” → “{preview.target}”, with the account {preview.account}", markup=False)
    if preview.messages:
        out.print(_kinds(preview))
    if preview.calls or preview.comments:
        out.print(_ways(preview))
    if preview.skips:
        out.print(_skips(preview))
    if preview.messages:
        out.print(_how_long(preview), markup=False)
    else:
        out.print("No message would be copied.")
    for warning in preview.warnings:
        out.print(f"! {warning}", markup=False)


def _kinds(preview: Preview) -> Table:
    table = plain_table("kind", ">messages", ">size of files")
    for kind, tally in preview.kinds.items():
        table.add_row(kind.value, f"{tally.messages:,}", _size(tally.bytes))
    table.add_row("all", f"{preview.messages:,}", _size(preview.bytes))
    return table


def _ways(preview: Preview) -> Table:
    table = plain_table("what is done", ">how many")
    # whom a refusal is about is found out by halving the batch
    is_refused = any(skipped.reason is SkipReason.REFUSED for skipped in preview.skips)
    numbers = {
        "forwarded at Telegram, up to 100 a call": preview.forwarded,
        "sent again by reference, one by one": preview.by_reference,
        "albums, kept together": preview.albums,
        "replies, led to the copies": preview.replies,
        "messages with links, led to the copies": preview.links,
        "topics made": preview.topics,
        "messages pinned": preview.pins,
        f"calls that change something{', at least' if is_refused else ''}": preview.calls,
    }
    for words, number in numbers.items():
        if number:
            table.add_row(words, f"{number:,}")
    if preview.comments:
        table.add_row("comments below the posts", "a job of their own")
    return table


def _skips(preview: Preview) -> Table:
    table = plain_table("not copied", ">how many", "which")
    for skipped in preview.skips:
        why = SKIPPED[skipped.reason] + (f": {skipped.detail}" if skipped.detail else "")
        more = " …" if skipped.count > len(skipped.ids) else ""
        table.add_row(why, f"{skipped.count:,}", ", ".join(map(spoken, skipped.ids)) + more)
    return table


def _how_long(preview: Preview) -> str:
    seconds = max(1, round(preview.seconds))
    unit = "minutes" if seconds > HOUR else "seconds"
    lasts = humanize.precisedelta(timedelta(seconds=seconds), minimum_unit=unit, format="%.0f")
    if preview.per_hour is None:
        return f"It takes about {lasts} if Telegram lets the account go on without waits."
    return f"It takes about {lasts} at {preview.per_hour:,.0f} messages per hour."


def _size(number: int) -> str:
    return humanize.naturalsize(number, binary=True) if number else "–"
