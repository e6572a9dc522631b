"""The memory limit of the container this process is in, as the kernel keeps it: control groups 1 and 2."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Where the kernel says which groups a process is in, and where container hosts mount the groups.
MEMBERSHIP = Path("/proc/self/cgroup")
MOUNT = Path("/sys/fs/cgroup")


@dataclass(frozen=True, slots=True)
class Group:
    """Bytes that a group's processes use, without what the kernel can take back at once, and may use."""

    used: int
    limit: int


@dataclass(frozen=True, slots=True)
class _Version:
    """How one version of control groups names its files; `reclaimable` is a line of memory.stat."""

    limit: str
    usage: str
    reclaimable: str


_V1 = _Version("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
_V2 = _Version("memory.max", "memory.current", "inactive_file")


def groups(membership: Path = MEMBERSHIP, mount: Path = MOUNT) -> list[Group]:
    """Every group with a limit that this process is in, the innermost first.

    Groups are nested and the limits of all of them hold. Page cache that nobody has used lately counts as
    free: the kernel drops it before it lets a process starve.
    """
    found = []
    for version, folder in _folders(membership, mount):
        limit, usage = _number(folder / version.limit), _number(folder / version.usage)
        if limit is not None and usage is not None:
            found.append(Group(max(0, usage - _statistic(folder, version.reclaimable)), limit))
    return found


def _folders(membership: Path, mount: Path) -> Iterator[tuple[_Version, Path]]:
    """From the process's own group up to the mount.

    In a container the mount is often the container's own group although the path begins further up: folders
    that aren't there have no files, and the mount itself is looked at in any case.
    """
    for line in _text(membership).splitlines():
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            version, root = _V1, mount / "memory"
        elif not controllers:  # beside version 1, version 2 is mounted one folder further down
            version, root = _V2, mount / "unified" if (mount / "unified").is_dir() else mount
        else:
            continue
        parts = [part for part in path.split("/") if part]
        if ".." in parts:  # a group outside of what this container may see
            parts = []
        for depth in range(len(parts), -1, -1):
            yield version, root.joinpath(*parts[:depth])


def _number(path: Path) -> int | None:
    """None when there is no such file, or "max" in it."""
    text = _text(path).strip()
    return int(text) if text.isdecimal() else None


def _statistic(folder: Path, name: str) -> int:
    for line in _text(folder / "memory.stat").splitlines():
        key, _, value = line.partition(" ")
        if key == name and value.isdecimal():
            return int(value)
    return 0


def _text(path: Path) -> str:
    """Empty when it can't be read: no Linux, no such group, or one that ended just now."""
    try:
        return path.read_text("ascii", errors="replace")
    except OSError:
        return ""
