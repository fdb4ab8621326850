"""The raw record under the replay server of web archives: a captured page comes back."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from newscrawl.archive import Archive
from newscrawl.archive.captures import Captures
from newscrawl.archive.exchange import Capture
from newscrawl.archive.raw import RawRecord, read
from newscrawl.replica.process import ReplicaProcess
from tests.archive.builders import SOURCE, begin, later
from tests.archive.exchanges import exchange

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".tools" / "warc-replay" / "bin"
CONFIG = """
collections:
  raw:
    index_paths: ./index.cdxj
    archive_paths: ./warc/
enable_auto_colls: false
"""

pytestmark = [pytest.mark.replay, pytest.mark.slow]


@pytest.fixture(scope="module")
def tools() -> Path:
    """Return where pywb is, or skip (in CI: fail)."""
    if not (TOOLS / "pywb").exists():
        reason = "no pywb: run scripts/install-warc-replay.sh"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return TOOLS


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a crawl's output, with a chunked and a repeated page from elsewhere added."""
    folder = tmp_path_factory.mktemp("replay")
    with ReplicaProcess(articles=40, seed="replay") as replica:
        command = ["-m", "newscrawl", "crawl", "--via", replica.url, "--output", str(folder)]
        subprocess.run([sys.executable, *command], check=True, capture_output=True)
    with Archive.open(folder / "archive.db") as archive:
        raw = RawRecord(archive, SOURCE, begin(archive), max_bytes=1 << 30)
        chunked = (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"))
        raw.keep(exchange("chunked", headers=chunked))
        raw.flush()
        raw.keep(exchange("chunked", 60, headers=chunked))
        raw.close(later(90))
    return folder


@pytest.fixture(scope="module")
def captures(output: Path) -> Iterator[Captures]:
    with Archive.open(output / "archive.db", read_only=True) as archive:
        yield archive.captures


@pytest.fixture(scope="module")
def server(tools: Path, output: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the files with pywb; yield the address of the collection."""
    folder = tmp_path_factory.mktemp("pywb")
    shutil.copytree(output / "warc", folder / "warc")
    (folder / "config.yaml").write_text(CONFIG)
    with (folder / "index.cdxj").open("w") as index:
        subprocess.run(
            [tools / "cdx-indexer", "-j", "-s", "warc"], cwd=folder, stdout=index, check=True
        )
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "log").open("w") as log:
        command = [str(tools / "pywb"), "-b", "127.0.0.1", "-p", str(port), "-d", str(folder)]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        url = f"http://127.0.0.1:{port}/raw"
        for _ in range(300):
            try:
                urlopen(f"{url}/").close()
                break
            except HTTPError:
                break  # it answers
            except OSError:
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait(20)


def replayed(server: str, capture: Capture) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a capture as the server plays it, without rewriting."""
    stamp = f"{capture.fetched_at:%Y%m%d%H%M%S}"
    with urlopen(f"{server}/{stamp}id_/{capture.url}") as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return headers, answer.read()


def test_every_article_page_comes_back_with_its_bytes(
    server: str, captures: Captures, output: Path
) -> None:
    articles = [
        each for each in captures.between(1, 9_999)
        if each.article and each.status == 200 and each.source != SOURCE
    ]  # fmt: skip
    assert len(articles) > 20
    with Archive.open(output / "archive.db", read_only=True) as archive:
        for capture in articles:
            headers, body = replayed(server, capture)
            kept = read(archive, capture)
            assert body == kept.body
            assert headers["memento-datetime"]
            (sent,) = [v for name, v in kept.headers if name.lower() == "content-type"]
            assert headers["content-type"] == sent


def test_a_page_that_came_in_chunks_comes_back_whole_and_so_does_its_revisit(
    server: str, captures: Captures
) -> None:
    both = [each for each in captures.between(1, 9_999) if each.source == SOURCE]
    assert [each.payload for each in both] == [None, both[0].capture]
    for capture in both:
        headers, body = replayed(server, capture)
        assert body == exchange().body
        assert "transfer-encoding" not in headers
        assert re.search("2026 0[45]:00:00 GMT$", headers["memento-datetime"])
