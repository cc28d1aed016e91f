"""Input from an object store and from a web server, both of them on this machine."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from command import DEMO_ROWS, Command, run_command, run_program

# The servers are started once.
pytestmark = pytest.mark.xdist_group("remote")

KEY = "invented-secret-key"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "invented", "AWS_SECRET_ACCESS_KEY": KEY, "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.fixture(scope="module")
def bucket(demo: Path) -> Iterator[str]:
    """The URI of a folder with the demo data in an object store, and how to reach that."""
    # They take seconds to import, which only the process that runs these tests should.
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{host}:{port}",
        region_name="us-east-1",
        aws_access_key_id="invented",
        aws_secret_access_key=KEY,
    )
    client.create_bucket(Bucket="jobs")
    for path in demo.iterdir():
        client.upload_file(str(path), "jobs", f"2023/{path.name}")
    yield f"s3://jobs/2023?endpoint_override={host}:{port}&scheme=http&region=us-east-1"
    server.stop()


class Ranges(SimpleHTTPRequestHandler):
    """Serves files, and parts of files, as web servers do."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        path = Path(self.translate_path(self.path))
        if wanted is None or not path.is_file():
            super().do_GET()
            return
        data = path.read_bytes()
        part = data[int(wanted[1]) : int(wanted[2]) + 1]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {wanted[1]}-{int(wanted[1]) + len(part) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(part)))
        self.end_headers()
        self.wfile.write(part)

    def end_headers(self) -> None:
        self.send_header("Accept-Ranges", "bytes")
        super().end_headers()


@pytest.fixture(scope="module")
def web(demo: Path) -> Iterator[str]:
    """The address of a web server with the demo data."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Ranges, directory=str(demo)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def outputs(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def local(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The outputs of a run on the demo data in their folder."""
    folder = tmp_path_factory.mktemp("local")
    run_command("run", "--data-dir", demo, "--output-dir", "out", "--all-sites", cwd=folder)
    return outputs(folder / "out")


# Workers read the credentials from the variables of the program.
@pytest.mark.parametrize(("run", "workers"), [(run_command, 1), (run_program, 2)])
def test_an_object_store_gives_the_same_bytes(
    run: Command, bucket: str, tmp_path: Path, local: dict[str, bytes], workers: int
) -> None:
    flags = ("--all-sites", "--workers", workers)
    run("run", "--data-dir", bucket, "--output-dir", "remote", *flags, cwd=tmp_path, **CREDENTIALS)
    assert outputs(tmp_path / "remote") == local


def test_a_web_server_gives_the_same_bytes(anonkit: Command, demo: Path, web: str, tmp_path: Path) -> None:
    first = sorted(demo.iterdir())[0]
    anonkit("run", "--data-dir", f"{web}/{first.name}", "--output-dir", "remote", "--all-sites", "--workers", "2")
    anonkit("run", "--data-dir", first, "--output-dir", "local", "--all-sites")
    assert outputs(tmp_path / "remote") == outputs(tmp_path / "local")


def test_the_configuration_file_and_a_dry_run(anonkit: Command, bucket: str, tmp_path: Path) -> None:
    (tmp_path / "anonkit.toml").write_text(f'[run]\ndata_dir = "{bucket}"\noutput_dir = "out"\n')
    told = anonkit("run", "--dry-run", **CREDENTIALS).stdout
    assert f"{DEMO_ROWS} rows" in told.replace(",", "")


def test_nothing_below_a_prefix(anonkit: Command, bucket: str) -> None:
    told = anonkit(
        "run", "--data-dir", bucket.replace("2023", "2024"), "--output-dir", "out", status=1, **CREDENTIALS
    ).stderr
    assert told.startswith("anonkit: s3://jobs/2024: no such file, and no file below it; check --data-dir")


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("/missing.parquet", r"\S+/missing\.parquet: no such file, and no file below it; check --data-dir"),
        (
            "/",
            r"http://127\.0\.0\.1:\d+/: no reader knows the format of 127\.0\.0\.1:\d+; the formats, and how",
        ),
    ],
)
def test_no_such_page(anonkit: Command, web: str, page: str, told: str) -> None:
    errors = anonkit("run", "--data-dir", f"{web}{page}?key={KEY}", "--output-dir", "out", status=1).stderr
    assert re.match(f"anonkit: {told}", errors), errors
    assert KEY not in errors


def test_no_server(anonkit: Command, tmp_path: Path) -> None:
    told = anonkit("run", "--data-dir", "http://127.0.0.1:9/a.parquet", "--output-dir", "out", status=1).stderr
    assert told.startswith("anonkit: http://127.0.0.1:9/a.parquet: ")
    assert "check" in told
    assert not (tmp_path / "out").exists()


def test_a_page_that_is_no_parquet_file(anonkit: Command, demo: Path, tmp_path: Path) -> None:
    (tmp_path / "served").mkdir()
    (tmp_path / "served" / "a.parquet").write_bytes(b"<html>not here</html>" * 100)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Ranges, directory=str(tmp_path / "served")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/a.parquet"
        told = anonkit("run", "--data-dir", address, "--output-dir", "out", status=1).stderr
    finally:
        server.shutdown()
        server.server_close()
    assert told.startswith("anonkit: a.parquet: no parquet file, or cut off: its footer cannot be read; mend or remove")
