"""Formatted text: what the strict parsers take, what they refuse, and what arrives in the world."""

from __future__ import annotations

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramServerError
from aiogram.types import MessageEntity

from sandbox.botapi import html, markdown
from tests.sandbox.bot_stage import BotStage


def shape(entities: list[object]) -> list[tuple[str, int, int]]:
    return [(type(e).__name__[13:], e.offset, e.length) for e in entities]  # type: ignore[attr-defined]


HTML = [
    ("<b>a <i>b</i></b> c", "a b c", [("Bold", 0, 3), ("Italic", 2, 1)]),
    ("&lt;&amp;&#65;&nbsp;", "<&A&nbsp;", []),
    ("<span class='tg-spoiler'>😀x</span>", "😀x", [("Spoiler", 0, 3)]),
    ('<pre><code class="language-py">x</code></pre>', "x", [("Pre", 0, 1)]),
    (
        '<a href="example.com">e</a> <a href="tg://user?id=5">u</a>',
        "e u",
        [("TextUrl", 0, 1), ("MentionName", 2, 1)],
    ),
    ("<blockquote expandable>q</blockquote><s></s>", "q", [("Blockquote", 0, 1)]),
    ('<tg-emoji emoji-id="77">😀</tg-emoji>', "😀", [("CustomEmoji", 0, 2)]),
    ("a > b", "a > b", []),
]
BAD_HTML = [
    ("<b>x", 'find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("é < b", "Unclosed start tag at byte offset 3"),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler"'),
]
MARKDOWN = [
    ("*a _b_* c", "a b c", [("Bold", 0, 3), ("Italic", 2, 1)]),
    (r"1\.5 __u__ ~s~ ||p||", "1.5 u s p", [("Underline", 4, 1), ("Strike", 6, 1), ("Spoiler", 8, 1)]),
    ("```py\nx=1.0```", "x=1.0", [("Pre", 0, 5)]),
    ("`a.b` [e](http://x.yz/\\))", "a.b e", [("Code", 0, 3), ("TextUrl", 4, 1)]),
    (">q1\n>q2||\nz", "q1\nq2\nz", [("Blockquote", 0, 5)]),
    (">a\n**>b", "a\nb", [("Blockquote", 0, 1), ("Blockquote", 2, 1)]),
    ("![😀](tg://emoji?id=77)", "😀", [("CustomEmoji", 0, 2)]),
]
BAD_MARKDOWN = [
    ("a.b", "Character '.' is reserved and must be escaped"),
    ("x *y", "find end of Bold entity at byte offset 2"),
    ("[x](http://a", "find end of a URL at byte offset 12"),
    ("*a _b*_", "find end of"),
]


@pytest.mark.parametrize(("source", "text", "entities"), HTML)
def test_html(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    parsed = html.parse(source)
    assert (parsed[0], shape(parsed[1])) == (text, entities)


@pytest.mark.parametrize(("source", "text", "entities"), MARKDOWN)
def test_markdown(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    parsed = markdown.parse(source)
    assert (parsed[0], shape(parsed[1])) == (text, entities)


async def test_refusals_reach_the_client(bot_stage: BotStage) -> None:
    for mode, cases in (("HTML", BAD_HTML), ("MarkdownV2", BAD_MARKDOWN)):
        for source, reason in cases:
            with pytest.raises(TelegramBadRequest) as refused:
                await bot_stage.bot.send_message(bot_stage.alice.id, source, parse_mode=mode)
            assert "can't parse entities" in str(refused.value) and reason in str(refused.value), source
    with pytest.raises(TelegramBadRequest, match="unsupported parse_mode"):
        await bot_stage.bot.send_message(bot_stage.alice.id, "x", parse_mode="bbcode")
    with pytest.raises(TelegramServerError, match="legacy"):
        await bot_stage.bot.send_message(bot_stage.alice.id, "x", parse_mode="Markdown")


async def test_text_there_and_back(bot_stage: BotStage) -> None:
    s = bot_stage
    m = await s.bot.send_message(s.alice.id, " \n<b>😀x</b> /jobs @ann \n")
    assert m.text == "😀x /jobs @ann"
    assert [(e.type, e.offset, e.length) for e in m.entities or ()] == [("bold", 0, 3), ("bot_command", 4, 5)]
    assert m.html_text == "<b>😀x</b> /jobs @ann"
    given = [MessageEntity(type="pre", offset=0, length=1, language="py")]
    m = await s.bot.send_message(s.alice.id, "[1] <b>", entities=given, parse_mode=None)
    assert m.text == "[1] <b>" and m.entities and m.entities[0].language == "py"
    for text, reason in ((" \n ", "text is empty"), ("x" * 4097, "message is too long")):
        with pytest.raises(TelegramBadRequest, match=reason):
            await s.bot.send_message(s.alice.id, text)
