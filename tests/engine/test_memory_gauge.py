"""Whose limit counts: laid out as the kernel lays it out, and with a real child that takes real memory."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from engine.memory_cgroup import Group, groups
from engine.memory_gauge import Bound, MemoryGauge
from tests.engine.ballast import Ballast

MIB = 2**20
NO_LIMIT_V1 = 9223372036854771712


class Kernel:
    """A folder with the files in which a kernel keeps groups."""

    def __init__(self, folder: Path, *membership: str) -> None:
        self.membership, self.mount = folder / "cgroup", folder / "fs"
        self.mount.mkdir()
        self.membership.write_text("".join(f"{line}\n" for line in membership))

    def v1(self, path: str, limit: int, usage: int, cache: int = 0) -> None:
        stat = f"cache 7\ninactive_file 1\ntotal_cache 9\ntotal_inactive_file {cache}\n"
        self._lay("memory/" + path, limit_in_bytes=limit, usage_in_bytes=usage, stat=stat)

    def v2(self, path: str, limit: int | str, usage: int, cache: int = 0) -> None:
        self._lay(path, max=limit, current=usage, stat=f"anon 5\ninactive_file {cache}\n")

    def _lay(self, path: str, **files: object) -> None:
        folder = self.mount / path
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / f"memory.{name}").write_text(f"{text}\n")

    def groups(self) -> list[Group]:
        return groups(self.membership, self.mount)

    def gauge(self, limit: int | None = None) -> MemoryGauge:
        return MemoryGauge(limit=limit, membership=self.membership, mount=self.mount)


def test_version_2_in_a_container(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path, "0::/")
    kernel.v2("", limit=512 * MIB, usage=300 * MIB, cache=44 * MIB)
    assert kernel.groups() == [Group(256 * MIB, 512 * MIB)]
    reading = kernel.gauge().read_now()
    assert (reading.percent, reading.bound) == (50, Bound.CONTAINER)


def test_version_2_of_a_systemd_unit(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path, "0::/system.slice/ferry.service")
    kernel.v2("system.slice/ferry.service", limit="max", usage=90 * MIB)
    kernel.v2("system.slice", limit=1024 * MIB, usage=600 * MIB)
    assert kernel.groups() == [Group(600 * MIB, 1024 * MIB)]


def test_version_1_where_the_mount_is_the_containers_own_group(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path, "5:cpu,cpuacct:/docker/abc", "4:memory:/docker/abc", "1:name=systemd:/")
    kernel.v1("", limit=256 * MIB, usage=200 * MIB, cache=72 * MIB)
    assert kernel.groups() == [Group(128 * MIB, 256 * MIB)]


def test_the_nearest_limit_on_the_way_up_counts(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path, "4:memory:/pod/ferry", "0::/")
    kernel.v1("pod/ferry", limit=1024 * MIB, usage=100 * MIB)
    kernel.v1("pod", limit=2048 * MIB, usage=1536 * MIB)
    kernel.v1("pod/neighbour", limit=10 * MIB, usage=10 * MIB)
    kernel.v1("", limit=NO_LIMIT_V1, usage=9000 * MIB)
    reading = kernel.gauge().read_now()
    assert (reading.used, reading.limit, reading.percent) == (1536 * MIB, 2048 * MIB, 75)


def test_beside_version_1_the_groups_of_version_2_are_in_a_folder_of_their_own(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path, "0::/a")
    kernel.v2("unified/a", limit=100 * MIB, usage=10 * MIB)
    assert kernel.groups() == [Group(10 * MIB, 100 * MIB)]


@pytest.mark.parametrize(
    "membership", [[], ["0::/"], ["0::/../../elsewhere"], ["3:cpu:/x"], ["4:memory:/gone"]]
)
def test_without_any_limit_the_machine_counts(tmp_path: Path, membership: list[str]) -> None:
    reading = Kernel(tmp_path, *membership).gauge().read_now()
    assert (reading.bound, reading.limit) == (Bound.MACHINE, psutil.virtual_memory().total)


def test_a_machine_without_groups(tmp_path: Path) -> None:
    assert groups(tmp_path / "none", tmp_path / "none") == []


def test_a_limit_beyond_the_machine_is_none(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path, "0::/")
    kernel.v2("", limit=NO_LIMIT_V1, usage=1)
    assert kernel.gauge().read_now().bound is Bound.MACHINE


def test_of_container_and_setting_the_nearer_one_counts(tmp_path: Path) -> None:
    kernel = Kernel(tmp_path, "0::/")
    kernel.v2("", limit=1000 * MIB, usage=990 * MIB)
    assert kernel.gauge(limit=4096 * MIB).read_now().bound is Bound.CONTAINER
    kernel.v2("", limit=1000 * MIB, usage=1 * MIB)
    assert kernel.gauge(limit=4096 * MIB).read_now().bound is Bound.SETTING


def test_this_machine_can_be_read() -> None:
    reading = MemoryGauge().read_now()
    assert 0 < reading.used < reading.limit <= psutil.virtual_memory().total


async def test_children_count_for_the_setting_as_long_as_they_live(tmp_path: Path) -> None:
    gauge = Kernel(tmp_path).gauge(limit=4096 * MIB)
    before = (await gauge.read()).used
    with Ballast() as ballast:
        ballast.take(96 * MIB)
        with_child = await gauge.read()
        assert with_child.bound is Bound.SETTING
        assert with_child.used - before > 90 * MIB
    assert (await gauge.read()).used - before < 16 * MIB
