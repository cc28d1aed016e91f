"""The page is one file that refers to nothing, whatever names and however many rows there are."""

from __future__ import annotations

import json
import pickle
import shutil
import subprocess
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from anonkit_report.charts import Bar, bars, columns
from anonkit_report.earlier import earlier_figures
from anonkit_report.markup import element, safe, sentence, table
from anonkit_report.options import HtmlOptions
from anonkit_report.reporter import HtmlReport
from command import run_command

import anonkit
from anonkit.api import ConfigError
from anonkit.plugin.contracts import Reporter
from anonkit.testing import ReporterContract, run_plugins

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOSTILE = [
    "<script>document.title='gone'</script>",
    '"><img src=x onerror=alert(1)>',
    "</svg></style>&amp;",
    "\x1b[2J\u202e",
]
_VOID = {"meta", "!doctype"}


class TestContract(ReporterContract):
    @pytest.fixture
    def reporter(self) -> Reporter[Any, Any]:
        return HtmlReport(HtmlOptions())


class Page(HTMLParser):
    """A page as a browser takes it apart; fails for elements that are not closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def page(folder: Path, rows: list[dict[str, Any]], **options: Any) -> str:
    data, out = folder / "data", folder / "out"
    data.mkdir()
    pq.write_table(pa.Table.from_pylist(rows), data / "jobs.parquet")
    record = tuple(rows[0])
    written = run_plugins(data, out, reporters=[HtmlReport(HtmlOptions(**options))], columns=record)
    assert len(written["report.html"]) < 1_000_000
    return written["report.html"].decode()


def job(user: int, hour: int, site: str) -> dict[str, Any]:
    return {
        "User": f"someone{user}@example.org",
        "QDate": 1_700_000_000 + 3600 * hour,
        "JobStartDate": 1_700_000_060 + 3600 * hour,
        "RemoteWallClockTime": 60.5 * user,
        "RequestMemory": 2000,
        "MATCH_EXP_JOB_Site": site,
        "NumJobStarts": 1,
        "NumJobCompletions": user % 2,
    }


@pytest.mark.parametrize(
    ("users", "sites", "hours", "pictures"),
    [(3, 1, 1, 8), (3000, 500, 3 * 8766, 7)],
    ids=["3 users, 1 site, 1 hour", "3000 users, 500 sites, 3 years"],
)
def test_a_page_of_any_size(tmp_path: Path, users: int, sites: int, hours: int, pictures: int) -> None:
    """Where no column makes a job one user's alone, a sentence says so instead of a picture."""
    rows = [job(n, n * (hours - 1) // max(users - 1, 1), f"Site {n % sites}") for n in range(users)]
    parsed = Page(page(tmp_path, rows))
    assert {"svg", "rect", "table", "figcaption"} <= set(parsed.tags)
    assert parsed.tags.count("svg") == parsed.tags.count("figure") == pictures
    assert ("No column makes a job that of one user alone." in parsed.texts) == (pictures == 7)
    assert f"{users:,}" in parsed.texts
    assert f"{sites:,}" in parsed.texts
    assert any("Users of the smallest combination: " in text for text in parsed.texts)
    labels = dict(parsed.attributes)
    assert "aria-label" in labels


def test_a_page_refers_to_nothing_outside_of_it(tmp_path: Path) -> None:
    text = page(tmp_path, [job(n, n, "North") for n in range(5)], title="A <b>title</b>")
    parsed = Page(text)
    assert not {"script", "link", "img", "iframe", "a", "object", "image", "use"} & set(parsed.tags)
    assert not {name for name, _ in parsed.attributes} & {"src", "href", "srcset", "style"}
    assert not any(name.startswith("on") for name, _ in parsed.attributes)
    assert "url(" not in text
    assert "@import" not in text
    assert "A <b>title</b>" in parsed.texts


def test_failures_and_spans(tmp_path: Path) -> None:
    parsed = Page(page(tmp_path, [job(n, n, "North") for n in range(4)]))
    assert "2 (50.0%)" in parsed.texts
    assert "2023-11-14 22:00" in parsed.texts
    assert "1 min to 10 min" in parsed.texts  # waits are 60 s


def texts_between(parsed: Page, heading: str, next_heading: str) -> list[str]:
    texts = [text for text in parsed.texts if text.strip()]
    return texts[texts.index(heading) + 1 : texts.index(next_heading)]


def test_columns_whose_values_may_point_at_somebody_are_left_to_decide(tmp_path: Path) -> None:
    """Blanking secrets in a column of numbers, or coarsening it, does not take the column off the list."""
    data = tmp_path / "jobs.parquet"
    more = {"Cmd": "x", "Environment": "A=1", "JobsubClientIpAddress": "192.0.2.1"}
    rows = [{**job(n, n, "North"), "RequestMemory": str(2000 + n), **more} for n in range(4)]
    pq.write_table(pa.Table.from_pylist(rows), data)
    shown = ["User", "RequestMemory", "MATCH_EXP_JOB_Site", "QDate"]
    anonkit.run(
        {
            "run": {"data_dir": str(data), "output_dir": str(tmp_path / "out"), "workers": 1, "columns": shown},
            "reporters": {"html": {"enabled": True}},
            "anonymizers": {"secrets": {"enabled": True}, "coarsen": {"columns": {"QDate": "1h"}, "enabled": True}},
        }
    )
    parsed = Page((tmp_path / "out" / "report.html").read_text())
    decided = texts_between(parsed, "What was decided", "What is left to decide")
    assert "User" in decided
    assert "Cmd" not in decided
    left = texts_between(parsed, "What is left to decide", "Columns of a job")
    cells = {name: left[left.index(name) + 1 : left.index(name) + 3] for name in ("RequestMemory", "QDate")}
    assert cells["RequestMemory"] == ["quasi-identifier", "garbled; secrets blanked; times in text rounded down to 1h"]
    assert cells["QDate"] == ["quasi-identifier", "rounded down to 1h"]
    assert "User" not in left


def test_coarse_times_have_no_empty_steps_and_coarse_sizes_no_empty_ranges(tmp_path: Path) -> None:
    rows = [{**job(n, 24 * (n % 3), "North"), "RequestMemory": 1000 * (1 + n % 2 * 7)} for n in range(9)]
    parsed = Page(page(tmp_path, rows))
    texts = [text for text in parsed.texts if text.strip()]
    assert "day" in texts
    assert [text for text in texts if text.startswith("2023-11-") and ":" not in text][:3] == [
        "2023-11-14", "2023-11-14", "2023-11-15",
    ]  # fmt: skip
    place = texts.index("memory asked for")
    assert texts[place + 1 : place + 6] == ["jobs", "1 GB to 2 GB", "5", "8 GB to 16 GB", "4"]


def test_the_risk_before_the_settings_is_beside_that_after_them(tmp_path: Path) -> None:
    rows = [job(n, n, "North") for n in range(5)]
    figures = {
        "rows": 5,
        "rows_in_single_user_classes": 4,
        "k": 1,
        "users_per_class": [[1, 4, 4], [30, 1, 1]],
        "x": "<",
    }
    (tmp_path / "risk.json").write_text(json.dumps(figures))
    parsed = Page(page(tmp_path, rows, before=str(tmp_path / "risk.json")))
    texts = [text for text in parsed.texts if text.strip()]
    assert "80.0%" in texts
    start = texts.index("Before", texts.index("After") + 1)
    table = texts[texts.index("users", start - 2) : texts.index("users", start - 2) + 9]
    assert table[:6] == ["users", "Before", "After", "1", "4", "5"]
    assert "20 to 49" in texts


def test_the_page_of_a_run_takes_the_risk_of_an_earlier_run(tmp_path: Path) -> None:
    rows = [{**job(n, n % 3, "North"), "User": f"person{n % 4}@example.org"} for n in range(12)]
    (tmp_path / "jobs").mkdir()
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "jobs" / "jobs.parquet")
    others = [flag for name in ("summary", "failed_users", "cmd_env_report") for flag in ("--disable", name)]
    run_command("run", "jobs", "draft", *others, "--enable", "risk", cwd=tmp_path)
    before = ("--enable", "html", "--risk-before", "draft/risk.json")
    run_command("run", "jobs", "release", *others, *before, cwd=tmp_path)
    texts = Page((tmp_path / "release" / "report.html").read_text()).texts
    assert {"Before", "After"} <= set(texts)
    missing = ("--enable", "html", "--risk-before", "draft/none.json")
    done = run_command("run", "jobs", "other", *others, *missing, cwd=tmp_path, status=2)
    assert "before: none.json cannot be read" in done.stderr


def test_the_earlier_figures_are_read_once(tmp_path: Path) -> None:
    place = tmp_path / "risk.json"
    place.write_text('{"rows": 5, "rows_in_single_user_classes": 4, "k": 1, "users_per_class": [[1, 4, 4]]}')
    made = HtmlReport(HtmlOptions(before=str(place)))
    place.unlink()
    assert pickle.loads(pickle.dumps(made)).before == made.before
    assert made.before == {"rows": 5, "rows_in_single_user_classes": 4, "k": 1, "users_per_class": [[1, 4, 4]]}


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "cannot be read"), ("{}", "is not a risk.json"), ('{"rows": "many"}', "is not a risk.json")],
)
def test_earlier_figures_that_are_none(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "risk.json").write_text(content)
    with pytest.raises(ConfigError, match=rf"\[html\] before: risk\.json {message}"):
        earlier_figures(str(tmp_path / "risk.json"))


