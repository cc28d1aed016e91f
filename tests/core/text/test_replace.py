from __future__ import annotations

import json
import pickle
import unicodedata
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from replace_reference import garble

from anonkit.arrow.nested import holds_text
from anonkit.arrow.segments import Segments, is_segmented, merge_segments
from anonkit.plugin.contracts import Boundary, Place
from anonkit.text.replace import TextReplacer, TokenPreserver
from anonkit.text.segmentation import SEPARATORS, segment_text
from anonkit.text.spellings import Literal, Literals

# A small alphabet makes literals meet, overlap and touch each other; the rest is what handles and texts really hold.
ALPHABET = "aabbAB01._-+'\"\\ /=;@$(é́Éßı²字\u200b\u00ad%&#xun\n\t{"
handles = st.text(ALPHABET, min_size=1, max_size=5) | st.text("ab '", min_size=5, max_size=7)
rules = st.sampled_from(list(Boundary))
PLACES = (Place("/"), Place("(?:^|[^A-Z])b=? ?", "[@=]"))


@st.composite
def literal_sets(draw: st.DrawFn) -> Literals:
    chosen = draw(st.lists(st.tuples(handles, rules), max_size=6))
    return Literals.from_literals(
        Literal(text, rule, f"UR_{n}", find_encoded=n % 2 == 0, places=PLACES)
        for n, (text, rule) in enumerate(chosen, 1)
    )


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())


WAYS: list[Callable[[str], str]] = [
    str, str, str, _percent, lambda char: _percent(char).replace("%", "%25"), lambda char: f"&#{ord(char)};",
    lambda char: f"&#x{ord(char):X}", lambda char: f"&#x{ord(char):012X};",
    lambda char: f"&amp;#{ord(char)};", lambda char: f"\\u{ord(char):04x}", lambda char: f"\\\\u{ord(char):04x}",
    lambda char: f"\\x{ord(char) % 256:02x}", lambda char: f"{char}'",
    lambda char: f'{char}\\"', lambda char: f"{char}\\\n  ", lambda char: unicodedata.normalize("NFD", char),
    lambda char: json.dumps(char)[1:-1], lambda char: chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char,
]  # fmt: skip
"""How characters of a name may be written."""


@st.composite
def written(draw: st.DrawFn, names: Sequence[str]) -> str:
    return "".join(draw(st.sampled_from(WAYS))(char) for char in draw(st.sampled_from(names)))


@st.composite
def texts_with(draw: st.DrawFn, literals: Literals) -> list[str | None]:
    spelled = [pattern.decode() for pattern in literals.patterns]
    noise = st.text(ALPHABET, max_size=4) | st.sampled_from(["%41", "\\n", "&amp;", "''", "%", "&#9", " b ", "b "])
    segment = st.sampled_from(spelled) | written(spelled) | noise if spelled else noise
    value = st.lists(segment, max_size=5).map("".join)
    return draw(st.lists(st.none() | value, max_size=8))


@given(st.data(), st.sampled_from([pa.string(), pa.large_string()]))
def test_equals_the_reference(data: st.DataObject, type_: pa.DataType) -> None:
    literals = data.draw(literal_sets())
    texts = data.draw(texts_with(literals))
    array = pa.array(texts, type_)
    garbled = TextReplacer(literals)(array)
    garbled.validate(full=True)
    assert garbled.type == type_
    assert garbled.to_pylist() == [garble(text, literals) for text in texts]


@given(st.data(), st.integers(0, 4), st.integers(0, 4))
def test_a_slice_is_garbled_like_the_rows_it_shows(data: st.DataObject, skip: int, drop: int) -> None:
    literals = data.draw(literal_sets())
    texts = data.draw(texts_with(literals))
    array = pa.array(texts, pa.string())
    part = array.slice(skip, max(len(array) - skip - drop, 0))
    garbled = TextReplacer(literals)(part)
    garbled.validate(full=True)
    assert garbled.to_pylist() == [garble(text, literals) for text in part.to_pylist()]


@given(st.data())
def test_where_a_column_is_cut_for_the_search_changes_nothing(data: st.DataObject) -> None:
    literals = data.draw(literal_sets())
    texts = data.draw(texts_with(literals))
    garbler = TextReplacer(literals)
    sliced = TextReplacer(literals, slice_bytes=5)(pa.array(texts, pa.string()))
    assert sliced.to_pylist() == garbler(pa.array(texts, pa.string())).to_pylist()


