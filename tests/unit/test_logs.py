"""Log lines: one JSON object each where there is no terminal, and no secrets, whoever wrote them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from cli.logs import set_up_logging

TOKEN = "700000002:" + "Ab3_-" * 7
SESSION = "1" + "Ab3_-" * 70 + "="


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    for name in ("bot", "cli", "engine", "storage", "telethon"):
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


def written(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_a_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()
    structlog.get_logger("engine.dispatcher").info("job_recovered", job_id=3, title="新闻")
    [line] = written(capsys)
    assert line["event"] == "job_recovered"
    assert (line["job_id"], line["title"], line["logger"]) == (3, "新闻", "engine.dispatcher")
    assert line["level"] == "info"


def test_libraries_are_heard_from_warnings_on(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging()
    logging.getLogger("aiogram").info("polling")
    logging.getLogger("aiogram").warning("%s is late", "update")
    assert [line["event"] for line in written(capsys)] == ["update is late"]


@pytest.mark.parametrize("secret", [TOKEN, SESSION])
def test_no_secret_gets_out(capsys: pytest.CaptureFixture[str], secret: str) -> None:
    set_up_logging()
    logging.getLogger("aiohttp").error("GET http://127.0.0.1/bot%s/getMe failed", secret)
    try:
        raise ValueError(f"no session: {secret}")
    except ValueError:
        structlog.get_logger("engine").exception("job_crashed", said=secret)
    err = capsys.readouterr().err
    assert "job_crashed" in err
    assert "ValueError" in err
    assert secret not in err
    assert secret[4:-4] not in err
