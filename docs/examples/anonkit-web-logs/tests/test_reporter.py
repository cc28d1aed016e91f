from collections.abc import Callable
from pathlib import Path

import pytest
from anonkit_web_logs import HitsOptions, LogOptions, VisitorOptions
from anonkit_web_logs.reader import LogReader
from anonkit_web_logs.reporter import WebHits
from anonkit_web_logs.tokenizer import VisitorTokenizer

COLUMNS = ("remote_host", "account", "request", "status")
LINE = '192.0.2.{0} - annak{0} [31/Dec/2023:20:08:12 +0100] "GET {1} HTTP/1.1" {2} 512 "-" "curl/8"\n'


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    for day in (1, 2):
        lines = [LINE.format(who, f"/~annak{who}/?q={who}", 200) for who in range(5)]
        lines += [LINE.format(who, "/missing", 404) for who in range(day)]
        (folder / f"access.log.{day}").write_text("".join(lines))
    return folder


@pytest.mark.parametrize("workers", [1, 2])
def test_a_log_becomes_hits_without_visitors(
    logs: Path, anonkit_run: Callable[..., dict[str, bytes]], workers: int
) -> None:
    outputs = anonkit_run(
        logs,
        readers=[LogReader(LogOptions())],
        tokenizers=[VisitorTokenizer(VisitorOptions())],
        reporters=[WebHits(HitsOptions(top=2))],
        columns=COLUMNS,
        workers=workers,
    )
    assert outputs["web_hits.csv"].decode().splitlines() == ["path,status,hits", "/missing,404,3", "/~V_10/,200,2"]
    assert b"annak" not in outputs["web_hits.csv"]
