"""The HTTP side: hosts, control, process."""

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from newscrawl.replica.options import ReplicaError, ReplicaOptions
from newscrawl.replica.process import ReplicaProcess
from newscrawl.replica.registry import build
from newscrawl.replica.server import HostStatistics, serve
from newscrawl.replica.world import Clock
from tests.replica.asking import some

ROLL = "https://feed.mix.sina.com.cn/api/roll/get?pageid=155&lid=1686&num=5&page=1"


@pytest.fixture(scope="module")
def replica() -> Iterator[ReplicaProcess]:
    with ReplicaProcess(articles=200, seed="test") as running:
        yield running


def get(replica: ReplicaProcess, url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Ask the replica as a crawl does: its address, the publisher's Host and path."""
    address, parts = urlsplit(replica.url), urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port or 0, timeout=10)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    connection.request(
        "GET", target, headers={"Host": parts.netloc, "X-Forwarded-Proto": parts.scheme, **headers}
    )
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders()), body


def test_the_host_header_decides_who_answers(replica: ReplicaProcess) -> None:
    sina = get(replica, ROLL)
    eastmoney = get(
        replica, "http://43.240.125.15:1818/information/newmarket/web/webapi?marketType=37"
    )

    assert json.loads(sina[2])["result"]["status"]["code"] == 0
    assert "record" in json.loads(eastmoney[2])


def test_an_unknown_host_is_a_bad_gateway(replica: ReplicaProcess) -> None:
    status, _, body = get(replica, "https://www.example.org/")

    assert status == 502
    assert b"www.example.org" in body


def test_every_host_has_robots_and_one_forbids_a_path(replica: ReplicaProcess) -> None:
    free, bound = (
        get(replica, f"https://{host}/robots.txt")[2]
        for host in ("finance.sina.com.cn", "vip.stock.finance.sina.com.cn")
    )

    assert free == b"User-agent: *\nDisallow: \n"
    assert bound == b"User-agent: *\nDisallow: /q/\n"


def test_remembered_answers_are_those_that_would_be_made_now() -> None:
    source = build(ReplicaOptions(articles=200, seed="test"), Clock())[1]
    page = some(source, kind="article", outcome="stored").url
    asked = (ROLL, page, ROLL, page, "https://finance.sina.com.cn/robots.txt")
    answers: list[list[tuple[int, bytes]]] = []
    for remember in (0, 100):
        with ReplicaProcess(articles=200, seed="test", remember=remember) as running:
            found = [get(running, url) for url in asked]
            running.advance(articles=400)
            found += [get(running, url) for url in asked]
            answers.append([(status, body) for status, _, body in found])
            kinds = running.stats()["hosts"]["feed.mix.sina.com.cn"]["kinds"]
            assert kinds == {"listing": 4}
    assert answers[0] == answers[1]
    assert answers[1][0] == answers[1][2] != answers[1][5]


def test_articles_have_validators_that_it_honours(replica: ReplicaProcess) -> None:
    source = build(ReplicaOptions(articles=200, seed="test"), Clock())[1]
    item = some(source, kind="article", outcome="stored")
    status, headers, _ = get(replica, item.url)

    assert status == 200
    assert headers["Last-Modified"].endswith(" GMT")
    assert get(replica, item.url, **{"If-None-Match": headers["ETag"]})[0] == 304


def test_statistics_count_requests_by_host_and_kind_with_their_gaps() -> None:
    with ReplicaProcess(articles=50) as replica:
        get(replica, ROLL)
        get(replica, ROLL)
        get(replica, "https://n.sinaimg.cn/a.png")
        hosts = replica.stats()["hosts"]

    assert hosts["feed.mix.sina.com.cn"]["kinds"] == {"listing": 2}
    assert len(hosts["feed.mix.sina.com.cn"]["gaps"]) == 1
    assert hosts["n.sinaimg.cn"]["kinds"] == {"image": 1}
    assert hosts["n.sinaimg.cn"]["least_gap"] is None


def test_gaps_are_seconds_between_requests() -> None:
    host = HostStatistics()
    for now in (10.0, 11.5, 11.75):
        host.count(now)

    assert host.as_json()["gaps"] == [1.5, 0.25]
    assert host.as_json()["least_gap"] == 0.25


def test_advance_publishes_and_corrects_what_it_names() -> None:
    with ReplicaProcess(articles=200, only="sina_finance") as replica:
        before = {item["identity"]: item for item in replica.expected()}
        answer = replica.advance(articles=5, corrections=3)
        after = {item["identity"]: item for item in replica.expected()}
        published = after.keys() - before.keys()
        corrected = {key for key, item in before.items() if after[key] != item}

    assert len(published) == 5
    assert set(answer["published"]) == published
    assert len(corrected) == 3
    assert set(answer["corrected"]) == corrected


@pytest.mark.parametrize("query", ["articles=-1", "corrections=x"])
def test_the_clock_does_not_go_back(replica: ReplicaProcess, query: str) -> None:
    address = urlsplit(replica.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port or 0, timeout=10)
    connection.request("POST", f"/__replica__/advance?{query}")

    assert connection.getresponse().status == 400
    connection.close()


def test_two_processes_with_one_seed_send_the_same_bytes(replica: ReplicaProcess) -> None:
    with ReplicaProcess(articles=200, seed="test") as other:
        assert get(replica, ROLL)[2] == get(other, ROLL)[2]


def test_expect_says_what_the_running_replica_says(replica: ReplicaProcess) -> None:
    command = [
        sys.executable,
        "-m",
        "newscrawl.replica",
        "--articles=200",
        "--seed=test",
        "--expect",
    ]
    printed = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout

    assert [json.loads(line) for line in printed.splitlines()] == replica.expected()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_prints_its_address_and_ends_well(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "newscrawl.replica", "--articles=100000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.send_signal(number)
        rest = process.stdout.read()

    assert line.startswith("newscrawl replica on http://127.0.0.1:")
    assert (rest, process.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"host": "0.0.0.0"}, "not a loopback"),
        ({"host": "192.0.2.1"}, "not a loopback"),
        ({"articles": -1}, "articles -1"),
        ({"interval": 0.0}, "interval"),
        ({"pages": Path("x")}, "pages and manifest"),
        ({"articles": 10**6, "interval": 86400.0}, "before 1970"),
        ({"only": "sina"}, "did you mean sina_finance"),
    ],
)
def test_what_cannot_be_served_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ReplicaError, match=message):
        serve(ReplicaOptions(**options))


def test_a_process_that_does_not_start_says_why() -> None:
    with pytest.raises(RuntimeError, match="not a loopback"), ReplicaProcess(host="0.0.0.0"):
        pass


def test_a_taken_port_is_refused(replica: ReplicaProcess) -> None:
    port = urlsplit(replica.url).port

    with pytest.raises(ReplicaError, match="cannot listen"):
        serve(ReplicaOptions(port=port or 0))