@given(st.data())
def test_a_column_that_repeats_itself_is_garbled_like_any_other(data: st.DataObject) -> None:
    literals = data.draw(literal_sets())
    texts = data.draw(texts_with(literals))
    # Values that differ, of segments that do not.
    texts = [text if text is None else f"{number};{text};{text}" for number, text in enumerate(texts * 2)]
    garbler = TextReplacer(literals, probe=4)
    array = pa.array(texts, pa.string())
    segments = segment_text(array, SEPARATORS, probe=4)
    garbled, segmented = garbler(array), garbler.to_segments(array)
    garbled.validate(full=True)
    assert garbled.to_pylist() == [garble(text, literals) for text in texts]
    segmented.validate(full=True)
    assert merge_segments(segmented).equals(garbled)
    assert is_segmented(segmented.type) is (segments is not None and bool(len(literals)))
    if segments is not None:
        again = garbler.to_segments(segments.to_lists(array))
        again.validate(full=True)
        assert merge_segments(again).equals(garbled)


def test_segments_come_back_when_there_is_no_literal() -> None:
    array = pa.array(["ls -l; ls -a", None, "ls -a"] * 100)
    segments = segment_text(array, SEPARATORS)
    assert segments is not None
    lists = segments.to_lists(array)
    assert TextReplacer(Literals.from_literals([])).to_segments(lists).equals(lists)


def test_a_name_across_segments_is_found_where_there_are_as_many_segments_as_values() -> None:
    texts = ["john smith", ""] * 3
    lists = Segments(pa.array(["john ", "smith"]), np.array([0, 1] * 3), np.array([0, 2, 2, 4, 4, 6, 6])).to_lists(
        pa.array(texts)
    )
    garbler = TextReplacer(Literals.from_literals([Literal("john smith", Boundary.WORD, "UR_1")]))
    assert merge_segments(garbler.to_segments(lists)).to_pylist() == ["UR_1", ""] * 3


TOKENS = ["UR_1", "UR_2", "ur"]


@given(st.data())
def test_tokens_stay_beside_any_match(data: st.DataObject) -> None:
    literals = data.draw(literal_sets())
    texts = [text or "" for text in data.draw(texts_with(literals))]
    texts = [
        data.draw(st.sampled_from(["", *TOKENS])) + text + data.draw(st.sampled_from(["", " UR_1 x"])) for text in texts
    ]
    kept = literals.with_leading([Literal(token, Boundary.WORD, token) for token in TOKENS])
    keeper = pickle.loads(pickle.dumps(TokenPreserver(TextReplacer(literals), TOKENS)))
    named = [garble(text, literals) != text for text in texts]
    expected = [garble(text, kept) if any(named) else text for text in texts]
    assert keeper(pa.array(texts, pa.string())).to_pylist() == expected


def test_a_token_that_holds_a_name_stays() -> None:
    keeper = TokenPreserver(TextReplacer(Literals.from_literals([Literal("ur", Boundary.ANYWHERE, "UR_1")])), ["UR_1"])
    assert keeper(pa.array(["UR_1 your x", None])).to_pylist() == ["UR_1 yoUR_1 x", None]


def _garble(text: str, *literals: Literal) -> str:
    (garbled,) = TextReplacer(Literals.from_literals(literals))(pa.array([text])).to_pylist()
    return str(garbled)


@pytest.mark.parametrize(
    ("rule", "text", "garbled"),
    [
        (Boundary.WORD, "bob _bob_ bobby 1bob bob1 BoB", "T _T_ bobby 1bob bob1 T"),
        (Boundary.PREFIX, "bob bobby xbob 1bob /bob7 _bob", "T Tby xbob 1bob /T_7 _T"),
        (Boundary.ANYWHERE, "xbobx1bob1", "xTx1T_1"),
        (Boundary.END, "bob xbob 1bob_ bobx bob1", "T xT 1T_ bobx bob1"),
        (Boundary.NUMBER, "xbobx 1bob bob1 .bob.", "xTx 1bob bob1 .T."),
    ],
)
def test_where_a_literal_may_sit(rule: Boundary, text: str, garbled: str) -> None:
    assert _garble(text, Literal("bob", rule, "T")) == garbled