def test_numbers_are_on_the_right_and_long_tables_are_folded() -> None:
    rows = [(f"Site {n}", f"{n:,} (1.0%)") for n in range(26)]
    whole = table(("site", "jobs"), rows, "All sites")
    assert '<th scope="col">site</th><th scope="col" class="n">jobs</th>' in whole
    assert whole.startswith("<details><summary>All sites</summary>")
    assert "<details>" not in table(("site", "jobs"), rows[:25], "All sites")


def test_hostile_names_are_text(tmp_path: Path) -> None:
    parsed = Page(page(tmp_path, [job(n, n, HOSTILE[n % 4]) for n in range(8)]))
    assert not {"script", "img"} & set(parsed.tags)
    for name in HOSTILE[:3]:
        assert name in parsed.texts
    assert "\\x1b[2J\\u202e" in parsed.texts


in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed; `make browser` installs it")


def browsed(folder: Path, html: str, *flags: str) -> str:
    """Return a page as a browser has it once it is loaded."""
    (folder / "page.html").write_text(html)
    browser = [CHROMIUM or "", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    command = [*browser, *(flags or ["--dump-dom"]), (folder / "page.html").as_uri()]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


@in_browser
def test_a_browser_takes_hostile_names_for_text(tmp_path: Path) -> None:
    loaded = browsed(tmp_path, page(tmp_path, [job(n, n, HOSTILE[n % 4]) for n in range(8)]))
    assert "<title>Batch jobs</title>" in loaded
    assert "<script" not in loaded
    assert "<img" not in loaded


@in_browser
def test_a_page_fits_screens_of_any_width_and_paper(tmp_path: Path) -> None:
    html = page(tmp_path, [job(n, 3600 * n, f"A site with a long name {n}") for n in range(60)])
    widths = (320, 390, 1400)
    frames = "".join(f'<iframe width="{width}" height="800" srcdoc="{escape(html)}"></iframe>' for width in widths)
    pages = "[...document.querySelectorAll('iframe')].map(frame => frame.contentDocument.documentElement)"
    script = f"onload = () => document.title = {pages}.map(page => page.scrollWidth - page.clientWidth).join()"
    assert "<title>0,0,0</title>" in browsed(tmp_path, f"{frames}<script>{script}</script>")
    browsed(tmp_path, html, f"--print-to-pdf={tmp_path / 'page.pdf'}")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_without_risk_and_without_jobs(tmp_path: Path) -> None:
    parsed = Page(page(tmp_path, [job(1, 1, "North")], risk=False))
    assert "How well users are hidden" not in parsed.texts
    empty = tmp_path / "empty"
    empty.mkdir()
    schema = pa.Table.from_pylist([job(1, 1, "North")]).schema
    (empty / "data").mkdir()
    pq.write_table(schema.empty_table(), empty / "data" / "jobs.parquet")
    written = run_plugins(empty / "data", empty / "out", reporters=[HtmlReport(HtmlOptions())], columns=schema.names)
    assert "There are no jobs." in Page(written["report.html"].decode()).texts


def test_pages_do_not_depend_on_batches(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    rows = [job(n % 7, n, f"Site {n % 3}") for n in range(50)]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "data" / "jobs.parquet")
    pages = [
        run_plugins(
            tmp_path / "data",
            tmp_path / str(size),
            reporters=[HtmlReport(HtmlOptions())],
            batch_rows=size,
            columns=tuple(rows[0]),
        )["report.html"]
        for size in (3, 1000)
    ]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("draw", [bars, columns])
def test_pictures_of_nothing_and_of_one(draw: Callable[[list[Bar], str], str]) -> None:
    assert "rect" not in Page(draw([], "Nothing")).tags
    one = Page(draw([Bar("a label that is far too long to be shown", 5, 2, "5")], 'one "picture"'))
    assert one.tags.count("rect") == 2
    assert ("aria-label", 'one "picture"') in one.attributes


def test_markup() -> None:
    assert element("p", safe("a<b"), class_="x", aria_label='"') == '<p class="x" aria-label="&quot;">a&lt;b</p>'
    assert sentence("{} of {} <jobs>", 1, "<b>") == "<b>1</b> of <b>&lt;b&gt;</b> &lt;jobs&gt;"


def test_users_named_after_values_of_attributes_are_no_findings(tmp_path: Path) -> None:
    names = ("viewport", "utf-8", "device-width", "facts", "axis", "doctype", "color-scheme", "light")
    rows = [
        {"User": f"{name}@example.org", "JobsubClientIpAddress": "192.0.2.1", "Cmd": "x", "Environment": "A=1",
         "NumJobStarts": 1, "NumJobCompletions": 1, "MATCH_EXP_JOB_Site": "A"}
        for name in names
    ]  # fmt: skip
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "jobs.parquet")
    run = {"data_dir": str(tmp_path / "jobs.parquet"), "output_dir": str(tmp_path / "out"), "workers": 1}
    result = anonkit.run({"run": run, "reporters": {"html": {"enabled": True}}})
    assert result.audit is not None
    assert result.audit.clean
    assert not result.withheld
