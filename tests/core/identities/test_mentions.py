from __future__ import annotations

import pickle

import numpy as np
import pyarrow as pa
from fakes import Handles, Projects

from anonkit.identities.mentions import KeywordSearch, TextColumn, TextSearch, text_columns
from anonkit.plugin.contracts import Mentions, Roles


def pairs(mentions: Mentions | None) -> list[tuple[int, str]]:
    assert mentions is not None
    return sorted(zip(mentions.rows.to_pylist(), mentions.spellings.to_pylist(), strict=True))


class TestKeywordSearch:
    def test_text_under_a_null_is_not_read(self) -> None:
        search = KeywordSearch.from_tokenizer(Projects())
        assert search is not None
        assert pairs(search(hidden(b"abcnova"))) == []

    def test_a_tokenizer_without_keywords_has_no_search(self) -> None:
        assert KeywordSearch.from_tokenizer(Handles()) is None

    def test_keywords_are_found_with_their_rows(self) -> None:
        search = KeywordSearch.from_tokenizer(Projects(("nova", "novae", "dune")))
        assert search is not None
        text = pa.array(["x", "nova", None, "Novae dune", "anova", "dune_nova"])
        assert pairs(search(text)) == [(1, "nova"), (3, "dune"), (3, "novae"), (5, "dune"), (5, "nova")]
        assert pairs(search(text.slice(3, 2))) == [(0, "dune"), (0, "novae")]
        assert pickle.loads(pickle.dumps(search))(text).rows.to_pylist() == [1, 3, 3, 5, 5]


class TestText:
    def test_segments_are_searched_once_and_found_in_every_row(self) -> None:
        seen: list[str] = []

        def find(texts: pa.Array) -> Mentions:
            assert texts.type == pa.string()
            seen.extend(texts.to_pylist())
            found = [(row, "anna") for row, text in enumerate(texts.to_pylist()) if "anna" in text]
            return Mentions(pa.array([row for row, _ in found], pa.int64()), pa.array([one for _, one in found]))

        array = pa.array([f"A={number} B=anna C=ccccc" for number in range(10)])
        text = TextColumn("Env", array, np.arange(10) * 2, probe=8)
        assert pairs(text.mentions(TextSearch(find, b" "))) == [(2 * row, "anna") for row in range(10)]
        assert sorted(seen) == [*(f"A={number} " for number in range(10)), "B=anna ", "C=ccccc"]

    def test_some_must_see_it_whole(self) -> None:
        array = pa.array(["a b"] * 5)

        def find(texts: pa.Array) -> Mentions:
            return Mentions(pa.array(np.arange(len(texts))), texts)

        text = TextColumn("Cmd", array, np.arange(5), probe=2)
        assert len(pairs(text.mentions(TextSearch(find, None)))) == 5
        assert TextSearch.from_tokenizer(Handles(), "Cmd", Roles()).separators is None

    def test_identities_of_spellings_move_with_them(self) -> None:
        def find(texts: pa.Array) -> Mentions:
            held = [row for row, text in enumerate(texts.to_pylist()) if "anna" in text]
            whose = pa.array([f"annak{row}" for row in held], pa.string())
            tentative = pa.array([row > 0 for row in held], pa.bool_())
            return Mentions(pa.array(held, pa.int64()), pa.array(["anna"] * len(held)), whose, tentative)

        array = pa.array(["B=anna C=ccccc anna"] * 10)
        for separators in (b" ", None):
            found = TextColumn("Env", array, np.arange(10) * 2, probe=8).mentions(TextSearch(find, separators))
            assert found is not None
            assert found.identities is not None
            assert found.tentative is not None
            assert len(found.identities) == len(found.tentative) == len(found.rows)
            assert set(found.rows.to_pylist()) == set(range(0, 20, 2))

    def test_text_under_a_null_is_nobodys(self) -> None:
        search = KeywordSearch.from_tokenizer(Projects())
        assert search is not None
        text = TextColumn("Cmd", hidden(b"novanova"), np.arange(2), probe=1)
        assert pairs(text.mentions(TextSearch(search, b" "))) == [(0, "nova")]

    def test_one_without_a_say(self) -> None:
        assert TextColumn("Cmd", pa.array(["x"]), np.arange(1)).mentions(TextSearch(lambda texts: None, b" ")) is None


def test_all_text_in_nested_columns_is_there_with_its_rows() -> None:
    lists = pa.array([["a", "b"], None, [None, "c"]])
    structs = pa.array([{"x": "d", "n": 1}, {"x": None, "n": 2}])
    found = [
        (text.column, text.array.to_pylist(), text.rows.tolist())
        for text in text_columns([("l", lists), ("s", structs)])
    ]
    assert found == [("l", ["a", "b", None, "c"], [0, 0, 2, 2]), ("s", ["x=d", None], [0, 1])]


def hidden(data: bytes) -> pa.Array:
    """Two texts, the second of which is null and has bytes nevertheless."""
    half = len(data) // 2
    ends = pa.array([0, half, len(data)], pa.int32()).buffers()[1]
    return pa.Array.from_buffers(pa.string(), 2, [pa.py_buffer(bytes([0b01])), ends, pa.py_buffer(data)])
