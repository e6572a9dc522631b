"""The settings: defaults people rely on, and one sentence for each thing that is wrong."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from config import Settings, misspelt, read_settings
from domain.errors import FerryError, HalfSandbox, MissingSetting, SettingError

PEM = "-----BEGIN RSA PUBLIC KEY-----\nMIIB\n-----END RSA PUBLIC KEY-----\n"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.lower() in Settings.model_fields:
            monkeypatch.delenv(name)


@pytest.fixture
def env(tmp_path: Path) -> Path:
    return tmp_path / ".env"


def complaints(env: Path, text: str) -> list[FerryError]:
    env.write_text(text, encoding="utf-8")
    with pytest.raises(ExceptionGroup) as caught:
        read_settings(env)
    return list(caught.value.exceptions)


def sandbox(tmp_path: Path) -> dict[str, str]:
    key = tmp_path / "key.pem"
    key.write_text(PEM, encoding="ascii")
    return {
        "BOT_API_SERVER": "http://127.0.0.1:8081",
        "TELEGRAM_SERVER": "127.0.0.1:8443",
        "TELEGRAM_DC": "2",
        "TELEGRAM_SERVER_KEY": str(key),
    }


def lines(values: dict[str, str]) -> str:
    return "".join(f"{name}={value}\n" for name, value in values.items())


def test_the_defaults_are_those_people_rely_on(env: Path) -> None:
    settings = read_settings(env)
    assert settings.task_save_interval == 10
    assert settings.task_batch_save_size == 10
    assert settings.max_concurrent_tasks == 10
    assert settings.max_user_tasks == 5
    assert settings.account_pace == 1500
    assert settings.memory_cleanup_threshold == 60
    assert settings.memory_warning_threshold == 70
    assert settings.memory_critical_threshold == 80
    assert settings.memory_emergency_threshold == 90
    assert settings.memory_limit is None
    assert settings.database_url == "sqlite+aiosqlite:///data/ferry.db"
    assert settings.server_name == "telegram.org"
    assert settings.telegram_address is None
    assert not settings.is_sandbox


def test_the_environment_wins_over_the_file(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env.write_text("ACCOUNT_PACE=0\nMAX_USER_TASKS=7\n", encoding="utf-8")
    monkeypatch.setenv("ACCOUNT_PACE", "99")
    settings = read_settings(env)
    assert (settings.account_pace, settings.max_user_tasks) == (99, 7)


@pytest.mark.parametrize("text", ["1,2", "1, 2", "1 2", " 1\t2 ", "2,1,1"])
def test_ids_may_be_separated_by_commas_or_spaces(env: Path, text: str) -> None:
    env.write_text(f"ADMIN_IDS={text}\n", encoding="utf-8")
    assert read_settings(env).admin_ids == {1, 2}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("ADMIN_IDS=@me", "user ids"),
        ("USER_IDS=-100", "user ids"),
        ("API_ID=abc", "whole number"),
        ("API_ID=0", "at least"),
        ("ACCOUNT_PACE=1.5", "whole number"),
        ("ACCOUNT_PACE=-1", "at least 0"),
        ("TASK_SAVE_INTERVAL=soon", "a number"),
        ("TASK_SAVE_INTERVAL=nan", "a number"),
        ("TASK_SAVE_INTERVAL=99999", "at most 3600"),
        ("MAX_USER_TASKS=0", "at least 1"),
        ("MAX_CONCURRENT_TASKS=0", "at least 1"),
        ("BOT_TOKEN=nonsense", "@BotFather"),
        ("DATABASE_URL=postgresql://name:hunter2@host/ferry", "SQLite"),
        ("DATABASE_URL=sqlite+aiosqlite:///", "SQLite"),
        ("MEMORY_CLEANUP_THRESHOLD=0", "at least 1"),
        ("MEMORY_CLEANUP_THRESHOLD=half", "whole number"),
        ("MEMORY_WARNING_THRESHOLD=60", "above MEMORY_CLEANUP_THRESHOLD, which is 60"),
        ("MEMORY_CRITICAL_THRESHOLD=65", "above MEMORY_WARNING_THRESHOLD, which is 70"),
        ("MEMORY_EMERGENCY_THRESHOLD=101", "at most 100"),
        ("MEMORY_LIMIT=512", "512MiB"),
        ("MEMORY_LIMIT=-1GiB", "512MiB"),
        ("MEMORY_LIMIT=much", "512MiB"),
        ("MEMORY_LIMIT=2 parsecs", "512MiB"),
        ("TELEGRAM_SERVER=127.0.0.1", "host:port"),
        ("TELEGRAM_SERVER=127.0.0.1:70000", "host:port"),
        ("TELEGRAM_SERVER=149.154.167.50:443", "only a sandbox"),
        ("TELEGRAM_SERVER=telegram.org:443", "only a sandbox"),
        ("BOT_API_SERVER=https://api.telegram.org", "only a sandbox"),
        ("BOT_API_SERVER=127.0.0.1:80", "a URL"),
        ("BOT_API_SERVER=http://127.0.0.1:99999", "a URL"),
        ("TELEGRAM_DC=two", "whole number"),
        ("TELEGRAM_SERVER_KEY=/nowhere/key.pem", "can't be read"),
    ],
)
def test_a_broken_setting_is_named_with_what_is_wrong(env: Path, line: str, problem: str) -> None:
    [error] = complaints(env, line)
    assert isinstance(error, SettingError)
    name, _, value = line.partition("=")
    assert error.values["name"] == name
    assert problem in str(error)
    assert "pydantic" not in str(error).lower()
    assert "\n" not in str(error)
    assert not any(secret in str(error) for secret in ("nonsense", "hunter2")), value


def test_a_threshold_above_the_default_of_the_next_is_noticed(env: Path) -> None:
    [error] = complaints(env, "MEMORY_CLEANUP_THRESHOLD=70\n")
    assert error.values["name"] == "MEMORY_WARNING_THRESHOLD"
    assert "above MEMORY_CLEANUP_THRESHOLD, which is 70" in str(error)


def test_memory_is_written_with_its_unit(env: Path) -> None:
    env.write_text("MEMORY_LIMIT=512MiB\n", encoding="utf-8")
    assert read_settings(env).memory_limit == 512 * 2**20


def test_everything_that_is_broken_is_said_at_once(env: Path) -> None:
    errors = complaints(env, "API_ID=x\nMAX_USER_TASKS=y\nBOT_TOKEN=z\n")
    assert {error.values["name"] for error in errors} == {"API_ID", "MAX_USER_TASKS", "BOT_TOKEN"}


def test_a_file_that_is_not_text_is_named(env: Path) -> None:
    env.write_bytes(b"BOT_TOKEN=\xff\xfe\x00")
    with pytest.raises(ExceptionGroup) as caught:
        read_settings(env)
    assert "UTF-8" in str(caught.value.exceptions[0])


def test_what_is_missing_is_said_at_once(env: Path) -> None:
    env.write_text("API_ID=\nAPI_HASH=abc\n", encoding="utf-8")
    with pytest.raises(ExceptionGroup) as caught:
        read_settings(env).require("api_id", "api_hash", "bot_token")
    assert all(isinstance(error, MissingSetting) for error in caught.value.exceptions)
    assert [str(error).split(" is missing")[0] for error in caught.value.exceptions] == [
        "The setting API_ID",
        "The setting BOT_TOKEN",
    ]


def test_secrets_do_not_show(env: Path) -> None:
    env.write_text("BOT_TOKEN=12:hunter2\nAPI_HASH=hunter2\nSECRET_KEY=hunter2\n", encoding="utf-8")
    assert "hunter2" not in repr(read_settings(env))


def test_a_whole_sandbox_is_taken_and_known_by_its_key(env: Path, tmp_path: Path) -> None:
    env.write_text(lines(sandbox(tmp_path)), encoding="utf-8")
    settings = read_settings(env)
    assert settings.is_sandbox
    assert settings.telegram_address == ("127.0.0.1", 8443)
    assert settings.server_name == "sandbox:" + hashlib.sha256(PEM.encode()).hexdigest()


@pytest.mark.parametrize(
    "left_out", ["BOT_API_SERVER", "TELEGRAM_SERVER", "TELEGRAM_DC", "TELEGRAM_SERVER_KEY"]
)
def test_half_a_sandbox_stops_the_start(env: Path, tmp_path: Path, left_out: str) -> None:
    values = sandbox(tmp_path)
    del values[left_out]
    [error] = complaints(env, lines(values))
    assert isinstance(error, HalfSandbox)
    assert error.values["missing"] == left_out


def test_a_key_that_is_no_public_key_is_refused(env: Path, tmp_path: Path) -> None:
    values = sandbox(tmp_path)
    (tmp_path / "key.pem").write_text("-----BEGIN RSA PRIVATE KEY-----\n", encoding="ascii")
    [error] = complaints(env, lines(values))
    assert "not a public key" in str(error)


def test_misspelt_names_are_noticed(env: Path) -> None:
    env.write_text("BOT_TOKN=1:a\nADMIN_ID=1\nEDITOR=vi\nAPI_ID=1\n", encoding="utf-8")
    assert misspelt(env) == [("BOT_TOKN", "BOT_TOKEN"), ("ADMIN_ID", "ADMIN_IDS")]


def test_the_example_names_every_setting_and_no_other() -> None:
    example = Path(__file__).parents[2] / ".env.example"
    assigned = [
        line.lstrip("#").partition("=")[0] for line in example.read_text("utf-8").splitlines() if "=" in line
    ]
    assert sorted(name.lower() for name in assigned) == sorted(Settings.model_fields)
