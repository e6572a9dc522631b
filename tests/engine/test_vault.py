"""Sealed sessions: opened by the same secret only, and a wrong one changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from domain.errors import SettingError, WrongSecretKey
from engine.vault import Vault, key_from_file
from storage.database import Database
from storage.meta import MetaStore


@pytest.fixture
async def meta(tmp_path: Path) -> AsyncIterator[MetaStore]:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/ferry.db", server="telegram.org")
    yield MetaStore(database)
    await database.close()


async def facts(meta: MetaStore) -> list[str | None]:
    return [await meta.get("vault_salt"), await meta.get("vault_check")]


async def test_the_same_secret_opens_what_it_sealed(meta: MetaStore) -> None:
    sealed = (await Vault.unlock("correct horse", meta)).seal("1BVtsOK4Bu… 中文")
    assert b"1BVts" not in sealed
    assert (await Vault.unlock("correct horse", meta)).open(sealed) == "1BVtsOK4Bu… 中文"


async def test_a_wrong_secret_is_told_at_once_and_changes_nothing(meta: MetaStore) -> None:
    sealed = (await Vault.unlock("right", meta)).seal("session")
    before = await facts(meta)
    with pytest.raises(WrongSecretKey):
        await Vault.unlock("wrong", meta)
    assert await facts(meta) == before
    assert (await Vault.unlock("right", meta)).open(sealed) == "session"


async def test_each_database_has_its_own_salt(meta: MetaStore, tmp_path: Path) -> None:
    sealed = (await Vault.unlock("same", meta)).seal("session")
    other = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/other.db", server="telegram.org")
    try:
        vault = await Vault.unlock("same", MetaStore(other))
    finally:
        await other.close()
    with pytest.raises(WrongSecretKey):
        vault.open(sealed)


async def test_two_first_unlocks_at_once_agree(meta: MetaStore) -> None:
    one, two = await asyncio.gather(Vault.unlock("same", meta), Vault.unlock("same", meta))
    assert two.open(one.seal("session")) == "session"
    with pytest.raises(WrongSecretKey):
        await Vault.unlock("another", meta)


async def test_a_key_file_is_made_once_for_its_owner_alone(meta: MetaStore, tmp_path: Path) -> None:
    file = tmp_path / "keys" / "ferry.key"
    sealed = (await Vault.unlock(file, meta)).seal("session")
    assert file.stat().st_mode & 0o777 == 0o600
    made = file.read_bytes()
    assert (await Vault.unlock(file, meta)).open(sealed) == "session"
    assert file.read_bytes() == made
    assert (await Vault.unlock(made.decode().strip(), meta)).open(sealed) == "session"  # as SECRET_KEY


async def test_a_lost_key_file_is_not_replaced(meta: MetaStore, tmp_path: Path) -> None:
    file = tmp_path / "ferry.key"
    await Vault.unlock(file, meta)
    file.unlink()
    before = await facts(meta)
    with pytest.raises(WrongSecretKey):
        await Vault.unlock(file, meta)
    assert not file.exists()
    assert await facts(meta) == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "ferry.key"
    file.write_text("secret")
    file.chmod(mode)
    with pytest.raises(SettingError, match=f"chmod 600 {file}"):
        key_from_file(file)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe\x00"])
def test_a_key_file_without_a_key_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "ferry.key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(SettingError, match="SECRET_KEY"):
        key_from_file(file)
    assert file.read_bytes() == content


def test_a_folder_where_no_key_file_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(SettingError, match="can't be read or made"):
        key_from_file(tmp_path / "file" / "ferry.key")