@pytest.mark.parametrize("letter", ["é", "字", "ß", "²"])
def test_a_letter_outside_ascii_is_a_letter(letter: str) -> None:
    assert _garble(f"{letter}bob bob{letter}", Literal("bob", Boundary.WORD, "T")) == f"{letter}bob bob{letter}"


@pytest.mark.parametrize("sign", ["–", "…", "“", "\u00a0", "😀"])
def test_a_sign_outside_ascii_is_no_letter(sign: str) -> None:
    assert _garble(f"{sign}bob{sign}", Literal("bob", Boundary.WORD, "T")) == f"{sign}T{sign}"


def test_a_rejected_match_does_not_hide_a_shorter_one() -> None:
    long, short = Literal("annakova", Boundary.WORD, "L"), Literal("annak", Boundary.ANYWHERE, "S")
    assert _garble("annakova1 annakova", long, short) == "Sova1 L"


def test_a_rejected_match_does_not_hide_a_later_one() -> None:
    assert _garble("xab", Literal("xa", Boundary.WORD, "L"), Literal("ab", Boundary.ANYWHERE, "S")) == "xS"


def test_the_longest_of_those_that_start_first_wins() -> None:
    literals = [Literal(text, Boundary.ANYWHERE, text.upper()) for text in ("abc", "bcdefg", "ab")]
    assert _garble("xabcdefg", *literals) == "xABCdefg"


def test_tokens_are_not_garbled_again() -> None:
    assert (
        _garble("anna ur", Literal("anna", Boundary.WORD, "UR_1"), Literal("ur", Boundary.PREFIX, "UR_2"))
        == "UR_1 UR_2"
    )


def test_a_match_never_crosses_from_one_value_into_the_next() -> None:
    garbler = TextReplacer(Literals.from_literals([Literal("bob", Boundary.ANYWHERE, "T")]))
    assert garbler(pa.array(["bo", "b", "bob"])).to_pylist() == ["bo", "b", "T"]


def test_letters_outside_ascii_are_found_in_any_case_and_form() -> None:
    literal = Literal("müllerj", Boundary.ANYWHERE, "T")
    assert _garble("MÜLLERJ Müllerj mu\u0308llerJ MU\u0308LLERJ m\\u00fcllerj m%C3%BCllerj", literal) == "T T T T T T"
    name = Literal("Łukasz Öberg", Boundary.ANYWHERE, "T")
    assert _garble("łUKASZ öBERG ŁUKASZ ÖBERG łukasz Öberg łUKASZ%20%C3%B6BERG", name) == "T T T T"


def test_a_quote_is_found_as_an_environment_doubles_it() -> None:
    assert _garble("USER='o''brien'", Literal("o'brien", Boundary.ANYWHERE, "T")) == "USER='T'"


def test_text_is_found_inside_lists_structs_maps_and_dictionaries() -> None:
    garbler = TextReplacer(Literals.from_literals([Literal("bob", Boundary.ANYWHERE, "T")]))
    rows = [{"who": ["bob", None], "n": 1}, None, {"who": None, "n": 2}, {"who": [], "n": 3}, {"who": ["xbob"], "n": 4}]
    nested = pa.array(rows, pa.struct([("who", pa.list_(pa.string())), ("n", pa.int64())]))
    expected = [
        {"who": ["T", None], "n": 1},
        None,
        {"who": None, "n": 2},
        {"who": [], "n": 3},
        {"who": ["xT"], "n": 4},
    ]
    assert garbler(nested).to_pylist() == expected
    assert garbler(nested.slice(2)).to_pylist() == expected[2:]
    assert garbler(pa.array(["bob", None, "b"]).dictionary_encode()).to_pylist() == ["T", None, "b"]
    mapped = pa.array([[("bob", "abob")], None, []], pa.map_(pa.string(), pa.string()))
    assert garbler(mapped).to_pylist() == [[("T", "aT")], None, []]
    assert garbler(mapped.slice(1)).to_pylist() == [None, []]
    fixed = pa.array([["bob", "b"], None, ["x", "bob"]], pa.list_(pa.string(), 2))
    assert garbler(fixed).to_pylist() == [["T", "b"], None, ["x", "T"]]
    assert garbler(fixed.slice(2)).to_pylist() == [["x", "T"]]
    large = pa.array([["bob"], ["a"]], pa.large_list(pa.large_string()))
    assert garbler(large).to_pylist() == [["T"], ["a"]]


