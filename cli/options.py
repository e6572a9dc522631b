"""What several commands take, in the same words."""

from __future__ import annotations

from typing import Annotated

import typer

#: Ids of chats begin with a minus.
IDS_ARE_NO_OPTIONS = {"ignore_unknown_options": True}


def not_empty(ctx: typer.Context, param: typer.CallbackParam, value: str) -> str:
    """Behind an option nothing is a slip, an unset variable mostly; it must not choose everything."""
    source = ctx.get_parameter_source(param.name or "")
    if not value.strip() and source is not None and source.name == "COMMANDLINE":
        raise typer.BadParameter("nothing stands behind it. Leave the option out, or say what you want.")
    return value


Source = Annotated[
    str,
    typer.Argument(
        metavar="SOURCE", help="What to read: @name, a t.me link, or an id such as -1001234567890."
    ),
]
Target = Annotated[str, typer.Argument(metavar="TARGET", help="Where to copy it to; the same forms.")]
TargetOrKind = Annotated[
    str,
    typer.Argument(
        metavar="TARGET",
        help="Where to copy it to; the same forms. With --new-target: channel, group or forum, or nothing.",
        show_default=False,
    ),
]
JobNumber = Annotated[int, typer.Argument(metavar="N", min=1, help="As `jobs` lists it.")]
Account = Annotated[
    int | None, typer.Option(help="The number of the account to copy with, as `account list` shows it.")
]
Again = Annotated[bool, typer.Option("--again", help="Copy everything once more after it was copied.")]

WHAT = "What to copy"
From = Annotated[
    str,
    typer.Option(
        "--from",
        metavar="MESSAGE",
        help="The first message: its number, or a link to it.",
        rich_help_panel=WHAT,
        show_default=False,
        callback=not_empty,
    ),
]
To = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="MESSAGE",
        help="The last message; an album comes whole.",
        rich_help_panel=WHAT,
        show_default=False,
        callback=not_empty,
    ),
]
Since = Annotated[
    str,
    typer.Option(
        metavar="DATE",
        help="From this day on, or this moment: 2026-01-31, 2026-01-31T18:30+08:00. UTC unless it says else.",
        rich_help_panel=WHAT,
        show_default=False,
        callback=not_empty,
    ),
]
Until = Annotated[
    str,
    typer.Option(
        metavar="DATE",
        help="Up to the end of this day.",
        rich_help_panel=WHAT,
        show_default=False,
        callback=not_empty,
    ),
]
Last = Annotated[
    int | None,
    typer.Option(metavar="COUNT", min=1, help="Only so many of the newest.", rich_help_panel=WHAT),
]
Ids = Annotated[
    str,
    typer.Option(
        metavar="LIST",
        help="Only these messages: 5,7-12,99",
        rich_help_panel=WHAT,
        show_default=False,
        callback=not_empty,
    ),
]
Kinds = Annotated[
    str,
    typer.Option(
        metavar="LIST",
        help="Only these kinds: text, photo, video, round, file, music, voice, sticker, gif, poll, quiz …",
        rich_help_panel=WHAT,
        show_default=False,
        callback=not_empty,
    ),
]
Topic = Annotated[
    str,
    typer.Option(
        metavar="TOPIC",
        help="Only this topic of a forum: its number, or a link to it.",
        rich_help_panel=WHAT,
        show_default=False,
        callback=not_empty,
    ),
]

HOW = "How to copy it"
NoReplies = Annotated[
    bool, typer.Option("--no-replies", help="Copies answer nothing. Goes faster.", rich_help_panel=HOW)
]
KeepAuthor = Annotated[
    bool,
    typer.Option(
        "--keep-author",
        help="Copies say who wrote them, as forwards do; replies and links then stay behind.",
        rich_help_panel=HOW,
    ),
]
Pins = Annotated[
    bool, typer.Option("--pins/--no-pins", help="Pin the copies of what is pinned.", rich_help_panel=HOW)
]
Profile = Annotated[
    bool, typer.Option("--profile", help="Title, description and photo, too.", rich_help_panel=HOW)
]
NewTarget = Annotated[
    bool,
    typer.Option(
        "--new-target", help="Make a new chat of the source's kind, and copy to it.", rich_help_panel=HOW
    ),
]
Title = Annotated[
    str,
    typer.Option(
        metavar="TEXT",
        help="Of the new chat; otherwise the source's.",
        rich_help_panel=HOW,
        show_default=False,
        callback=not_empty,
    ),
]
Preview = Annotated[
    bool,
    typer.Option(
        "--preview", help="Copy nothing; count what would be copied, skipped, and how long it takes."
    ),
]
