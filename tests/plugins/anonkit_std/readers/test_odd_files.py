"""Odd files: each is read rightly, or refused with one message that names file, line and column, and no value."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from anonkit_std.options.readers import TableOptions
from anonkit_std.readers.tables import DuckDbReader, SqliteReader
from readings import opened, read_rows, rows_of

from anonkit.errors import InputError
from anonkit.input.data_file import InputData

RECORD = 'mend the record, or set on_bad_record = "skip" in [run] to leave such records out'
NO_XML = "it is not XML of ads, or it is cut off"
FILE = 'mend or remove the file, or set on_bad_file = "skip" in [run] to leave it out'
QUOTES = "; a field with a comma or a line break in it is written in quotes"
QUOTE = "a quote that neither begins nor ends its field, or is not closed"
LINE = "it is neither a banner nor an attribute with its whole value"
UNSET = "get the file with sacct --parsable2 or condor_history -json"
LONG = "get the file with condor_history -long"
AGAIN = "a job begins, and no blank line or banner ends the one before it"
HEADER = "put the names of the columns into the first line"
LEFT = "record that cannot be read"
NO_RECORD = 'a hit without its record; search with "_source": true'
CHANGE = "an update or a deletion of a record; search for the records instead, and take the hits"
TABLE = "the answer to a query in SQL or ES|QL; get it as CSV (format=csv), or search and take the hits"
SACCT = (
    "; sacct quotes nothing, so a | or a line break in a field looks like this: get the file with sacct --parsable2 "
    "--delimiter=$'\\x1f', and leave out Comment, AdminComment, SubmitLine if it stays"
)

REFUSED = [
    ("few.csv", b"a,b,c\n1,2,3\n4,5\n", f"line 3, column 4: 2 fields, and the header has 3{QUOTES}; {RECORD}"),
    ("many.csv", b'a,b\n4,"x\ny",6,7\n', f"line 3, column 4: 4 fields, and the header has 2{QUOTES}; {RECORD}"),
    ("quote.csv", b'a,b\n1,5" disk\n', f"line 2, column 4: {QUOTE}; {RECORD}"),
    ("open.csv", b'a,b\n1,x\n2,"never\nclosed\n', f"line 3, column 3: {QUOTE}; {RECORD}"),
    ("empty.csv", b"", f"line 1: there is no header; {HEADER}"),
    ("none.csv", b"1,anna,3\n", f"line 1: it is not a header, since there are numbers in it; {HEADER}"),
    ("twice.csv", b"a,b,a\n1,2,3\n", f"line 1: the columns 1 and 3 have one name; {HEADER}"),
    (
        "wide.csv",
        "a,b\n1,2\n".encode("utf-16"),
        f"line 1: it is not text in UTF-8; iconv -f UTF-16 -t UTF-8 converts it, if it is in UTF-16; {HEADER}",
    ),
    ("sacct.txt", b"JobID|User\n1|a\n2|x|y\n", f"line 3, column 5: 3 fields, and the header has 2{SACCT}; {RECORD}"),
    (
        "bare.txt",
        b"4501_7.batch|sim.sh|annakow|\n4502|fit|bodewig|\n",
        "line 1: a job instead of the names of the fields; get the file without --noheader, or put the names into the "
        "first line",
    ),
    *(
        (
            name,
            data,
            "it is an answer of sacct --json, whose jobs are not read; get the jobs with sacct --allusers --parsable2 "
            "--format=ALL",
        )
        for name, data in (
            ("old.json", b'{\n "meta": {\n  "plugin": {"type": "x"}\n },\n "jobs": []\n}\n'),
            ("new.json", b'{\n "jobs": [\n  {"account": "g2lab"}\n ],\n "meta": {}\n}\n'),
            ("line.txt", b'{"jobs":[{"account":"g2lab"}],"meta":{}}\n'),
            ("meta.jsonl", b'{"meta": {"plugin": {"type": "x"}}, "jobs": []}\n'),
        )
    ),
    ("old.csv", b"a,b\n1,2\r3,4\n", f"line 2, column 4: a carriage return outside of quotes; {RECORD}"),
    ("name.csv", b'a,"b\n', f"line 1: a quote that neither begins nor ends its name, or is not closed; {FILE}"),
    ("cut.json", b'[{"a":1},\n{"a":2', f"line 2, column 1: an object that is not whole; {FILE}"),
    ("text.json", b'[{"a":1},\nx]', f"line 2, column 1: text between the objects; {FILE}"),
    (
        "answer.json",
        b'{"hits":{"hits":[{"_source":{"a":1}},7]}}',
        f"line 1, column 1: hit 2 is not an object; {RECORD}",
    ),
    *(
        (name, data, f"{place}: {reason}; {RECORD}")
        for name, data, place, reason in (
            ("bare.json", b'{"hits":{"hits":[{"_index":"jobs","_id":"1","sort":[1]}]}}', "line 1, column 1", NO_RECORD),
            ("bare.jsonl", b'{"_source":{"a":1}}\n{"_index":"jobs","_id":"1"}\n', "line 2", NO_RECORD),
            ("update.jsonl", b'\n{"update":{"_id":"1","_index":"jobs"}}\n{"doc":{"a":1}}\n', "line 2", CHANGE),
            ("delete.ndjson", b'{"index":{}}\n{"delete":{"_id":"1"}}\n', "line 2", CHANGE),
            ("doc.jsonl", b'{"index":{}}\n{"doc":{"a":1},"doc_as_upsert":true}\n', "line 2", CHANGE),
            ("sql.json", b'{"columns":[{"name":"a","type":"long"}],"rows":[[1],[2]]}', "line 1", TABLE),
            ("ppl.json", b'{"schema":[{"name":"a","type":"long"}],"datarows":[[1]],"total":1}', "line 1", TABLE),
            ("several.json", b'{"took":1,"responses":[{"error":{"type":"x"}}]}', "line 1", "a search that failed"),
        )
    ),
    ("cut.jsonl", b'{"a":1}\n{"a":2', f"line 2: it is not JSON; {RECORD}"),
    ("array.jsonl", b'{"a":1}\n[1]\n', f"line 2: it is not an object; {RECORD}"),
    ("deep.json", b"[" + b'{"a":' * 9000 + b"1" + b"}" * 9000 + b"]", f"line 1, column 2: it is not JSON; {RECORD}"),
    ("broken.long", b'A = "x\ny = 3"\nB = 1\n', f"line 1: {LINE}; {RECORD}"),
    *(
        (name, data, f"line 1: blanks between the columns, which values hold too; {UNSET}")
        for name, data in (
            ("sacct.set", b"JobID           JobName\n------------ ----------\n4501           annakow\n"),
            ("condor.csv", b" ID     OWNER          SUBMITTED\n8231.0   annakow         1/1  10:01\n"),
        )
    ),
    ("history", b"ClusterId Owner\n8231 annakow\n", f"it holds no attributes of ads; {LONG}"),
    ("glued.long", b'ClusterId = 1\nA = "x"\nClusterId = 2\nA = "y"\n', f"line 3: {AGAIN}; {RECORD}"),
    ("junk.long", b"A = 1\nhello\n", f"line 2: {LINE}; {RECORD}"),
    (
        "two.xml",
        b"<classads><c><a n='U'><s>x</s></a></c></classads>\n" * 2,
        "line 2, column 1: a second document begins; write each document into a file of its own",
    ),
    ("cut.xml", b"<classads><c><a n='U'><s>x</s></a>", f"line 1, column 35: {NO_XML}; {FILE}"),
    (
        "entity.xml",
        b'<?xml version="1.0"?>\n<!DOCTYPE c SYSTEM "c.dtd"><classads><c><a n="U"><s>&a;</s></a></c></classads>',
        f"line 2, column 56: {NO_XML}; {FILE}",
    ),
    ("words.swf", b"1" + b" 2" * 17 + b"\n1 x" + b" 2" * 16,
     f"line 2, column 3: it holds something else than numbers; {RECORD}"),
    (
        "later.swf",
        b"; Version: 2.2\n\n1\t" + b" 2" * 17 + b"\r\n  ; 1 x\n\n;\n1 x" + b" 2" * 16,
        f"line 7, column 3: it holds something else than numbers; {RECORD}",
    ),
    ("few.swf", b";\n 1" + b"  2" * 16 + b" \n", f"line 2, column 51: 17 fields, and the header has 18; {RECORD}"),
    ("many.swf", b"1" + b"  2" * 18 + b"\n", f"line 1, column 55: 19 fields, and the header has 18; {RECORD}"),
    (
        "cut.csv.gz",
        gzip.compress(b"a,b\n1,2\n" * 1000)[:-30],
        f"cut off or damaged: it cannot be decompressed; {FILE}",
    ),
    ("a.db", b"SQLite format 3\0xxxx", f"damaged: the database cannot be read; {FILE}"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "message"), REFUSED, ids=[name for name, _, _ in REFUSED])
def test_an_unreadable_file_is_refused_with_place_and_reason(
    tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_rows(tmp_path)
    assert str(caught.value) == f"{name}: {message}"


READ: list[tuple[str, bytes, list[dict[str, Any]]]] = [
    ("header.csv", b"a,b\n", []),
    ("mark.csv", b'\xef\xbb\xbfa,b\r\n1,2\r\n\r\n3,"x\r\ny"\r\n', [{"a": 1, "b": "2"}, {"a": 3, "b": "x\r\ny"}]),
    ("nul.csv", b"a,b\n1,x\0y\n", [{"a": 1, "b": "x\0y"}]),
    ("latin.csv", b"a,b\n1,\xe9\n", [{"a": 1, "b": "\ufffd"}]),
    ("semicolon.csv", b"a;b\n1;2,5\n", [{"a": 1, "b": "2,5"}]),
    ("one.csv", b"a\nx\n\ny\n", [{"a": "x"}, {}, {"a": "y"}]),
    ("names.csv", b"a,b\n007,10.10\n1,2.5\n", [{"a": "007", "b": "10.10"}, {"a": "1", "b": "2.5"}]),
    ("edges.csv", b"a,b\n18446744073709551615,-9223372036854775808\n", [{"a": 2**64 - 1, "b": -(2**63)}]),
    ("sacct.txt", b"JobID\x1fJobName\n1\x1fa|b\n", [{"JobID": 1, "JobName": "a|b"}]),
    ("parsable.txt", b"JobID|User|\n1|anna|\n", [{"JobID": 1, "User": "anna"}]),
    ("comma.csv", b"JobID,JobName,User,\n1,fit,anna,\n", [{"JobID": 1, "JobName": "fit", "User": "anna"}]),
    (
        "wide.txt",
        b"JobIDRaw|JobID|User|Cluster|ReqTRES|Dir\n10|4_7|anna|farm|cpu=4,mem=4G|/a\n11|5+1|bob|farm||\n",
        [
            {"JobIDRaw": 10, "JobID": "4_7", "User": "anna", "Cluster": "farm", "ReqTRES": "cpu=4,mem=4G", "Dir": "/a"},
            {"JobIDRaw": 11, "JobID": "5+1", "User": "bob", "Cluster": "farm"},
        ],
    ),
    ("seconds.txt", b"JobID;User;Submit;Start\n1;anna;17040;None\n", [{"JobID": 1, "User": "anna", "Submit": 17040}]),
    ("two.json", b'[\n{\n "a": 1\n}\n]\n[\n{\n "a": 2\n}\n,\n{"a": 3}\n]\n[\n]\n', [{"a": 1}, {"a": 2}, {"a": 3}]),
    ("tabs.txt", b"ClusterId\tOwner\tCmd\n1\tanna\t/bin/a b\n2\tbob\tundefined\n",
     [{"ClusterId": 1, "Owner": "anna", "Cmd": "/bin/a b"}, {"ClusterId": 2, "Owner": "bob"}]),
    ("epochs", b'A = 1\n*** EPOCH ClusterId=1 Owner="anna"\nA = 2\n*** SPAWN ClusterId=2\n', [{"A": 1}, {"A": 2}]),
    ("object.json", b'{\n "a": 1\n}\n', [{"a": 1}]),
    ("none.json", b"[]", []),
    ("answer.json", b'{"took":1,"hits":{"hits":[{"_source":{"a":1}},{"_source":{"a":2}}]}}', [{"a": 1}, {"a": 2}]),
    ("hits.jsonl", b'{"_id":"1","_source":{"a":"x"}}\n{"_id":"2","_source":{"a":"y"}}\n', [{"a": "x"}, {"a": "y"}]),
    (
        "bulk.json",
        b'{"index":{"_index":"jobs","_id":"1"}}\n{"a":1}\n{"create":{}}\n{"a":2,"index":{"b":1}}\n',
        [{"a": 1}, {"a": 2, "index": '{"b":1}'}],
    ),
    (
        "fields.json",
        b'{"took":1,"hits":{"hits":[{"_index":"jobs","_id":"1","_score":1.0,"fields":{"a":[1],"b.c":["x","y"]}}]}}',
        [{"a": 1, "b.c": '["x","y"]'}],
    ),
    ("fields.jsonl", b'{"_id":"1","fields":{"a":["x"]}}\n{"a":"y","fields":3}', [{"a": "x"}, {"a": "y", "fields": 3}]),
    (
        "several.json",
        b'{"took":1,"responses":[{"hits":{"hits":[{"_source":{"a":1}}]}},{"hits":{"hits":[]}}]}',
        [{"a": 1}],
    ),
    ("half.jsonl", b'{"a":"\\ud800x"}\n', [{"a": "\ufffdx"}]),
    ("nan.jsonl", b'{"a":NaN,"b":1}\n{"a":1.5}\n', [{"b": 1}, {"a": 1.5}]),
    ("wide.jsonl", b'{"a":18446744073709551616}\n', [{"a": "18446744073709551616"}]),
    (
        "expressions.long",
        b'A = 1 + 2\nB = { "a",1,x + 1 }\nC = [ x = "q"; y = undefined ]\nD = real("NaN")\nE = "a" == "b"\nF = TRUE\n',
        [{"A": "1 + 2", "B": '["a",1,"/Expr(x + 1)/"]', "C": '{"x":"q","y":null}', "E": '"a" == "b"', "F": True}],
    ),
    (
        "expressions.json",
        rb'[{"A": "\/Expr(1 + 2)\/", "B": ["a",1,"\/Expr(x + 1)\/"], "C": {"x":"q","y":null}, '
        rb'"D": "\/Expr(real(\"NaN\"))\/", "E": "\/Expr(\"a\" == \"b\")\/", "F": true}]',
        [{"A": "1 + 2", "B": '["a",1,"/Expr(x + 1)/"]', "C": '{"x":"q","y":null}', "E": '"a" == "b"', "F": True}],
    ),
    (
        "expressions.xml",
        b'<classads><c><a n="A"><e>1 + 2</e></a><a n="B"><l><s>a</s><i>1</i><e>x + 1</e></l></a>'
        b'<a n="C"><c><a n="x"><s>q</s></a><a n="y"><un/></a></c></a><a n="D"><r>NaN</r></a>'
        b'<a n="E"><e>"a" == "b"</e></a><a n="F"><b v="t"/></a></c></classads>',
        [{"A": "1 + 2", "B": '["a",1,"/Expr(x + 1)/"]', "C": '{"x":"q","y":null}', "E": '"a" == "b"', "F": True}],
    ),
    (
        "parentheses.long",
        b'A = (1 == x)\nB = (x && (y || "z" == "w"))\nC = [a = 1] == [b = 2]\nD = { 1 }[0] == { 2 }\nE = (5)\n',
        [{"A": "(1 == x)", "B": '(x && (y || "z" == "w"))', "C": "[a = 1] == [b = 2]", "D": "{ 1 }[0] == { 2 }",
          "E": "(5)"}],
    ),
    (
        "odd.long",
        b"# jobs\nA = relTime(\"1+00:00:01\")\n# of a day\n'a b' = -0.5E-3\nB = [ 'c d' = 0 ]\nC = ERROR\n\n#\nA = 2\n",
        [{"A": 86401.0, "a b": -0.0005, "B": '{"c d":0}'}, {"A": 2}],
    ),
    (
        "odd.json",
        rb'[{"A": "\/Expr(error)\/", "B": "\/Expr( -5)\/", "C": ["\/Expr(error)\/", "\/Expr(real(\"INF\"))\/"], "D": 1,'
        rb'"E": "\/Expr(x == \"C:\\\\d\\303\\251\")\/"}]',
        [{"B": -5, "C": "[null,null]", "D": 1, "E": 'x == "C:\\d\u00e9"'}],
    ),
    (
        "odd.xml",
        rb'<classads><c><a n="A"><rt>1+00:00:01.5</rt></a><a n="B"><at>2024-01-01T00:00:00-00:00</at></a>'
        rb'<a n="C"><s>C:\\d\303\251\n\\n"</s></a><a n="D"><e>x == "\\"</e></a>'
        rb'<a n="E"><r>-1.5E-03</r></a></c></classads>',
        [{"A": 86401.5, "B": 'absTime("2024-01-01T00:00:00-00:00")', "C": 'C:\\d\u00e9\n\\n"', "D": 'x == "\\"',
          "E": -0.0015}],
    ),
    ("one.ads", b'[ Owner = "anna"; ClusterId = 8231 ]\n', [{"Owner": "anna", "ClusterId": 8231}]),
    (
        "printed.ads",
        b'\n    [\n        Owner = "anna"; \n        ClusterId = 1\n    ]\n\n    [\n        Owner = "bob"\n    ]\n',
        [{"Owner": "anna", "ClusterId": 1}, {"Owner": "bob"}],
    ),
    (
        "list.ads",
        b'{\n[ /* a ] */ A = 1;; // "\n \'b\\\' c\' = \'d e\'; ],\n[ A = 0x1F; B = 017; C = -.5e1 ]\n}\n',
        [{"A": 1, "b' c": "'d e'"}, {"A": 31, "B": 15, "C": -5.0}],
    ),
    (
        "mixed.ads",
        b'[ A = "a"; B = "b\\""; C = 1; D = [ E = 1; F = x ]; // G = 1;\n; H = 2.5; I = { 1, "J" }; K = "k" ]\n',
        [{"A": "a", "B": 'b"', "C": 1, "D": '{"E":1,"F":"/Expr(x)/"}', "H": 2.5, "I": '[1,"J"]', "K": "k"}],
    ),
    (
        "values.ads",
        rb"""[ A = "a\"b\\" "\t\101\303\251\q"; B = { 1, "]", x  +  y, [ c = { } ], error }; C = Undefined; D = TRUE;"""
        rb""" E = (x == "C:\\d")  ?  1 : 2; F = real("-INF"); G = relTime("00:01"); H = [ i = "}" ] == j; K = "//" ]""",
        [{"A": 'a"b\\\tA\u00e9q', "B": '[1,"]","/Expr(x + y)/",{"c":[]},null]', "D": True,
          "E": '(x == "C:\\d") ? 1 : 2',
          "F": float("-inf"), "G": 1.0, "H": '[ i = "}" ] == j', "K": "//"}],
    ),
    ("returns.long", b'A = 1\r\nB = "x"\r\n\r\nA = 2\r\n', [{"A": 1, "B": "x"}, {"A": 2}]),
    ("queue.txt", b'\n\n-- Schedd: a.example.org : <192.0.2.7:9618?...\nA = 1\n\nA = 2\n\n-- Schedd: b\nA = 3\n',
     [{"A": 1}, {"A": 2}, {"A": 3}]),
    ("history", b'*** Offset = 0\nA = 1\n*** ClusterId = 1 Owner = "x"\n', [{"A": 1}]),
    ("comments.swf", b"; nothing\n", []),
    (
        "blanks.swf",
        b";\n\n  1 " + b"\t-1" * 17 + b" \r\n \t; 9\n;\n\n2" + b" -1" * 17 + b"\n;",
        [{"JobNumber": 1}, {"JobNumber": 2}],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data", "rows"), READ, ids=[name for name, _, _ in READ])
def test_an_odd_file_gives_its_rows(tmp_path: Path, name: str, data: bytes, rows: list[dict[str, Any]]) -> None:
    (tmp_path / name).write_bytes(data)
    assert read_rows(tmp_path) == rows


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", b'a,b\n1,x\n2\n4,"y"\n', f"1 {LEFT} (line 3, column 2: 1 fields, and the header has 2{QUOTES})"),
        (
            "a.jsonl",
            b'{"a":1}\n[]\n{"a":4}\n{',
            "2 records that cannot be read (line 2: it is not an object; line 4: it is not JSON)",
        ),
        ("a.long", b"a = 1\n\nb\na = 2\n\na = 4\n", f"1 {LEFT} (line 3: {LINE})"),
    ],
)  # fmt: skip
def test_bad_records_are_left_out_and_listed(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    source = opened(tmp_path, skip=True)
    assert [row["a"] for row in rows_of(source)] == [1, 4]
    assert source.warnings == (f"{name}: left out {message}",)


ALL_HITS = (
    'search again with a larger "size", take all pages with search_after or scroll (elasticdump does so), or query for '
    "shorter times"
)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.json", b'{"hits":{"total":{"value":7,"relation":"eq"},"hits":[{"_source":{"a":1}}]}}', "1 of 7 rows"),
        ("a.json", b'{"hits":{"total":1,"hits":[{"_source":{"a":1}}]}}', ""),
        ("a.json", b'{"hits":{"hits":[{"_source":{"a":1}}]}}', ""),
        ("a.json", b'{"hits":{"total":{"value":1,"relation":"gte"},"hits":[{"_source":{"a":1}}]}}',
         "1 of at least 1 rows"),
        ("a.jsonl", b'{"hits":{"total":3,"hits":[{"_source":{"a":1}}]}}\n' * 2, "2 of 3 rows"),
        ("a.jsonl", b'{"hits":{"total":2,"hits":[{"_source":{"a":1}}]}}\n' * 2, ""),
        ("a.json", b'{"took":1,"responses":[{"hits":{"total":9,"hits":[{"_source":{"a":1}}]}}]}', "1 of 9 rows"),
    ],
)  # fmt: skip
def test_an_answer_without_all_hits_is_a_warning(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    source = opened(tmp_path)
    assert source.warnings == ((f"{name}: {message} of a list; {ALL_HITS}",) if message else ())
    assert source.missing_rows == source.warnings


@pytest.mark.parametrize("mark", ['"timed_out":true', '"_shards":{"total":5,"failed":1}', '"terminated_early":true'])
def test_an_answer_of_a_search_that_failed_in_part_is_a_warning(tmp_path: Path, mark: str) -> None:
    (tmp_path / "a.json").write_text(f'{{{mark},"hits":{{"total":1,"hits":[{{"_source":{{"a":1}}}}]}}}}')
    assert opened(tmp_path).warnings == ("a.json: an answer without the hits of all shards; search again",)


def test_a_mapping_is_no_input(tmp_path: Path) -> None:
    (tmp_path / "jobs.csv").write_bytes(b"a,b\n1,x\n")
    (tmp_path / "mapping.json").write_bytes(b'{"format": "anonkit-mapping-2", "domain": "0"}')
    source = opened(tmp_path)
    assert rows_of(source) == [{"a": 1, "b": "x"}]
    assert source.warnings == ("passed over mapping.json: no reader knows the format",)


def test_a_file_in_an_unknown_format_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing\n")
    with pytest.raises(InputError) as caught:
        opened(tmp_path / "notes.txt")
    first, *formats = str(caught.value).splitlines()
    assert first.endswith("notes.txt: no reader knows the format of notes.txt; the formats, and how to get one:")
    assert "  json: condor_history -json > jobs.json" in formats


SACCT_EXAMPLE = "  sacct: sacct --allusers --parsable2 --format=ALL --starttime=2024-01-01 > sacct.txt"
UNKNOWN = {
    "columns of sacct": b"JobID           JobName\n------------ ----------\n4501           annakow\n",
    "sacct with another delimiter": b"JobID^JobName^User\n4501^fit_mass^annakow\n",
    "sacct without a header": b"annakow|4501|COMPLETED\nbodewig|4502|FAILED\n",
    "job completion log": b"JobId=4501 UserId=annakow(1201) Name=fit JobState=COMPLETED\n",
    "scontrol": b"JobId=4501 JobName=fit_mass\n   UserId=annakow(1201) GroupId=hepex(500)\n",
    "squeue": b"             JOBID PARTITION     NAME\n              4501     short fit_mass\n",
    "sacct --yaml": b"jobs:\n- account: hepex\n  job_id: 4501\n",
    "columns of condor_history": b" ID     OWNER          SUBMITTED\n8231.0   annakow         1/1  10:01\n",
    "condor_history -autoformat": b"8231 0 annakow 2000 /home/annakow/run.sh\n",
    "condor_history -autoformat:h": b"ClusterId Owner Cmd\n8231 annakow /home/annakow/run.sh\n",
    "prompt": b'$ condor_history -long\nOwner = "annakow"\n',
    "log of events": b"000 (8231.000.000) 2024-01-01 10:01:00 Job submitted from host: <192.0.2.7:9618>\n...\n",
}


@pytest.mark.parametrize("form", UNKNOWN)
def test_an_unknown_form_of_known_records_is_refused_with_the_command_for_a_known_one(
    tmp_path: Path, form: str
) -> None:
    (tmp_path / "jobs.txt").write_bytes(UNKNOWN[form])
    with pytest.raises(InputError) as caught:
        opened(tmp_path / "jobs.txt")
    assert "jobs.txt: no reader knows the format" in str(caught.value)
    assert "annakow" not in str(caught.value)
    assert {"  classad: condor_history -long > jobs.long", SACCT_EXAMPLE} <= set(str(caught.value).splitlines())


@pytest.mark.parametrize(
    ("tables", "wanted", "message"),
    [
        (
            ["one", "two"],
            None,
            'the database has several tables; its tables are one, two: name one with table = "NAME" below [readers.{}]',
        ),
        (
            ["one"],
            "two",
            "the database has no table 'two'; its tables are one: name one with table = \"NAME\" below [readers.{}]",
        ),
        ([], None, "the database has no tables; take the file out of the input"),
    ],
)
@pytest.mark.parametrize(("kind", "reader"), [("duckdb", DuckDbReader), ("sqlite", SqliteReader)])
def test_a_table_that_is_not_clear_is_refused_with_the_tables_and_the_option(
    tmp_path: Path, kind: str, reader: type[Any], tables: list[str], wanted: str | None, message: str
) -> None:
    path = str(tmp_path / f"a.{kind}")
    with closing(duckdb.connect(path) if kind == "duckdb" else sqlite3.connect(path)) as database:
        for table in tables:
            database.execute(f"CREATE TABLE {table} (a INTEGER)")
    with pytest.raises(InputError) as caught:
        reader(TableOptions(table=wanted)).contents(InputData(path, f"a.{kind}"))
    assert str(caught.value) == f"a.{kind}: {message.format(kind)}"


def test_a_compressed_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite.gz"
    path.write_bytes(gzip.compress(b"SQLite format 3\0"))
    with pytest.raises(InputError, match=r"^a\.sqlite\.gz: a database is read only on this machine and uncompressed; "):
        SqliteReader(TableOptions()).contents(InputData(str(path), path.name))


def test_a_long_record_makes_a_long_block(tmp_path: Path) -> None:
    long = "x" * (9 << 20)
    (tmp_path / "a.jsonl").write_text(f'{{"a": "{long}"}}\n{{"a": "y"}}\n')
    source = opened(tmp_path)
    assert [len(row["a"]) for row in rows_of(source)] == [9 << 20, 1]
    assert pa.types.is_string(source.schema(["a"]).field("a").type)
