"""Whatever stands in an export, importing it gives chats that can be shown, or a sentence."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from telethon.extensions import BinaryReader

from sandbox.importing import ImportFailure, load
from sandbox.mtproto import convert
from sandbox.world import World
from tests.sandbox.export_shapes import Json, exports

#: What a damaged or a foreign file may hold where something else belongs.
_numbers = st.integers() | st.floats(allow_nan=False) | st.sampled_from((0, -1, 2**31, 2**63, 10**30))
_scalars = st.none() | st.booleans() | _numbers | st.text(max_size=4)
_anything = st.recursive(
    _scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
many = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def loaded(content: bytes) -> list[Json]:
    """The messages as a client reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "result.json"
        path.write_bytes(content)
        world = World()
        owner = world.add_user("Owner")
        load(world, path, owner=owner)
    found = []
    for box in world.boxes.values():
        for m in box.by_id.values():
            written = convert.message_bytes(world, owner.id, m)
            shown = BinaryReader(written).tgread_object()
            assert shown._bytes() == written
            found.append(shown.to_dict())
        for around in convert.around(world, owner.id, box.by_id.values()):
            assert all(map(bytes, around))
    return found


@many
@given(exports())
def test_every_message_of_an_export_is_there(export: Json) -> None:
    numbers = [m["id"] for m in loaded(json.dumps(export).encode())]
    assert numbers == [m["id"] for m in export["messages"]]


@many
@given(exports(), st.data())
def test_damage_of_values_is_told(export: Json, data: st.DataObject) -> None:
    export = json.loads(json.dumps(export))  # its parts may be shared with other examples
    for _ in range(data.draw(st.integers(1, 3))):
        _damage(export if data.draw(st.integers(0, 9)) == 0 else export["messages"], data)
    try:
        loaded(json.dumps(export).encode())
    except ImportFailure as failure:
        assert str(failure).endswith(".")


@many
@given(exports(), st.data())
def test_damage_of_the_file_is_told(export: Json, data: st.DataObject) -> None:
    whole = json.dumps(export, ensure_ascii=False, indent=1).encode()
    start = data.draw(st.integers(0, len(whole) - 1))
    end = data.draw(st.integers(start, len(whole)))
    try:
        loaded(whole[:start] + data.draw(st.binary(max_size=3)) + whole[end:])
    except ImportFailure as failure:
        assert str(failure).endswith(".")


def _damage(value: Any, data: st.DataObject) -> None:
    """Somewhere inside of it."""
    keys = list(value) if isinstance(value, dict) else list(range(len(value)))
    if not keys:
        return
    key = data.draw(st.sampled_from(keys))
    if isinstance(value[key], dict | list) and value[key] and data.draw(st.integers(0, 9)):
        _damage(value[key], data)
    else:
        value[key] = data.draw(_anything)
