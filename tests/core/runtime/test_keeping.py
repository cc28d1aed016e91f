"""Batches are kept until pass two, in memory that processes share; what has no room is not."""

from __future__ import annotations

import os
import pickle
from concurrent.futures import Executor

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anonkit.runtime import keeping
from anonkit.runtime.executors import Work, in_order, local_executor
from anonkit.runtime.keeping import Kept, Room, Shelf, shelves

MEBIBYTE = 1 << 20

CELLS = st.lists(st.none() | st.text(max_size=5), max_size=20)
NAMES = st.sampled_from(["a", "b", "c"])


def batch(*texts: str | None) -> pa.RecordBatch:
    return pa.record_batch({"text": pa.array(texts, pa.string())})


class TestWhereThereIsNoRoom:
    def test_a_system_without_such_memory(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delattr(os, "memfd_create", raising=False)
        assert Room.if_possible(shared=True) is None
        assert isinstance(Room.if_possible(shared=False), Room)

    def test_a_system_that_refuses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(name: str) -> int:
            raise OSError(38, "not implemented")

        monkeypatch.setattr(os, "memfd_create", refuse, raising=False)
        assert Room.if_possible(shared=True) is None


class TestShelves:
    @given(st.lists(st.integers(0, 50_000), max_size=20))
    def test_each_task_has_a_part_of_its_own_by_its_rows(self, rows: list[int]) -> None:
        found = shelves(rows)
        assert len(found) == len(rows)
        if not sum(rows) or sum(rows) * keeping._ROW_BYTES > keeping._ROOM_BYTES:
            assert not any(found)
            return
        end = 0
        for shelf, count in zip(found, rows, strict=True):
            assert shelf is not None
            assert shelf.start == end
            assert shelf.start % 4096 == 0
            end += shelf.size
            assert shelf.size <= keeping._ROOM_BYTES * count / sum(rows)
        assert end <= keeping._ROOM_BYTES

    def test_of_a_large_input_nothing_is_kept(self) -> None:
        assert all(shelves([65_536] * 3))
        assert shelves([65_536] * 10) == [None] * 10


class TestRoom:
    @given(st.lists(st.dictionaries(NAMES, CELLS, min_size=1, max_size=1), max_size=5))
    def test_batches_come_back_as_they_were(self, tables: list[dict[str, list[str | None]]]) -> None:
        batches = [
            pa.record_batch({name: pa.array(cells, pa.string()) for name, cells in one.items()}) for one in tables
        ]
        room = Room(shared=False)
        held = room.keeping(Shelf(8192, MEBIBYTE))
        for one in batches:
            held.add(one)
        kept = held.kept
        assert kept == Kept(Shelf(8192, MEBIBYTE), len(batches))
        assert list(room.read(kept)) == batches

    def test_dictionaries_may_differ_from_batch_to_batch(self) -> None:
        room = Room(shared=False)
        held = room.keeping(Shelf(0, MEBIBYTE))
        batches = [
            pa.record_batch({"d": pa.array(texts).dictionary_encode()}) for texts in (["a", "b"], ["c", "a", "c"])
        ]
        for one in batches:
            held.add(one.slice(1))
        assert held.kept is not None
        assert [one.to_pydict() for one in room.read(held.kept)] == [{"d": ["b"]}, {"d": ["a", "c"]}]

    def test_metadata_stays(self) -> None:
        field = pa.field("n", pa.string(), metadata={b"anonkit.numeric": b"mixed"})
        room = Room(shared=False)
        held = room.keeping(Shelf(0, MEBIBYTE))
        held.add(pa.RecordBatch.from_arrays([pa.array(["1"])], schema=pa.schema([field])))
        assert held.kept is not None
        assert next(room.read(held.kept)).schema.field("n").metadata == field.metadata

    def test_all_of_a_task_or_nothing(self) -> None:
        room = Room(shared=False)
        held = room.keeping(Shelf(0, 8192))
        held.add(batch("a"))
        assert held.kept is not None
        held.add(batch("b" * 9000))
        assert held.kept is None
        held.add(batch("c"))
        assert held.kept is None

    def test_what_is_too_large_leaves_the_next_shelf_alone(self) -> None:
        room = Room(shared=False)
        right = room.keeping(Shelf(8192, 8192))
        right.add(batch("right"))
        left = room.keeping(Shelf(0, 8192))
        left.add(batch("l" * 20_000))
        assert left.kept is None
        assert right.kept is not None
        assert list(room.read(right.kept)) == [batch("right")]


def kept_by(job: tuple[Room, Shelf, str]) -> Kept | None:
    room, shelf, text = job
    held = room.keeping(shelf)
    held.add(batch(text))
    return held.kept


def read_by(job: tuple[Room, Kept]) -> list[str]:
    room, kept = job
    return [text for one in room.read(kept) for text in one.column("text").to_pylist()]


@pytest.mark.skipif(not hasattr(os, "memfd_create"), reason="shared memory without a name is Linux's")
class TestSharedRoom:
    def test_what_one_process_keeps_others_read(self) -> None:
        room = Room(shared=True)
        shelf = [Shelf(0, 4096), Shelf(4096, 4096)]
        with local_executor(2, room) as executor:
            kept = self.done(executor, kept_by, [(room, shelf[0], "anna"), (room, shelf[1], "bert")])
            read = self.done(executor, read_by, [(room, one) for one in [*kept, *kept]])
        assert read == [["anna"], ["bert"]] * 2
        assert [text for one in kept for text in read_by((room, one))] == ["anna", "bert"]

    def done(self, executor: Executor, work: object, jobs: list[object]) -> list[object]:
        return list(map(Work.result, in_order(executor, Work(work), jobs, 4)))

    def test_it_cannot_go_to_a_process_that_was_not_handed_it(self) -> None:
        with pytest.raises(AssertionError):
            pickle.loads(pickle.dumps(Room(shared=True)))
