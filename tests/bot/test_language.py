"""Every text has a Chinese translation with the same fields, and translations reach the reader whole."""

from __future__ import annotations

from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bot import phrases
from bot.language import LOCALES, Languages
from domain.errors import AccountStopped, IllegalMove, NoSuchJob
from domain.job import Failure, JobStatus
from tests.bot.texts import in_code, in_errors

LANGUAGES = Languages()
EN, ZH = LANGUAGES.say("en"), LANGUAGES.say("zh-hans")
TEXTS = sorted(in_code() | in_errors(), key=str)


def catalogue() -> Catalog:
    with Path(LOCALES / "zh" / "LC_MESSAGES" / "ferry.po").open("rb") as po:
        return read_po(po, locale="zh")


CATALOGUE = catalogue()


def fields(pattern: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(pattern) if name}


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: str(text)[:50])
def test_it_is_translated(text: str | tuple[str, str]) -> None:
    english = (text,) if isinstance(text, str) else text
    message = CATALOGUE.get(english[0])
    assert message is not None and all(forms(message)), f"no translation of {text!r}"
    for form in forms(message):
        assert fields(form) == fields(english[-1])


def test_nothing_is_translated_that_nobody_says() -> None:
    known = {text if isinstance(text, str) else text[0] for text in TEXTS}
    ids = {
        message.id if isinstance(message.id, str) else message.id[0] for message in CATALOGUE if message.id
    }
    assert ids - known == set()


@pytest.mark.parametrize("text", sorted(in_errors()))
def test_errors_hold_no_html(text: str) -> None:
    """Their sentences are shown as plain text and as HTML alike."""
    assert not set("<>&") & set(text)


def test_values_are_escaped_and_patterns_are_not() -> None:
    assert (
        EN("{title} (topic {topic})", title="<b>", topic=EN("Job {id}", id="&"))
        == "&lt;b&gt; (topic Job &amp;)"
    )
    assert EN.plain("Job {id}", id="<") == "Job <"


@pytest.mark.parametrize(
    ("code", "language"), [("zh-hans", "zh"), ("zh_TW", "zh"), ("de", "en"), (None, "en")]
)
def test_the_language_of_a_code(code: str | None, language: str) -> None:
    assert LANGUAGES.say(code).language == language


def test_who_was_never_heard_of_reads_english() -> None:
    languages = Languages()
    assert languages.say_to(5).language == "en"
    languages.learn(5, "zh")
    assert languages.say_to(5).language == "zh"


def test_statuses_inside_errors_are_translated_too() -> None:
    wrong = IllegalMove(job_id=3, status=JobStatus.RUNNING, wanted=JobStatus.PAUSED)
    assert phrases.sentence(wrong, ZH).startswith("任务 3 目前是「进行中」，不能改为「已暂停」。")
    assert phrases.sentence(wrong, EN) == str(wrong)
    gone = AccountStopped(account_id=1, reason="logged out")
    assert "（已退出登录）" in phrases.sentence(gone, ZH)


def test_failures_that_were_stored_are_translated() -> None:
    assert phrases.sentence(NoSuchJob(job_id=3).as_failure(), ZH) == "你没有任务 3。/jobs 列出你的任务。"
    old = Failure("A sentence of an older Ferry about {thing}.", {"thing": "{braces}"})
    assert phrases.sentence(old, ZH) == "A sentence of an older Ferry about {braces}."