def test_what_holds_no_text_comes_back_as_it_is() -> None:
    numbers = pa.array([1, 2])
    assert TextReplacer(Literals.from_literals([Literal("1", Boundary.ANYWHERE, "T")]))(numbers) is numbers
    assert not holds_text(pa.list_(pa.int8()))
    assert holds_text(pa.list_(pa.struct([("a", pa.string())])))


def test_bytes_under_a_null_do_not_disturb() -> None:
    garbler = TextReplacer(Literals.from_literals([Literal("bob", Boundary.ANYWHERE, "T")]))
    validity = pa.py_buffer(bytes([0b101]))
    ends = pa.array([0, 3, 6, 9], pa.int32()).buffers()[1]
    array = pa.Array.from_buffers(pa.string(), 3, [validity, ends, pa.py_buffer(b"bobbobbob")])
    assert garbler(array).to_pylist() == ["T", None, "T"]


def test_without_literals_nothing_changes() -> None:
    array = pa.array(["bob"])
    assert TextReplacer(Literals.from_literals([]))(array) is array


def test_travels_to_another_process() -> None:
    garbler = pickle.loads(pickle.dumps(TextReplacer(Literals.from_literals([Literal("bob", Boundary.ANYWHERE, "T")]))))
    assert garbler(pa.array(["bob"])).to_pylist() == ["T"]


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        ("x%3D%61nnak%2F", "x%3DT%2F"),
        ("%2561nn%61k %252Fannak", "T %252FT"),
        ("&#97;nnak &#x61;nnak &#97nnak &amp;#97;nnak &lt;annak&gt;", "T T T T &lt;T&gt;"),
        (f"&#{'0' * 22}97;nnak &#x{'0' * 30}61;nnak &#0000000097nnak \\u{{0000061}}nnak", "T T T T"),
        (r"\u0061nnak \\u0061nnak \x61nnak \141nnak", "T T T T"),
        (f"\\U0061nnak \\U00000061nnak \\u{{{'0' * 28}61}}nnak \\U00610061nnak", "T T T \\U00610061nnak"),
        (f"anna{chr(92) * 8}x6b an{chr(92) * 9}nnak", "T T"),
        # Layers of one kind, and of several, in one name; what depends on the order of undoing is withheld.
        ("%252525252561nnak &amp;amp;amp;amp;amp;#97;nnak", "T T"),
        ("%2561&amp;#110;\\\\x6e%25&amp;#54;1k %2561&amp;#110;\\\\x6e%2561k", "T T"),
        ("a&#1&#49;0;nak \\u00\\u0036\\x31nnak", "a(withheld)nak T"),
        (f"%{'25' * 20}61nnak", f"(withheld){'25' * 11}61nnak"),
        ("ａｎｎａｋ", "T"),
        ("K=an'n'ak L='an''nak' M=an\"\"nak N=an\\\n    nak", "K=T L='T' M=T N=T"),
        ("A='x=an'nak B=1", "A='x=T' B=1"),
        ('{"a": "x\\u0061nnak\\"", "b": "an\\"nak"}', '{"a": "xT\\"", "b": "T"}'),
        ("%41nn %61nna", "%41nn %61nna"),
    ],
)
def test_a_name_is_found_however_it_is_escaped_and_all_else_stays(text: str, garbled: str) -> None:
    assert _garble(text, Literal("annak", Boundary.ANYWHERE, "T")) == garbled


def test_the_rule_holds_for_what_is_read() -> None:
    nova = Literal("nova", Boundary.PREFIX, "T")
    assert _garble("%2Fnova x%6eova x\\nova x/nova", nova) == "%2FT x%6eova xT x/T"


@pytest.mark.parametrize("filler", ["", "x " * 100])
def test_of_two_names_that_cover_one_escape_the_longer_wins_however_much_text_is_beside_it(filler: str) -> None:
    quote, percent = Literal("'", Boundary.ANYWHERE, "Q"), Literal("%", Boundary.ANYWHERE, "P")
    letter, ligature = Literal("f", Boundary.ANYWHERE, "L"), Literal("ffi", Boundary.ANYWHERE, "M")
    assert _garble(f"+%27 \ufb03 {filler}", quote, percent, letter, ligature) == f"+Q M {filler}"
